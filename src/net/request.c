#include "net/request.h"

#include "base/limits.h"
#include "net/curl.h"

enum {
	CONNECT_SECONDS = 20,
	STALL_SECONDS = 60,
	STALL_BYTES = 100,
};

struct requester {
	struct curl_calls curl;
	CURL *easy;
	struct curl_slist *headers;
	char words[CURL_ERROR_SIZE];
	/* of the request under way */
	const struct request *request;
	struct answer answer;
	struct arena *arena;
	size_t kept;	/* bytes of header fields */
	struct err err; /* of our own making */
};

int requester_new(struct requester **out, struct err *e)
{
	CLEANUP(requester_freep)
	struct requester *r = calloc(1, sizeof(*r));

	if (!r)
		return err_nomem(e);
	if (curl_load(&r->curl, e) < 0)
		return -1;
	r->easy = r->curl.easy_init();
	if (!r->easy)
		return err_nomem(e);
	*out = TAKE(r, NULL);
	return 0;
}

void requester_free(struct requester *r)
{
	if (!r)
		return;
	if (r->easy)
		r->curl.easy_cleanup(r->easy);
	if (r->headers)
		r->curl.slist_free_all(r->headers);
	curl_unload(&r->curl);
	free(r);
}

void requester_freep(struct requester **r)
{
	requester_free(*r);
}

static const struct field {
	str name;
	size_t offset; /* in struct answer */
	bool adds;     /* may come several times, and all count */
} fields[] = {
	/* clang-format off */
	{ STR_INIT("www-authenticate"),	     offsetof(struct answer, challenges), true },
	{ STR_INIT("link"),		     offsetof(struct answer, link), true },
	{ STR_INIT("content-type"),	     offsetof(struct answer, media_type), false },
	{ STR_INIT("content-range"),	     offsetof(struct answer, range), false },
	{ STR_INIT("docker-content-digest"), offsetof(struct answer, digest), false },
	{ STR_INIT("retry-after"),	     offsetof(struct answer, retry_after), false },
	{ STR_INIT("oci-subject"),	     offsetof(struct answer, oci_subject), false },
	/* clang-format on */
};

static int keep_field(struct requester *r, const struct field *f, str value)
{
	str *to = (str *)((char *)&r->answer + f->offset);

	r->kept += value.n;
	if (r->kept > LIMIT_HEADERS_BYTES)
		return err_set(&r->err, ERR_LIMIT, "the answer has more than %zu bytes of header",
			       LIMIT_HEADERS_BYTES);
	if (f->adds && to->n)
		return arena_printf(to, r->arena, &r->err, STR_FMT "\n" STR_FMT, STR_ARG(*to),
				    STR_ARG(value));
	return arena_str(to, r->arena, value, &r->err);
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct requester *r = ctx;
	str line = { p, size * n }, name, value;

	if (str_starts(line, STR("HTTP/"))) { /* "100 Continue" may come first */
		r->answer = (struct answer){ 0 };
		return size * n;
	}
	if (!str_cut(line, ':', &name, &value))
		return size * n;
	for (size_t i = 0; i < COUNT(fields); i++)
		if (str_eq_nocase(fields[i].name, name) &&
		    keep_field(r, &fields[i], str_trim(value)) < 0)
			return 0;
	return size * n;
}

static long status_of(struct requester *r)
{
	long status = 0;

	r->curl.easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct requester *r = ctx;

	if (r->request->body &&
	    r->request->body(r->request->ctx, status_of(r), (str){ p, size * n }, &r->err) < 0)
		return 0;
	return size * n;
}

/* A C string that libcurl copies. */
static int set_text(struct requester *r, CURLoption option, str text, struct err *e)
{
	char *z;

	if (!text.n)
		return 0;
	if (memchr(text.p, '\0', text.n))
		return err_set(e, ERR_USAGE, "a NUL where none belongs");
	z = arena_z(r->arena, text);
	if (!z || r->curl.easy_setopt(r->easy, option, z) != CURLE_OK)
		return err_nomem(e);
	return 0;
}

static int set_header(struct requester *r, const char *name, str value, struct err *e)
{
	struct curl_slist *more;
	str line;

	if (!value.n)
		return 0;
	if (memchr(value.p, '\n', value.n) || memchr(value.p, '\r', value.n))
		return err_set(e, ERR_USAGE, "%s: a line break where none belongs", name);
	if (arena_printf(&line, r->arena, e, "%s: " STR_FMT, name, STR_ARG(value)) < 0)
		return -1;
	more = r->curl.slist_append(r->headers, line.p);
	if (!more)
		return err_nomem(e);
	r->headers = more;
	return 0;
}

