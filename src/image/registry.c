#include "image/registry.h"

#include <errno.h>
#include <pthread.h>

#include "base/fd.h"
#include "base/limits.h"
#include "image/registry_auth.h"
#include "image/registry_host.h"
#include "image/registry_send.h"

#define MANIFEST_TYPES                                                                          \
	"application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, " \
	"application/vnd.docker.distribution.manifest.list.v2+json, "                           \
	"application/vnd.docker.distribution.manifest.v2+json"
#define INDEX_TYPE "application/vnd.oci.image.index.v1+json"

/* The mirror, if there is one, and the registry itself. */
struct end {
	struct registry_auth auth;
	char *authorization; /* under the registry's lock; NULL: none yet */
	unsigned generation; /* counts logins, under the lock, too */
	int known;	     /* likewise; as registry_auth.known, after one */
};

struct registry {
	struct registry_options options;
	struct arena arena;   /* for what stays; not used once several threads are about, but … */
	pthread_mutex_t lock; /* … for logging in, which only one does at a time */
	struct reference ref;
	str name;
	struct end ends[2];
	size_t nends, at; /* the end that had the manifest */
};

/* What one call needs, on its own thread. */
struct call {
	struct registry *r;
	struct end *end;
	struct arena arena;
	struct sender sender;
};

static void call_end(struct call *c)
{
	requester_free(c->sender.http);
	arena_free(&c->arena);
}

static int call_begin(struct call *c, struct registry *r, size_t end, struct err *e)
{
	c->r = r;
	c->end = &r->ends[end];
	c->arena = (struct arena)ARENA(8 * MIB);
	c->sender = (struct sender){ .around = r->options.around, .arena = &c->arena };
	return requester_new(&c->sender.http, e);
}

/* --- opening --------------------------------------------------------------------------------- */

static int add_end(struct registry *r, const struct registry_host *h, struct err *e)
{
	struct end *end = &r->ends[r->nends++];
	bool library = str_eq(h->name, STR("docker.io")) && str_find(r->ref.path, '/') == SIZE_MAX;

	end->auth = (struct registry_auth){ .options = &r->options, .host = *h, .known = -1 };
	return arena_printf(&end->auth.repository, &r->arena, e, STR_FMT "%s" STR_FMT,
			    STR_ARG(h->prefix), library ? "library/" : "", STR_ARG(r->ref.path));
}

static int open_ends(struct registry *r, struct err *e)
{
	const struct surroundings *s = r->options.around;
	struct registry_host h;
	int mirrored = registry_mirror(&h, r->ref.domain, s, &r->arena, e);

	if (mirrored < 0 || (mirrored && add_end(r, &h, e) < 0))
		return -1;
	r->ends[0].auth.mirror = mirrored;
	if (registry_host(&h, r->ref.domain, s, &r->arena, e) < 0)
		return -1;
	return add_end(r, &h, e);
}

int registry_open(struct registry **out, str ref, const struct registry_options *o, struct err *e)
{
	CLEANUP(registry_closep)
	struct registry *r = calloc(1, sizeof(*r));
	str kept;

	if (!r)
		return err_nomem(e);
	r->options = *o;
	r->arena = (struct arena)ARENA(1 * MIB);
	pthread_mutex_init(&r->lock, NULL);
	str_skip(&ref, STR("//")); /* as in docker://HOST/PATH */
	if (arena_str(&kept, &r->arena, ref, e) < 0 || reference_parse(&r->ref, kept, e) < 0 ||
	    reference_full(&r->name, &r->ref, &r->arena, e) < 0 || open_ends(r, e) < 0)
		return -1;
	if (r->ref.digest.kind != DIGEST_NONE) {
		char text[DIGEST_TEXT];
		str plain = r->name;

		if (!r->ref.tag.n)
			str_chop(&plain, STR(":latest"));
		digest_text(text, &r->ref.digest);
		if (arena_printf(&r->name, &r->arena, e, STR_FMT "@%s", STR_ARG(plain), text) < 0)
			return -1;
	}
	*out = TAKE(r, NULL);
	return 0;
}

