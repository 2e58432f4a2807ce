/* R's package_version: whole numbers joined by '.' or '-', at least two. */
#include "format/version/relation.h"
#include "format/version/scheme.h"

static bool cran_valid(str s)
{
	size_t parts = 0;

	for (;;) {
		str number = number_take(&s);

		if (number.n == 0 || number_cmp(number, STR("2147483647")) > 0)
			return false;
		parts++;
		if (s.n == 0)
			return parts > 1;
		if (s.p[0] != '.' && s.p[0] != '-')
			return false;
		s = str_from(s, 1);
	}
}

/* Missing numbers count as 0, as where R compares package_version("1.0") and "1.0.0". */
static int cran_cmp(str a, str b)
{
	while (a.n || b.n) {
		str x = number_take(&a), y = number_take(&b);
		int d = number_cmp(x, y);

		if (d)
			return d;
		a = str_from(a, 1);
		b = str_from(b, 1);
	}
	return 0;
}

static enum version_order cran_compare(str a, str b)
{
	if (!cran_valid(a) || !cran_valid(b))
		return VERSION_INVALID;
	return order_of(cran_cmp(a, b));
}

static enum version_verdict cran_holds(str version, unsigned op, str bound)
{
	return relation_holds(cran_compare(version, bound), op);
}

static enum version_verdict cran_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, REL_EQ,
					      cran_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_cran = { STR_INIT("cran"), cran_compare, cran_satisfies };
