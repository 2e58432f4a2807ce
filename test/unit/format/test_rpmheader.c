#include "base/limits.h"
#include "format/rpmheader.h"
#include "tap.h"

/* Builds headers as rpm lays them out. */
struct maker {
	struct buf index, store, whole;
	uint32_t tags;
};

static void maker_free(struct maker *m)
{
	buf_free(&m->index);
	buf_free(&m->store);
	buf_free(&m->whole);
}

static void put_be(struct buf *b, uint32_t v)
{
	const char bytes[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v };

	buf_put(b, (str){ bytes, 4 });
}

static void tag_put(struct maker *m, uint32_t tag, uint32_t type, uint32_t count, str bytes)
{
	put_be(&m->index, tag);
	put_be(&m->index, type);
	put_be(&m->index, (uint32_t)m->store.n);
	put_be(&m->index, count);
	buf_put(&m->store, bytes);
	m->tags++;
}

static str header(struct maker *m)
{
	buf_clear(&m->whole);
	put_be(&m->whole, m->tags);
	put_be(&m->whole, (uint32_t)m->store.n);
	buf_put(&m->whole, buf_str(&m->index));
	buf_put(&m->whole, buf_str(&m->store));
	return buf_str(&m->whole);
}

#define Z(lit)	      ((str){ lit, sizeof(lit) })
#define N(a, b, c, d) ((str){ (const char[]){ a, b, c, d }, 4 })

static void named_put(struct maker *m)
{
	tag_put(m, RPM_NAME, 6, 1, Z("bash"));
	tag_put(m, RPM_VERSION, 6, 1, Z("5.1"));
	tag_put(m, RPM_RELEASE, 6, 1, Z("2.el9"));
}

TEST(a_header_says_what_its_tags_say)
{
	CLEANUP(maker_free)
	struct maker m = { 0 };
	struct rpmheader h;
	struct rpm_package p;
	struct err e;

	named_put(&m);
	CHECK(rpmheader_open(&h, header(&m), &e) == 0 && rpm_package_read(&p, &h, &e) == 0);
	CHECK_STR(p.name, STR("bash"));
	CHECK_STR(p.release, STR("2.el9"));
	CHECK(!p.has_epoch && p.arch.n == 0);
	tag_put(&m, RPM_EPOCH, 4, 1, N(0, 0, 1, 2));
	tag_put(&m, RPM_NAME, 6, 1, Z("zsh"));
	CHECK(rpmheader_open(&h, header(&m), &e) == 0 && rpm_package_read(&p, &h, &e) == 0);
	CHECK(p.has_epoch && p.epoch == 258);
	CHECK_STR(p.name, STR("zsh")); /* the later one replaces */
}

TEST(counts_that_do_not_fill_the_bytes_are_refused)
{
	CLEANUP(maker_free)
	struct maker m = { 0 };
	struct rpmheader h;
	struct err e;
	str whole;

	named_put(&m);
	whole = header(&m);
	for (size_t n = 0; n < whole.n; n++)
		CHECK(rpmheader_open(&h, str_first(whole, n), &e) < 0 && e.kind == ERR_CORRUPT);
	buf_putc(&m.whole, 0);
	CHECK(rpmheader_open(&h, buf_str(&m.whole), &e) < 0);
	CHECK(rpmheader_open(&h, STR("\0\0\0\0\0\0\0\0"), &e) < 0);
}

TEST(values_outside_the_store_are_refused)
{
	/* tag, type, count, value of a header that is fine but for this one */
	const struct {
		uint32_t tag, type, count;
		str bytes;
	} rows[] = {
		{ RPM_EPOCH, 4, 2, N(0, 0, 0, 1) },
		{ RPM_EPOCH, 4, 1, STR("\0\0\1") },
		{ RPM_EPOCH, 6, 1, Z("1") },
		{ RPM_EPOCH, 4, 0x40000001, N(0, 0, 0, 1) },
		{ RPM_ARCH, 6, 1, STR("x86_64") },
		{ RPM_ARCH, 4, 1, N(1, 1, 1, 1) },
		{ RPM_ARCH, 6, 0, Z("x") },
		{ RPM_ARCH, 6, 1, STR_NONE },
		{ RPM_ARCH, 8, UINT32_MAX, Z("x86") },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(maker_free)
		struct maker m = { 0 };
		struct rpmheader h;
		struct rpm_package p;
		struct err e;

		named_put(&m);
		tag_put(&m, rows[i].tag, rows[i].type, rows[i].count, rows[i].bytes);
		CHECK(rpmheader_open(&h, header(&m), &e) == 0);
		CHECK(rpm_package_read(&p, &h, &e) < 0 && e.kind == ERR_CORRUPT);
	}
}

TEST(a_package_needs_name_version_and_release)
{
	CLEANUP(maker_free)
	struct maker m = { 0 };
	struct rpmheader h;
	struct rpm_package p;
	struct err e;

	tag_put(&m, RPM_NAME, 6, 1, Z("bash"));
	tag_put(&m, RPM_VERSION, 6, 1, Z("5.1"));
	CHECK(rpmheader_open(&h, header(&m), &e) == 0);
	CHECK(rpm_package_read(&p, &h, &e) < 0 && e.kind == ERR_CORRUPT);
}

