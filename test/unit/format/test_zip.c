#include "tap.h"

#include <unistd.h>

#include "base/limits.h"
#include "format/zip.h"
#include "zip_make.h"

static str text_of(struct arena *a, const struct zip *z, const char *name, struct err *e)
{
	struct zip_entry en;
	str s;

	if (!zip_find(&en, z, str_of(name))) {
		err_set(e, ERR_MISSING, "no %s", name);
		return STR_NONE;
	}
	return zip_read(&s, z, &en, 1 << 20, a, e) == 0 ? s : STR_NONE;
}

static void two_files(struct zip_make *z)
{
	zip_add(z, "a.txt", STR("stored bytes"), false);
	zip_add(z, "dir/b.txt", STR("packed packed packed packed packed packed bytes"), true);
	zip_add(z, "empty", STR(""), true);
}

static bool reads_well(str bytes)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct blob b = blob_of(bytes);
	struct zip z;
	struct err e;

	if (zip_open(&z, &b, &a, &e) < 0) {
		printf("# %s\n", e.text);
		return false;
	}
	return z.entries == 3 && str_eq(text_of(&a, &z, "a.txt", &e), STR("stored bytes")) &&
	       str_starts(text_of(&a, &z, "dir/b.txt", &e), STR("packed packed")) &&
	       text_of(&a, &z, "empty", &e).p;
}

TEST(a_zip_archive_is_read)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };

	two_files(&m);
	CHECK(reads_well(zip_made(&m, STR(""))));
}

TEST(a_zip_with_a_comment_and_something_before_it_is_read)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(buf_free)
	struct buf whole = { 0 };

	two_files(&m);
	buf_putz(&whole, "#!/bin/sh\nexec java -jar \"$0\"\n");
	/* The comment holds a false end record. */
	buf_put(&whole, zip_made(&m, STR("hello PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0 more")));
	CHECK(reads_well(buf_str(&whole)));
}

TEST(a_zip64_archive_is_read_even_when_shifted)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { .wide = true };
	CLEANUP(buf_free)
	struct buf whole = { 0 };

	two_files(&m);
	str bytes = zip_made(&m, STR("c"));

	CHECK(reads_well(bytes));
	buf_putz(&whole, "prefix");
	buf_put(&whole, bytes);
	CHECK(reads_well(buf_str(&whole)));
}

TEST(trailing_bytes_behind_a_zip_are_passed_over)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };

	two_files(&m);
	zip_made(&m, STR(""));
	buf_putz(&m.bytes, "\n");
	CHECK(reads_well(buf_str(&m.bytes)));
}

TEST(a_zip_is_read_from_a_file_as_from_memory)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	char path[] = "/tmp/plimsoll-zip-XXXXXX";
	int fd = mkstemp(path);
	struct err e;
	struct zip z;

	CHECK(fd >= 0 && unlink(path) == 0);
	two_files(&m);
	str bytes = zip_made(&m, STR(""));

	CHECK(pwrite(fd, bytes.p, bytes.n, 100) == (ssize_t)bytes.n);
	struct blob b = { .fd = fd, .offset = 100, .size = bytes.n }, inner;
	struct zip_entry en;

	CHECK(zip_open(&z, &b, &a, &e) == 0 && zip_find(&en, &z, STR("a.txt")));
	CHECK_STR(text_of(&a, &z, "a.txt", &e), STR("stored bytes"));
	CHECK(str_starts(text_of(&a, &z, "dir/b.txt", &e), STR("packed packed")));
	CHECK(zip_stored(&inner, &z, &en, &e) == 1 && inner.fd == fd && inner.size == 12);
	close(fd);
}

TEST(a_stored_entry_is_a_blob_of_its_own)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct zip_entry en;
	struct err e;
	struct zip z;

	two_files(&m);
	struct blob b = blob_of(zip_made(&m, STR(""))), inner;

	CHECK(zip_open(&z, &b, &a, &e) == 0 && zip_find(&en, &z, STR("a.txt")));
	CHECK(zip_stored(&inner, &z, &en, &e) == 1);
	CHECK(inner.memory > m.bytes.p && inner.size == 12);
	CHECK(zip_find(&en, &z, STR("dir/b.txt")) && zip_stored(&inner, &z, &en, &e) == 0);
}

TEST(an_entry_larger_than_asked_for_meets_the_limit)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct zip_entry en;
	struct err e;
	struct zip z;
	str s;

	two_files(&m);
	struct blob b = blob_of(zip_made(&m, STR("")));

	CHECK(zip_open(&z, &b, &a, &e) == 0 && zip_find(&en, &z, STR("a.txt")));
	CHECK(zip_read(&s, &z, &en, 11, &a, &e) == -1 && e.kind == ERR_LIMIT);
	CHECK(zip_read(&s, &z, &en, 12, &a, &e) == 0);
}

