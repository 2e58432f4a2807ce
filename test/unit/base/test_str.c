#include "tap.h"

#include "base/str.h"

TEST(splits_drop_the_separator_and_end_cleanly)
{
	str rest = STR("a,,b,"), piece;

	CHECK(str_next(&rest, ',', &piece) && str_eq(piece, STR("a")));
	CHECK(str_next(&rest, ',', &piece) && piece.n == 0);
	CHECK(str_next(&rest, ',', &piece) && str_eq(piece, STR("b")));
	CHECK(!str_next(&rest, ',', &piece));
}

TEST(cut_gives_all_when_there_is_no_separator)
{
	str head, tail;

	CHECK(!str_cut(STR("abc"), ':', &head, &tail));
	CHECK_STR(head, STR("abc"));
	CHECK(tail.n == 0);
	CHECK(str_rcut(STR("a:b:c"), ':', &head, &tail));
	CHECK_STR(head, STR("a:b"));
	CHECK_STR(tail, STR("c"));
}

TEST(numbers_that_do_not_fit_are_refused)
{
	uint64_t v;

	CHECK(str_u64(STR("18446744073709551615"), &v) && v == UINT64_MAX);
	CHECK(!str_u64(STR("18446744073709551616"), &v));
	CHECK(!str_u64(STR(""), &v) && !str_u64(STR("-1"), &v) && !str_u64(STR("1 "), &v));
}

TEST(globs_know_one_star_from_two)
{
	static const struct {
		str pattern, path;
		bool hit;
	} rows[] = {
		{ STR_INIT("*.json"), STR_INIT("a.json"), true },
		{ STR_INIT("*.json"), STR_INIT("d/a.json"), false },
		{ STR_INIT("**/package.json"), STR_INIT("x/y/package.json"), true },
		{ STR_INIT("**package.json"), STR_INIT("package.json"), true },
		{ STR_INIT("a/**/b*c"), STR_INIT("a/x/y/bzzc"), true },
		{ STR_INIT("a/**/b*c"), STR_INIT("a/x/b/y/bzzd"), false },
		{ STR_INIT("a?c"), STR_INIT("abc"), true },
		{ STR_INIT("a?c"), STR_INIT("a/c"), false },
		{ STR_INIT(""), STR_INIT(""), true },
		{ STR_INIT("*"), STR_INIT(""), true },
		{ STR_INIT("**/*-info/M*"), STR_INIT("u/l/x.dist-info/METADATA"), true },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK(str_glob(rows[i].pattern, rows[i].path) == rows[i].hit);
}

TEST(path_parts)
{
	CHECK_STR(str_base(STR("a/b/c")), STR("c"));
	CHECK_STR(str_dir(STR("a/b/c")), STR("a/b"));
	CHECK(str_dir(STR("c")).n == 0);
	CHECK_STR(str_trim(STR(" \t x y\r\n")), STR("x y"));
}

TEST_MAIN
