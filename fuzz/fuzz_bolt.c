/* bolt databases: what is looked for is found, not found or damaged, and every walk ends. */
#include "format/bolt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int each(void *ctx, str key, str value, bool is_bucket, struct err *e)
{
	size_t *n = ctx;

	(void)is_bucket, (void)e;
	*n += key.n + value.n;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct blob file = blob_of((str){ (const char *)data, size });
	struct bolt_bucket in;
	struct err e = { 0 };
	struct bolt b;
	size_t n = 0;
	str value;

	if (bolt_open(&b, &file, &a, &e) < 0)
		return e.kind == ERR_NONE ? abort(), 0 : 0;
	if (bolt_bucket(&in, &b, &b.top, STR("far"), &e) > 0 &&
	    bolt_value(&value, &b, &in, STR("m"), &e) > 0 && value.n > size)
		abort();
	if (bolt_each(&b, &b.top, each, &n, &e) < 0 && e.kind == ERR_NONE)
		abort();
	return 0;
}