TEST(encrypted_entries_and_other_methods_are_unsupported)
{
	static const struct {
		uint16_t flags, method;
	} rows[] = { { 1, 0 }, { 0x40, 0 }, { 0x2000, 0 }, { 0, 12 }, { 0, 93 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(zip_make_free)
		struct zip_make m = { .flags = rows[i].flags, .method = rows[i].method };
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct err e;
		struct zip z;

		two_files(&m);
		struct blob b = blob_of(zip_made(&m, STR("")));

		CHECK(zip_open(&z, &b, &a, &e) == 0);
		CHECK(!text_of(&a, &z, "a.txt", &e).p && e.kind == ERR_UNSUPPORTED);
	}
}

/* Where a mark stands for the nth time. */
static char *mark_at(str bytes, const char *mark, size_t n)
{
	char *p = (char *)(uintptr_t)bytes.p;

	for (char *end = p + bytes.n; p + 4 <= end; p++)
		if (memcmp(p, mark, 4) == 0 && n-- == 0)
			return p;
	return NULL;
}

/* The outcome of opening and reading everything after one byte was changed. */
static enum err_kind outcome(str bytes)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct blob b = blob_of(bytes);
	struct zip_entry en;
	struct zip z;
	struct err e;
	str s;

	if (zip_open(&z, &b, &a, &e) < 0)
		return e.kind;
	for (size_t at = 0; zip_next(&en, &z, &at);)
		if (zip_read(&s, &z, &en, 1 << 20, &a, &e) < 0)
			return e.kind;
	return ERR_NONE;
}

TEST(a_zip_that_lies_is_refused)
{
	static const struct {
		const char *mark, *what;
		size_t nth, at;
		char value;
	} rows[] = {
		{ "PK\1\2", "crc", 0, 16, 1 },
		{ "PK\1\2", "crc, deflated", 1, 16, 1 },
		{ "PK\1\2", "packed size", 1, 20, 7 },
		{ "PK\1\2", "size, less", 1, 24, 7 },
		{ "PK\1\2", "size, more", 1, 24, 99 },
		{ "PK\1\2", "size beyond deflate", 1, 27, 1 },
		{ "PK\1\2", "size of stored", 0, 24, 7 },
		{ "PK\1\2", "header inside another", 1, 42, 5 },
		{ "PK\1\2", "header outside", 1, 45, 1 },
		{ "PK\1\2", "name length", 1, 28, 60 },
		{ "PK\3\4", "local mark", 1, 0, 'Q' },
		{ "PK\3\4", "local method", 1, 8, 0 },
		{ "PK\3\4", "local name length", 1, 26, 3 },
		{ "PK\3\4", "local extra", 2, 29, 1 },
		{ "PK\5\6", "entries", 0, 10, 2 },
		{ "PK\5\6", "directory size", 0, 12, 9 },
		{ "PK\5\6", "directory offset", 0, 17, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(zip_make_free)
		struct zip_make m = { 0 };

		two_files(&m);
		str bytes = zip_made(&m, STR(""));

		CHECK(outcome(bytes) == ERR_NONE);
		mark_at(bytes, rows[i].mark, rows[i].nth)[rows[i].at] = rows[i].value;
		if (outcome(bytes) != ERR_CORRUPT)
			printf("# %s: %s\n", rows[i].what, err_kind_word(outcome(bytes)));
		CHECK(outcome(bytes) == ERR_CORRUPT);
	}
}

TEST(two_entries_over_the_same_bytes_are_refused)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(buf_free)
	struct buf again = { 0 };

	zip_add(&m, "a", STR("x"), false);
	buf_put(&again, buf_str(&m.directory));
	buf_put(&m.directory, buf_str(&again));
	m.entries = 2;
	CHECK(outcome(zip_made(&m, STR(""))) == ERR_CORRUPT);
}

TEST(a_zip_of_more_entries_than_the_limit_is_refused)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct err e;
	struct zip z;

	zip_add(&m, "a", STR("x"), false);
	char one[47];

	memcpy(one, m.directory.p, sizeof(one));
	for (size_t i = 0; i < LIMIT_ZIP_ENTRIES; i++)
		buf_put(&m.directory, (str){ one, sizeof(one) });
	m.entries = 1;
	struct blob b = blob_of(zip_made(&m, STR("")));

	CHECK(zip_open(&z, &b, &a, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(a_zip_whose_directory_is_too_large_is_refused)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	char *room = buf_room(&m.directory, LIMIT_ZIP_LIST_BYTES + 1);
	struct err e;
	struct zip z;

	CHECK(room);
	memset(room, 0, LIMIT_ZIP_LIST_BYTES + 1);
	memcpy(room, "PK\1\2", 4);
	m.directory.n = LIMIT_ZIP_LIST_BYTES + 1;
	struct blob b = blob_of(zip_made(&m, STR("")));

	CHECK(zip_open(&z, &b, &a, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(every_cut_of_a_zip_is_refused)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };

	two_files(&m);
	str bytes = zip_made(&m, STR(""));

	for (size_t n = 0; n < bytes.n; n++)
		CHECK(outcome(str_first(bytes, n)) != ERR_NONE);
}

TEST_MAIN
