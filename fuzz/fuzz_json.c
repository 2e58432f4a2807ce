/* Walks a text twice, by skipping and by reading every value, and expects the same answer; what was
 * accepted and written again reads back. */
#include <assert.h>

#include "../test/json_copy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 << 20);
	CLEANUP(buf_free)
	struct buf copy = { 0 };
	str text = { (const char *)data, size };
	struct json_writer w;
	struct json j;
	struct err e;
	bool skipped, read;

	json_init(&j, text, &a);
	skipped = json_end(&j, &e) == 0;
	json_init(&j, text, &a);
	json_writer_init(&w, &copy, size % 2);
	read = json_copy_value(&w, &j, &e) == 0 && json_end(&j, &e) == 0;
	assert(skipped == read);
	if (read) {
		json_init(&j, buf_str(&copy), &a);
		assert(json_end(&j, &e) == 0);
	}
	return 0;
}