void registry_close(struct registry *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nends; i++) {
		if (r->ends[i].authorization)
			explicit_bzero(r->ends[i].authorization, strlen(r->ends[i].authorization));
		free(r->ends[i].authorization);
	}
	arena_free(&r->arena);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void registry_closep(struct registry **r)
{
	registry_close(*r);
}

str registry_name(const struct registry *r)
{
	return r->name;
}

const struct reference *registry_reference(const struct registry *r)
{
	return &r->ref;
}

/* --- one request ----------------------------------------------------------------------------- */

static int send_for_auth(struct buf *body, struct answer *out, const struct request *q, void *ctx,
			 struct err *e)
{
	struct call *c = ctx;
	struct request mine = *q;
	struct sink to = { .buf = body, .fd = -1 };

	return send_request(out, &c->sender, &mine, &to, e);
}

static int authorization_of(str *out, unsigned *generation, struct call *c, struct err *e)
{
	int r = 0;

	*out = STR("");
	pthread_mutex_lock(&c->r->lock);
	*generation = c->end->generation;
	if (c->end->authorization)
		r = arena_str(out, &c->arena, str_of(c->end->authorization), e);
	pthread_mutex_unlock(&c->r->lock);
	return r;
}

static int login_locked(struct call *c, str challenges, struct err *e)
{
	struct registry_auth au = c->end->auth;
	str words;

	au.send = send_for_auth;
	au.ctx = c;
	int r = registry_auth_answer(&words, &au, challenges, &c->arena, e);

	c->end->known = au.known;
	if (r <= 0)
		return r;
	char *kept = strndup(words.p, words.n);

	if (!kept)
		return err_nomem(e);
	free(c->end->authorization);
	c->end->authorization = kept;
	c->end->generation++;
	return 1;
}

/* After a 401: 1 when it is worth asking again. Another thread may have logged in meanwhile. */
static int login(struct call *c, unsigned generation, str challenges, struct err *e)
{
	int r = 1;

	pthread_mutex_lock(&c->r->lock);
	if (c->end->generation == generation)
		r = login_locked(c, challenges, e);
	pthread_mutex_unlock(&c->r->lock);
	return r;
}

static int refused(const struct call *c, long status, struct err *e)
{
	const struct registry_auth *au = &c->end->auth;
	int known;

	pthread_mutex_lock(&c->r->lock);
	known = c->end->known;
	pthread_mutex_unlock(&c->r->lock);
	if (known > 0)
		return err_set(e, ERR_DENIED,
			       STR_FMT " does not let the user that it is told read " STR_FMT
				       " (%ld); log in again: `podman login " STR_FMT
				       "` or `docker login " STR_FMT "`",
			       STR_ARG(au->host.name), STR_ARG(au->repository), status,
			       STR_ARG(au->host.name), STR_ARG(au->host.name));
	return err_set(
		e, ERR_DENIED,
		STR_FMT " %s " STR_FMT
			" (%ld); it does not exist, or needs a login: `podman login " STR_FMT
			"`, `docker login " STR_FMT "`, or --registry-user",
		STR_ARG(au->host.name),
		status == 403 ? "does not let nameless users read" : "wants to know who reads",
		STR_ARG(au->repository), status, STR_ARG(au->host.name), STR_ARG(au->host.name));
}

/* GET BASE/v2/REPOSITORY/what, logged in if need be: 0 and whatever the answer is but 401. */
static int get(struct answer *out, struct call *c, str what, str accept, struct sink *to,
	       struct err *e)
{
	const struct registry_auth *au = &c->end->auth;
	struct request q = { .accept = accept };
	unsigned generation;

