/* "A<TAB>B" under every scheme: an order has a mirror, a version is itself, nothing breaks. */
#include <assert.h>

#include "format/version/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum version_order mirror(enum version_order o)
{
	return o == VERSION_INVALID ? o : (enum version_order) - o;
}

static void try_scheme(const struct version_scheme *s, str a, str b)
{
	enum version_order o = version_compare(s, a, b), self = version_compare(s, a, a);

	assert(version_compare(s, b, a) == mirror(o));
	assert(self == VERSION_EQUAL || self == VERSION_INVALID);
	assert(o == VERSION_INVALID || self == VERSION_EQUAL);
	enum version_verdict v = version_satisfies(s, a, b);
	assert(self == VERSION_EQUAL || v == VERSION_UNSURE);
	v = version_satisfies(s, b, a);
	assert(v == VERSION_YES || v == VERSION_NO || v == VERSION_UNSURE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str all = { (const char *)data, size }, a, b;
	const struct version_scheme *s;

	str_cut(all, '\t', &a, &b);
	for (size_t i = 0; (s = version_scheme_at(i)); i++)
		try_scheme(s, a, b);
	return 0;
}
