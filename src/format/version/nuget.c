/* NuGet.Versioning: up to four numbers, labels that ignore case, intervals and floating ranges. */
#include "format/version/interval.h"
#include "format/version/relation.h"
#include "format/version/scheme.h"

#define NUGET_NUMBER_MOST STR("2147483647")

struct nuget {
	str parts[4]; /* empty counts as 0 */
	str labels;
};

/* Dot-separated identifiers of [0-9A-Za-z-]; a number may have leading zeros. */
static bool labels_ok(str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ch_alnum(s.p[i]) || s.p[i] == '-')
			run++;
		else if (s.p[i] != '.' || run == 0)
			return false;
		else
			run = 0;
	}
	return run > 0;
}

static bool numbers_read(struct nuget *v, str s)
{
	bool more = true;

	for (size_t i = 0; more; i++) {
		str number;

		more = str_cut(s, '.', &number, &s);
		if (i == COUNT(v->parts) || !number_is(number) ||
		    number_cmp(number, NUGET_NUMBER_MOST) > 0)
			return false;
		v->parts[i] = number;
	}
	return true;
}

static bool nuget_read(struct nuget *v, str s)
{
	str build;

	*v = (struct nuget){ 0 };
	s = space_trim(s);
	if (str_cut(s, '+', &s, &build) && !labels_ok(build))
		return false;
	if (str_cut(s, '-', &s, &v->labels) && !labels_ok(v->labels))
		return false;
	return numbers_read(v, s);
}

static char up(char c)
{
	return ch_lower(c) ? (char)(c - 32) : c;
}

static int nocase_cmp(str a, str b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (up(a.p[i]) != up(b.p[i]))
			return up(a.p[i]) < up(b.p[i]) ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

/* What a 32-bit integer cannot hold is a word. */
static bool counts(str s)
{
	return number_is(s) && number_cmp(s, NUGET_NUMBER_MOST) <= 0;
}

static int label_cmp(str a, str b)
{
	bool x = counts(a), y = counts(b);

	if (x != y)
		return x ? -1 : 1;
	return x ? number_cmp(a, b) : nocase_cmp(a, b);
}

static int labels_cmp(str a, str b)
{
	str x, y;

	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0);
	while (a.n && b.n) {
		str_cut(a, '.', &x, &a);
		str_cut(b, '.', &y, &b);
		int d = label_cmp(x, y);

		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

static enum version_order nuget_compare(str a, str b)
{
	struct nuget x, y;
	int d = 0;

	if (!nuget_read(&x, a) || !nuget_read(&y, b))
		return VERSION_INVALID;
	for (size_t i = 0; i < COUNT(x.parts) && d == 0; i++)
		d = number_cmp(x.parts[i], y.parts[i]);
	return order_of(d ? d : labels_cmp(x.labels, y.labels));
}

static enum version_verdict nuget_holds(str version, unsigned op, str bound)
{
	return relation_holds(nuget_compare(version, bound), op);
}

/* "1.2.*", "1.2.0-beta*", "*": a range that floats says only where it begins. After "-*" that
 * is before all pre-releases, which "-0" is. */
static enum version_verdict floating_holds(str version, str text)
{
	enum { LEAST_BYTES = 256 };
	char least[LEAST_BYTES + 1];

	text = str_first(text, text.n - 1);
	if (text.n == 0)
		return nuget_holds(version, REL_GE, STR("0"));
	if (!str_ends(text, STR("-"))) {
		(void)str_chop(&text, STR("."));
		return nuget_holds(version, REL_GE, text);
	}
	if (text.n > LEAST_BYTES)
		return VERSION_UNSURE;
	memcpy(least, text.p, text.n);
	least[text.n] = '0';
	return nuget_holds(version, REL_GE, (str){ least, text.n + 1 });
}

/* A version alone is the least that will do. */
static enum version_verdict nuget_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, 0, nuget_holds };
	str rest = space_trim(range);

	if (interval_opens(rest)) {
		enum version_verdict r = interval_take(version, &rest, nuget_compare, NULL);

		return rest.n ? VERSION_UNSURE : r;
	}
	if (rest.n && str_find(STR("<>=!"), rest.p[0]) != SIZE_MAX)
		return relation_list(version, rest, &rules);
	return str_ends(rest, STR("*")) ? floating_holds(version, rest)
					: nuget_holds(version, REL_GE, rest);
}

const struct version_scheme scheme_nuget = { STR_INIT("nuget"), nuget_compare, nuget_satisfies };
