/* Makes a small ELF file for tests: one writable segment at ELF_MADE_BASE that holds `data`, a note
 * segment, and, unless stripped, sections .data (by the name asked for) and .shstrtab. */
#pragma once

#include "base/buf.h"

#define ELF_MADE_BASE 0x10000u

struct elf_make {
	bool wide, big, stripped;
	const char *section; /* name of the section that holds data */
	str data, note;	     /* note: a descriptor; owner "GNU", type 3 */
	uint64_t data_at;    /* where data lies in the file: known after elf_made */
};

static void elf_put(const struct elf_make *m, struct buf *b, uint64_t v, int size)
{
	for (int i = 0; i < size; i++)
		buf_u8(b, (uint8_t)(v >> 8 * (m->big ? size - 1 - i : i)));
}

static void elf_put_segment(const struct elf_make *m, struct buf *b, uint32_t type, uint32_t flags,
			    uint64_t at, uint64_t size)
{
	int w = m->wide ? 8 : 4;

	elf_put(m, b, type, 4);
	if (m->wide)
		elf_put(m, b, flags, 4);
	elf_put(m, b, at, w);
	elf_put(m, b, ELF_MADE_BASE + at, w);
	elf_put(m, b, 0, w);
	elf_put(m, b, size, w);
	elf_put(m, b, size, w);
	if (!m->wide)
		elf_put(m, b, flags, 4);
	elf_put(m, b, 4, w);
}

static void elf_put_section(const struct elf_make *m, struct buf *b, uint32_t name, uint32_t type,
			    uint64_t at, uint64_t size)
{
	int w = m->wide ? 8 : 4;

	elf_put(m, b, name, 4);
	elf_put(m, b, type, 4);
	elf_put(m, b, 0, w);
	elf_put(m, b, ELF_MADE_BASE + at, w);
	elf_put(m, b, at, w);
	elf_put(m, b, size, w);
	elf_put(m, b, 0, 4);
	elf_put(m, b, 0, 4);
	elf_put(m, b, 1, w);
	elf_put(m, b, 0, w);
}

static UNUSED str elf_made(struct elf_make *m, struct buf *b)
{
	int w = m->wide ? 8 : 4, head = m->wide ? 64 : 52, segment = m->wide ? 56 : 32;
	uint64_t note_at = (uint64_t)head + 2 * (uint64_t)segment;
	uint64_t note_size = 16 + ((m->note.n + 3) & ~(size_t)3);
	uint64_t data_at = (note_at + note_size + 15) & ~(uint64_t)15;
	uint64_t names_at = data_at + m->data.n, names = 11 + strlen(m->section) + 1;
	uint64_t sections_at = names_at + names;

	buf_put(b, STR("\x7f"
		       "ELF"));
	buf_u8(b, m->wide ? 2 : 1);
	buf_u8(b, m->big ? 2 : 1);
	buf_put(b, STR("\1\0\0\0\0\0\0\0\0\0"));
	elf_put(m, b, 2, 2);
	elf_put(m, b, 62, 2);
	elf_put(m, b, 1, 4);
	elf_put(m, b, 0, w);
	elf_put(m, b, (uint64_t)head, w);
	elf_put(m, b, m->stripped ? 0 : sections_at, w);
	elf_put(m, b, 0, 4);
	elf_put(m, b, (uint64_t)head, 2);
	elf_put(m, b, (uint64_t)segment, 2);
	elf_put(m, b, 2, 2);
	elf_put(m, b, m->wide ? 64 : 40, 2);
	elf_put(m, b, m->stripped ? 0 : 3, 2);
	elf_put(m, b, m->stripped ? 0 : 2, 2);
	elf_put_segment(m, b, 1, 6, data_at, m->data.n);
	elf_put_segment(m, b, 4, 4, note_at, note_size);
	elf_put(m, b, 4, 4);
	elf_put(m, b, m->note.n, 4);
	elf_put(m, b, 3, 4);
	buf_put(b, STR("GNU\0"));
	buf_put(b, m->note);
	while (b->n < data_at)
		buf_u8(b, 0);
	buf_put(b, m->data);
	buf_put(b, STR("\0.shstrtab\0"));
	buf_putz(b, m->section);
	buf_u8(b, 0);
	elf_put_section(m, b, 0, 0, 0, 0);
	elf_put_section(m, b, 11, 1, data_at, m->data.n);
	elf_put_section(m, b, 1, 3, names_at, names);
	m->data_at = data_at;
	return buf_str(b);
}
