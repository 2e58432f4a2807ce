#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_chisel;

/* What the fuzzer makes is put into a frame without compression (RFC 8878, 3.1.1.2), so that it
 * reaches the lines; and is tried as it is. */
static void framed_run(const uint8_t *data, size_t size)
{
	uint8_t frame[9 + 3 + 4096];
	size_t n = MIN(size, (size_t)4096);
	uint32_t block = (uint32_t)n << 3 | 1; /* last, raw */

	memcpy(frame, "\x28\xb5\x2f\xfd\xa0", 5); /* one segment, its size in four bytes */
	for (int i = 0; i < 4; i++)
		frame[5 + i] = (uint8_t)(n >> (8 * i));
	for (int i = 0; i < 3; i++)
		frame[9 + i] = (uint8_t)(block >> (8 * i));
	memcpy(frame + 12, data, n);
	catalog_run(&cataloger_chisel, "var/lib/chisel/manifest.wall", frame, 12 + n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0)
		framed_run(data, size);
	catalog_run(&cataloger_chisel, "var/lib/chisel/manifest.wall", data, size);
	return 0;
}