	if (arena_printf(&q.url, &c->arena, e, STR_FMT "/v2/" STR_FMT "/" STR_FMT,
			 STR_ARG(au->host.base), STR_ARG(au->repository), STR_ARG(what)) < 0)
		return -1;
	for (int round = 0;; round++) {
		if (authorization_of(&q.authorization, &generation, c, e) < 0 ||
		    send_request(out, &c->sender, &q, to, e) < 0)
			return -1;
		if (out->status != 401)
			return 0;
		int r = round < LIMIT_AUTH_ROUNDS ? login(c, generation, out->challenges, e) : 0;

		if (r < 0)
			return err_within(e, STR_FMT, STR_ARG(au->host.name));
		if (r == 0)
			return refused(c, 401, e);
	}
}

/* What a status means that is none of those a caller has a use for. */
static int status_error(const struct call *c, const struct answer *a, const struct sink *to,
			const char *what, struct err *e)
{
	str said = str_trim((str){ to->said, to->nsaid });

	if (a->status == 403)
		return refused(c, 403, e);
	if (a->status == 404)
		return err_set(e, ERR_MISSING, STR_FMT " has no such %s",
			       STR_ARG(c->end->auth.host.name), what);
	if (a->status == 429)
		return err_set(e, ERR_IO,
			       STR_FMT " says that it was asked too often (429)%s" STR_FMT
				       "; a login may raise the limit",
			       STR_ARG(c->end->auth.host.name), said.n ? ": " : "", STR_ARG(said));
	return err_set(e, ERR_IO, STR_FMT " answers %ld%s" STR_FMT, STR_ARG(c->end->auth.host.name),
		       a->status, said.n ? ": " : "", STR_ARG(said));
}

/* --- manifests ------------------------------------------------------------------------------- */

/* No such tag: which are there? */
static int missing_tag(struct call *c, str tag, struct err *e)
{
	CLEANUP(buf_free)
	struct buf body = BUF(LIMIT_TAGS_BYTES);
	CLEANUP(buf_free)
	struct buf list = BUF(600);
	const struct registry_options *o = &c->r->options;
	struct sink to = { .buf = &body, .fd = -1 };
	struct str_list tags = { 0 };
	struct answer answer;
	struct err none;
	size_t shown = 0;

	if (get(&answer, c, STR("tags/list?n=100"), STR("application/json"), &to, &none) < 0 ||
	    answer.status != 200 ||
	    o->read(o->ctx, &tags, REGISTRY_TAGS, buf_str(&body), &c->arena, &none) < 0)
		return err_set(e, ERR_MISSING,
			       STR_FMT " has no repository " STR_FMT " with the tag \"" STR_FMT
				       "\"",
			       STR_ARG(c->end->auth.host.name), STR_ARG(c->end->auth.repository),
			       STR_ARG(tag));
	for (; shown < tags.n && list.n + tags.v[shown].n + 2 < 400; shown++)
		buf_printf(&list, "%s" STR_FMT, shown ? ", " : "", STR_ARG(tags.v[shown]));
	return err_set(e, ERR_MISSING,
		       STR_FMT "/" STR_FMT " has no tag \"" STR_FMT "\", %s" STR_FMT "%s",
		       STR_ARG(c->end->auth.host.name), STR_ARG(c->end->auth.repository),
		       STR_ARG(tag), tags.n ? "but " : "nor any other", STR_ARG(buf_str(&list)),
		       shown < tags.n || answer.link.n ? ", …" : "");
}

static int check_digest(const struct call *c, const struct digest *want, str text, struct err *e)
{
	char a[DIGEST_TEXT], b[DIGEST_TEXT];
	struct digest is;

	if (digest_of(&is, want->kind, text, e) < 0)
		return -1;
	if (digest_eq(&is, want))
		return 0;
	digest_text(a, want);
	digest_text(b, &is);
	return err_set(e, ERR_CORRUPT, STR_FMT " was asked for the manifest %s and sent %s",
		       STR_ARG(c->end->auth.host.name), a, b);
}

