#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "format/version/version.h"

/* Rows of test/data/version/: "A<TAB>op<TAB>B" in SCHEME.tsv, "VERSION<TAB>RANGE<TAB>yes|no|!" in
 * SCHEME.ranges.tsv; '#' begins a comment, an empty line means nothing. */

static bool data_read(struct buf *out, str scheme, const char *tail)
{
	const char *dir = getenv("PLIMSOLL_TEST_DATA");
	char path[4096], part[4096];
	size_t n;

	snprintf(path, sizeof(path), "%s/version/" STR_FMT "%s", dir ? dir : "test/data",
		 STR_ARG(scheme), tail);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_put(out, (str){ part, n });
	fclose(f);
	return !out->failed;
}

static bool row_read(str line, str *a, str *b, str *c)
{
	str rest;

	return str_cut(line, '\t', a, &rest) && str_cut(rest, '\t', b, c);
}

static bool row_wanted(str line)
{
	return line.n && line.p[0] != '#';
}

static enum version_order order_mirror(enum version_order o)
{
	return o == VERSION_INVALID ? o : (enum version_order) - o;
}

static bool order_row_holds(const struct version_scheme *s, str line)
{
	static const char words[] = "<=>!";
	str a, op, b;

	if (!row_read(line, &a, &op, &b) || op.n != 1 || !strchr(words, op.p[0]))
		return false;
	enum version_order want = (enum version_order)(strchr(words, op.p[0]) - words - 1);

	return version_compare(s, a, b) == want && version_compare(s, b, a) == order_mirror(want);
}

static bool range_row_holds(const struct version_scheme *s, str line)
{
	static const str words[] = { STR_INIT("no"), STR_INIT("yes"), STR_INIT("!") };
	str version, range, word;

	if (!row_read(line, &version, &range, &word))
		return false;
	return str_eq(words[version_satisfies(s, version, range)], word);
}

static size_t rows_failing(const struct version_scheme *s, str text, size_t *rows,
			   bool (*holds)(const struct version_scheme *s, str line))
{
	size_t bad = 0;

	for (str line; str_next(&text, '\n', &line);) {
		if (!row_wanted(line))
			continue;
		++*rows;
		if (holds(s, line))
			continue;
		printf("# " STR_FMT ": " STR_FMT "\n", STR_ARG(version_scheme_name(s)),
		       STR_ARG(line));
		bad++;
	}
	return bad;
}

TEST(every_scheme_orders_its_rows_both_ways_round)
{
	const struct version_scheme *s;

	for (size_t i = 0; (s = version_scheme_at(i)); i++) {
		CLEANUP(buf_free)
		struct buf text = BUF(1 << 20);
		size_t rows = 0;

		CHECK(data_read(&text, version_scheme_name(s), ".tsv"));
		CHECK(rows_failing(s, buf_str(&text), &rows, order_row_holds) == 0);
		CHECK(rows >= 12);
	}
}

TEST(every_scheme_reads_its_ranges)
{
	const struct version_scheme *s;

	for (size_t i = 0; (s = version_scheme_at(i)); i++) {
		CLEANUP(buf_free)
		struct buf text = BUF(1 << 20);
		size_t rows = 0;

		CHECK(data_read(&text, version_scheme_name(s), ".ranges.tsv"));
		CHECK(rows_failing(s, buf_str(&text), &rows, range_row_holds) == 0);
		CHECK(rows >= 8);
	}
}

TEST(schemes_are_found_by_name_and_no_other)
{
	const struct version_scheme *s;

	for (size_t i = 0; (s = version_scheme_at(i)); i++)
		CHECK(version_scheme_find(version_scheme_name(s)) == s);
	CHECK(!version_scheme_find(STR("DEB")) && !version_scheme_find(STR("")));
}

TEST(what_is_longer_than_the_limit_is_no_version)
{
	static char digits[LIMIT_VERSION_BYTES + 1];
	const struct version_scheme *deb = version_scheme_find(STR("deb"));
	const struct version_scheme *maven = version_scheme_find(STR("maven"));

	memset(digits, '1', sizeof(digits));
	str longest = { digits, LIMIT_VERSION_BYTES }, longer = { digits, sizeof(digits) };
	CHECK(version_compare(deb, longest, STR("1")) == VERSION_GREATER);
	CHECK(version_compare(deb, longer, STR("1")) == VERSION_INVALID);
	CHECK(version_compare(maven, STR("1"), longer) == VERSION_INVALID);
	CHECK(version_satisfies(deb, longer, STR(">= 1")) == VERSION_UNSURE);
}

TEST(a_range_longer_than_its_limit_is_unsure)
{
	static char blanks[LIMIT_VERSION_RANGE_BYTES + 1];
	const struct version_scheme *deb = version_scheme_find(STR("deb"));

	memset(blanks, ' ', sizeof(blanks));
	memcpy(blanks, ">> 1", 4);
	CHECK(version_satisfies(deb, STR("2"), (str){ blanks, LIMIT_VERSION_RANGE_BYTES }) ==
	      VERSION_YES);
	CHECK(version_satisfies(deb, STR("2"), (str){ blanks, sizeof(blanks) }) == VERSION_UNSURE);
}

TEST(a_nul_inside_is_no_version_anywhere)
{
	const struct version_scheme *s;

	for (size_t i = 0; (s = version_scheme_at(i)); i++) {
		CHECK(version_compare(s, STR("1.0.0\0"), STR("1.0.0")) == VERSION_INVALID);
		CHECK(version_satisfies(s, STR("1.0.0"), STR(">=1.0.0\0")) == VERSION_UNSURE);
	}
}

TEST(the_deepest_maven_version_fits)
{
	static char deep[LIMIT_VERSION_BYTES], dashes[LIMIT_VERSION_BYTES];
	const struct version_scheme *maven = version_scheme_find(STR("maven"));

	for (size_t i = 0; i < sizeof(deep); i++)
		deep[i] = i % 2 ? 'x' : '1';
	memset(dashes, '-', sizeof(dashes));
	str a = { deep, sizeof(deep) }, b = { deep, sizeof(deep) - 1 };
	CHECK(version_compare(maven, a, a) == VERSION_EQUAL);
	CHECK(version_compare(maven, a, b) == VERSION_GREATER);
	CHECK(version_compare(maven, (str){ dashes, sizeof(dashes) }, STR("0")) == VERSION_EQUAL);
}

TEST_MAIN
