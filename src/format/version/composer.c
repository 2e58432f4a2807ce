/* Packagist: composer/semver's normal form, ordered by PHP's version_compare. */
#include "format/version/composer.h"

#include <assert.h>

#include "format/version/scheme.h"

void composer_put(struct composer *c, str s)
{
	assert(s.n <= sizeof(c->text) - c->n);
	memcpy(c->text + c->n, s.p, s.n);
	c->n += s.n;
}

static bool skip_nocase(str *s, str word)
{
	if (!str_eq_nocase(str_first(*s, word.n), word))
		return false;
	*s = str_from(*s, word.n);
	return true;
}

static bool skip_one_of(str *s, str set)
{
	if (s->n == 0 || str_find(set, s->p[0]) == SIZE_MAX)
		return false;
	*s = str_from(*s, 1);
	return true;
}

static bool chop_nocase(str *s, str word)
{
	if (s->n < word.n || !str_eq_nocase(str_from(*s, s->n - word.n), word))
		return false;
	s->n -= word.n;
	return true;
}

/* clang-format off */
static const struct {
	str word, normal;
} words[] = { /* longer before what they start with */
	{ STR_INIT("stable"), STR_INIT("stable") }, { STR_INIT("beta"), STR_INIT("beta") },
	{ STR_INIT("b"), STR_INIT("beta") }, { STR_INIT("RC"), STR_INIT("RC") },
	{ STR_INIT("alpha"), STR_INIT("alpha") }, { STR_INIT("a"), STR_INIT("alpha") },
	{ STR_INIT("patch"), STR_INIT("patch") }, { STR_INIT("pl"), STR_INIT("patch") },
	{ STR_INIT("p"), STR_INIT("patch") },
};
static const str stabilities[] = {
	STR_INIT("stable"), STR_INIT("RC"), STR_INIT("beta"), STR_INIT("alpha"), STR_INIT("dev"),
};
/* clang-format on */

static str word_normal(str word)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq_nocase(words[i].word, word))
			return words[i].normal;
	return word;
}

/* ([.-]?\d+)* */
static str take_numbers(str *s)
{
	str rest = *s, after = *s;

	for (;;) {
		(void)skip_one_of(&rest, STR(".-"));
		if (number_take(&rest).n == 0)
			break;
		after = rest;
	}
	str taken = str_first(*s, s->n - after.n);
	*s = after;
	return taken;
}

bool composer_read_modifier(struct composer_modifier *m, str s)
{
	*m = (struct composer_modifier){ 0 };
	(void)skip_one_of(&s, STR("._-"));
	for (size_t i = 0; i < COUNT(words) && m->word.n == 0; i++) {
		str at = s;

		if (!skip_nocase(&s, words[i].word))
			continue;
		m->word = str_first(at, words[i].word.n);
		m->numbers = take_numbers(&s);
	}
	if (s.n == 0)
		return true;
	m->dev = true;
	(void)skip_one_of(&s, STR(".-"));
	return skip_nocase(&s, STR("dev")) && s.n == 0;
}

static void put_modifier(struct composer *out, const struct composer_modifier *m)
{
	str numbers = m->numbers;

	if (m->word.n) {
		if (str_eq(m->word, STR("stable")))
			return;
		composer_put(out, STR("-"));
		composer_put(out, word_normal(m->word));
		while (skip_one_of(&numbers, STR(".-")))
			;
		composer_put(out, numbers);
	}
	if (m->dev)
		composer_put(out, STR("-dev"));
}

/* v?(\d{1,5})(\.\d+){0,3} and a modifier. */
static bool normalize_classical(struct composer *out, str s)
{
	enum { MAJOR_DIGITS = 5, PARTS = 4 };
	str parts[PARTS] = { { 0 } };
	struct composer_modifier m;
	int n = 1;

	(void)skip_nocase(&s, STR("v"));
	parts[0] = number_take(&s);
	if (parts[0].n == 0 || parts[0].n > MAJOR_DIGITS)
		return false;
	for (; n < PARTS && s.n > 1 && s.p[0] == '.' && ch_digit(s.p[1]); n++) {
		s = str_from(s, 1);
		parts[n] = number_take(&s);
	}
	if (!composer_read_modifier(&m, s))
		return false;
	for (int i = 0; i < PARTS; i++) {
		composer_put(out, i ? STR(".") : STR(""));
		composer_put(out, i < n ? parts[i] : STR("0"));
	}
	put_modifier(out, &m);
	return true;
}

/* Exactly n digits behind an optional separator. */
static bool skip_digits(str *s, size_t n)
{
	str rest = *s;

	(void)skip_one_of(&rest, STR(".:-"));
	for (size_t i = 0; i < n; i++)
		if (i >= rest.n || !ch_digit(rest.p[i]))
			return false;
	*s = str_from(rest, n);
	return true;
}

/* The date that ends where `rest` begins, if a modifier is all that follows. */
static bool put_date(struct composer *out, str s, str rest)
{
	struct composer_modifier m;

	if (!composer_read_modifier(&m, rest))
		return false;
	s.n -= rest.n;
	for (size_t i = 0; i < s.n; i++)
		composer_put(out, ch_digit(s.p[i]) ? str_sub(s, i, 1) : STR("."));
	put_modifier(out, &m);
	return true;
}