static int set_headers(struct requester *r, const struct request *q, struct err *e)
{
	char range[64];

	snprintf(range, sizeof(range), "bytes=%llu-", (unsigned long long)q->from);
	if (set_header(r, "Accept", q->accept, e) < 0 ||
	    set_header(r, "Authorization", q->authorization, e) < 0 ||
	    set_header(r, "Range", q->from ? str_of(range) : STR_NONE, e) < 0)
		return -1;
	r->curl.easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
	return 0;
}

static void set_numbers(struct requester *r)
{
	static const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS },
		{ CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, STALL_SECONDS },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	};

	for (size_t i = 0; i < COUNT(numbers); i++)
		r->curl.easy_setopt(r->easy, numbers[i].option, numbers[i].value);
	r->curl.easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	r->curl.easy_setopt(r->easy, CURLOPT_USERAGENT, "plimsoll/" PLIMSOLL_VERSION);
	r->curl.easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->words);
	r->curl.easy_setopt(r->easy, CURLOPT_HEADERFUNCTION, on_header);
	r->curl.easy_setopt(r->easy, CURLOPT_HEADERDATA, r);
	r->curl.easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, on_body);
	r->curl.easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
}

static int set_all(struct requester *r, const struct request *q, struct err *e)
{
	struct curl_blob ca = { .data = (void *)(uintptr_t)q->ca.p,
				.len = q->ca.n,
				.flags = CURL_BLOB_COPY };

	r->curl.easy_reset(r->easy);
	if (r->headers)
		r->curl.slist_free_all(TAKE(r->headers, NULL));
	set_numbers(r);
	if (q->ca.n && r->curl.easy_setopt(r->easy, CURLOPT_CAINFO_BLOB, &ca) != CURLE_OK)
		return err_nomem(e);
	if (set_text(r, CURLOPT_URL, q->url, e) < 0 ||
	    set_text(r, CURLOPT_UNIX_SOCKET_PATH, q->unix_socket, e) < 0 ||
	    set_text(r, CURLOPT_SSLCERT, q->client_cert, e) < 0 ||
	    set_text(r, CURLOPT_SSLKEY, q->client_key, e) < 0 ||
	    set_text(r, CURLOPT_COPYPOSTFIELDS, q->form, e) < 0)
		return -1;
	return set_headers(r, q, e);
}

static bool may_pass(CURLcode code)
{
	static const CURLcode codes[] = {
		CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING,	CURLE_RECV_ERROR,	  CURLE_SEND_ERROR,
		CURLE_HTTP2,	    CURLE_HTTP2_STREAM, CURLE_OPERATION_TIMEDOUT,
	};

	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* The host and what follows it, without what may be a secret: signed addresses have it behind '?'.
 */
static str url_shown(str url)
{
	return str_first(url, MIN(str_find(url, '?'), (size_t)300));
}

static int failed(struct requester *r, CURLcode code, const struct request *q, struct err *e)
{
	r->answer.transient = r->err.kind == ERR_NONE && may_pass(code);
	if (r->err.kind != ERR_NONE)
		*e = r->err;
	else
		(void)err_set(e, ERR_IO, "%s",
			      r->words[0] ? r->words : r->curl.easy_strerror(code));
	return err_within(e, STR_FMT, STR_ARG(url_shown(q->url)));
}

int request_send(struct answer *out, struct requester *r, const struct request *q, struct arena *a,
		 struct err *e)
{
	char *where = NULL;
	CURLcode code;
	int r_ = 0;

	r->request = q;
	r->arena = a;
	r->kept = 0;
	r->words[0] = '\0';
	r->answer = (struct answer){ 0 };
	r->err = (struct err){ 0 };
	if (set_all(r, q, e) < 0)
		return -1;
	code = r->curl.easy_perform(r->easy);
	r->answer.status = status_of(r);
	r->curl.easy_getinfo(r->easy, CURLINFO_REDIRECT_URL, &where);
	if (where && arena_str(&r->answer.redirect, a, str_of(where), e) < 0)
		return -1;
	if (code != CURLE_OK)
		r_ = failed(r, code, q, e);
	*out = r->answer;
	return r_;
}
