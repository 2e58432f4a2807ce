#include <stdlib.h>

#include "model/licence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is normalised is an expression, and stays what it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct err e;
	str text = { (const char *)data, size }, once, twice;

	if (licence_normalise(&once, text, &a, &e) > 0) {
		if (!licence_is_expression(once) || licence_normalise(&twice, once, &a, &e) != 1 ||
		    !str_eq(once, twice))
			abort();
	} else if (licence_is_expression(text)) {
		abort();
	}
	if (licence_reference(&once, text, &a, &e) < 0 || !licence_is_expression(once))
		abort();
	return 0;
}
