#include "format/version/interval.h"

#include "format/version/relation.h"
#include "format/version/scheme.h"

struct interval {
	str low, high; /* empty: no bound */
	bool low_in, high_in;
};

bool interval_opens(str s)
{
	return s.n && (s.p[0] == '[' || s.p[0] == '(');
}

static bool interval_read(struct interval *i, str *rest)
{
	size_t round = str_find(*rest, ')'), square = str_find(*rest, ']');
	size_t end = MIN(round, square);

	if (end == SIZE_MAX)
		return false;
	i->low_in = rest->p[0] == '[';
	i->high_in = end == square;
	str text = str_sub(*rest, 1, end - 1);
	*rest = space_trim(str_from(*rest, end + 1));
	bool two = str_cut(text, ',', &i->low, &i->high);
	i->low = space_trim(i->low);
	i->high = two ? space_trim(i->high) : i->low;
	return two || (i->low_in && i->high_in && i->low.n);
}

/* Whether the bounds are the right way round; the same version twice must be in at both ends. */
static enum version_verdict interval_sound(const struct interval *i,
					   enum version_order (*compare)(str a, str b))
{
	if (i->low.n == 0 || i->high.n == 0)
		return VERSION_YES;
	enum version_order o = compare(i->low, i->high);

	if (o == VERSION_EQUAL)
		return i->low_in && i->high_in ? VERSION_YES : VERSION_UNSURE;
	return o == VERSION_LESS ? VERSION_YES : VERSION_UNSURE;
}

enum version_verdict interval_take(str version, str *rest,
				   enum version_order (*compare)(str a, str b), str *above)
{
	struct interval i;
	enum version_verdict r;

	if (!interval_read(&i, rest)) {
		*rest = STR("");
		return VERSION_UNSURE;
	}
	r = interval_sound(&i, compare);
	if (above && above->n && (i.low.n == 0 || compare(i.low, *above) == VERSION_LESS))
		r = VERSION_UNSURE;
	if (above)
		*above = i.high;
	r = verdict_and(r, relation_holds(compare(version, version), REL_EQ));
	if (i.low.n)
		r = verdict_and(
			r, relation_holds(compare(version, i.low), i.low_in ? REL_GE : REL_GT));
	if (i.high.n)
		r = verdict_and(
			r, relation_holds(compare(version, i.high), i.high_in ? REL_LE : REL_LT));
	return r;
}
