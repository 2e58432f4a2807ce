#include "format/elf.h"

#include "base/limits.h"
#include "base/reader.h"

enum {
	HEADER_SIZE_32 = 52,
	HEADER_SIZE_64 = 64,
	SEGMENT_SIZE_32 = 32,
	SEGMENT_SIZE_64 = 56,
	SECTION_SIZE_32 = 40,
	SECTION_SIZE_64 = 64,
	RECORD_MOST = 64,

	NAMES_FOLLOW = 0xffff, /* SHN_XINDEX, PN_XNUM: the number stands in section 0 */
	NAME_MOST = 64,
	OWNER_MOST = 32,
};

static uint16_t half(const struct elf *elf, struct reader *r)
{
	return elf->big ? read_u16be(r) : read_u16le(r);
}

static uint32_t word(const struct elf *elf, struct reader *r)
{
	return elf->big ? read_u32be(r) : read_u32le(r);
}

/* An address, offset or size: as wide as the file's class. */
static uint64_t wide(const struct elf *elf, struct reader *r)
{
	if (!elf->wide)
		return word(elf, r);
	return elf->big ? read_u64be(r) : read_u64le(r);
}

/* Section 0 has room for numbers that the header has not. */
static int many_parts(struct elf *elf, struct err *e)
{
	char bytes[RECORD_MOST];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	bool asked =
		elf->sections == 0 || elf->segments == NAMES_FOLLOW || elf->names == NAMES_FOLLOW;

	if (elf->sections_at == 0 || !asked)
		return 0;
	if (blob_read(&elf->content, elf->sections_at, bytes,
		      elf->wide ? SECTION_SIZE_64 : SECTION_SIZE_32, e) < 0) {
		elf->sections_at = elf->sections = 0;
		return 0;
	}
	reader_seek(&r, elf->wide ? 32 : 20);
	uint64_t sections = wide(elf, &r);
	uint32_t names = word(elf, &r), segments = word(elf, &r);

	if (elf->sections == 0)
		elf->sections = (uint32_t)MIN(sections, (uint64_t)UINT32_MAX);
	if (elf->segments == NAMES_FOLLOW)
		elf->segments = segments;
	if (elf->names == NAMES_FOLLOW)
		elf->names = names;
	return 0;
}

static void header_read(struct elf *elf, str bytes)
{
	struct reader r = reader_over(bytes);

	reader_seek(&r, 16);
	elf->type = half(elf, &r);
	elf->machine = half(elf, &r);
	word(elf, &r);
	wide(elf, &r);
	elf->segments_at = wide(elf, &r);
	elf->sections_at = wide(elf, &r);
	word(elf, &r);
	half(elf, &r);
	elf->segment_size = half(elf, &r);
	elf->segments = half(elf, &r);
	elf->section_size = half(elf, &r);
	elf->sections = half(elf, &r);
	elf->names = half(elf, &r);
}

/* Checks that a table lies within the file. */
static bool table_fits(const struct elf *elf, uint64_t at, uint32_t n, uint16_t size, size_t least)
{
	uint64_t end;

	return n == 0 || (size >= least && !__builtin_add_overflow(at, (uint64_t)n * size, &end) &&
			  end <= elf->content.size);
}

int elf_open(struct elf *out, const struct blob *content, struct err *e)
{
	struct elf elf = { .content = *content };
	char bytes[HEADER_SIZE_64];
	struct elf_section names;
	str head;

	if (blob_peek(&head, content, 0, bytes, sizeof(bytes), e) < 0)
		return -1;
	if (!str_starts(head, STR("\x7f"
				  "ELF")))
		return 0;
	elf.wide = head.n > 4 && head.p[4] == 2;
	elf.big = head.n > 5 && head.p[5] == 2;
	if (head.n < (size_t)(elf.wide ? HEADER_SIZE_64 : HEADER_SIZE_32) ||
	    (!elf.wide && head.p[4] != 1) || (!elf.big && head.p[5] != 1))
		return err_set(e, ERR_CORRUPT, "an ELF file with a broken header");
	header_read(&elf, head);
	if (many_parts(&elf, e) < 0)
		return -1;
	if (elf.segments > LIMIT_ELF_PARTS || elf.sections > LIMIT_ELF_PARTS)
		return err_set(e, ERR_LIMIT, "an ELF file of more than %d parts", LIMIT_ELF_PARTS);
	if (!table_fits(&elf, elf.segments_at, elf.segments, elf.segment_size,
			elf.wide ? SEGMENT_SIZE_64 : SEGMENT_SIZE_32))
		return err_set(e, ERR_CORRUPT, "an ELF file cut short");
	if (elf.sections_at == 0 ||
	    !table_fits(&elf, elf.sections_at, elf.sections, elf.section_size,
			elf.wide ? SECTION_SIZE_64 : SECTION_SIZE_32))
		elf.sections = 0;
	if (elf.names < elf.sections) {
		if (elf_section(&names, &elf, elf.names, e) < 0)
			return -1;
		elf.name_bytes = names.bytes;
	}
	*out = elf;
	return 1;
}

