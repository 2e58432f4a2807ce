/* A program of reads over bytes: the first half says which reads, the second is read. Whatever
 * the order, nothing outside the bytes is touched and a bad reader stays bad. */
#include "base/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void step(struct reader *r, uint8_t op)
{
	switch (op & 7) {
	case 0:
		read_u8(r);
		break;
	case 1:
		read_u16be(r);
		break;
	case 2:
		read_u32le(r);
		break;
	case 3:
		read_u64be(r);
		break;
	case 4:
		read_bytes(r, op >> 3);
		break;
	case 5:
		read_lstr(r);
		break;
	case 6:
		read_zstr(r);
		break;
	default:
		read_uvarint(r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size / 2;
	struct reader r = reader_over((str){ (const char *)data + half, size - half });

	for (size_t i = 0; i < half; i++) {
		bool bad = r.bad;

		step(&r, data[i]);
		if (r.at > r.all.n || (bad && !r.bad))
			abort();
	}
	return 0;
}
