/* ELF (System V gABI): what lies where in a program or library, of either width and byte order,
 * over a blob. Nothing is read whole; every place is checked against the blob. */
#pragma once

#include "base/blob.h"

enum {
	ELF_TYPE_EXEC = 2,
	ELF_TYPE_DYN = 3,

	ELF_SEGMENT_LOAD = 1,
	ELF_SEGMENT_INTERP = 3,
	ELF_SEGMENT_NOTE = 4,

	ELF_SECTION_NOTE = 7,
	ELF_SECTION_NOBITS = 8,

	ELF_FLAG_X = 1, /* of segments */
	ELF_FLAG_W = 2,
	ELF_FLAG_R = 4,
};

struct elf {
	struct blob content;
	bool wide, big; /* 64 bits; big endian */
	uint16_t type, machine;
	uint64_t segments_at, sections_at;
	uint32_t segments, sections, names; /* counts; which section holds the names */
	uint16_t segment_size, section_size;
	struct blob name_bytes;
};

struct elf_section {
	uint32_t name; /* offset in the name section */
	uint32_t type;
	uint64_t flags, address;
	struct blob bytes; /* empty for sections without */
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t address, align;
	struct blob bytes;
};

/* 1; 0 when it is no ELF at all; -1 when it is a broken one (or ERR_LIMIT: more parts than
 * LIMIT_ELF_PARTS). A section table that is missing or cut off counts as none: stripped and packed
 * programs run without. */
int elf_open(struct elf *out, const struct blob *content, struct err *e) MUST_CHECK;

/* The i-th; its bytes are cut to what is there. */
int elf_section(struct elf_section *out, const struct elf *elf, uint32_t i,
		struct err *e) MUST_CHECK;
int elf_segment(struct elf_segment *out, const struct elf *elf, uint32_t i,
		struct err *e) MUST_CHECK;
/* The first of that name (at most 63 bytes): 1, 0 when there is none, -1. */
int elf_section_named(struct elf_section *out, const struct elf *elf, str name,
		      struct err *e) MUST_CHECK;
/* The bytes that are loaded at an address, to the end of its segment: 1, 0 when none are, -1. */
int elf_at_address(struct blob *out, const struct elf *elf, uint64_t address,
		   struct err *e) MUST_CHECK;
/* The first note of that owner ("GNU", "Go", "FDO") and type, by segments, else by sections: 1 and
 * its descriptor, 0, -1. */
int elf_note(struct blob *out, const struct elf *elf, str owner, uint32_t type,
	     struct err *e) MUST_CHECK;