static int check_manifest(const struct call *c, const struct digest *asked,
			  const struct answer *answer, str text, struct err *e)
{
	struct digest said;

	if (asked->kind != DIGEST_NONE)
		return check_digest(c, asked, text, e);
	if (!answer->digest.n)
		return 0;
	return digest_parse(&said, answer->digest, e) < 0 ? -1 : check_digest(c, &said, text, e);
}

static int manifest_from(struct buf *out, struct registry *r, size_t end, const struct digest *d,
			 struct err *e)
{
	CLEANUP(call_end)
	struct call c = { 0 };
	struct sink to = { .buf = out, .fd = -1 };
	str tag = r->ref.tag.n ? r->ref.tag : STR("latest"), what;
	char text[DIGEST_TEXT];
	struct answer answer;

	if (call_begin(&c, r, end, e) < 0)
		return -1;
	if (arena_printf(&what, &c.arena, e, "manifests/" STR_FMT,
			 STR_ARG(d->kind ? digest_text(text, d) : tag)) < 0 ||
	    get(&answer, &c, what, STR(MANIFEST_TYPES), &to, e) < 0)
		return -1;
	if (answer.status == 404 && !d->kind)
		return missing_tag(&c, tag, e);
	if (answer.status != 200)
		return status_error(&c, &answer, &to, "manifest", e);
	return check_manifest(&c, d, &answer, buf_str(out), e);
}

int registry_manifest(struct buf *out, struct registry *r, const struct digest *d, struct err *e)
{
	struct err first;

	out->most = LIMIT_MANIFEST_BYTES;
	if (manifest_from(out, r, r->at, d, e) == 0)
		return 0;
	if (r->at + 1 == r->nends)
		return -1;
	first = *e;
	buf_clear(out);
	if (manifest_from(out, r, r->at + 1, d, e) < 0)
		return err_within(e, "%s, and then", first.text);
	r->at++;
	return 0;
}

/* --- blobs ----------------------------------------------------------------------------------- */

static int blob_from(struct sink *to, struct registry *r, size_t end, const struct digest *d,
		     struct err *e)
{
	CLEANUP(call_end)
	struct call c = { 0 };
	char text[DIGEST_TEXT];
	struct answer answer;
	str what;

	if (call_begin(&c, r, end, e) < 0)
		return -1;
	digest_text(text, d);
	if (arena_printf(&what, &c.arena, e, "blobs/%s", text) < 0 ||
	    get(&answer, &c, what, STR_NONE, to, e) < 0)
		return -1;
	if (answer.status != 200 && answer.status != 206)
		return status_error(&c, &answer, to, "blob", e);
	return 0;
}

int registry_small_blob(int to, struct registry *r, const struct digest *d, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(LIMIT_MANIFEST_BYTES);
	struct sink sink = { .buf = &text, .fd = -1 };
	int done = -1;

	for (size_t end = r->at; end < r->nends && done < 0; end++)
		done = blob_from(&sink, r, end, d, e);
	return done < 0 ? -1 : fd_write(to, buf_str(&text), e);
}

int registry_blob(int to, struct registry *r, const struct digest *d, uint64_t size, struct err *e)
{
	struct sink sink = { .fd = to, .size = size };
	char text[DIGEST_TEXT];
	int done = -1;

	for (size_t end = r->at; end < r->nends && done < 0; end++) {
		done = blob_from(&sink, r, end, d, e);
		if (done < 0 && e->sys == EPIPE)
			return -1;
	}
	return done < 0 ? err_within(e, "blob " STR_FMT, STR_ARG(digest_text(text, d))) : 0;
}

/* --- referrers ------------------------------------------------------------------------------- */

