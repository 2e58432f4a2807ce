/* Opens a zip archive and reads every entry that is not too large. */
#include <assert.h>

#include "format/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	struct blob b = blob_of((str){ (const char *)data, size }), inner;
	struct zip_entry en;
	struct zip z;
	struct err e;
	uint64_t n = 0;
	str s;

	if (zip_open(&z, &b, &a, &e) < 0)
		return 0;
	for (size_t at = 0; zip_next(&en, &z, &at); n++) {
		if (zip_read(&s, &z, &en, 1 << 16, &a, &e) == 0)
			assert(s.n == en.size);
		if (zip_stored(&inner, &z, &en, &e) > 0)
			assert(inner.size == en.packed &&
			       inner.memory + inner.size <= b.memory + b.size);
	}
	assert(n == z.entries);
	return 0;
}
