/* Gem::Version: runs of digits and runs of letters; letters make a pre-release. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

/* [0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?, or nothing, which is 0. */
static bool gem_read(str *out, str s)
{
	bool dash = false;
	size_t run = 0;

	s = space_trim(s);
	*out = s;
	if (s.n == 0)
		return true;
	str first = s;
	if (number_take(&first).n == 0 || (first.n && first.p[0] != '.' && first.p[0] != '-'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (ch_alnum(s.p[i]) || (dash && s.p[i] == '-')) {
			run++;
			continue;
		}
		if (run == 0 || (s.p[i] != '.' && s.p[i] != '-'))
			return false;
		dash |= s.p[i] == '-';
		run = 0;
	}
	return run > 0;
}

/* What "-" stands for, as it is turned into ".pre.". */
static const str pre = STR_INIT("pre");

/* The next run of digits or letters; each '-' is the word "pre". */
static bool take_segment(str *s, str *segment)
{
	while (s->n && !ch_alnum(s->p[0])) {
		bool dash = s->p[0] == '-';

		*s = str_from(*s, 1);
		if (dash) {
			*segment = pre;
			return true;
		}
	}
	if (s->n == 0)
		return false;
	*segment = number_take(s);
	if (segment->n)
		return true;
	size_t n = 0;
	while (n < s->n && ch_alpha(s->p[n]))
		n++;
	*segment = str_first(*s, n);
	*s = str_from(*s, n);
	return true;
}

/* Zeros at the end, and right before the first letters, do not count. */
static bool rest_is_zero(str s)
{
	str segment;

	while (take_segment(&s, &segment)) {
		if (!ch_digit(segment.p[0]))
			return true;
		if (!number_is_zero(segment))
			return false;
	}
	return true;
}

static bool rest_is_all_zero(str s)
{
	str segment;

	while (take_segment(&s, &segment))
		if (!number_is_zero(segment))
			return false;
	return true;
}

/* The next segment that counts; "0" when there is none, and *more tells that there was one. */
static str next_counting(str *s, bool *letters)
{
	str segment;

	if (*letters ? rest_is_all_zero(*s) : rest_is_zero(*s)) {
		if (*letters)
			*s = str_from(*s, s->n);
		while (!*letters && take_segment(s, &segment))
			if (!ch_digit(segment.p[0])) {
				*letters = true;
				return segment;
			}
		return STR("0");
	}
	(void)take_segment(s, &segment);
	*letters |= !ch_digit(segment.p[0]);
	return segment;
}

static int gem_cmp(str a, str b)
{
	bool a_letters = false, b_letters = false;

	while (a.n || b.n) {
		str x = next_counting(&a, &a_letters), y = next_counting(&b, &b_letters);
		bool m = ch_digit(x.p[0]), n = ch_digit(y.p[0]);

		if (m != n)
			return m ? 1 : -1;
		int d = m ? number_cmp(x, y) : str_cmp(x, y);

		if (d)
			return d;
	}
	return 0;
}

static enum version_order gem_compare(str a, str b)
{
	if (!gem_read(&a, a) || !gem_read(&b, b))
		return VERSION_INVALID;
	return order_of(gem_cmp(a, b));
}

/* Numbers before the first letters. */
static size_t release_segments(str s)
{
	size_t n = 0;

	for (str segment; take_segment(&s, &segment) && ch_digit(segment.p[0]);)
		n++;
	return n;
}

static str next_number(str *s)
{
	str segment;

	if (take_segment(s, &segment) && ch_digit(segment.p[0]))
		return segment;
	*s = str_from(*s, s->n);
	return STR("0");
}

/* "~> 1.2.3": from there on, as long as all numbers but the last stay. */
static bool below_bump(str version, str bound)
{
	size_t n = release_segments(bound);

	n = n > 1 ? n - 1 : 1;
	for (size_t i = 0; i < n; i++) {
		int d = number_cmp(next_number(&version), next_number(&bound));

		if (d)
			return d < 0;
	}
	return true;
}

enum { OP_PESSIMISTIC = REL_OWN };

static enum version_verdict gem_holds(str version, unsigned op, str bound)
{
	if (bound.n == 0 || !gem_read(&version, version) || !gem_read(&bound, bound))
		return VERSION_UNSURE;
	int d = gem_cmp(version, bound);

	if (op != OP_PESSIMISTIC)
		return relation_holds(order_of(d), op);
	return d >= 0 && below_bump(version, bound) ? VERSION_YES : VERSION_NO;
}

/* clang-format off */
static const struct relation_word gem_words[] = {
	{ STR_INIT("~>"), OP_PESSIMISTIC }, { STR_INIT("!="), REL_NE }, { STR_INIT(">="), REL_GE },
	{ STR_INIT("<="), REL_LE }, { STR_INIT("="), REL_EQ }, { STR_INIT("<"), REL_LT },
	{ STR_INIT(">"), REL_GT },
};
/* clang-format on */

static enum version_verdict gem_satisfies(str version, str range)
{
	static const struct relation_rules rules = { gem_words, COUNT(gem_words), REL_EQ, gem_holds,
						     true };

	if (range.n == 0) /* no requirement is ">= 0", which pre-releases of 0 are not */
		return gem_holds(version, REL_GE, STR("0"));
	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_gem = { STR_INIT("gem"), gem_compare, gem_satisfies };