/* RFC 8288: <…>; rel="next". Only as a place on the same registry. */
static bool next_page(str *out, str link)
{
	str target, rest;

	for (str line; str_next(&link, '\n', &line);) {
		if (!str_skip(&line, STR("<")) || !str_cut(line, '>', &target, &rest))
			continue;
		if (!str_has(rest, STR("rel=\"next\"")) && !str_has(rest, STR("rel=next")))
			continue;
		size_t at = str_search(target, STR("/referrers/"));

		if (at == SIZE_MAX)
			return false;
		*out = str_from(target, at + 1);
		return true;
	}
	return false;
}

static int referrers_tag(struct referrers *out, struct call *c, const struct digest *d,
			 struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf body = BUF(LIMIT_MANIFEST_BYTES);
	struct sink to = { .buf = &body, .fd = -1 };
	char text[DIGEST_TEXT];
	str kind, hex, what, page;
	struct answer answer;

	out->fallback = true;
	str_cut(digest_text(text, d), ':', &kind, &hex);
	if (arena_printf(&what, &c->arena, e, "manifests/" STR_FMT "-" STR_FMT, STR_ARG(kind),
			 STR_ARG(hex)) < 0 ||
	    get(&answer, c, what, STR(INDEX_TYPE), &to, e) < 0)
		return -1;
	if (answer.status == 404)
		return 0;
	if (answer.status != 200)
		return status_error(c, &answer, &to, "tag of referrers", e);
	if (arena_str(&page, a, buf_str(&body), e) < 0)
		return -1;
	return vec_push(&out->pages, a, e, page);
}

/* Some proxies answer such a request with a page of HTML and 200. */
static bool is_index(const struct answer *a)
{
	return a->status == 200 && str_starts(a->media_type, STR(INDEX_TYPE));
}

static int referrers_path(str *out, struct call *c, const struct digest *d, str type, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(LIMIT_HEADERS_BYTES);
	char text[DIGEST_TEXT];

	buf_printf(&b, "referrers/" STR_FMT, STR_ARG(digest_text(text, d)));
	for (size_t i = 0; i < type.n; i++) {
		buf_putz(&b, i ? "" : "?artifactType=");
		if (ch_alnum(type.p[i]) || memchr("-._/", type.p[i], 4))
			buf_putc(&b, type.p[i]);
		else
			buf_printf(&b, "%%%02X", (unsigned char)type.p[i]);
	}
	return buf_check(&b, e) < 0 ? -1 : arena_str(out, &c->arena, buf_str(&b), e);
}

static int referrers_pages(struct referrers *out, struct call *c, str what, struct arena *a,
			   struct err *e)
{
	for (int n = 0; n < LIMIT_REFERRERS_PAGES; n++) {
		CLEANUP(buf_free)
		struct buf body = BUF(LIMIT_MANIFEST_BYTES);
		struct sink to = { .buf = &body, .fd = -1 };
		struct answer answer;
		str page;

		if (get(&answer, c, what, STR(INDEX_TYPE), &to, e) < 0)
			return -1;
		if (!is_index(&answer) && n == 0 && (answer.status == 404 || answer.status == 200))
			return 1;
		if (!is_index(&answer))
			return status_error(c, &answer, &to, "list of referrers", e);
		if (arena_str(&page, a, buf_str(&body), e) < 0 ||
		    vec_push(&out->pages, a, e, page) < 0)
			return -1;
		if (!next_page(&what, answer.link))
			return 0;
	}
	return err_set(e, ERR_LIMIT, "the list of referrers has more than %d pages",
		       LIMIT_REFERRERS_PAGES);
}

int registry_referrers(struct referrers *out, struct registry *r, const struct digest *d, str type,
		       struct arena *a, struct err *e)
{
	CLEANUP(call_end)
	struct call c = { 0 };
	struct referrers found = { 0 };
	str what;

	if (call_begin(&c, r, r->at, e) < 0 || referrers_path(&what, &c, d, type, e) < 0)
		return -1;
	int none = referrers_pages(&found, &c, what, a, e);

	if (none < 0 || (none && referrers_tag(&found, &c, d, a, e) < 0))
		return -1;
	*out = found;
	return 0;
}
