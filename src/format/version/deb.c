/* Debian Policy 5.6.12, with what dpkg refuses or warns of counted as not a version. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

struct deb {
	str epoch, upstream, revision;
};

/* Digits after an optional sign, at most INT_MAX, as dpkg reads them; "-0" passes. */
static bool epoch_ok(str *epoch)
{
	bool minus = str_starts(*epoch, STR("-"));

	if (epoch->n && (epoch->p[0] == '+' || epoch->p[0] == '-'))
		*epoch = str_from(*epoch, 1);
	if (!number_is(*epoch) || number_cmp(*epoch, STR("2147483647")) > 0)
		return false;
	return !minus || number_is_zero(*epoch);
}

static bool chars_ok(str s, str more)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_alnum(s.p[i]) && str_find(more, s.p[i]) == SIZE_MAX)
			return false;
	return true;
}

static bool deb_read(struct deb *d, str s)
{
	str rest;

	s = space_trim(s);
	*d = (struct deb){ .upstream = s };
	if (str_cut(s, ':', &d->epoch, &rest)) {
		if (!epoch_ok(&d->epoch))
			return false;
		d->upstream = rest;
	} else {
		d->epoch = STR("");
	}
	if (str_rcut(d->upstream, '-', &d->upstream, &rest)) {
		d->revision = rest;
		if (rest.n == 0)
			return false;
	}
	return d->upstream.n && ch_digit(d->upstream.p[0]) && chars_ok(d->upstream, STR(".-+~:")) &&
	       chars_ok(d->revision, STR(".+~"));
}

/* '~' before the end, the end before letters, letters before all else. */
static int weight(str s)
{
	if (s.n == 0 || ch_digit(s.p[0]))
		return 0;
	if (s.p[0] == '~')
		return -1;
	return ch_alpha(s.p[0]) ? s.p[0] : s.p[0] + 256;
}

static int part_cmp(str a, str b)
{
	while (a.n || b.n) {
		while ((a.n && !ch_digit(a.p[0])) || (b.n && !ch_digit(b.p[0]))) {
			int d = weight(a) - weight(b);

			if (d)
				return d;
			a = str_from(a, 1);
			b = str_from(b, 1);
		}
		str x = number_take(&a), y = number_take(&b);
		int d = number_cmp(x, y);

		if (d)
			return d;
	}
	return 0;
}

static enum version_order deb_compare(str a, str b)
{
	struct deb x, y;
	int d;

	if (!deb_read(&x, a) || !deb_read(&y, b))
		return VERSION_INVALID;
	d = number_cmp(x.epoch, y.epoch);
	if (d == 0)
		d = part_cmp(x.upstream, y.upstream);
	return order_of(d ? d : part_cmp(x.revision, y.revision));
}

static enum version_verdict deb_holds(str version, unsigned op, str bound)
{
	return relation_holds(deb_compare(version, bound), op);
}

/* Policy 7.1: the old '<' and '>' let equal pass, and dpkg still reads them so. */
/* clang-format off */
static const struct relation_word deb_words[] = {
	{ STR_INIT("<<"), REL_LT }, { STR_INIT("<="), REL_LE }, { STR_INIT(">="), REL_GE },
	{ STR_INIT(">>"), REL_GT }, { STR_INIT("!="), REL_NE }, { STR_INIT("=="), REL_EQ },
	{ STR_INIT("="),  REL_EQ }, { STR_INIT("<"),  REL_LE }, { STR_INIT(">"),  REL_GE },
};
/* clang-format on */

static enum version_verdict deb_satisfies(str version, str range)
{
	static const struct relation_rules rules = { deb_words, COUNT(deb_words), REL_EQ,
						     deb_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_deb = { STR_INIT("deb"), deb_compare, deb_satisfies };
