#include "catalog/third_party.h"
#include "tap.h"

static str cell(str *line)
{
	str c = STR_NONE;

	str_cut(*line, '\t', &c, line);
	return c;
}

static bool row_holds(str line)
{
	struct package p = { .type = cell(&line) };
	struct inventory inv = { .os.id = cell(&line), .packages = { &p, 1, 1 } };

	p.name = cell(&line);
	p.version = cell(&line);
	p.vendor = cell(&line);
	third_party_mark(&inv);
	return str_eq(line, p.flags & PACKAGE_THIRD_PARTY ? STR("yes") : STR("no"));
}

TEST(every_row_of_the_table_is_answered)
{
	char path[1024], line[512];
	int rows = 0, bad = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/third_party.tsv", getenv("PLIMSOLL_TEST_DATA"));
	f = fopen(path, "r");
	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		str s = str_of(line);

		str_chop(&s, STR("\n"));
		if (s.n == 0 || s.p[0] == '#')
			continue;
		rows++;
		if (!row_holds(s)) {
			printf("# " STR_FMT "\n", STR_ARG(s));
			bad++;
		}
	}
	fclose(f);
	CHECK(rows > 20 && bad == 0);
}

TEST(an_empty_inventory_is_fine)
{
	struct inventory inv = { 0 };

	third_party_mark(&inv);
	CHECK(inv.packages.n == 0);
}

TEST_MAIN
