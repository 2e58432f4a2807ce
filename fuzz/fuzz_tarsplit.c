/* The list of a layer's parts: names have a length, parts are not longer than a frame. */
#include "base/limits.h"
#include "image/tarsplit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int put(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size, struct err *e)
{
	(void)ctx, (void)e;
	if (bytes.n == 0 || bytes.n > TARSPLIT_FRAME_MOST)
		abort();
	if (kind == TARSPLIT_FILE ? size == 0 || bytes.n > LIMIT_PATH_BYTES : size != 0)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_stream list;
	struct err e = { 0 };

	memory_stream_init(&list, (str){ (const char *)data, size });
	if (tarsplit_read(&list.s, put, NULL, &e) < 0 && e.kind == ERR_NONE)
		abort();
	return 0;
}
