#include "tap.h"

#include "base/clock.h"

TEST(rfc_3339_both_ways)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2024-02-29T12:34:56Z", 1709210096 },
		{ "2024-02-29T12:34:56.789Z", 1709210096 },
		{ "2024-02-29T13:34:56+01:00", 1709210096 },
		{ "2024-02-29", 1709164800 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t t;

		CHECK(clock_parse(str_of(rows[i].text), &t));
		CHECK(t == rows[i].seconds);
	}
	char out[CLOCK_TEXT];

	CHECK_STR(clock_text(out, 1709210096), STR("2024-02-29T12:34:56Z"));
}

TEST(what_is_no_time_is_refused)
{
	static const char *const rows[] = { "", "2024", "2024-13-01", "2024-01-01T", "x",
					    "2024-01-01T00:00:00+9", "2024-01-01T25:00:00Z" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t t;

		CHECK(!clock_parse(str_of(rows[i]), &t));
	}
}

TEST_MAIN
