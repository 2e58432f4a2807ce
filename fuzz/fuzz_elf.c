/* Asks an ELF file for everything it has. */
#include <assert.h>

#include "format/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within(const struct blob *part, const struct blob *all)
{
	assert(part->memory >= all->memory && part->size <= all->size &&
	       part->memory + part->size <= all->memory + all->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob file = blob_of((str){ (const char *)data, size }), part;
	struct elf_section sec;
	struct elf_segment seg;
	struct elf elf;
	struct err e;

	if (elf_open(&elf, &file, &e) <= 0)
		return 0;
	for (uint32_t i = 0; i < elf.sections; i++)
		if (elf_section(&sec, &elf, i, &e) == 0)
			within(&sec.bytes, &file);
	for (uint32_t i = 0; i < elf.segments; i++)
		if (elf_segment(&seg, &elf, i, &e) == 0)
			within(&seg.bytes, &file);
	if (elf_section_named(&sec, &elf, STR(".go.buildinfo"), &e) > 0)
		within(&sec.bytes, &file);
	if (elf_note(&part, &elf, STR("GNU"), 3, &e) > 0)
		within(&part, &file);
	if (elf_at_address(&part, &elf, 0x10000, &e) > 0)
		within(&part, &file);
	return 0;
}
