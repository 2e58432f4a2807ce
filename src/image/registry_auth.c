#include "image/registry_auth.h"

#include "base/limits.h"
#include "format/base64.h"
#include "net/challenge.h"

/* RFC 3986: what may stand in a query as it is. */
static void put_encoded(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (ch_alnum(c) || (c && strchr("-._~", c)))
			buf_putc(b, c);
		else
			buf_printf(b, "%%%02X", (unsigned char)c);
	}
}

static void put_pair(struct buf *b, const char *name, str value)
{
	if (!value.n)
		return;
	buf_printf(b, "%s%s=", b->n ? "&" : "", name);
	put_encoded(b, value);
}

static int basic(str *out, const struct credential *c, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf plain = BUF(LIMIT_CREDENTIAL_BYTES);
	CLEANUP(buf_free)
	struct buf coded = BUF(2 * LIMIT_CREDENTIAL_BYTES);

	buf_printf(&plain, STR_FMT ":", STR_ARG(c->user));
	buf_put(&plain, c->secret);
	base64_write(&coded, buf_str(&plain));
	if (buf_check(&plain, e) < 0 || buf_check(&coded, e) < 0)
		return -1;
	return arena_printf(out, a, e, "Basic " STR_FMT, STR_ARG(buf_str(&coded))) < 0 ? -1 : 1;
}

/* A realm gets passwords: it is no less protected than the registry. */
static int realm_check(const struct registry_auth *au, str realm, struct err *e)
{
	str origin, host;

	if (url_origin(&origin, &host, realm) &&
	    (au->host.plain || str_starts(realm, STR("https://"))))
		return 0;
	return err_set(e, ERR_DENIED,
		       "the registry sends us for a token to \"" STR_FMT
		       "\", where no password is sent to",
		       STR_ARG(str_first(realm, 200)));
}

static int scope_of(str *out, const struct registry_auth *au, const struct challenge *c,
		    struct arena *a, struct err *e)
{
	*out = c->scope;
	if (out->n)
		return 0;
	return arena_printf(out, a, e, "repository:" STR_FMT ":pull", STR_ARG(au->repository));
}

/* What the token server is asked: a GET, or an OAuth 2 POST for those who have a refresh token. */
static int token_request(struct request *q, const struct registry_auth *au,
			 const struct challenge *c, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(2 * LIMIT_HEADERS_BYTES + 4 * LIMIT_CREDENTIAL_BYTES);
	bool refresh = au->known > 0 && au->credential.kind == CREDENTIAL_IDENTITY;
	str scope, words;

	if (scope_of(&scope, au, c, a, e) < 0)
		return -1;
	put_pair(&b, "service", c->service);
	put_pair(&b, "scope", scope);
	if (refresh) {
		put_pair(&b, "grant_type", STR("refresh_token"));
		put_pair(&b, "client_id", STR("plimsoll"));
		put_pair(&b, "refresh_token", au->credential.secret);
	}
	if (buf_check(&b, e) < 0 || arena_str(&words, a, buf_str(&b), e) < 0)
		return -1;
	q->url = c->realm;
	if (refresh) {
		q->form = words;
		return 0;
	}
	return arena_printf(&q->url, a, e, STR_FMT "%c" STR_FMT, STR_ARG(c->realm),
			    str_find(c->realm, '?') == SIZE_MAX ? '?' : '&', STR_ARG(words));
}

static int bearer(str *out, struct registry_auth *au, const struct challenge *c, struct arena *a,
		  struct err *e)
{
	CLEANUP(buf_free)
	struct buf body = BUF(LIMIT_TOKEN_BYTES);
	struct request q = { 0 };
	struct str_list said = { 0 };
	struct answer answer;

	if (au->known > 0 && au->credential.kind == CREDENTIAL_BEARER)
		return arena_printf(out, a, e, "Bearer " STR_FMT, STR_ARG(au->credential.secret)) <
				       0
			       ? -1
			       : 1;
	if (realm_check(au, c->realm, e) < 0 || token_request(&q, au, c, a, e) < 0)
		return -1;
	if (au->known > 0 && au->credential.kind == CREDENTIAL_PASSWORD &&
	    basic(&q.authorization, &au->credential, a, e) < 0)
		return -1;
	if (au->send(&body, &answer, &q, au->ctx, e) < 0)
		return err_within(e, "token server");
	if (answer.status == 401 || answer.status == 403)
		return 0;
	if (answer.status != 200)
		return err_set(e, ERR_IO, "the token server of " STR_FMT " answers %ld",
			       STR_ARG(au->host.name), answer.status);
	if (au->options->read(au->options->ctx, &said, REGISTRY_TOKEN, buf_str(&body), a, e) < 0)
		return err_within(e, "token server");
	if (said.n != 1 || !said.v[0].n)
		return err_set(e, ERR_CORRUPT, "the token server's answer has no token");
	return arena_printf(out, a, e, "Bearer " STR_FMT, STR_ARG(said.v[0])) < 0 ? -1 : 1;
}

int registry_auth_answer(str *out, struct registry_auth *au, str challenges, struct arena *a,
			 struct err *e)
{
	struct surroundings around = *au->options->around;
	struct challenge c;
	int r = challenge_choose(&c, challenges, a, e);

	if (r <= 0)
		return r;
	if (au->mirror)
		around.user = STR("");
	if (au->known < 0)
		au->known = credential_find(&au->credential, au->host.name, au->repository, &around,
					    a, e);
	if (au->known < 0)
		return -1;
	if (c.scheme == CHALLENGE_BEARER)
		return bearer(out, au, &c, a, e);
	if (au->known == 0 || au->credential.kind != CREDENTIAL_PASSWORD)
		return 0;
	return basic(out, &au->credential, a, e);
}