/* v?\d{4}([.:-]?\d{2}){1,6}([.:-]?\d{1,3})? and a modifier: the longest that fits. */
static bool normalize_date(struct composer *out, str s)
{
	enum { YEAR = 4, GROUPS = 6, TAIL = 3 };
	str ends[GROUPS], rest;
	int n = 0;

	(void)skip_nocase(&s, STR("v"));
	rest = s;
	if (rest.n == 0 || !ch_digit(rest.p[0]) || !skip_digits(&rest, YEAR))
		return false;
	while (n < GROUPS && skip_digits(&rest, 2))
		ends[n++] = rest;
	while (n-- > 0) {
		for (size_t tail = TAIL; tail > 0; tail--) {
			rest = ends[n];
			if (skip_digits(&rest, tail) && put_date(out, s, rest))
				return true;
		}
		if (put_date(out, s, ends[n]))
			return true;
	}
	return false;
}

/* "1.x-dev", "2.0.*-dev": a branch whose open numbers count as very high. */
static bool normalize_branch(struct composer *out, str s)
{
	enum { PARTS = 4 };
	static const str high = STR_INIT("9999999");
	bool digits = true;

	if (!chop_nocase(&s, STR("dev")))
		return false;
	if (s.n && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == '-'))
		s.n--;
	s = space_trim(s);
	(void)skip_nocase(&s, STR("v"));
	for (int i = 0; i < PARTS; i++) {
		bool dot = i && skip_one_of(&s, STR("."));

		if (i && !dot && s.n)
			return false;
		str part = number_take(&s);

		digits = part.n > 0;
		if (!digits && dot && s.n == 0)
			return false;
		if (!digits && (i == 0 || (s.n && !skip_one_of(&s, STR("xX*")))))
			return false;
		composer_put(out, i ? STR(".") : STR(""));
		composer_put(out, digits ? part : high);
	}
	composer_put(out, STR("-dev"));
	return s.n == 0;
}

bool composer_chop_stability(str *s, str *word)
{
	for (size_t i = 0; i < COUNT(stabilities); i++) {
		str rest = *s;

		if (!chop_nocase(&rest, stabilities[i]) || !str_ends(rest, STR("@")))
			continue;
		*word = stabilities[i];
		*s = str_first(rest, rest.n - 1);
		return true;
	}
	return false;
}

static size_t solid_run(str s)
{
	size_t n = 0;

	while (n < s.n && !space_is(s.p[n]) && s.p[n] != ',')
		n++;
	return n;
}

void composer_chop_alias(str *s)
{
	size_t n = solid_run(*s);
	str rest = str_from(*s, n);
	bool gap = false;

	while (str_skip(&rest, STR(" ")))
		gap = true;
	if (n == 0 || !gap || !str_skip(&rest, STR("as ")))
		return;
	while (str_skip(&rest, STR(" ")))
		;
	if (rest.n && solid_run(rest) == rest.n)
		s->n = n;
}

/* Build metadata: what follows the first '+', when nothing in it is blank. */
static void chop_build(str *s)
{
	size_t at = str_find(*s, '+');

	if (at == SIZE_MAX || at == 0 || at + 1 == s->n || solid_run(*s) < at)
		return;
	for (size_t i = at; i < s->n; i++)
		if (space_is(s->p[i]))
			return;
	s->n = at;
}

bool composer_normalize(struct composer *out, str s)
{
	str word;

	out->n = 0;
	s = str_trim(s);
	composer_chop_alias(&s);
	(void)composer_chop_stability(&s, &word);
	if (str_eq(s, STR("master")) || str_eq(s, STR("trunk")) || str_eq(s, STR("default"))) {
		composer_put(out, STR("dev-"));
		composer_put(out, s);
		return true;
	}
	if (skip_nocase(&s, STR("dev-"))) {
		composer_put(out, STR("dev-"));
		composer_put(out, s);
		return true;
	}
	chop_build(&s);
	if (normalize_classical(out, s) || normalize_date(out, s))
		return true;
	out->n = 0;
	return normalize_branch(out, s);
}

/* Runs of digits, and runs of letters: all else only parts them. */
static str take_token(str *s)
{
	size_t n = 0;

	while (s->n && !ch_alnum(s->p[0]))
		*s = str_from(*s, 1);
	if (s->n == 0)
		return STR("");
	bool digit = ch_digit(s->p[0]);

	while (n < s->n && ch_alnum(s->p[n]) && ch_digit(s->p[n]) == digit)
		n++;
	str token = str_first(*s, n);
	*s = str_from(*s, n);
	return token;
}

enum { RANK_NUMBER = 4 };

/* By the order of PHP's list: what is not in it comes before all, a number stands at '#'. */
static int token_rank(str token)
{
	/* clang-format off */
	static const struct {
		str start;
		int rank;
	} ranks[] = {
		{ STR_INIT("dev"), 0 }, { STR_INIT("a"), 1 }, { STR_INIT("b"), 2 },
		{ STR_INIT("RC"), 3 }, { STR_INIT("rc"), 3 }, { STR_INIT("p"), 5 },
	};
	/* clang-format on */

	if (token.n == 0 || ch_digit(token.p[0]))
		return RANK_NUMBER;
	for (size_t i = 0; i < COUNT(ranks); i++)
		if (str_starts(token, ranks[i].start))
			return ranks[i].rank;
	return -1;
}

int composer_cmp(const struct composer *a, const struct composer *b)
{
	str x = composer_str(a), y = composer_str(b);

	for (;;) {
		str p = take_token(&x), q = take_token(&y);

		if (p.n == 0 && q.n == 0)
			return 0;
		int d = token_rank(p) - token_rank(q);

		if (d)
			return d;
		if (p.n == 0 || q.n == 0) /* a number more */
			return p.n ? 1 : -1;
		if (ch_digit(p.p[0]))
			d = number_cmp(p, q);
		if (d)
			return d;
	}
}
