/* The same five packages in each of rpm's databases, as rpm 4.18, SQLite 3.40 and Berkeley DB 5.3
 * wrote them; NDB from the same headers. */
#include "base/buf.h"
#include "base/limits.h"
#include "reading.h"
#include "tap.h"

static const struct {
	const char *name, *version, *arch, *source, *source_version, *module;
	size_t files;
} packages[] = {
	{ "alpha", "1.0-1.el9", "x86_64", "", "", "", 3 },
	{ "beta-libs", "0:2.0~rc1^git-3.el9", "x86_64", "alpha", "0:1.0-1.el9", "nodejs:18:123:abc",
	  0 },
	{ "gamma", "2:1.0-1.el9", "noarch", "alpha", "", "", 61 },
	{ "gpg-pubkey", "fd431d51-4ae0493b", "", "", "", "", 0 },
	{ "old", "1-1", "i386", "", "", "", 2 },
};

static const struct {
	const char *file, *path;
} databases[] = {
	{ "rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite" },
	{ "Packages.db", "var/lib/rpm/Packages.db" },
	{ "Packages", "var/lib/rpm/Packages" },
	{ "Packages.big-endian", "var/lib/rpm/Packages" },
};

static bool file_load(struct buf *out, const char *file)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s/catalog/rpm/%s", getenv("PLIMSOLL_TEST_DATA"), file);
	f = fopen(path, "rb");
	if (!f)
		return false;
	for (size_t n = 1; n > 0;) {
		char *room = buf_room(out, 4096);

		n = room ? fread(room, 1, 4096, f) : 0;
		out->n += n;
	}
	fclose(f);
	return !out->failed && out->n > 0;
}

static void rpm_run(struct reading *r, str bytes, const char *path)
{
	const struct cataloger *row = reading_row(STR("rpm-database"), str_of(path), bytes);

	reading_run(r, row, str_of(path), blob_of(bytes), STR_NONE);
}

static const struct package *package_find(const struct evidence *ev, const char *name)
{
	vec_each (p, &ev->packages)
		if (str_eq(p->name, str_of(name)))
			return p;
	return NULL;
}

static size_t files_of(const struct evidence *ev, const struct package *p)
{
	size_t n = 0;

	vec_each (own, &ev->owned)
		n += own->package == (size_t)(p - ev->packages.v);
	return n;
}

static bool owns(const struct evidence *ev, const char *name, const char *path)
{
	vec_each (own, &ev->owned)
		if (own->hash == hash_keyed(HASH_KEY_NONE, str_of(path)))
			return str_eq(ev->packages.v[own->package].name, str_of(name));
	return false;
}

TEST(every_database_says_the_same)
{
	for (size_t d = 0; d < COUNT(databases); d++) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(8 << 20) };
		CLEANUP(buf_free)
		struct buf bytes = { 0 };

		CHECK(file_load(&bytes, databases[d].file));
		rpm_run(&r, buf_str(&bytes), databases[d].path);
		CHECK(r.rc == 0 && r.evidence.packages.n == COUNT(packages));
		for (size_t i = 0; i < COUNT(packages); i++) {
			const struct package *p = package_find(&r.evidence, packages[i].name);

			CHECK(p);
			CHECK_STR(p->type, STR("rpm"));
			CHECK_STR(p->version, str_of(packages[i].version));
			CHECK_STR(p->arch, str_of(packages[i].arch));
			CHECK_STR(p->source_name, str_of(packages[i].source));
			CHECK_STR(p->source_version, str_of(packages[i].source_version));
			CHECK_STR(p->module, str_of(packages[i].module));
			CHECK(files_of(&r.evidence, p) == packages[i].files);
		}
		CHECK(owns(&r.evidence, "alpha", "etc/a b/c d"));
		CHECK(owns(&r.evidence, "old", "etc/old.conf"));
		CHECK(owns(&r.evidence, "gamma", "usr/share/x/a-long-file-name-60"));
		CHECK_STR(package_find(&r.evidence, "alpha")->vendor, STR("Example Ltd"));
	}
}

TEST(every_allocation_may_fail)
{
	for (size_t d = 0; d < COUNT(databases); d++) {
		CLEANUP(buf_free)
		struct buf bytes = { 0 };
		bool over = false;

		CHECK(file_load(&bytes, databases[d].file));
		for (uint64_t at = 1; !over; at++) {
			CLEANUP(reading_free)
			struct reading r = { .arena = ARENA(8 << 20) };

			r.arena.fail_at = at;
			rpm_run(&r, buf_str(&bytes), databases[d].path);
			over = r.arena.count < at;
			CHECK(over ? r.rc == 0 : r.rc < 0 && r.err.kind == ERR_NOMEM);
		}
	}
}

