#include "report/table.h"

#include "report/format.h"
#include "report/plain.h"
#include "tap.h"

#define SETUP                            \
	CLEANUP(arena_free)              \
	struct arena a = ARENA(1 << 22); \
	CLEANUP(buf_free)                \
	struct buf b = { 0 };            \
	struct err e = { 0 };            \
	struct table_options o = { 0 }

/* A report with `n` findings in one package, and one in another. */
struct sample {
	struct package packages[2];
	struct finding findings[41];
	char ids[41][24];
	struct inventory inventory;
	struct image image;
	struct report report;
};

static void sample_init(struct sample *s, size_t n)
{
	static str version = STR_INIT("2.0");

	*s = (struct sample){ 0 };
	s->packages[0] = (struct package){ .type = STR("deb"),
					   .name = STR("libx"),
					   .version = STR("1.0"),
					   .layer = 0,
					   .owned_by = OWNED_BY_NONE };
	s->packages[1] = (struct package){ .type = STR("npm"),
					   .name = STR("y"),
					   .version = STR("3.0"),
					   .layer = 1,
					   .owned_by = OWNED_BY_NONE };
	for (size_t i = 0; i < n; i++) {
		struct finding *f = &s->findings[i];

		snprintf(s->ids[i], sizeof(s->ids[i]), "CVE-2024-%04zu", i);
		*f = (struct finding){ .id = str_of(s->ids[i]),
				       .severity = SEVERITY_MEDIUM,
				       .fixed = { &version, 1, 1 },
				       .risk = { .epss = -1 } };
	}
	s->findings[n - 1].package = 1;
	s->findings[n - 1].layer = 1;
	s->findings[n - 1].risk.kev = true;
	s->inventory.packages = (struct package_list){ s->packages, 2, 2 };
	s->image.source = STR("oci");
	s->report =
		(struct report){ .image = &s->image,
				 .inventory = &s->inventory,
				 .data = { .present = true, .built = STR("2024-05-01T00:00:00Z") },
				 .coverage.level = COVERAGE_FULL,
				 .findings = { s->findings, n, n } };
}

static size_t count(str text, str needle)
{
	size_t n = 0, at;

	while ((at = str_search(text, needle)) != SIZE_MAX) {
		n++;
		text = str_from(text, at + needle.n);
	}
	return n;
}

static size_t widest(str text)
{
	size_t w = 0;

	for (str line; str_next(&text, '\n', &line);)
		w = MAX(w, plain_width(line));
	return w;
}

TEST(what_is_exploited_comes_first)
{
	SETUP;
	struct sample s;

	sample_init(&s, 10);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	size_t first = str_search(buf_str(&b), STR("CVE-2024-0009"));

	CHECK(first < str_search(buf_str(&b), STR("CVE-2024-0000")));
	CHECK(str_has(buf_str(&b), STR("1 known to be exploited")));
}

TEST(a_pipe_gets_every_row_and_a_terminal_a_hint)
{
	SETUP;
	struct sample s;

	sample_init(&s, 41);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(count(buf_str(&b), STR("CVE-2024-")) == 41);
	CHECK(!str_has(buf_str(&b), STR("--all")));
	buf_clear(&b);
	o.width = 80;
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(count(buf_str(&b), STR("CVE-2024-")) == 6);
	CHECK(str_has(buf_str(&b), STR("35 more in libx")));
	CHECK(str_has(buf_str(&b), STR("--all shows all 41\n")));
	CHECK(widest(buf_str(&b)) <= 80);
	buf_clear(&b);
	o.all = true;
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(count(buf_str(&b), STR("CVE-2024-")) == 41);
}

TEST(a_narrow_terminal_loses_columns_before_identifiers)
{
	SETUP;
	struct sample s;

	sample_init(&s, 3);
	s.packages[0].name = STR("a-package-whose-name-is-long");
	s.packages[0].version = STR("1:2.36-9+deb12u14~really");
	s.findings[0].id = STR("GHSA-jfh8-c2jp-5v3q");
	s.findings[0].by_source = false;
	for (o.width = 60; o.width <= 120; o.width += 5) {
		buf_clear(&b);
		CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
		CHECK(widest(str_from(buf_str(&b), str_search(buf_str(&b), STR("PACKAGE")))) <=
		      o.width);
		CHECK(str_has(buf_str(&b), STR("GHSA-jfh8-c2jp-5v3q")));
		CHECK(str_has(buf_str(&b), STR("SEVERITY")));
	}
}

TEST(a_path_says_which_package_and_not_what_file_describes_it)
{
	SETUP;
	struct sample s;
	str path = STR("lib/python3/site-packages/y-3.0.dist-info/METADATA");

	sample_init(&s, 1);
	s.findings[0].paths = (struct str_list){ &path, 1, 1 };
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b), path));
	buf_clear(&b);
	o.width = 100;
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b), STR("y-3.0.dist-info\n")));
}

TEST(what_to_do_next_is_about_what_broke_a_rule)
{
	SETUP;
	struct sample s;
	struct rule_result rule = { .id = STR("severity"), .outcome = RULE_FAIL };
	uint32_t broken[] = { 1 };

	sample_init(&s, 3);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(!str_has(buf_str(&b), STR("\nNext ")));
	rule.findings = (struct index_list){ broken, 1, 1 };
	s.report.verdict.decision = DECISION_VIOLATION;
	CHECK(vec_push(&s.report.verdict.rules, &a, &e, rule) == 0);
	buf_clear(&b);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b),
		      STR("\nNext      upgrade libx 1.0 to 2.0, which ends CVE-2024-0001\n")));
	s.findings[1].fixed.n = 0;
	buf_clear(&b);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b), STR("\nNext      no upgrade ends CVE-2024-0001 in libx")));
}