int elf_section(struct elf_section *out, const struct elf *elf, uint32_t i, struct err *e)
{
	char bytes[RECORD_MOST];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });

	if (i >= elf->sections)
		return err_set(e, ERR_CORRUPT, "an ELF file without section %u", i);
	if (blob_read(&elf->content, elf->sections_at + (uint64_t)i * elf->section_size, bytes,
		      elf->wide ? SECTION_SIZE_64 : SECTION_SIZE_32, e) < 0)
		return -1;
	out->name = word(elf, &r);
	out->type = word(elf, &r);
	out->flags = wide(elf, &r);
	out->address = wide(elf, &r);
	uint64_t at = wide(elf, &r), size = wide(elf, &r);

	out->bytes = blob_part(&elf->content, at, out->type == ELF_SECTION_NOBITS ? 0 : size);
	return 0;
}

int elf_segment(struct elf_segment *out, const struct elf *elf, uint32_t i, struct err *e)
{
	char bytes[RECORD_MOST];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });

	if (i >= elf->segments)
		return err_set(e, ERR_CORRUPT, "an ELF file without segment %u", i);
	if (blob_read(&elf->content, elf->segments_at + (uint64_t)i * elf->segment_size, bytes,
		      elf->wide ? SEGMENT_SIZE_64 : SEGMENT_SIZE_32, e) < 0)
		return -1;
	out->type = word(elf, &r);
	if (elf->wide)
		out->flags = word(elf, &r);
	uint64_t at = wide(elf, &r);

	out->address = wide(elf, &r);
	wide(elf, &r);
	uint64_t size = wide(elf, &r);

	wide(elf, &r);
	if (!elf->wide)
		out->flags = word(elf, &r);
	out->align = wide(elf, &r);
	out->bytes = blob_part(&elf->content, at, size);
	return 0;
}

int elf_section_named(struct elf_section *out, const struct elf *elf, str name, struct err *e)
{
	char room[NAME_MOST];

	if (name.n >= sizeof(room))
		return 0;
	for (uint32_t i = 0; i < elf->sections; i++) {
		struct elf_section s;
		str got;

		if (elf_section(&s, elf, i, e) < 0 ||
		    blob_peek(&got, &elf->name_bytes, s.name, room, name.n + 1, e) < 0)
			return -1;
		if (got.n == name.n + 1 && got.p[name.n] == '\0' && str_starts(got, name)) {
			*out = s;
			return 1;
		}
	}
	return 0;
}

int elf_at_address(struct blob *out, const struct elf *elf, uint64_t address, struct err *e)
{
	for (uint32_t i = 0; i < elf->segments; i++) {
		struct elf_segment s;

		if (elf_segment(&s, elf, i, e) < 0)
			return -1;
		if (s.type == ELF_SEGMENT_LOAD && address >= s.address &&
		    address - s.address < s.bytes.size) {
			*out = blob_part(&s.bytes, address - s.address, UINT64_MAX);
			return 1;
		}
	}
	return 0;
}

/* A note's parts are padded to 4 bytes, or to 8 in segments aligned so. */
static uint64_t padded(uint64_t n, uint64_t align)
{
	return align == 8 ? (n + 7) & ~(uint64_t)7 : (n + 3) & ~(uint64_t)3;
}

/* What is looked for, and how many bytes of notes may still be walked. */
struct note_search {
	str owner;
	uint32_t type;
	uint64_t left;
};

static int notes_walk(struct blob *out, struct note_search *s, const struct elf *elf,
		      const struct elf_segment *in, struct err *e)
{
	const struct blob *notes = &in->bytes;
	char bytes[12 + OWNER_MOST];

	if (notes->size > s->left)
		return err_set(e, ERR_LIMIT, "an ELF file with more than %d bytes of notes",
			       LIMIT_ELF_NOTE_BYTES);
	s->left -= notes->size;
	for (uint64_t at = 0; at + 12 <= notes->size;) {
		str got;

		if (blob_peek(&got, notes, at, bytes, sizeof(bytes), e) < 0)
			return -1;
		struct reader r = reader_over(got);
		uint32_t name = word(elf, &r), desc = word(elf, &r), kind = word(elf, &r);
		uint64_t from = at + padded(12 + (uint64_t)name, in->align);

		if (kind == s->type && name == s->owner.n + 1 &&
		    str_starts(str_from(got, 12), s->owner) && from + desc <= notes->size) {
			*out = blob_part(notes, from, desc);
			return 1;
		}
		at = padded(from + desc, in->align);
	}
	return 0;
}

int elf_note(struct blob *out, const struct elf *elf, str owner, uint32_t type, struct err *e)
{
	struct note_search search = { owner, type, LIMIT_ELF_NOTE_BYTES };
	int r = 0;

	for (uint32_t i = 0; i < elf->segments && r == 0; i++) {
		struct elf_segment s;

		if (elf_segment(&s, elf, i, e) < 0)
			return -1;
		if (s.type == ELF_SEGMENT_NOTE)
			r = notes_walk(out, &search, elf, &s, e);
	}
	for (uint32_t i = 0; i < elf->sections && r == 0; i++) {
		struct elf_section s;

		if (elf_section(&s, elf, i, e) < 0)
			return -1;
		struct elf_segment as = { .align = 4, .bytes = s.bytes };

		if (s.type == ELF_SECTION_NOTE)
			r = notes_walk(out, &search, elf, &as, e);
	}
	return r;
}
