#include "feed/store.h"

#include "feed/checked.h"
#include "feed/depot.h"

#include "store_help.h"

#define OSV_ONE                                                                               \
	"{\"id\":\"GHSA-aaaa-bbbb-cccc\",\"modified\":\"2026-01-02T03:04:05Z\","              \
	"\"published\":\"2025-01-02T03:04:05Z\",\"aliases\":[\"CVE-2025-1\"],"                \
	"\"summary\":\"A hole\",\"details\":\"A hole in the hull.\",\"severity\":[{\"type\":" \
	"\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"}],"           \
	"\"database_specific\":{\"severity\":\"CRITICAL\"},"                                  \
	"\"references\":[{\"type\":\"WEB\",\"url\":\"https://example.org/1\"}],"              \
	"\"affected\":[{\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"Hull_Paint\"},"        \
	"\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":"  \
	"\"1.2\"},{\"introduced\":\"2.0\"},{\"last_affected\":\"2.3\"}]},{\"type\":\"GIT\","  \
	"\"events\":[{\"introduced\":\"0\"}]}],\"versions\":[\"1.0\",\"1.1\"]}]}"

#define TRACKER                                                                                  \
	"{\"hull\":{\"CVE-2025-1\":{\"description\":\"In the hull\",\"releases\":{\"bookworm\":" \
	"{\"status\":\"open\",\"urgency\":\"low**\",\"nodsa\":\"Minor\",\"nodsa_reason\":"       \
	"\"postponed\"},\"bullseye\":{\"status\":\"resolved\",\"fixed_version\":\"1.1-2\","      \
	"\"urgency\":\"not yet assigned\"},\"sid\":{\"status\":\"resolved\",\"fixed_version\":"  \
	"\"0\",\"urgency\":\"unimportant\"}}}}}"

#define ERRATUM                                                                                \
	"{\"id\":\"ALSA-2026:1\",\"related\":[\"CVE-2025-1\",\"CVE-2025-2\"],\"affected\":[{"  \
	"\"package\":{\"ecosystem\":\"AlmaLinux:9\",\"name\":\"hull\"},\"ranges\":[{\"type\":" \
	"\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"1-2.el9\"}]}]}]}"

#define KEV                                                                                \
	"{\"dateReleased\":\"2026-08-07T16:45:47.0648Z\",\"vulnerabilities\":[{\"cveID\":" \
	"\"CVE-2025-1\",\"dueDate\":\"2025-02-03\",\"knownRansomwareCampaignUse\":\"Known\"}]}"

#define EPSS                                                                                    \
	"#model_version:v2025.03.14,score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\n" \
	"CVE-2025-1,0.03351,0.8765\nCVE-2025-2,0.5,0.9\n"

static bool small_store(const char *path, bool reversed, struct digest *d)
{
	CLEANUP(builder_freep)
	struct builder *b = NULL;
	struct err e;
	bool ok;

	if (builder_new(&b, &e) < 0)
		return false;
	ok = !reversed || (test_feed(b, "epss", FORMAT_EPSS, STR(EPSS)) &&
			   test_feed(b, "kev", FORMAT_KEV, STR(KEV)));
	ok = ok && test_feed(b, "osv/PyPI", FORMAT_OSV, STR(OSV_ONE)) &&
	     test_feed(b, "osv/AlmaLinux", FORMAT_OSV, STR(ERRATUM)) &&
	     test_feed(b, "debian", FORMAT_DEBIAN, STR(TRACKER));
	ok = ok && (reversed || (test_feed(b, "kev", FORMAT_KEV, STR(KEV)) &&
				 test_feed(b, "epss", FORMAT_EPSS, STR(EPSS))));
	if (ok && builder_write(d, b, path, &e) < 0) {
		printf("# %s\n", e.text);
		return false;
	}
	return ok;
}

struct opened {
	struct test_dir dir;
	char path[128];
	struct store *store;
	struct arena arena;
	struct digest digest;
	struct err e;
};

static void opened_end(struct opened *o)
{
	store_close(o->store);
	arena_free(&o->arena);
	test_dir_remove(&o->dir);
}

