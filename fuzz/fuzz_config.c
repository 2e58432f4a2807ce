/* The configuration file: whatever stands in it, entries or one line saying why not. */
#include "base/limits.h"
#include "tool/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena a = ARENA(MIB);
	struct config c;
	struct err e = { 0 };

	if (config_parse(&c, (str){ (const char *)data, size }, &a, &e) < 0) {
		if (e.kind == ERR_NONE || e.text[0] == '\0')
			abort();
		return 0;
	}
	vec_each(entry, &c)
		if (entry->key.n == 0 || entry->key.p[entry->key.n] != '\0' || entry->line == 0)
			abort();
	return 0;
}
