/* rpm's epoch:version-release and its segment comparison with '~' and '^'. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

struct evr {
	str epoch, version, release; /* release.p is NULL when there is none */
};

static bool evr_read(struct evr *e, str s)
{
	str rest = s, digits = number_take(&rest);

	*e = (struct evr){ STR("0"), s, STR_NONE };
	if (s.n == 0)
		return false;
	if (str_skip(&rest, STR(":"))) {
		e->epoch = digits.n ? digits : STR("0");
		e->version = rest;
	}
	if (str_rcut(e->version, '-', &e->version, &rest))
		e->release = rest;
	return true;
}

static str skip_separators(str s)
{
	while (s.n && !ch_alnum(s.p[0]) && s.p[0] != '~' && s.p[0] != '^')
		s = str_from(s, 1);
	return s;
}

static str take_letters(str *s)
{
	size_t n = 0;

	while (n < s->n && ch_alpha(s->p[n]))
		n++;
	str taken = str_first(*s, n);
	*s = str_from(*s, n);
	return taken;
}

/* '~' sorts before everything, even the end: -1 or 1 when it decides, 0 when both or none had
 * one; *took says that both did. */
static int tilde_cmp(str *a, str *b, bool *took)
{
	bool x = str_skip(a, STR("~")), y = str_skip(b, STR("~"));

	*took = x && y;
	return (int)y - (int)x;
}

/* '^' sorts after the end and before all else. */
static int caret_cmp(str *a, str *b, bool *took)
{
	bool x = str_starts(*a, STR("^")), y = str_starts(*b, STR("^"));

	*took = x && y;
	if (*took) {
		*a = str_from(*a, 1);
		*b = str_from(*b, 1);
		return 0;
	}
	if (!x && !y)
		return 0;
	if (a->n == 0 || b->n == 0)
		return a->n == 0 ? -1 : 1;
	return x ? -1 : 1;
}

/* Both have a first character that is a letter or a digit. A number is newer than letters. */
static int segment_cmp(str *a, str *b)
{
	bool number = ch_digit(a->p[0]);

	if (number != ch_digit(b->p[0]))
		return number ? 1 : -1;
	if (number) {
		str x = number_take(a), y = number_take(b);

		return number_cmp(x, y);
	}
	str x = take_letters(a), y = take_letters(b);
	return str_cmp(x, y);
}

static int part_cmp(str a, str b)
{
	bool took;
	int d;

	while (a.n || b.n) {
		a = skip_separators(a);
		b = skip_separators(b);
		d = tilde_cmp(&a, &b, &took);
		if (d)
			return d;
		if (took)
			continue;
		d = caret_cmp(&a, &b, &took);
		if (d)
			return d;
		if (took)
			continue;
		if (a.n == 0 || b.n == 0)
			break;
		d = segment_cmp(&a, &b);
		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

static int maybe_cmp(str a, str b)
{
	if (!a.p || !b.p)
		return (a.p != NULL) - (b.p != NULL);
	return part_cmp(a, b);
}

static enum version_order rpm_compare(str a, str b)
{
	struct evr x, y;
	int d;

	if (!evr_read(&x, a) || !evr_read(&y, b))
		return VERSION_INVALID;
	d = number_cmp(x.epoch, y.epoch);
	if (d == 0)
		d = part_cmp(x.version, y.version);
	return order_of(d ? d : maybe_cmp(x.release, y.release));
}

/* As rpm overlaps dependencies: a release counts only where both sides have one. */
static enum version_verdict rpm_holds(str version, unsigned op, str bound)
{
	struct evr x, y;
	int d;

	if (!evr_read(&x, version) || !evr_read(&y, bound))
		return VERSION_UNSURE;
	d = number_cmp(x.epoch, y.epoch);
	if (d == 0)
		d = part_cmp(x.version, y.version);
	if (d == 0 && x.release.n && y.release.n)
		d = part_cmp(x.release, y.release);
	return relation_holds(order_of(d), op);
}

static enum version_verdict rpm_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, REL_EQ, rpm_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_rpm = { STR_INIT("rpm"), rpm_compare, rpm_satisfies };
