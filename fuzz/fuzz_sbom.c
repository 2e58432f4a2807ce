#include <stdlib.h>

#include "image/sbom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same bytes as a document and as a worker's answer; what was read can be written and read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	CLEANUP(buf_free)
	struct buf wire = BUF(16 << 20);
	struct err e;
	struct sbom s, again;
	str text = { (const char *)data, size };

	if (sbom_read(&s, text, &a, &e) == 0) {
		if (sbom_write(&wire, &s, &e) < 0)
			return 0;
		if (sbom_wire_read(&again, buf_str(&wire), &a, &e) < 0 ||
		    again.inventory.packages.n != s.inventory.packages.n)
			abort();
	}
	if (sbom_wire_read(&again, text, &a, &e) == 0 && again.inventory.packages.n > size)
		abort();
	return 0;
}
