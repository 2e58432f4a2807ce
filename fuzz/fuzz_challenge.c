/* WWW-Authenticate: whatever a server sends ends, and what is taken from it lies in it. */
#include "net/challenge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	str text = { (const char *)data, size }, rest = text;
	struct challenge c;
	struct err e = { 0 };
	int r;

	for (size_t left = rest.n + 1; (r = challenge_next(&c, &rest, &a, &e)) > 0; left = rest.n)
		if (rest.n >= left || c.realm.n > size || c.scope.n > size)
			abort();
	if (r < 0 && e.kind == ERR_NONE)
		abort();
	r = challenge_choose(&c, text, &a, &e);
	if (r > 0 && c.scheme == CHALLENGE_OTHER)
		abort();
	return 0;
}
