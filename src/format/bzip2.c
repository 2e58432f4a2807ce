#include "format/bzip2.h"

#include <bzlib.h>

#include "base/limits.h"

#define STEP (1 * MIB)

bool bzip2_claims(str head)
{
	return str_starts(head, STR("BZh")) && head.n > 3 && head.p[3] >= '1' && head.p[3] <= '9';
}

static void stream_end(bz_stream *z)
{
	BZ2_bzDecompressEnd(z);
}

static int failed(int r, struct err *e)
{
	if (r == BZ_MEM_ERROR)
		return err_nomem(e);
	return err_set(e, ERR_CORRUPT, "bzip2 data is damaged");
}

/* One stream; *packed is left behind it. */
static int one_stream(struct buf *out, str *packed, struct err *e)
{
	CLEANUP(stream_end)
	bz_stream z = { 0 };
	int r = BZ2_bzDecompressInit(&z, 0, 0);

	while (r == BZ_OK) {
		size_t give = MIN(packed->n, STEP);
		size_t most = out->most ? out->most : BUF_MOST;
		size_t room = MIN(STEP, most - MIN(most, out->n));
		char *to = room ? buf_room(out, room) : NULL;

		if (!to)
			return room ? err_nomem(e)
				    : err_set(e, ERR_LIMIT, "more than %zu bytes unpacked", most);
		z.next_in = (char *)packed->p;
		z.avail_in = (unsigned)give;
		z.next_out = to;
		z.avail_out = (unsigned)room;
		r = BZ2_bzDecompress(&z);
		size_t took = give - z.avail_in, made = room - z.avail_out;

		*packed = str_from(*packed, took);
		out->n += made;
		if (r == BZ_OK && !took && !made)
			return err_set(e, ERR_CORRUPT, "bzip2 data is cut short");
	}
	return r == BZ_STREAM_END ? 0 : failed(r, e);
}

int bzip2_unpack(struct buf *out, str packed, struct err *e)
{
	while (packed.n) {
		if (!bzip2_claims(packed))
			return err_set(e, ERR_CORRUPT, "bytes behind the bzip2 data");
		if (one_stream(out, &packed, e) < 0)
			return -1;
	}
	return 0;
}