static int files_count(struct maker *m, uint64_t *count, struct err *e)
{
	CLEANUP(rpm_files_free)
	struct rpm_files files = { 0 };
	struct rpmheader h;
	str path;
	int rc;

	*count = 0;
	if (rpmheader_open(&h, header(m), e) < 0 || rpm_files_open(&files, &h, e) < 0)
		return -1;
	while ((rc = rpm_files_next(&path, &files, e)) > 0)
		++*count;
	return rc;
}

TEST(files_are_directories_and_names)
{
	CLEANUP(maker_free)
	struct maker m = { 0 };
	CLEANUP(rpm_files_free)
	struct rpm_files files = { 0 };
	struct rpmheader h;
	struct err e;
	str path;

	tag_put(&m, RPM_DIRINDEXES, 4, 2, STR("\0\0\0\1\0\0\0\0"));
	tag_put(&m, RPM_BASENAMES, 8, 2, Z("ls\0passwd"));
	tag_put(&m, RPM_DIRNAMES, 8, 2, Z("/etc/\0/bin/"));
	CHECK(rpmheader_open(&h, header(&m), &e) == 0 && rpm_files_open(&files, &h, &e) == 0);
	CHECK(rpm_files_next(&path, &files, &e) == 1);
	CHECK_STR(path, STR("/bin/ls"));
	CHECK(rpm_files_next(&path, &files, &e) == 1);
	CHECK_STR(path, STR("/etc/passwd"));
	CHECK(rpm_files_next(&path, &files, &e) == 0);
}

TEST(files_in_directories_that_are_not_there_are_refused)
{
	CLEANUP(maker_free)
	struct maker m = { 0 }, fewer = { 0 };
	struct err e;
	uint64_t count;

	tag_put(&m, RPM_DIRINDEXES, 4, 1, N(0, 0, 0, 1));
	tag_put(&m, RPM_BASENAMES, 8, 1, Z("ls"));
	tag_put(&m, RPM_DIRNAMES, 8, 1, Z("/bin/"));
	CHECK(files_count(&m, &count, &e) < 0 && e.kind == ERR_CORRUPT);
	tag_put(&fewer, RPM_BASENAMES, 8, 1, Z("ls"));
	CHECK(files_count(&fewer, &count, &e) < 0 && e.kind == ERR_CORRUPT);
}

/* A header of files whose one directory's name is long: paths are many times its size. */
static void long_files_put(struct maker *m, size_t dir, uint32_t files)
{
	struct buf names = BUF(64 << 20), indexes = BUF(64 << 20), dirs = BUF(64 << 20);

	for (size_t i = 0; i < dir; i++)
		buf_putc(&dirs, 'd');
	buf_putc(&dirs, 0);
	for (uint32_t i = 0; i < files; i++) {
		buf_put(&names, STR("f\0"));
		put_be(&indexes, 0);
	}
	tag_put(m, RPM_DIRINDEXES, 4, files, buf_str(&indexes));
	tag_put(m, RPM_BASENAMES, 8, files, buf_str(&names));
	tag_put(m, RPM_DIRNAMES, 8, 1, buf_str(&dirs));
	buf_free(&names);
	buf_free(&indexes);
	buf_free(&dirs);
}

TEST(paths_have_a_limit_each_and_together)
{
	CLEANUP(maker_free)
	struct maker fits = { 0 }, one = { 0 }, all = { 0 };
	struct err e;
	uint64_t count;

	long_files_put(&fits, LIMIT_PATH_BYTES, 2);
	CHECK(files_count(&fits, &count, &e) == 0 && count == 2);
	long_files_put(&one, LIMIT_PATH_BYTES + 1, 2);
	CHECK(files_count(&one, &count, &e) < 0 && e.kind == ERR_LIMIT);
	long_files_put(&all, LIMIT_PATH_BYTES, LIMIT_RPM_PATHS_BYTES / LIMIT_PATH_BYTES + 1);
	CHECK(files_count(&all, &count, &e) < 0 && e.kind == ERR_LIMIT);
}

TEST(directories_have_a_limit)
{
	CLEANUP(maker_free)
	struct maker m = { 0 };
	CLEANUP(buf_free)
	struct buf dirs = BUF(64 << 20);
	struct err e;
	uint64_t count;

	for (uint32_t i = 0; i <= LIMIT_RPM_DIRECTORIES; i++)
		buf_putc(&dirs, 0);
	tag_put(&m, RPM_DIRINDEXES, 4, 1, N(0, 0, 0, 0));
	tag_put(&m, RPM_BASENAMES, 8, 1, Z("f"));
	tag_put(&m, RPM_DIRNAMES, 8, LIMIT_RPM_DIRECTORIES + 1, buf_str(&dirs));
	CHECK(files_count(&m, &count, &e) < 0 && e.kind == ERR_LIMIT);
}

TEST_MAIN
