#include "tool/data_age.h"

#define MAX_DATA_AGE "7d"

/* clang-format off */
const struct option_row option_age[] = {
	{ "max-data-age", 0, "AGE", "Data", "older advisory data is stale: 12h, 7d (default), 4w, any",
	  .words = "any 7d" },
	{ NULL },
};
/* clang-format on */

/* "7d" → seconds; "any" → -1. */
static int read_age(int64_t *out, str text, struct err *e)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };
	str number = str_first(text, text.n - 1);
	uint32_t n;

	if (str_eq(text, STR("any"))) {
		*out = -1;
		return 0;
	}
	for (size_t i = 0; i < COUNT(units); i++) {
		if (text.p[text.n - 1] != units[i].unit || !str_u32(number, &n))
			continue;
		*out = n * units[i].seconds;
		return 0;
	}
	return err_set(e, ERR_USAGE,
		       "--max-data-age is like 12h, 7d, 4w or any, not \"" STR_FMT "\"",
		       STR_ARG(text));
}

int data_age(int64_t *out, const struct options *o, struct err *e)
{
	str given = option_text(o, "max-data-age");

	return read_age(out, given.n ? given : STR(MAX_DATA_AGE), e);
}
