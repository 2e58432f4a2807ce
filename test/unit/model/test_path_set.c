#include "tap.h"

#include "base/limits.h"
#include "model/path_set.h"

TEST(marks_are_sorted_and_unique)
{
	CLEANUP(path_set_free)
	struct path_set s = { 0 };
	uint64_t x = 1;
	struct err e;

	for (size_t i = 0; i < 200000; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		CHECK(path_set_add(&s, x, &e) == 0);
		if (i % 2)
			CHECK(path_set_add(&s, x, &e) == 0);
		if (i % 3 == 0)
			CHECK(path_set_add(&s, i, &e) ==
			      0); /* all in one bucket of the first byte */
	}
	path_set_sort(&s);
	CHECK(s.n == 200000 + 66667);
	for (size_t i = 1; i < s.n; i++)
		CHECK(s.marks[i - 1] < s.marks[i]);
}

TEST(few_and_none_are_sorted_too)
{
	CLEANUP(path_set_free)
	struct path_set s = { 0 };
	struct err e;

	path_set_sort(&s);
	CHECK(s.n == 0);
	CHECK(path_set_add(&s, 7, &e) == 0 && path_set_add(&s, 3, &e) == 0);
	path_set_sort(&s);
	CHECK(s.n == 2 && s.marks[0] == 3 && s.marks[1] == 7);
}

TEST(a_set_has_a_limit)
{
	struct path_set full = { .n = LIMIT_LAYER_FILES, .cap = LIMIT_LAYER_FILES };
	struct err e;

	CHECK(path_set_add(&full, 1, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST_MAIN
