/* Alpine: digit{.digit}{letter}{_suffix{#}}{~hash}{-r#}, as apk-tools 3 reads and orders it. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

/* In the order in which they may follow one another; a version that ends is older than one that
 * goes on, except where it goes on with the suffix of a pre-release. */
enum token_kind {
	TOKEN_FIRST,
	TOKEN_NUMBER,
	TOKEN_LETTER,
	TOKEN_SUFFIX,
	TOKEN_SUFFIX_NUMBER,
	TOKEN_HASH,
	TOKEN_REVISION,
	TOKEN_END,
	TOKEN_BAD,
};

struct token {
	enum token_kind kind;
	int suffix; /* rank of a suffix: below zero before the release */
	str text;
};

/* clang-format off */
static const struct {
	str word;
	int rank;
} suffixes[] = {
	{ STR_INIT("alpha"), -4 }, { STR_INIT("beta"), -3 }, { STR_INIT("pre"), -2 },
	{ STR_INIT("rc"),    -1 }, { STR_INIT("cvs"),   1 }, { STR_INIT("svn"),  2 },
	{ STR_INIT("git"),    3 }, { STR_INIT("hg"),    4 }, { STR_INIT("p"),    5 },
};
/* clang-format on */

static int suffix_rank(str word)
{
	for (size_t i = 0; i < COUNT(suffixes); i++)
		if (str_eq(suffixes[i].word, word))
			return suffixes[i].rank;
	return 0;
}

static bool hex_is(char c)
{
	return ch_digit(c) || (ch_alpha(c) && ch_down(c) <= 'f');
}

static str take_while(str *s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s->n && is(s->p[n]))
		n++;
	str taken = str_first(*s, n);
	*s = str_from(*s, n);
	return taken;
}

static struct token number_token(enum token_kind kind, str *s)
{
	str digits = number_take(s);

	return (struct token){ digits.n ? kind : TOKEN_BAD, 0, digits };
}

static struct token suffix_token(str *s)
{
	str word = take_while(s, ch_lower);
	int rank = suffix_rank(word);

	return (struct token){ rank ? TOKEN_SUFFIX : TOKEN_BAD, rank, word };
}

static struct token token_next(enum token_kind before, str *s)
{
	static const struct token bad = { TOKEN_BAD, 0, STR_INIT("") };

	if (s->n == 0)
		return (struct token){ TOKEN_END, 0, STR("") };
	if (ch_lower(s->p[0]) && before <= TOKEN_NUMBER) {
		str letter = str_first(*s, 1);

		*s = str_from(*s, 1);
		return (struct token){ TOKEN_LETTER, 0, letter };
	}
	if (ch_digit(s->p[0]) && before == TOKEN_SUFFIX)
		return number_token(TOKEN_SUFFIX_NUMBER, s);
	if (before <= TOKEN_NUMBER && str_skip(s, STR(".")))
		return number_token(TOKEN_NUMBER, s);
	if (before <= TOKEN_SUFFIX_NUMBER && str_skip(s, STR("_")))
		return suffix_token(s);
	if (before < TOKEN_HASH && str_skip(s, STR("~"))) {
		str hash = take_while(s, hex_is);

		return (struct token){ hash.n ? TOKEN_HASH : TOKEN_BAD, 0, hash };
	}
	if (before < TOKEN_REVISION && str_skip(s, STR("-r")))
		return number_token(TOKEN_REVISION, s);
	return bad;
}

static bool apk_valid(str s)
{
	struct token t = number_token(TOKEN_FIRST, &s);

	while (t.kind < TOKEN_END)
		t = token_next(t.kind, &s);
	return t.kind == TOKEN_END;
}

/* A number with a leading zero is a fraction: from the second on they compare as text. */
static int token_cmp(const struct token *a, const struct token *b)
{
	switch (a->kind) {
	case TOKEN_NUMBER:
		if (a->text.p[0] == '0' || b->text.p[0] == '0')
			return str_cmp(a->text, b->text);
		return number_cmp(a->text, b->text);
	case TOKEN_FIRST:
	case TOKEN_SUFFIX_NUMBER:
	case TOKEN_REVISION:
		return number_cmp(a->text, b->text);
	case TOKEN_SUFFIX:
		return a->suffix - b->suffix;
	default:
		return str_cmp(a->text, b->text);
	}
}

/* With `fuzzy`, a is equal to b when b is the beginning of it. */
static int tokens_cmp(str a, str b, bool fuzzy)
{
	struct token x = number_token(TOKEN_FIRST, &a), y = number_token(TOKEN_FIRST, &b);

	while (x.kind == y.kind && x.kind < TOKEN_END) {
		int d = token_cmp(&x, &y);

		if (d)
			return d;
		x = token_next(x.kind, &a);
		y = token_next(y.kind, &b);
	}
	if (x.kind == y.kind || (fuzzy && y.kind == TOKEN_END))
		return 0;
	if (x.kind == TOKEN_SUFFIX && x.suffix < 0)
		return -1;
	if (y.kind == TOKEN_SUFFIX && y.suffix < 0)
		return 1;
	return x.kind > y.kind ? -1 : 1;
}

static enum version_order apk_compare(str a, str b)
{
	if (!apk_valid(a) || !apk_valid(b))
		return VERSION_INVALID;
	return order_of(tokens_cmp(a, b, false));
}

enum { REL_FUZZY = REL_OWN };

static enum version_verdict apk_holds(str version, unsigned op, str bound)
{
	if (!apk_valid(version) || !apk_valid(bound))
		return VERSION_UNSURE;
	return relation_holds(order_of(tokens_cmp(version, bound, op & REL_FUZZY)), op);
}

/* clang-format off */
static const struct relation_word apk_words[] = {
	{ STR_INIT("<~"), REL_LE | REL_FUZZY }, { STR_INIT(">~"), REL_GE | REL_FUZZY },
	{ STR_INIT("~="), REL_EQ | REL_FUZZY }, { STR_INIT("=~"), REL_EQ | REL_FUZZY },
	{ STR_INIT("~"),  REL_EQ | REL_FUZZY },
	{ STR_INIT("!="), REL_NE }, { STR_INIT("=="), REL_EQ }, { STR_INIT("<="), REL_LE },
	{ STR_INIT(">="), REL_GE }, { STR_INIT("="),  REL_EQ }, { STR_INIT("<"),  REL_LT },
	{ STR_INIT(">"),  REL_GT },
};
/* clang-format on */

static enum version_verdict apk_satisfies(str version, str range)
{
	static const struct relation_rules rules = { apk_words, COUNT(apk_words), REL_EQ,
						     apk_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_apk = { STR_INIT("apk"), apk_compare, apk_satisfies };
