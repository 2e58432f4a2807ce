/* Gentoo, by the Package Manager Specification, chapter 3.2 and algorithms 3.1 to 3.7. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

struct portage {
	str first, more; /* "1" and ".2.3" of 1.2.3 */
	char letter;	 /* 0 when there is none */
	str suffixes;	 /* "_pre1_p2" */
	str revision;	 /* digits; empty counts as 0 */
};

/* clang-format off */
static const struct {
	str word;
	int rank;
} suffixes[] = { /* "pre" before "p", which it starts with */
	{ STR_INIT("alpha"), -4 }, { STR_INIT("beta"), -3 }, { STR_INIT("pre"), -2 },
	{ STR_INIT("rc"), -1 }, { STR_INIT("p"), 1 },
};
/* clang-format on */

/* "_word" and its number off *s: the rank, or 0 (as of nothing at all) and nothing is taken. */
static int take_suffix(str *s, str *number)
{
	str rest = *s;

	*number = STR("");
	if (!str_skip(&rest, STR("_")))
		return 0;
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		if (!str_skip(&rest, suffixes[i].word))
			continue;
		*number = number_take(&rest);
		*s = rest;
		return suffixes[i].rank;
	}
	return 0;
}

static bool take_numbers(struct portage *v, str *s)
{
	str start;

	v->first = number_take(s);
	start = *s;
	while (str_skip(s, STR(".")))
		if (number_take(s).n == 0)
			return false;
	v->more = str_first(start, start.n - s->n);
	return v->first.n > 0;
}

static bool portage_read(struct portage *v, str s)
{
	str number, start;

	*v = (struct portage){ 0 };
	if (!take_numbers(v, &s))
		return false;
	if (s.n && ch_lower(s.p[0])) {
		v->letter = s.p[0];
		s = str_from(s, 1);
	}
	start = s;
	while (take_suffix(&s, &number))
		;
	v->suffixes = str_first(start, start.n - s.n);
	if (!str_skip(&s, STR("-r")))
		return s.n == 0;
	v->revision = number_take(&s);
	return v->revision.n && s.n == 0;
}

/* Beginning with a zero they are fractions, in which zeros at the end do not count. */
static int fraction_cmp(str a, str b)
{
	while (a.n && a.p[a.n - 1] == '0')
		a.n--;
	while (b.n && b.p[b.n - 1] == '0')
		b.n--;
	return str_cmp(a, b);
}

static int numbers_cmp(str a, str b)
{
	while (a.n && b.n) {
		a = str_from(a, 1);
		b = str_from(b, 1);
		str x = number_take(&a), y = number_take(&b);
		bool fraction = x.p[0] == '0' || y.p[0] == '0';
		int d = fraction ? fraction_cmp(x, y) : number_cmp(x, y);

		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

static int suffixes_cmp(str a, str b)
{
	while (a.n || b.n) {
		str x, y;
		int d = take_suffix(&a, &x) - take_suffix(&b, &y);

		if (d == 0)
			d = number_cmp(x, y);
		if (d)
			return d;
	}
	return 0;
}

static int without_revision_cmp(const struct portage *a, const struct portage *b)
{
	int d = number_cmp(a->first, b->first);

	if (d == 0)
		d = numbers_cmp(a->more, b->more);
	if (d == 0)
		d = a->letter - b->letter;
	return d ? d : suffixes_cmp(a->suffixes, b->suffixes);
}

static enum version_order portage_compare(str a, str b)
{
	struct portage x, y;
	int d;

	if (!portage_read(&x, a) || !portage_read(&y, b))
		return VERSION_INVALID;
	d = without_revision_cmp(&x, &y);
	return order_of(d ? d : number_cmp(x.revision, y.revision));
}

enum { OP_ANY_REVISION = REL_OWN };

/* "=1.2*": 1.2 itself and what goes on with another component (PMS 8.3.1). */
static enum version_verdict begins_with(str version, str bound)
{
	struct portage x, y;

	bound.n--;
	if (!portage_read(&x, version) || !portage_read(&y, bound))
		return VERSION_UNSURE;
	if (!str_starts(version, bound))
		return VERSION_NO;
	str rest = str_from(version, bound.n);
	bool same_run = rest.n && ch_digit(rest.p[0]) && ch_digit(bound.p[bound.n - 1]);

	return same_run ? VERSION_NO : VERSION_YES;
}

static enum version_verdict portage_holds(str version, unsigned op, str bound)
{
	struct portage x, y;

	if (op == REL_EQ && str_ends(bound, STR("*")))
		return begins_with(version, bound);
	if (op != OP_ANY_REVISION)
		return relation_holds(portage_compare(version, bound), op);
	if (!portage_read(&x, version) || !portage_read(&y, bound))
		return VERSION_UNSURE;
	return without_revision_cmp(&x, &y) == 0 ? VERSION_YES : VERSION_NO;
}

/* clang-format off */
static const struct relation_word portage_words[] = {
	{ STR_INIT("<="), REL_LE }, { STR_INIT(">="), REL_GE }, { STR_INIT("=="), REL_EQ },
	{ STR_INIT("!="), REL_NE }, { STR_INIT("="), REL_EQ }, { STR_INIT("<"), REL_LT },
	{ STR_INIT(">"), REL_GT }, { STR_INIT("~"), OP_ANY_REVISION },
};
/* clang-format on */

static enum version_verdict portage_satisfies(str version, str range)
{
	static const struct relation_rules rules = { portage_words, COUNT(portage_words), REL_EQ,
						     portage_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_portage = { STR_INIT("portage"), portage_compare,
					       portage_satisfies };
