#include "net/http.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "net/curl.h"

enum {
	VALIDATOR_MOST = 256, /* bytes of an ETag or a date */
	META_MOST = 8 << 10,
	POLL_MS = 200,
};

#define STALL_BYTES  100L
#define SECOND_TICKS INT64_C(1000000000)

/* What makes the next request a question instead of a wish. */
struct validators {
	char etag[VALIDATOR_MOST], date[VALIDATOR_MOST];
};

struct transfer {
	struct http_get *get;
	const struct http_limits *limits;
	const struct curl_calls *curl;
	CURL *easy;
	struct curl_slist *headers;
	struct validators said; /* by this response */
	int fd;			/* PATH.part */
	uint64_t bytes;		/* in it */
	uint32_t tries;
	int64_t again; /* when to try again, in ticks; 0: it runs or is done */
	bool begun;    /* the first byte of this response has been seen */
	bool conditional;
	struct err err; /* of our own making */
	char words[CURL_ERROR_SIZE];
};

struct http_limits http_limits(void)
{
	return (struct http_limits){
		.most = UINT64_C(1) << 30,
		.stall = 30,
		.connect = 20,
		.redirects = 5,
		.at_once = 6,
		.tries = 3,
	};
}

static bool side_path(char out[PATH_MAX], const char *path, const char *suffix)
{
	return snprintf(out, PATH_MAX, "%s%s", path, suffix) < PATH_MAX;
}

/* PATH.http has three lines: URL, ETag, Last-Modified. Of another URL it says nothing. */
static bool validators_read(struct validators *v, const struct http_get *get)
{
	CLEANUP(buf_free)
	struct buf b = BUF(2 * META_MOST);
	CLEANUP(fd_closep)
	int fd = -1;
	char path[PATH_MAX];
	str rest, url, etag, date;
	struct err e;

	if (access(get->path, R_OK) < 0 || !side_path(path, get->path, ".http"))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read(&b, fd, META_MOST, &e) < 0)
		return false;
	rest = buf_str(&b);
	if (!str_next(&rest, '\n', &url) || !str_next(&rest, '\n', &etag) ||
	    !str_next(&rest, '\n', &date) || !str_eq(url, get->url) || etag.n >= VALIDATOR_MOST ||
	    date.n >= VALIDATOR_MOST)
		return false;
	snprintf(v->etag, VALIDATOR_MOST, STR_FMT, STR_ARG(etag));
	snprintf(v->date, VALIDATOR_MOST, STR_FMT, STR_ARG(date));
	return v->etag[0] || v->date[0];
}

static int validators_write(const struct transfer *t, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(META_MOST);
	CLEANUP(fd_closep)
	int fd = -1;
	char path[PATH_MAX];

	if (!side_path(path, t->get->path, ".http"))
		return err_set(e, ERR_LIMIT, "path is too long");
	buf_printf(&b, STR_FMT "\n%s\n%s\n", STR_ARG(t->get->url), t->said.etag, t->said.date);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, "%s", path);
	return buf_check(&b, e) < 0 ? -1 : fd_write(fd, buf_str(&b), e);
}

static void header_keep(char out[VALIDATOR_MOST], str line, str name)
{
	str value;

	if (!str_eq_nocase(str_first(line, name.n), name))
		return;
	value = str_trim(str_from(line, name.n));
	if (value.n < VALIDATOR_MOST && !memchr(value.p, '\n', value.n))
		snprintf(out, VALIDATOR_MOST, STR_FMT, STR_ARG(value));
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	str line = { p, size * n };

	if (str_starts(line, STR("HTTP/"))) /* of each answer on the way of redirects */
		t->said = (struct validators){ 0 };
	header_keep(t->said.etag, line, STR("etag:"));
	header_keep(t->said.date, line, STR("last-modified:"));
	return size * n;
}

static long status_of(const struct transfer *t)
{
	long status = 0;

	t->curl->easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	long status = status_of(t);

	n *= size;
	if (status != 200 && status != 206)
		return n; /* the page that tells of an error */
	if (!t->begun && status == 200) {
		t->bytes = 0; /* it did not go on where the last one stopped */
		if (ftruncate(t->fd, 0) < 0) {
			(void)err_sys(&t->err, "%s.part", t->get->path);
			return 0;
		}
	}
	t->begun = true;
	if (t->bytes + n > t->limits->most) {
		(void)err_set(&t->err, ERR_LIMIT, "it has more than %llu bytes",
			      (unsigned long long)t->limits->most);
		return 0;
	}
	if (fd_write_at(t->fd, t->bytes, (str){ p, n }, &t->err) < 0)
		return 0;
	t->bytes += n;
	return n;
}

