#include <stdlib.h>

#include "base/map.h"
#include "format/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is yielded lies where it should, and reading ends. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(4 << 20);
	str text = { (const char *)data, size };
	struct toml_item item;
	struct err e = { 0 };
	struct toml t;
	size_t items = 0;
	int r;

	toml_init(&t, text, &a);
	while ((r = toml_next(&item, &t, &e)) > 0) {
		uint64_t sum = hash64(item.value) ^ hash64(item.key) ^ hash64(item.table);

		if (++items > size + 1 || (sum == 1 && size == 0))
			abort();
	}
	if (r < 0 && e.kind == ERR_NONE)
		abort();
	return 0;
}