/* Zeros behind the cut keep the file's size: what a sparse copy leaves. */
TEST(a_database_cut_short_is_an_error_or_whole)
{
	for (size_t d = 0; d < COUNT(databases); d++) {
		CLEANUP(buf_free)
		struct buf bytes = { 0 };

		CHECK(file_load(&bytes, databases[d].file));
		for (size_t n = 0; n < bytes.n; n += 97) {
			CLEANUP(reading_free)
			struct reading r = { .arena = ARENA(8 << 20) };

			rpm_run(&r, str_first(buf_str(&bytes), n), databases[d].path);
			CHECK(r.rc < 0 || r.evidence.packages.n == COUNT(packages));
			CHECK(r.rc == 0 || r.err.text[0]);
		}
		for (size_t n = bytes.n; n > 0; n = n > 97 ? n - 97 : 0) {
			CLEANUP(reading_free)
			struct reading r = { .arena = ARENA(8 << 20) };

			memset(bytes.p + n - 1, 0, bytes.n - n + 1);
			rpm_run(&r, buf_str(&bytes), databases[d].path);
			CHECK(r.rc < 0 || r.evidence.packages.n == COUNT(packages));
		}
	}
}

TEST(what_surrounds_a_damaged_package_is_read)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(8 << 20) };
	CLEANUP(buf_free)
	struct buf bytes = { 0 };
	size_t at;

	CHECK(file_load(&bytes, "Packages.db"));
	at = str_search(buf_str(&bytes), STR("BlbS"));
	CHECK(at != SIZE_MAX);
	bytes.p[at] = 'X';
	rpm_run(&r, buf_str(&bytes), "var/lib/rpm/Packages.db");
	CHECK(r.rc < 0 && r.err.kind == ERR_CORRUPT);
	CHECK(r.evidence.packages.n == COUNT(packages) - 1);
}

TEST(no_packages_are_believed_only_of_a_fresh_database)
{
	const struct {
		const char *file;
		int rc;
	} rows[] = { { "fresh.sqlite", 0 }, { "emptied.sqlite", -1 }, { "other.sqlite", -1 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(8 << 20) };
		CLEANUP(buf_free)
		struct buf bytes = { 0 };

		CHECK(file_load(&bytes, rows[i].file));
		rpm_run(&r, buf_str(&bytes), "var/lib/rpm/rpmdb.sqlite");
		CHECK(r.rc == rows[i].rc && r.evidence.packages.n == 0);
	}
}

TEST(what_is_no_database_is_an_error)
{
	const str rows[] = { STR(""), STR("garbage"), STR("SQLite format 3\0"), STR("RpmP\0\0\0\0"),
			     STR("\0\0\0\0\0\0\0\0\0\0\0\0\x61\x15\6\0") };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(8 << 20) };

		rpm_run(&r, rows[i], "var/lib/rpm/Packages");
		CHECK(r.rc < 0 && r.err.kind == ERR_CORRUPT && r.err.text[0]);
	}
}

/* One slot that names a package larger than any. */
TEST(a_package_has_a_limit)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(8 << 20) };
	CLEANUP(buf_free)
	struct buf bytes = BUF(64 << 20);
	uint32_t length = LIMIT_RPM_HEADER_BYTES + 1, blocks = (16 + length + 12 + 15) / 16;

	buf_put(&bytes, STR("RpmP\0\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	for (int i = 2; i < 256; i++) {
		buf_put(&bytes, STR("Slot"));
		buf_u32(&bytes, i == 2);
		buf_u32(&bytes, i == 2 ? 256 : 0);
		buf_u32(&bytes, i == 2 ? blocks : 0);
	}
	buf_put(&bytes, STR("BlbS\1\0\0\0\1\0\0\0"));
	buf_u32(&bytes, length);
	memset(buf_room(&bytes, (size_t)blocks * 16), 0, (size_t)blocks * 16);
	bytes.n += (size_t)blocks * 16 - 16;
	CHECK(buf_check(&bytes, &r.err) == 0);
	rpm_run(&r, buf_str(&bytes), "var/lib/rpm/Packages.db");
	CHECK(r.rc < 0 && r.err.kind == ERR_LIMIT);
}

TEST(a_log_beside_the_database_is_told)
{
	CLEANUP(buf_free)
	struct buf bytes = { 0 };
	const str path = STR("var/lib/rpm/rpmdb.sqlite-wal");
	const struct cataloger *row = reading_row(STR("rpm-wal"), path, STR("x"));
	const struct {
		size_t n;
		int rc;
		enum err_kind kind;
	} rows[] = {
		{ 0, 0, ERR_NONE },
		{ 31, -1, ERR_CORRUPT },
		{ 32, 0, ERR_NONE },
		{ 1640, -1, ERR_UNSUPPORTED },
	};

	CHECK(row && file_load(&bytes, "one.wal") && bytes.n == 1640);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(1 << 20) };

		reading_run(&r, row, path, blob_of(str_first(buf_str(&bytes), rows[i].n)),
			    STR_NONE);
		CHECK(r.rc == rows[i].rc && r.err.kind == rows[i].kind);
	}
	bytes.p[16] ^= 1; /* another salt: the frames are from before */
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(1 << 20) };

	reading_run(&r, row, path, blob_of(buf_str(&bytes)), STR_NONE);
	CHECK(r.rc == 0);
}

TEST_MAIN