static int part_open(struct transfer *t, struct err *e)
{
	char path[PATH_MAX];

	if (!side_path(path, t->get->path, ".part"))
		return err_set(e, ERR_LIMIT, "path is too long");
	t->fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644);
	return t->fd < 0 ? err_sys(e, "%s", path) : 0;
}

static void header_add(struct transfer *t, const char *name, const char *value)
{
	char line[VALIDATOR_MOST + 32];
	struct curl_slist *more;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	more = t->curl->slist_append(t->headers, line);
	t->headers = more ? more : t->headers;
}

/* A first request asks whether anything changed; one after a break asks for the rest. */
static void headers_set(struct transfer *t)
{
	char range[64];
	struct validators v = { 0 };
	bool resume = t->bytes > 0 && (t->said.etag[0] || t->said.date[0]);

	t->curl->slist_free_all(TAKE(t->headers, NULL));
	t->conditional = !resume && t->tries == 0 && validators_read(&v, t->get);
	if (resume) {
		snprintf(range, sizeof(range), "bytes=%llu-", (unsigned long long)t->bytes);
		header_add(t, "Range", range);
		header_add(t, "If-Range", t->said.etag[0] ? t->said.etag : t->said.date);
	}
	if (v.etag[0])
		header_add(t, "If-None-Match", v.etag);
	else if (v.date[0])
		header_add(t, "If-Modified-Since", v.date);
	t->curl->easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static int transfer_new(struct transfer *t, const char *url, struct err *e)
{
	const struct curl_calls *c = t->curl;
	const struct http_limits *l = t->limits;
	bool tls = str_starts(t->get->url, STR("https:"));

	t->easy = c->easy_init();
	if (!t->easy)
		return err_nomem(e);
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 1 },
		{ CURLOPT_MAXREDIRS, l->redirects },
		{ CURLOPT_CONNECTTIMEOUT, l->connect },
		{ CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, l->stall },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_FILETIME, 1 },
	};

	for (size_t i = 0; i < COUNT(numbers); i++)
		c->easy_setopt(t->easy, numbers[i].option, numbers[i].value);
	c->easy_setopt(t->easy, CURLOPT_URL, url);
	c->easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	c->easy_setopt(t->easy, CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https");
	c->easy_setopt(t->easy, CURLOPT_USERAGENT, "plimsoll/" PLIMSOLL_VERSION);
	c->easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->words);
	c->easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	c->easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	c->easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	c->easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	c->easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	return 0;
}

static void transfer_end(struct transfer *t)
{
	char path[PATH_MAX];

	if (t->easy)
		t->curl->easy_cleanup(TAKE(t->easy, NULL));
	t->curl->slist_free_all(TAKE(t->headers, NULL));
	if (t->fd >= 0 && side_path(path, t->get->path, ".part"))
		(void)unlink(path);
	fd_closep(&t->fd);
}

/* Puts the new file in place. Its validators are written last: a crash in between costs a whole
 * transfer next time, and never leaves an old file that counts as new. */
static int settle(struct transfer *t, struct err *e)
{
	char part[PATH_MAX], meta[PATH_MAX];
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };
	curl_off_t date = -1;

	if (!side_path(part, t->get->path, ".part") || !side_path(meta, t->get->path, ".http"))
		return err_set(e, ERR_LIMIT, "path is too long");
	t->curl->easy_getinfo(t->easy, CURLINFO_FILETIME_T, &date);
	if (date > 0)
		times[1] = (struct timespec){ .tv_sec = date };
	if (futimens(t->fd, times) < 0 || fsync(t->fd) < 0)
		return err_sys(e, "%s", part);
	fd_closep(&t->fd);
	(void)unlink(meta);
	if (rename(part, t->get->path) < 0)
		return err_sys(e, "%s", t->get->path);
	return validators_write(t, e);
}

static bool worth_another_try(CURLcode code, long status)
{
	switch (code) {
	case CURLE_OK:
		return status >= 500 || status == 429 || status == 408;
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return true;
	default:
		return false;
	}
}

static int fail(struct transfer *t, CURLcode code, long status)
{
	struct err *e = &t->get->err;

	t->get->outcome = HTTP_FAILED;
	if (t->err.kind != ERR_NONE)
		*e = t->err;
	else if (code != CURLE_OK)
		(void)err_set(e, ERR_IO, "%s",
			      t->words[0] ? t->words : t->curl->easy_strerror(code));
	else
		(void)err_set(e, ERR_IO, "the server answers %ld", status);
	return err_within(e, STR_FMT, STR_ARG(t->get->url));
}

