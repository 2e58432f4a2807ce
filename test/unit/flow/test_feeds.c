/* The rows of test/data/feed/rows.tsv: real records of each publisher, packages of its systems, and
 * what is found in them. */
#include "flow/assess.h"
#include "match/match.h"
#include "unit/feed/store_help.h"

enum field {
	CASE,
	SYSTEM,
	RELEASE,
	TYPE,
	PACKAGE,
	SOURCE,
	VERSION,
	ARCH,
	MODULE,
	EXPECTED,
	FIELDS
};

/* clang-format off */
static const struct {
	const char *name, *file;
	enum feed_format format;
} feeds[] = {
	{ "redhat/oval/9",	"redhat-9.xml",		FORMAT_OVAL },
	{ "rocky/9",		"rocky-9.xml",		FORMAT_OVAL },
	{ "azurelinux/3.0",	"azurelinux-3.xml",	FORMAT_OVAL },
	{ "azurelinux/2.0",	"mariner-2.xml",	FORMAT_OVAL },
	{ "oracle",		"oracle.xml",		FORMAT_OVAL },
	{ "suse/16",		"suse-16.xml",		FORMAT_OVAL },
	{ "suse/leap",		"opensuse-15.2.xml",	FORMAT_OVAL },
	{ "ubuntu-usn/noble",	"ubuntu-24.04.xml",	FORMAT_OVAL },
	{ "wolfi",		"wolfi.json",		FORMAT_SECDB },
	{ "arch",		"arch.json",		FORMAT_ARCH },
	{ "photon/5.0",		"photon.json",		FORMAT_PHOTON },
	{ "amazon/2023",	"amazon-2023.xml",	FORMAT_UPDATEINFO },
	{ "debian-oval/12",	"debian-12.xml",	FORMAT_OVAL },
};
/* clang-format on */

static bool feed_add(struct builder *b, size_t i)
{
	CLEANUP(buf_free)
	struct buf text = BUF(1 * MIB);
	char path[4096];

	snprintf(path, sizeof(path), "%s/feed/%s", getenv("PLIMSOLL_TEST_DATA"), feeds[i].file);
	return test_file_read(&text, path) &&
	       test_feed(b, feeds[i].name, feeds[i].format, buf_str(&text));
}

static bool store_make(struct store **out, const struct test_dir *dir)
{
	CLEANUP(builder_freep)
	struct builder *b = NULL;
	char path[128];
	struct digest d;
	struct err e;

	if (builder_new(&b, &e) < 0)
		return false;
	for (size_t i = 0; i < COUNT(feeds); i++)
		if (!feed_add(b, i))
			return false;
	snprintf(path, sizeof(path), "%s/rows.store", dir->path);
	return builder_write(&d, b, path, &e) == 0 && store_open_file(out, path, &e) > 0;
}

/* "CVE-1 fixed-version, CVE-2", in the order of ids, or "no". */
static str outcome(const struct match_output *out, struct arena *a)
{
	struct err e;
	str s = STR_NONE;

	vec_each (f, &out->findings) {
		str word =
			fix_status_word(f->status) ? str_of(fix_status_word(f->status)) : STR_NONE;

		if (arena_printf(&s, a, &e, STR_FMT "%s" STR_FMT " " STR_FMT, STR_ARG(s),
				 s.n ? ", " : "", STR_ARG(f->id),
				 STR_ARG(f->fixed.n ? f->fixed.v[0] : word)) < 0)
			abort();
	}
	return s.n ? s : out->assessed ? STR("no") : STR("not assessed");
}

static bool row_holds(const struct store *store, const str field[FIELDS])
{
	CLEANUP(arena_free)
	struct arena a = ARENA(4 * MIB);
	struct err e = { 0 };
	struct package p = { .type = field[TYPE],
			     .name = field[PACKAGE],
			     .source_name = field[SOURCE],
			     .version = field[VERSION],
			     .arch = field[ARCH],
			     .module = field[MODULE],
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };
	struct inventory inv = { .os = { .id = field[SYSTEM],
					 .version_id = field[RELEASE],
					 .path = STR("etc/os-release") } };
	struct lookup data = lookup_of(store);
	struct match_input in = { .inventory = &inv, .data = &data };
	struct match_output out;

	if (vec_push(&inv.packages, &a, &e, p) < 0 || match_packages(&out, &in, &a, &e) < 0) {
		printf("# %s\n", e.text);
		return false;
	}
	str got = outcome(&out, &a);

	if (str_eq(got, field[EXPECTED]))
		return true;
	printf("# " STR_FMT ": \"" STR_FMT "\", not \"" STR_FMT "\"\n", STR_ARG(field[CASE]),
	       STR_ARG(got), STR_ARG(field[EXPECTED]));
	return false;
}

TEST(each_package_is_found_with_its_fix)
{
	CLEANUP(test_dir_remove)
	struct test_dir dir = test_dir_make();
	CLEANUP(store_closep)
	struct store *store = NULL;
	CLEANUP(buf_free)
	struct buf text = BUF(1 * MIB);
	char path[4096];
	size_t rows = 0, wrong = 0;

	CHECK(store_make(&store, &dir));
	snprintf(path, sizeof(path), "%s/feed/rows.tsv", getenv("PLIMSOLL_TEST_DATA"));
	CHECK(test_file_read(&text, path));
	str rest = buf_str(&text);

	for (str line; str_next(&rest, '\n', &line);) {
		str field[FIELDS] = { 0 };
		size_t n = 0;

		if (str_starts(line, STR("#")))
			continue;
		while (n < FIELDS && str_next(&line, '\t', &field[n]))
			n++;
		wrong += n != FIELDS || !row_holds(store, field);
		rows++;
	}
	CHECK(rows >= 20);
	CHECK(wrong == 0);
}

TEST_MAIN
