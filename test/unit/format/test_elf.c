#include "tap.h"

#include "base/limits.h"
#include "elf_make.h"
#include "format/elf.h"

static bool blob_is(const struct blob *b, str want)
{
	return b->size == want.n && memcmp(b->memory, want.p, want.n) == 0;
}

TEST(elf_files_of_every_class_and_order_are_read)
{
	for (int kind = 0; kind < 8; kind++) {
		CLEANUP(buf_free)
		struct buf b = { 0 };
		struct elf_make m = { .wide = kind & 1,
				      .big = kind & 2,
				      .stripped = kind & 4,
				      .section = ".mine",
				      .data = STR("some data"),
				      .note = STR("build") };
		struct blob file = blob_of(elf_made(&m, &b)), part;
		struct elf_segment seg;
		struct elf_section sec;
		struct elf elf;
		struct err e;

		CHECK(elf_open(&elf, &file, &e) == 1 && elf.type == ELF_TYPE_EXEC);
		CHECK(elf.machine == 62 && elf.segments == 2);
		CHECK(elf_segment(&seg, &elf, 0, &e) == 0 && seg.type == ELF_SEGMENT_LOAD);
		CHECK(seg.flags == (ELF_FLAG_R | ELF_FLAG_W) && blob_is(&seg.bytes, m.data));
		CHECK(elf_segment(&seg, &elf, 2, &e) == -1);
		CHECK(elf_section_named(&sec, &elf, STR(".mine"), &e) == !m.stripped);
		CHECK(m.stripped || blob_is(&sec.bytes, m.data));
		CHECK(elf_section_named(&sec, &elf, STR(".min"), &e) == 0);
		CHECK(elf_note(&part, &elf, STR("GNU"), 3, &e) == 1 && blob_is(&part, m.note));
		CHECK(elf_note(&part, &elf, STR("GNU"), 4, &e) == 0);
		CHECK(elf_note(&part, &elf, STR("GN"), 3, &e) == 0);
		CHECK(elf_at_address(&part, &elf, ELF_MADE_BASE + m.data_at + 5, &e) == 1);
		CHECK(blob_is(&part, STR("data")));
		CHECK(elf_at_address(&part, &elf, ELF_MADE_BASE, &e) == 0);
	}
}

TEST(what_is_no_elf_is_told_from_what_is_broken)
{
	struct blob none = blob_of(STR("")), script = blob_of(STR("#!/bin/sh\n"));
	struct blob cut = blob_of(STR("\x7f"
				      "ELF\2\1\1"));
	struct elf elf;
	struct err e;

	CHECK(elf_open(&elf, &none, &e) == 0);
	CHECK(elf_open(&elf, &script, &e) == 0);
	CHECK(elf_open(&elf, &cut, &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST(an_elf_without_its_end_is_read_as_stripped)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct elf_make m = { .wide = true, .section = ".mine", .data = STR("d") };
	str whole = elf_made(&m, &b);
	struct blob file = blob_of(str_first(whole, whole.n - 1));
	struct elf elf;
	struct err e;

	CHECK(elf_open(&elf, &file, &e) == 1 && elf.sections == 0 && elf.segments == 2);
	file.size = 100;
	CHECK(elf_open(&elf, &file, &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST(an_elf_of_too_many_parts_is_refused)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct elf_make m = { .wide = true, .section = ".mine", .data = STR("d") };
	struct blob file = blob_of(elf_made(&m, &b));
	struct elf elf;
	struct err e;
	uint64_t sections_at;

	/* No number in the header: it stands in section 0, as its size. */
	memcpy(&sections_at, b.p + 40, 8);
	memset(b.p + 60, 0, 2);
	b.p[sections_at + 32] = 3;
	CHECK(elf_open(&elf, &file, &e) == 1 && elf.sections == 3);
	b.p[sections_at + 32] = 1;
	b.p[sections_at + 34] = 1;
	CHECK(elf_open(&elf, &file, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(notes_beyond_the_limit_are_not_walked)
{
	CLEANUP(buf_free)
	struct buf b = { 0 }, note = { 0 };
	struct elf_make m = { .wide = true, .section = ".mine", .data = STR("d") };
	struct elf elf;
	struct err e;
	struct blob out;

	memset(buf_room(&note, LIMIT_ELF_NOTE_BYTES), 0, LIMIT_ELF_NOTE_BYTES);
	note.n = LIMIT_ELF_NOTE_BYTES;
	m.note = buf_str(&note);
	struct blob file = blob_of(elf_made(&m, &b));

	CHECK(elf_open(&elf, &file, &e) == 1);
	CHECK(elf_note(&out, &elf, STR("GNU"), 9, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST_MAIN
