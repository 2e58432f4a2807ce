#include "tap.h"

#include "base/clock.h"
#include "catalog/catalog.h"

static bool wants(const char *row, const char *path)
{
	const struct cataloger *rows[64];
	size_t n = catalog_candidates(rows, COUNT(rows), str_of(path), 1);

	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i]->name, str_of(row)))
			return true;
	return false;
}

TEST(a_path_finds_the_rows_that_name_it)
{
	CHECK(wants("dpkg-status", "var/lib/dpkg/status"));
	CHECK(wants("dpkg-status", "var/lib/dpkg/status.d/base"));
	CHECK(!wants("dpkg-status", "var/lib/dpkg/status-old"));
	CHECK(!wants("dpkg-status", "x/var/lib/dpkg/status"));
	CHECK(wants("os-release", "usr/lib/os-release"));
	CHECK(!wants("os-release", ""));
}

/* Every row's own patterns, read as paths where they have no star, lead to it. */
TEST(every_row_is_found_by_its_own_plain_patterns)
{
	const struct cataloger *rows[64];
	size_t n = catalog_candidates(rows, COUNT(rows), STR("usr/lib/os-release"), 1), plain = 0;

	CHECK(n >= 1);
	for (size_t i = 0; i < n; i++)
		for (const char *const *g = rows[i]->globs; g && *g; g++) {
			char name[64];

			if (strpbrk(*g, "*?"))
				continue;
			plain++;
			snprintf(name, sizeof(name), STR_FMT, STR_ARG(rows[i]->name));
			CHECK(wants(name, *g));
		}
	CHECK(plain > 0);
}

TEST(a_file_without_bytes_is_nothing_to_go_by)
{
	const struct cataloger *rows[64];

	CHECK(catalog_candidates(rows, COUNT(rows), STR("bin/empty"), 0) == 0);
	CHECK(catalog_candidates(rows, 0, STR("usr/lib/os-release"), 1) == 0);
}

TEST(a_million_paths_take_no_time)
{
	const struct cataloger *rows[64];
	int64_t from = clock_ticks();
	size_t n = 0;

	for (size_t i = 0; i < 1000000; i++)
		n += catalog_candidates(rows, COUNT(rows), STR("usr/share/doc/some/file.txt"), 0);
	double took = (double)(clock_ticks() - from) / 1e6;

	printf("# %.0f ns a path\n", took);
	CHECK(n == 0 && took < 5000);
}

TEST_MAIN