static bool opened_make(struct opened *o)
{
	o->dir = test_dir_make();
	o->arena.limit = 1 * MIB;
	snprintf(o->path, sizeof(o->path), "%s/one.db", o->dir.path);
	return small_store(o->path, false, &o->digest) &&
	       store_open_file(&o->store, o->path, &o->e) == 1;
}

#define OPENED(o)                \
	CLEANUP(opened_end)      \
	struct opened o = { 0 }; \
	CHECK(opened_make(&o))

TEST(a_package_is_found_in_any_spelling_its_ecosystem_takes_for_the_same)
{
	OPENED(o);
	struct store_cursor c;
	struct affected x;

	CHECK(store_find(&c, o.store, STR("PyPI"), STR("hull.-paint"), &o.e) == 1);
	CHECK(store_next(&c, &x, &o.arena, &o.e) == 1);
	CHECK_STR(x.id, STR("GHSA-aaaa-bbbb-cccc"));
	CHECK_STR(x.feed, STR("osv/PyPI"));
	CHECK(x.severity == SEVERITY_CRITICAL);
	CHECK(x.status == STATUS_FIXED && !x.by_source);
	CHECK(x.ranges.n == 2);
	CHECK_STR(x.ranges.v[0].fixed, STR("1.2"));
	CHECK_STR(x.ranges.v[1].introduced, STR("2.0"));
	CHECK_STR(x.ranges.v[1].last_affected, STR("2.3"));
	CHECK(x.versions.n == 2);
	CHECK_STR(x.where, STR("GHSA-aaaa-bbbb-cccc.json affected[0]"));
	CHECK(store_next(&c, &x, &o.arena, &o.e) == 0);
	CHECK(store_find(&c, o.store, STR("PyPI"), STR("hull"), &o.e) == 0);
}

