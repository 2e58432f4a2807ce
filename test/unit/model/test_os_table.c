#include "base/buf.h"
#include "model/os_table.h"
#include "tap.h"

/* The next cell of a row of the table. */
static str cell(str *line)
{
	str c = STR_NONE;

	str_cut(*line, '\t', &c, line);
	return c;
}

static bool row_holds(str line, struct arena *a)
{
	struct os os = { .id = cell(&line), .version_id = cell(&line) };
	struct str_list eco = { 0 };
	struct err e;
	const struct os_row *row;
	const struct os_life *life;
	str release, scheme, eol;

	os.codename = cell(&line);
	os.name = cell(&line);
	release = cell(&line);
	scheme = cell(&line);
	eol = cell(&line);
	row = os_lookup(&os);
	life = os_life(&os);
	if (str_eq(scheme, STR("-")))
		return !row;
	if (!row || !str_eq(row->scheme, scheme) || !str_eq(os_release_name(&os), release) ||
	    !str_eq(life ? life->eol : STR_NONE, eol) || os_ecosystems(&eco, &os, a, &e) < 0)
		return false;
	for (str want; str_next(&line, '|', &want);) {
		if (eco.n == 0 || !str_eq(eco.v[0], want))
			return false;
		eco.v++;
		eco.n--;
	}
	return eco.n == 0;
}

TEST(every_row_of_the_table_is_answered)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	char path[512], line[512];
	int rows = 0, bad = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/os_table.tsv", getenv("PLIMSOLL_TEST_DATA"));
	f = fopen(path, "r");
	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		str s = str_of(line);

		str_chop(&s, STR("\n"));
		if (s.n == 0 || s.p[0] == '#')
			continue;
		rows++;
		if (!row_holds(s, &a)) {
			printf("# " STR_FMT "\n", STR_ARG(s));
			bad++;
		}
	}
	fclose(f);
	CHECK(rows > 20 && bad == 0);
}

TEST(a_release_ends_after_its_last_day)
{
	struct os os = { .id = STR("debian"), .version_id = STR("12") };

	CHECK(!os_is_eol(&os, STR("2028-06-30")));
	CHECK(os_is_eol(&os, STR("2028-07-01T00:00:00Z")));
	os.version_id = STR("99");
	CHECK(!os_is_eol(&os, STR("2099-01-01")));
}

TEST_MAIN
