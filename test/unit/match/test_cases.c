/* The rows of test/data/match/cases.tsv: one record against one package. */
#include "match/match.h"
#include "tap.h"
#include "unit/match/fake.h"

enum field {
	CASE,
	TYPE,
	PACKAGE,
	SOURCE,
	VERSION,
	ECOSYSTEM,
	NAME,
	BY,
	RANGES,
	VERSIONS,
	STATUS,
	EXPECTED,
	FIELDS
};

static struct version_range range_of(str text)
{
	struct version_range r = { 0 };
	size_t at = str_search(text, STR(".."));
	str end = str_from(text, at + 2);

	r.introduced = str_first(text, at);
	if (str_skip(&end, STR("=")))
		r.last_affected = end;
	else if (str_skip(&end, STR("|")))
		r.limit = end;
	else
		r.fixed = end;
	return r;
}

static enum fix_status status_of(str word)
{
	for (enum fix_status s = 0; s < STATUS_COUNT_; s++)
		if (str_eq(word, str_of(fix_status_word(s))))
			return s;
	abort();
}

static struct os os_of(str ecosystem)
{
	struct os os = { 0 };
	str release;

	if (!str_cut(ecosystem, ':', &os.id, &release))
		return (struct os){ 0 };
	os.id = str_eq(os.id, STR("Debian"))   ? STR("debian")
		: str_eq(os.id, STR("Alpine")) ? STR("alpine")
					       : STR("almalinux");
	os.version_id = str_from(release, str_starts(release, STR("v")));
	os.path = STR("etc/os-release");
	return os;
}

/* What happened, in the words of the file. */
static str outcome(const struct match_output *out, struct arena *a)
{
	struct err e;
	str s = STR("no");

	if (out->findings.n == 0)
		return out->reasons.n && out->reasons.v[0].code == REASON_VERSION_UNREADABLE
			       ? STR("unsure")
			       : s;
	const struct finding *f = &out->findings.v[0];

	if (arena_printf(&s, a, &e, STR_FMT "|", STR_ARG(f->matched_range)) < 0)
		abort();
	for (size_t i = 0; i < f->fixed.n; i++)
		if (arena_printf(&s, a, &e, STR_FMT "%s" STR_FMT, STR_ARG(s), i ? " " : "",
				 STR_ARG(f->fixed.v[i])) < 0)
			abort();
	return s;
}

static bool run_case(const str field[FIELDS])
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct err e = { 0 };
	struct affected record = { .id = STR("CVE-2024-0001"),
				   .feed = STR("test"),
				   .ecosystem = field[ECOSYSTEM],
				   .name = field[NAME],
				   .by_source = str_eq(field[BY], STR("source")),
				   .status = status_of(field[STATUS]) };
	struct package p = { .type = field[TYPE],
			     .name = field[PACKAGE],
			     .source_name = field[SOURCE],
			     .version = field[VERSION],
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };
	struct inventory inv = { .os = os_of(field[ECOSYSTEM]) };
	struct fake fake = { .records = &record, .nrecords = 1 };
	struct lookup data = fake_lookup(&fake);
	struct match_input in = { .inventory = &inv, .data = &data };
	struct match_output out;
	str rest = field[RANGES], piece;

	while (str_next(&rest, ';', &piece))
		if (vec_push(&record.ranges, &a, &e, range_of(piece)) < 0)
			abort();
	rest = field[VERSIONS];
	while (str_next(&rest, ',', &piece))
		if (vec_push(&record.versions, &a, &e, piece) < 0)
			abort();
	if (vec_push(&inv.packages, &a, &e, p) < 0 || match_packages(&out, &in, &a, &e) < 0)
		abort();
	str got = outcome(&out, &a);

	if (str_eq(got, field[EXPECTED]) && out.assessed == 1)
		return true;
	printf("# " STR_FMT ": " STR_FMT ", not " STR_FMT " (%zu assessed)\n", STR_ARG(field[CASE]),
	       STR_ARG(got), STR_ARG(field[EXPECTED]), out.assessed);
	return false;
}

TEST(each_row_says_what_it_should)
{
	char path[4096], line[1024];
	size_t rows = 0, wrong = 0;

	snprintf(path, sizeof(path), "%s/match/cases.tsv", getenv("PLIMSOLL_TEST_DATA"));
	FILE *f = fopen(path, "re");

	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		str field[FIELDS] = { 0 }, rest = str_first(str_of(line), strcspn(line, "\n"));
		size_t n = 0;

		if (line[0] == '#')
			continue;
		while (n < FIELDS && str_next(&rest, '\t', &field[n]))
			n++;
		wrong += n != FIELDS || !run_case(field);
		rows++;
	}
	fclose(f);
	CHECK(rows >= 44);
	CHECK(wrong == 0);
}

TEST_MAIN
