#include "image/registry_send.h"

#include <time.h>

#include "base/fd.h"
#include "base/limits.h"
#include "image/registry_host.h"

#define DEFAULT_PAUSE_MS 250

static bool is_success(long status)
{
	return status == 200 || status == 206;
}

static int put_fd(struct sink *s, str bytes, struct err *e)
{
	size_t again = (size_t)MIN((uint64_t)bytes.n, s->skip);

	s->skip -= again;
	bytes = str_from(bytes, again);
	if (bytes.n > s->size - s->done)
		return err_set(e, ERR_CORRUPT, "it has more than the %llu bytes that it should",
			       (unsigned long long)s->size);
	if (fd_write(s->fd, bytes, e) < 0)
		return -1;
	s->done += bytes.n;
	return 0;
}

static int on_body(void *ctx, long status, str bytes, struct err *e)
{
	struct sink *s = ctx;

	if (!is_success(status)) {
		bytes = str_first(bytes, sizeof(s->said) - s->nsaid);
		memcpy(s->said + s->nsaid, bytes.p, bytes.n);
		s->nsaid += bytes.n;
		return 0;
	}
	if (!s->begun)
		s->skip = status == 200 ? s->done : 0;
	s->begun = true;
	if (!s->buf)
		return put_fd(s, bytes, e);
	buf_put(s->buf, bytes);
	return s->buf->failed ? err_set(e, ERR_LIMIT, "it has more than %zu bytes", s->buf->most)
			      : 0;
}

static void sink_begin(struct sink *s, struct request *q)
{
	s->begun = false;
	s->nsaid = 0;
	s->skip = 0;
	if (s->buf)
		buf_clear(s->buf);
	q->from = s->buf ? 0 : s->done;
	q->body = on_body;
	q->ctx = s;
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* What may be told to the host where a redirect leads. */
static int follow(struct request *q, str from, str to, struct err *e)
{
	str origin, host, first, first_host;

	if (!to.n || !url_origin(&origin, &host, to))
		return err_set(e, ERR_CORRUPT, "the server redirects to nowhere");
	if (!url_origin(&first, &first_host, from))
		return err_set(e, ERR_USAGE, "no URL");
	if (str_starts(from, STR("https://")) && !str_starts(to, STR("https://")))
		return err_set(e, ERR_DENIED,
			       "the server redirects from https to \"" STR_FMT
			       "\"; that is not followed",
			       STR_ARG(str_first(origin, 200)));
	if (!str_eq_nocase(origin, first))
		q->authorization = STR("");
	q->url = to;
	return 0;
}

static int set_tls(struct request *q, struct sender *s, struct err *e)
{
	struct tls_files tls = { 0 };
	str origin, host;

	if (!url_origin(&origin, &host, q->url))
		return err_set(e, ERR_USAGE, "\"" STR_FMT "\" is no address of a registry",
			       STR_ARG(str_first(q->url, 200)));
	if (str_starts(q->url, STR("https://")) &&
	    tls_files_find(&tls, host, s->around, s->arena, e) < 0)
		return -1;
	q->ca = tls.ca;
	q->client_cert = tls.cert;
	q->client_key = tls.key;
	return 0;
}

/* One try, with its redirects. */
static int try_once(struct answer *out, struct sender *s, const struct request *first,
		    struct sink *to, struct err *e)
{
	struct request q = *first;

	for (int n = 0; n <= LIMIT_REDIRECTS; n++) {
		sink_begin(to, &q);
		if (set_tls(&q, s, e) < 0 || request_send(out, s->http, &q, s->arena, e) < 0)
			return -1;
		if (!is_redirect(out->status) || first->form.n)
			return 0;
		if (follow(&q, q.url, out->redirect, e) < 0)
			return -1;
	}
	return err_set(e, ERR_LIMIT, "the server redirects more than %d times", LIMIT_REDIRECTS);
}

static bool is_busy(long status)
{
	return status == 429 || status == 408 || (status >= 500 && status != 501);
}

/* Milliseconds until the next try, or -1 when it is not worth waiting. */
static int64_t pause_before(unsigned tries, const struct answer *a, int64_t waited)
{
	int64_t most = (int64_t)LIMIT_RETRY_SECONDS * 1000, ms = (int64_t)DEFAULT_PAUSE_MS << tries;
	uint32_t seconds;

	if (str_u32(a->retry_after, &seconds)) /* a date is left alone: clocks differ */
		ms = (int64_t)seconds * 1000;
	return waited + ms > most ? -1 : ms;
}

static void sleep_ms(int64_t ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static bool is_cut(const struct answer *a, const struct sink *to)
{
	return is_success(a->status) && !to->buf && to->done < to->size;
}

int send_request(struct answer *out, struct sender *s, struct request *q, struct sink *to,
		 struct err *e)
{
	int64_t waited = 0;

	for (unsigned tries = 1;; tries++) {
		uint64_t before = to->done;
		int r = try_once(out, s, q, to, e);
		bool again = r < 0 ? out->transient : is_busy(out->status) || is_cut(out, to);
		int64_t ms = pause_before(tries, out, waited);

		if (to->done > before) /* it goes on, if slowly */
			tries = 1;
		if (!again)
			return r;
		if (tries >= LIMIT_REGISTRY_TRIES || ms < 0) {
			if (r == 0 && is_cut(out, to))
				return err_set(e, ERR_CORRUPT, "only %llu of %llu bytes came",
					       (unsigned long long)to->done,
					       (unsigned long long)to->size);
			return r;
		}
		sleep_ms(ms);
		waited += ms;
	}
}