TEST(what_could_not_be_assessed_says_how_it_could)
{
	static const struct {
		enum reason_code code;
		str says;
	} cases[] = {
		{ REASON_FEED_STALE, STR_INIT("--max-data-age") },
		{ REASON_FEED_MISSING, STR_INIT("plimsoll db update") },
		{ REASON_UNREADABLE, STR_INIT("--accept-partial") },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		SETUP;
		struct sample s;
		struct reason reason = { .code = cases[i].code, .count = 1 };

		sample_init(&s, 1);
		s.inventory.reasons = (struct reason_list){ &reason, 1, 1 };
		s.report.verdict.decision = DECISION_UNASSESSED;
		CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
		size_t at = str_search(buf_str(&b), STR("\nNext "));

		CHECK(at != SIZE_MAX && str_has(str_from(buf_str(&b), at), cases[i].says));
	}
}

TEST(colours_only_when_asked_for)
{
	SETUP;
	struct sample s;

	sample_init(&s, 3);
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(!str_has(buf_str(&b), STR("\033")));
	o.colour = true;
	CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b), STR("\033[")));
}

TEST(nothing_from_an_image_reaches_the_terminal_raw)
{
	SETUP;
	struct sample s;
	struct reason reason = { .code = REASON_UNREADABLE,
				 .count = 1,
				 .where = STR("a\033[2J"),
				 .text = STR("b\nVerdict   FIT") };

	sample_init(&s, 3);
	s.packages[0].name = STR("evil\033[2J\r\n\xff\xe2\x80\xae");
	s.packages[0].version = STR("1\x1b]0;x\a");
	s.packages[0].type = STR("d\xc2\x9b");
	s.inventory.os.id = STR("x\033c");
	s.image.name = STR("n\033[H");
	s.inventory.reasons = (struct reason_list){ &reason, 1, 1 };
	for (o.width = 0; o.width <= 100; o.width += 50) {
		buf_clear(&b);
		CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
		for (size_t i = 0; i < b.n; i++)
			CHECK((unsigned char)b.p[i] >= 0x20 || b.p[i] == '\n');
		CHECK(!str_has(buf_str(&b), STR("\xff")));
		CHECK(!str_has(buf_str(&b), STR("\xe2\x80\xae")));
		CHECK(!str_has(buf_str(&b), STR("\xc2\x9b")));
		CHECK(!str_has(buf_str(&b), STR("\nVerdict   FIT")) ||
		      count(buf_str(&b), STR("\nVerdict")) == 1);
	}
}

TEST(coverage_and_verdict_are_always_said)
{
	static const struct {
		enum coverage_level level;
		str says;
	} cases[] = {
		{ COVERAGE_FULL, STR_INIT("Coverage  full") },
		{ COVERAGE_PARTIAL, STR_INIT("Coverage  partial") },
		{ COVERAGE_NONE, STR_INIT("Coverage  none") },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		SETUP;
		struct sample s;

		sample_init(&s, 1);
		s.report.findings.n = 0;
		s.report.coverage.level = cases[i].level;
		CHECK(report_table(&b, &s.report, &o, &a, &e) == 0);
		CHECK(str_has(buf_str(&b), cases[i].says));
		CHECK(str_has(buf_str(&b), STR("\nVerdict   ")));
	}
}

TEST(cells_are_cut_at_characters_and_keep_their_width)
{
	SETUP;
	(void)a, (void)e, (void)o;
	plain_cell(&b, STR("na\xc3\xafve"), 4, true);
	CHECK_STR(buf_str(&b), STR("na\xc3\xaf…"));
	buf_clear(&b);
	plain_cell(&b, STR("\xc3\xaf"), 3, true);
	CHECK_STR(buf_str(&b), STR("\xc3\xaf  "));
	buf_clear(&b);
	plain_tail(&b, STR("app/lib/x.jar"), 6);
	CHECK_STR(buf_str(&b), STR("…x.jar"));
	buf_clear(&b);
	plain_tail(&b, STR("x.jar"), 6);
	CHECK_STR(buf_str(&b), STR("x.jar"));
}

TEST(a_spreadsheet_runs_nothing_and_commas_stay_in_their_cell)
{
	SETUP;
	struct sample s;

	sample_init(&s, 2);
	s.packages[0].name = STR("=cmd|' /C calc'!A0");
	s.findings[0].title = STR("says \"a, b\"");
	CHECK(format_find(STR("csv"))->write(&b, &s.report, &o, &a, &e) == 0);
	CHECK(str_has(buf_str(&b), STR("\"'=cmd|' /C calc'!A0\"")));
	CHECK(str_has(buf_str(&b), STR("\"says \"\"a, b\"\"\"\r\n")));
	CHECK(count(buf_str(&b), STR("\r\n")) == 3);
}

TEST(package_urls_come_sorted_and_once)
{
	SETUP;
	struct sample s;

	sample_init(&s, 1);
	s.packages[0] = s.packages[1];
	CHECK(format_find(STR("purl"))->write(&b, &s.report, &o, &a, &e) == 0);
	CHECK_STR(buf_str(&b), STR("pkg:npm/y@3.0\n"));
}

TEST(json_survives_every_allocation_that_fails)
{
	for (uint64_t at = 1; at < 500; at++) {
		SETUP;
		struct sample s;

		sample_init(&s, 3);
		a.fail_at = at;
		int r = format_find(STR("json"))->write(&b, &s.report, &o, &a, &e);

		CHECK(r == 0 || e.kind == ERR_NOMEM);
		if (r == 0)
			return;
	}
	CHECK(!"it never succeeded");
}

TEST_MAIN