TEST(the_tracker_keeps_its_own_words_beside_ours)
{
	OPENED(o);
	static const struct {
		str ecosystem, word;
		enum fix_status status;
		enum severity severity;
		size_t ranges;
	} rows[] = {
		{ STR("Debian:12"), STR("postponed"), STATUS_FIX_DEFERRED, SEVERITY_LOW, 1 },
		{ STR("Debian:11"), STR("resolved"), STATUS_FIXED, SEVERITY_UNKNOWN, 1 },
		{ STR("Debian:sid"), STR("resolved"), STATUS_NOT_AFFECTED, SEVERITY_NEGLIGIBLE, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store_cursor c;
		struct affected x;

		CHECK(store_find(&c, o.store, rows[i].ecosystem, STR("hull"), &o.e) == 1);
		CHECK(store_next(&c, &x, &o.arena, &o.e) == 1);
		CHECK_STR(x.status_word, rows[i].word);
		CHECK(x.status == rows[i].status && x.severity == rows[i].severity);
		CHECK(x.ranges.n == rows[i].ranges && x.by_source);
	}
}

TEST(an_advisory_is_told_by_every_feed_that_knows_it)
{
	OPENED(o);
	struct advisory_list all = { 0 };
	struct advisory x;

	CHECK(store_advisory(&x, o.store, STR("GHSA-aaaa-bbbb-cccc"), STR_NONE, &o.arena, &o.e) ==
	      1);
	CHECK_STR(x.title, STR("A hole"));
	CHECK_STR(x.details, STR("A hole in the hull."));
	CHECK(x.cvss.n == 1 && x.references.n == 1 && x.aliases.n == 1);
	CHECK_STR(x.cvss.v[0].source, STR("ghsa"));
	CHECK(store_advisory(&x, o.store, STR("CVE-2025-1"), STR("osv/PyPI"), &o.arena, &o.e) == 0);
	CHECK(store_advisory(&x, o.store, STR("CVE-2025-1"), STR("debian"), &o.arena, &o.e) == 1);
	CHECK_STR(x.title, STR("In the hull"));
	CHECK(store_advisories(&all, o.store, STR("CVE-2025-1"), &o.arena, &o.e) == 0);
	CHECK(all.n == 1);
}

TEST(aliases_are_closed_and_errata_stand_apart)
{
	OPENED(o);
	static const str ids[] = { STR("CVE-2025-1"), STR("GHSA-aaaa-bbbb-cccc") };

	for (size_t i = 0; i < COUNT(ids); i++) {
		struct str_list names = { 0 };

		CHECK(store_aliases(&names, o.store, ids[i], &o.arena, &o.e) == 0);
		CHECK(names.n == 2);
		CHECK_STR(names.v[0], ids[0]);
		CHECK_STR(names.v[1], ids[1]);
	}
	struct str_list alone = { 0 }, errata = { 0 };

	CHECK(store_aliases(&alone, o.store, STR("ALSA-2026:1"), &o.arena, &o.e) == 0);
	CHECK(alone.n == 1);
	CHECK(store_errata(&errata, o.store, STR("CVE-2025-2"), &o.arena, &o.e) == 0);
	CHECK(errata.n == 1);
	CHECK_STR(errata.v[0], STR("ALSA-2026:1"));
}

TEST(risk_joins_the_catalogue_and_the_scores)
{
	OPENED(o);
	struct cve_risk r;

	CHECK(store_risk(&r, o.store, STR("CVE-2025-1"), &o.e) == 1);
	CHECK(r.kev && r.ransomware);
	CHECK_STR(r.kev_due, STR("2025-02-03"));
	CHECK(r.epss > 0.033509 && r.epss < 0.033511);
	CHECK(store_risk(&r, o.store, STR("CVE-2025-2"), &o.e) == 1);
	CHECK(!r.kev && r.percentile > 0.89);
	CHECK(store_risk(&r, o.store, STR("CVE-1999-1"), &o.e) == 0);
	CHECK(r.epss < 0);
}

TEST(feeds_and_ecosystems_that_are_there_are_told_from_those_that_are_not)
{
	OPENED(o);
	struct str_list all = { 0 };
	struct affected_list named = { 0 };

	CHECK(store_has_ecosystem(o.store, STR("Debian:12")));
	CHECK(!store_has_ecosystem(o.store, STR("Debian:13")));
	CHECK(store_ecosystems(&all, o.store, STR("Debian:"), &o.arena, &o.e) == 0);
	CHECK(all.n == 3);
	CHECK_STR(all.v[2], STR("Debian:sid"));
	CHECK(store_find_name(&named, o.store, STR("HULL"), &o.arena, &o.e) == 0);
	CHECK(named.n == 4);
	CHECK(store_info(o.store)->nsources == 5);
	CHECK_STR(store_info(o.store)->built, STR("2026-08-16T00:00:00Z"));
	CHECK(store_source(o.store, STR("kev")) != NULL);
	CHECK_STR(store_source(o.store, STR("debian"))->date, STR("2023-11-14T22:13:20Z"));
	CHECK(store_source(o.store, STR("nvd")) == NULL);
}

TEST(what_upstream_called_current_counts_beside_the_datas_own_date)
{
	CLEANUP(opened_end)
	struct opened o = { 0 };
	CLEANUP(depot_close)
	struct depot depot = { .lock = -1 };
	struct checked rows[] = { { STR("kev"), STR("2026-12-01T00:00:00Z") },
				  { STR("epss"), STR("2020-01-01T00:00:00Z") },
				  { STR("gone"), STR("2026-12-01T00:00:00Z") } };
	struct checked_list list = { rows, COUNT(rows), COUNT(rows) };

	CHECK(opened_make(&o));
	CHECK(depot_open(&depot, o.dir.path, &o.e) == 0);
	CHECK(rename(o.path, depot.made) == 0);
	CHECK(depot_swap(&depot, &o.digest, &o.e) == 0);
	CHECK(checked_write(&list, o.dir.path, &o.e) == 0);
	store_close(TAKE(o.store, NULL));
	CHECK(store_open(&o.store, o.dir.path, &o.e) == 1);
	CHECK(store_verify(o.store, &o.e) == 0);
	CHECK_STR(store_source_as_of(store_source(o.store, STR("kev"))), rows[0].at);
	CHECK_STR(store_source_as_of(store_source(o.store, STR("epss"))),
		  STR("2026-08-16T00:00:00Z"));
	CHECK_STR(store_source_as_of(store_source(o.store, STR("debian"))),
		  STR("2023-11-14T22:13:20Z"));
}

TEST(the_same_feeds_give_the_same_bytes_in_any_order)
{
	OPENED(o);
	CLEANUP(buf_free)
	struct buf one = BUF(0);
	CLEANUP(buf_free)
	struct buf two = BUF(0);
	struct digest d;
	char path[160];

	snprintf(path, sizeof(path), "%s/two.db", o.dir.path);
	CHECK(small_store(path, true, &d));
	CHECK(digest_eq(&d, &o.digest));
	CHECK(test_file_read(&one, o.path) && test_file_read(&two, path));
	CHECK(str_eq(buf_str(&one), buf_str(&two)));
}

TEST(a_feed_that_is_carried_over_reads_as_it_did)
{
	OPENED(o);
	CLEANUP(builder_freep)
	struct builder *b = NULL;
	CLEANUP(buf_free)
	struct buf one = BUF(0);
	CLEANUP(buf_free)
	struct buf two = BUF(0);
	static const str names[] = { STR("osv/AlmaLinux"), STR("debian"), STR("kev") };
	struct digest d;
	char path[160];

	snprintf(path, sizeof(path), "%s/two.db", o.dir.path);
	CHECK(builder_new(&b, &o.e) == 0);
	CHECK(test_feed(b, "epss", FORMAT_EPSS, STR(EPSS)));
	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(builder_carry(b, o.store, names[i], STR_NONE, &o.e) == 1);
	CHECK(builder_carry(b, o.store, STR("nonesuch"), STR_NONE, &o.e) == 0);
	CHECK(test_feed(b, "osv/PyPI", FORMAT_OSV, STR(OSV_ONE)));
	CHECK(builder_write(&d, b, path, &o.e) == 0);
	CHECK(test_file_read(&one, o.path) && test_file_read(&two, path));
	CHECK(str_eq(buf_str(&one), buf_str(&two)));
}

TEST(frames_that_lie_cost_their_feed_and_leave_no_trace)
{
	OPENED(o);
	CLEANUP(builder_freep)
	struct builder *b = NULL;
	struct buf frames = BUF(0);
	struct feed_origin origin = { .name = STR("osv/PyPI") };
	struct feed_sink sink;

	CHECK(builder_new(&b, &o.e) == 0);
	sink_init(&sink, &frames, "osv/PyPI", test_latest);
	CHECK(feed_parse(&sink, FORMAT_OSV, STR(OSV_ONE), &o.e) == 0);
	for (size_t cut = 0; cut < frames.n; cut++) {
		struct buf part = BUF(0);

		buf_put(&part, str_first(buf_str(&frames), cut));
		int r = builder_add(b, &origin, &part, &o.e);

		buf_free(&part);
		CHECK(r == -1);
		CHECK(!builder_has(b, origin.name));
	}
	CHECK(builder_add(b, &origin, &frames, &o.e) == 0);
	CHECK(builder_add(b, &origin, &frames, &o.e) == -1);
	buf_free(&frames);
}

TEST(a_file_that_is_no_store_is_refused)
{
	OPENED(o);
	CLEANUP(buf_free)
	struct buf whole = BUF(0);
	struct store *s = NULL;
	char path[160];

	snprintf(path, sizeof(path), "%s/cut.db", o.dir.path);
	CHECK(store_open_file(&s, path, &o.e) == 0);
	CHECK(store_open(&s, o.dir.path, &o.e) == 0);
	CHECK(test_file_read(&whole, o.path));
	for (size_t n = 0; n < whole.n; n += 4096) {
		int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

		CHECK(fd >= 0 && fd_write(fd, str_first(buf_str(&whole), n), &o.e) == 0);
		close(fd);
		CHECK(store_open_file(&s, path, &o.e) == -1);
		CHECK(o.e.kind != ERR_NONE);
	}
}

TEST_MAIN
