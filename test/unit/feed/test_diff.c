/* Two stores of a few records, compared. */
#include "feed/diff.h"

#include "store_help.h"

#define PKG(name, cves)	  "\"" name "\":{" cves "}"
#define CVE(id, releases) "\"" id "\":{\"releases\":{" releases "}}"
#define FIX(name, v)	  "\"" name "\":{\"status\":\"resolved\",\"fixed_version\":\"" v "\"}"

static const str before = STR_INIT(
	"{" PKG("a", CVE("CVE-2024-0001", FIX("bookworm", "1") "," FIX("bullseye", "1"))) "," PKG(
		"b", CVE("CVE-2024-0002",
			 FIX("bookworm", "1"))) "," PKG("c", CVE("CVE-2024-0003",
								 FIX("bookworm", "1"))) "}");
static const str after = STR_INIT("{" PKG(
	"a", CVE("CVE-2024-0001", FIX("bookworm", "1") "," FIX("bullseye", "2")) "," CVE(
		     "CVE-2024-0009",
		     FIX("bookworm", "1") "," FIX(
			     "bullseye", "1"))) "," PKG("b", CVE("CVE-2024-0002",
								 FIX("bookworm", "1") "," FIX(
									 "bullseye", "1"))) "}");

static bool make(struct store **out, const struct test_dir *dir, str text, bool more)
{
	CLEANUP(builder_freep)
	struct builder *b = NULL;
	char path[128];
	struct digest d;
	struct err e;

	snprintf(path, sizeof(path), "%s/%s.store", dir->path, more ? "more" : "less");
	return builder_new(&b, &e) == 0 && test_feed(b, "debian", FORMAT_DEBIAN, text) &&
	       (!more ||
		test_feed(
			b, "alpine", FORMAT_SECDB,
			STR("{\"distroversion\":\"v3.18\",\"reponame\":\"main\",\"packages\":[]}"))) &&
	       builder_write(&d, b, path, &e) == 0 && store_open_file(out, path, &e) > 0;
}

static bool has(const struct diff *d, enum diff_kind kind, str name, str id)
{
	vec_each (p, &d->pairs)
		if (p->kind == kind && str_eq(p->name, name) && str_eq(p->id, id))
			return true;
	return false;
}

TEST(records_appear_change_and_go)
{
	CLEANUP(test_dir_remove)
	struct test_dir dir = test_dir_make();
	CLEANUP(store_closep)
	struct store *old = NULL;
	CLEANUP(store_closep)
	struct store *new = NULL;
	CLEANUP(arena_free)
	struct arena a = ARENA(1 * MIB);
	struct diff d;
	struct err e;

	CHECK(make(&old, &dir, before, true) && make(&new, &dir, after, false));
	CHECK(store_diff(&d, old, new, &a, &e) == 0);
	CHECK(d.pairs.n == 4 && d.npairs[DIFF_NEW] == 1 && d.npairs[DIFF_GONE] == 1);
	CHECK(has(&d, DIFF_CHANGED, STR("a"), STR("CVE-2024-0001")));
	CHECK(has(&d, DIFF_NEW, STR("a"), STR("CVE-2024-0009")));
	CHECK(has(&d, DIFF_CHANGED, STR("b"), STR("CVE-2024-0002")));
	CHECK(has(&d, DIFF_GONE, STR("c"), STR("CVE-2024-0003")));
	CHECK(d.nrecords[DIFF_NEW] == 3 && d.nrecords[DIFF_CHANGED] == 1 &&
	      d.nrecords[DIFF_GONE] == 1);
	CHECK(d.nadvisories[DIFF_NEW] == 1 && d.nadvisories[DIFF_GONE] == 1);
	CHECK(store_diff(&d, new, new, &a, &e) == 0 && d.pairs.n + d.advisories.n == 0);
}

TEST(running_out_of_memory_is_said)
{
	CLEANUP(test_dir_remove)
	struct test_dir dir = test_dir_make();
	CLEANUP(store_closep)
	struct store *old = NULL;
	CLEANUP(store_closep)
	struct store *new = NULL;
	struct diff d;
	struct err e;
	int r = -1;

	CHECK(make(&old, &dir, before, true) && make(&new, &dir, after, false));
	for (uint64_t i = 1; r < 0 && i < 100; i++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 1 * MIB, .fail_at = i };

		r = store_diff(&d, old, new, &a, &e);
		CHECK(r == 0 || e.kind == ERR_NOMEM);
	}
	CHECK(r == 0);
}

TEST_MAIN
