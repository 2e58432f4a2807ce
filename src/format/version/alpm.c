/* libalpm's vercmp: epoch:version-release. Whatever is written is a version. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

struct evr {
	str epoch, version, release;
	bool has_release;
};

static struct evr evr_read(str s)
{
	struct evr e = { .epoch = STR("0"), .version = s };
	str rest = s, digits = number_take(&rest);

	if (str_skip(&rest, STR(":"))) {
		e.epoch = digits.n ? digits : STR("0");
		e.version = rest;
	}
	e.has_release = str_rcut(e.version, '-', &e.version, &e.release);
	return e;
}

static size_t separators(str s)
{
	size_t n = 0;

	while (n < s.n && !ch_alnum(s.p[n]))
		n++;
	return n;
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

static int segment_cmp(str *a, str *b)
{
	bool number = ch_digit(a->p[0]);

	if (number != ch_digit(b->p[0]))
		return number ? 1 : -1;
	str x = number ? number_take(a) : take_letters(a);
	str y = number ? number_take(b) : take_letters(b);
	return number ? number_cmp(x, y) : str_cmp(x, y);
}

/* Letters that remain never beat an end; anything else does. */
static int part_cmp(str a, str b)
{
	if (str_eq(a, b))
		return 0;
	while (a.n && b.n) {
		size_t m = separators(a), n = separators(b);

		a = str_from(a, m);
		b = str_from(b, n);
		if (a.n == 0 || b.n == 0)
			break;
		if (m != n)
			return m < n ? -1 : 1;
		int d = segment_cmp(&a, &b);

		if (d)
			return d;
	}
	if (a.n == 0 && b.n == 0)
		return 0;
	if (a.n == 0)
		return ch_alpha(b.p[0]) ? 1 : -1;
	return ch_alpha(a.p[0]) ? -1 : 1;
}

static enum version_order alpm_compare(str a, str b)
{
	struct evr x = evr_read(a), y = evr_read(b);
	int d = number_cmp(x.epoch, y.epoch);

	if (d == 0)
		d = part_cmp(x.version, y.version);
	if (d == 0 && x.has_release && y.has_release)
		d = part_cmp(x.release, y.release);
	return order_of(d);
}

static enum version_verdict alpm_holds(str version, unsigned op, str bound)
{
	return relation_holds(alpm_compare(version, bound), op);
}

static enum version_verdict alpm_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, REL_EQ,
					      alpm_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_alpm = { STR_INIT("alpm"), alpm_compare, alpm_satisfies };
