/* Names of images: what is read has parts that lie in the text, and its full form reads back. */
#include "model/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	str text = { (const char *)data, size }, full;
	struct reference r, again;
	struct err e = { 0 };

	if (reference_parse(&r, text, &e) < 0)
		return e.kind == ERR_NONE ? abort(), 0 : 0;
	if (!r.path.n || r.domain.n + r.path.n + r.tag.n > size)
		abort();
	if (reference_full(&full, &r, &a, &e) < 0)
		return 0;
	if (r.path.n > 255 - sizeof("library")) /* with which it may be too long */
		return 0;
	if (reference_parse(&again, full, &e) < 0 || !str_ends(again.path, r.path) ||
	    reference_rank(&r, full) != 3)
		abort();
	return 0;
}