/* A transfer came to an end: what came of it? */
static void judge(struct transfer *t, CURLcode code)
{
	long status = status_of(t);

	if (worth_another_try(code, status) && t->err.kind == ERR_NONE &&
	    t->tries + 1 < t->limits->tries) {
		t->tries++;
		t->again = clock_ticks() + SECOND_TICKS * t->tries / 2;
		return;
	}
	if (code != CURLE_OK)
		(void)fail(t, code, status);
	else if (status == 304 && t->conditional)
		t->get->outcome = HTTP_UNCHANGED;
	else if (status == 404 || status == 410)
		t->get->outcome = HTTP_NONE;
	else if (status != 200 && status != 206)
		(void)fail(t, code, status);
	else if (settle(t, &t->err) < 0)
		(void)fail(t, code, status);
	else
		t->get->outcome = HTTP_GOT;
}

struct crowd {
	struct curl_calls curl;
	CURLM *multi;
	struct transfer *all;
	size_t n, next, running, done;
	const struct http_limits *limits;
};

static void crowd_end(struct crowd *c)
{
	for (size_t i = 0; i < c->next; i++)
		if (c->all[i].easy) {
			c->curl.multi_remove_handle(c->multi, c->all[i].easy);
			transfer_end(&c->all[i]);
		}
	if (c->multi)
		c->curl.multi_cleanup(c->multi);
	free(c->all);
	curl_unload(&c->curl);
}

static void run_transfer(struct crowd *c, struct transfer *t)
{
	t->again = 0;
	t->begun = false;
	headers_set(t);
	t->said = (struct validators){ 0 };
	c->curl.multi_add_handle(c->multi, t->easy);
	c->running++;
}

static void finish(struct crowd *c, struct transfer *t)
{
	transfer_end(t);
	c->done++;
}

static void start_next(struct crowd *c)
{
	struct transfer *t = &c->all[c->next++];
	char url[META_MOST];

	if (snprintf(url, sizeof(url), STR_FMT, STR_ARG(t->get->url)) >= (int)sizeof(url))
		(void)err_set(&t->err, ERR_LIMIT, "URL is too long");
	else if (part_open(t, &t->err) == 0 && transfer_new(t, url, &t->err) == 0) {
		run_transfer(c, t);
		return;
	}
	(void)fail(t, CURLE_OK, 0);
	finish(c, t);
}

/* Starts what may be started: new ones, and those whose pause is over. Yields how many wait. */
static size_t start_some(struct crowd *c)
{
	size_t waiting = 0;

	for (size_t i = 0; i < c->next; i++)
		if (c->all[i].again && clock_ticks() >= c->all[i].again)
			run_transfer(c, &c->all[i]);
		else
			waiting += c->all[i].again != 0;
	while (c->next < c->n && c->running + waiting < c->limits->at_once)
		start_next(c);
	return waiting;
}

static void reap(struct crowd *c)
{
	int left;

	for (CURLMsg *m; (m = c->curl.multi_info_read(c->multi, &left));) {
		struct transfer *t = NULL;
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		c->curl.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		c->curl.multi_remove_handle(c->multi, m->easy_handle);
		c->running--;
		judge(t, code);
		if (!t->again)
			finish(c, t);
	}
}

static int crowd_new(struct crowd *c, struct http_get *files, struct err *e)
{
	if (curl_load(&c->curl, e) < 0)
		return -1;
	c->multi = c->curl.multi_init();
	c->all = calloc(c->n, sizeof(*c->all));
	if (!c->multi || !c->all)
		return err_nomem(e);
	for (size_t i = 0; i < c->n; i++)
		c->all[i] = (struct transfer){
			.get = &files[i],
			.limits = c->limits,
			.curl = &c->curl,
			.fd = -1,
		};
	return 0;
}

int http_get_all(struct http_get *files, size_t n, const struct http_limits *limits,
		 void (*progress)(void *ctx, uint64_t bytes, size_t done, size_t of), void *ctx,
		 struct err *e)
{
	CLEANUP(crowd_end)
	struct crowd c = { .n = n, .limits = limits };

	if (n == 0)
		return 0;
	if (crowd_new(&c, files, e) < 0)
		return -1;
	while (c.done < n) {
		uint64_t bytes = 0;
		int running;

		start_some(&c);
		if (c.curl.multi_perform(c.multi, &running) != CURLM_OK ||
		    c.curl.multi_poll(c.multi, NULL, 0, POLL_MS, NULL) != CURLM_OK)
			return err_set(e, ERR_IO, "libcurl fails");
		reap(&c);
		for (size_t i = 0; i < c.next; i++)
			bytes += c.all[i].bytes;
		if (progress)
			progress(ctx, bytes, c.done, n);
	}
	return 0;
}
