/* Any bytes as facts, with a right checksum put in so that what lies behind it is reached; what is
 * accepted is written again and must be the same. */
#include "model/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 << 20);
	CLEANUP(buf_free)
	struct buf in = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(8 << 20);
	struct digest sum;
	struct facts f;
	struct err e;

	buf_put(&in, (str){ (const char *)data, size });
	if (in.failed || !in.p)
		return 0;
	if (size >= 48 && digest_of(&sum, DIGEST_SHA256, str_from(buf_str(&in), 48), &e) == 0)
		memcpy(in.p + 16, sum.bytes, 32);
	if (facts_read(&f, buf_str(&in), &a, &e) < 0)
		return 0;
	if (facts_write(&out, &f, &e) < 0 || !str_eq(buf_str(&in), buf_str(&out)))
		abort();
	return 0;
}
