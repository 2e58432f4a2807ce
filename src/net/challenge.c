#include "net/challenge.h"

#include "base/limits.h"

/* RFC 9110 section 5.6.2 */
static bool token_char(char c)
{
	return ch_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(str *s)
{
	while (s->n && blank(s->p[0]))
		*s = str_from(*s, 1);
}

static void skip_separators(str *s)
{
	while (s->n && (ch_blank(s->p[0]) || s->p[0] == ','))
		*s = str_from(*s, 1);
}

static str take_token(str *s)
{
	size_t n = 0;

	while (n < s->n && token_char(s->p[n]))
		n++;
	str token = str_first(*s, n);

	*s = str_from(*s, n);
	return token;
}

static int malformed(struct err *e)
{
	return err_set(e, ERR_CORRUPT, "the server's WWW-Authenticate is malformed");
}

/* Stands behind the opening quote; leaves *s behind the closing one. */
static int take_quoted(str *out, str *s, struct arena *a, struct err *e)
{
	char *to = arena_alloc(a, s->n + 1);
	size_t n = 0;

	if (!to)
		return err_nomem(e);
	for (size_t i = 0; i < s->n; i++) {
		if (s->p[i] == '"') {
			*out = (str){ to, n };
			*s = str_from(*s, i + 1);
			return 0;
		}
		if (s->p[i] == '\\' && ++i == s->n)
			break;
		if (s->p[i] == '\n' || s->p[i] == '\r' || s->p[i] == '\0')
			break;
		to[n++] = s->p[i];
	}
	return malformed(e);
}

/* NAME=VALUE: 1; 0 and *s as it was when a new challenge begins here instead. */
static int take_param(str *name, str *value, str *s, struct arena *a, struct err *e)
{
	str at = *s;

	*name = take_token(&at);
	skip_blanks(&at);
	if (!name->n || !str_skip(&at, STR("=")))
		return 0;
	skip_blanks(&at);
	if (str_skip(&at, STR("\""))) {
		if (take_quoted(value, &at, a, e) < 0)
			return -1;
	} else {
		*value = take_token(&at);
	}
	*s = at;
	return 1;
}

/* "Negotiate YII…==": letters, then only '=' up to a comma or the end. */
static void skip_token68(str *s)
{
	size_t n = 0;

	while (n < s->n && (ch_alnum(s->p[n]) || memchr("-._~+/", s->p[n], 6)))
		n++;
	size_t end = n;

	while (end < s->n && s->p[end] == '=')
		end++;
	if (n && (end == s->n || s->p[end] == ',' || ch_blank(s->p[end])) &&
	    (end > n || end == s->n || s->p[end] == '\n'))
		*s = str_from(*s, end);
}

static void keep_param(struct challenge *c, str name, str value)
{
	const struct {
		str name;
		str *to;
	} known[] = {
		{ STR("realm"), &c->realm },
		{ STR("service"), &c->service },
		{ STR("scope"), &c->scope },
		{ STR("error"), &c->error },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq_nocase(known[i].name, name) && !known[i].to->n)
			*known[i].to = value;
}

static enum challenge_scheme scheme_of(str word)
{
	if (str_eq_nocase(word, STR("bearer")))
		return CHALLENGE_BEARER;
	return str_eq_nocase(word, STR("basic")) ? CHALLENGE_BASIC : CHALLENGE_OTHER;
}

int challenge_next(struct challenge *out, str *rest, struct arena *a, struct err *e)
{
	struct challenge c = { 0 };
	str name = STR_NONE, value = STR_NONE;
	int r = 1;

	skip_separators(rest);
	if (!rest->n)
		return 0;
	str word = take_token(rest);

	if (!word.n || (rest->n && !blank(rest->p[0]) && rest->p[0] != ',' && rest->p[0] != '\n' &&
			rest->p[0] != '\r'))
		return malformed(e);
	c.scheme = scheme_of(word);
	skip_blanks(rest);
	skip_token68(rest);
	for (str at = *rest; r > 0; at = *rest) {
		skip_separators(&at);
		r = take_param(&name, &value, &at, a, e);
		if (r > 0) {
			keep_param(&c, name, value);
			*rest = at;
		}
	}
	if (r < 0)
		return -1;
	*out = c;
	return 1;
}

int challenge_choose(struct challenge *out, str all, struct arena *a, struct err *e)
{
	struct challenge best = { 0 }, c;
	int r;

	for (int n = 0; (r = challenge_next(&c, &all, a, e)) > 0; n++) {
		if (n == LIMIT_CHALLENGES)
			return err_set(e, ERR_LIMIT,
				       "the server offers more than %d ways to log in",
				       LIMIT_CHALLENGES);
		if (c.scheme > best.scheme)
			best = c;
	}
	if (r < 0)
		return -1;
	if (best.scheme == CHALLENGE_OTHER)
		return 0;
	*out = best;
	return 1;
}
