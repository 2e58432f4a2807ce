/* Erlang and Elixir: the application resource file that lies in the ebin/ of each installed
 * application, {application, NAME, [… {vsn, "VERSION"} …]}. An Erlang term; only these two words of
 * it are looked for, outside of strings and comments. */
#include "base/limits.h"
#include "catalog/artefact.h"

struct terms {
	str rest;
};

static void comment_skip(struct terms *t)
{
	size_t at = str_find(t->rest, '\n');

	t->rest = str_from(t->rest, at == SIZE_MAX ? t->rest.n : at);
}

/* "…" or '…', with what it holds; false when it does not end. */
static bool quoted_take(struct terms *t, str *out)
{
	char mark = t->rest.p[0];
	size_t at = 1;

	while (at < t->rest.n && t->rest.p[at] != mark)
		at += t->rest.p[at] == '\\' ? 2 : 1;
	if (at >= t->rest.n)
		return false;
	*out = str_sub(t->rest, 1, at - 1);
	t->rest = str_from(t->rest, at + 1);
	return true;
}

static bool is_atom(char c)
{
	return ch_alnum(c) || c == '_' || c == '@';
}

/* The next token: a word, a string, or one character. False at the end. */
static bool token_next(struct terms *t, str *out, bool *quoted)
{
	size_t n = 0;

	for (;;) {
		t->rest = str_trim(t->rest);
		if (!str_starts(t->rest, STR("%")))
			break;
		comment_skip(t);
	}
	*quoted = t->rest.n && (t->rest.p[0] == '"' || t->rest.p[0] == '\'');
	if (*quoted)
		return quoted_take(t, out);
	while (n < t->rest.n && is_atom(t->rest.p[n]))
		n++;
	if (n == 0)
		n = t->rest.n > 0;
	*out = str_first(t->rest, n);
	t->rest = str_from(t->rest, n);
	return n > 0;
}

/* {KEY, VALUE: the value behind the first such key. */
static bool member_find(struct terms t, str key, str *value)
{
	str back[3] = { STR_NONE, STR_NONE, STR_NONE }, token;
	bool quoted;

	while (token_next(&t, &token, &quoted)) {
		if (str_eq(back[0], STR("{")) && str_eq(back[1], key) &&
		    str_eq(back[2], STR(","))) {
			*value = token;
			return true;
		}
		back[0] = back[1];
		back[1] = back[2];
		back[2] = quoted && !str_eq(token, key) ? STR("\"") : token;
	}
	return false;
}

/* What comes with Erlang and Elixir themselves, which Hex does not have. */
static str type_of(str name)
{
	static const char *const own[] = {
		"asn1",		"common_test", "compiler",	"crypto",
		"debugger",	"dialyzer",    "diameter",	"edoc",
		"eldap",	"erl_docgen",  "erl_interface", "erts",
		"et",		"eunit",       "ftp",		"inets",
		"jinterface",	"kernel",      "megaco",	"mnesia",
		"observer",	"odbc",	       "os_mon",	"parsetools",
		"public_key",	"reltool",     "runtime_tools", "sasl",
		"snmp",		"ssh",	       "ssl",		"stdlib",
		"syntax_tools", "tftp",	       "tools",		"wx",
		"xmerl",	"elixir",      "eex",		"ex_unit",
		"iex",		"logger",      "mix",
	};

	for (size_t i = 0; i < COUNT(own); i++)
		if (str_eq(name, str_of(own[i])))
			return STR("otp");
	return STR("hex");
}

static int otp_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { 0 };
	struct terms t = { f->text };

	if (!member_find(t, STR("application"), &p.name) || p.name.n == 0)
		return err_set(e, ERR_CORRUPT, "an application without a name");
	if (!member_find(t, STR("vsn"), &p.version) || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "an application without a version");
	p.type = type_of(p.name);
	return artefact_put(out, &p, e);
}

static const char *const globs[] = { "ebin/*.app", "**/ebin/*.app", NULL };

const struct cataloger cataloger_otp = {
	.name = STR_INIT("otp-application"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = otp_read,
};
