/* Any bytes as a zstd stream, in windows of several sizes. */
#include "format/zstd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
	struct stream s;
	str rest;
	size_t step;
};

static int pieces_more(struct stream *s, struct err *e)
{
	struct pieces *p = (struct pieces *)s;

	s->window = str_first(p->rest, p->step);
	p->rest = str_from(p->rest, p->step);
	return s->window.n > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(zstd_closep)
	struct zstd *z = NULL;
	struct pieces p = { { .more = pieces_more }, { (const char *)data, size }, 0 };
	static char room[8192];
	uint64_t total = 0;
	struct err e;

	if (size < 1)
		return 0;
	p.step = 1 + data[0] % 64 * 16;
	p.rest = str_from(p.rest, 1);
	if (zstd_open(&z, &p.s, 1 << 20, &e) < 0)
		return 0;
	if (data[0] & 128)
		zstd_lend(z, room, 1 + sizeof(room) % (data[0] + 1u));
	while (stream_fill(zstd_bytes(z), &e) > 0) {
		total += zstd_bytes(z)->window.n;
		stream_take(zstd_bytes(z), zstd_bytes(z)->window.n);
	}
	if (total > 1 << 20)
		abort();
	return 0;
}
