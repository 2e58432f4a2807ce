#include "format/zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "base/limits.h"

#define OWN_WINDOW (256 * KIB)

struct zstd {
	struct stream s;
	struct stream *under;
	ZSTD_DCtx *ctx;
	uint64_t most, total;
	char *to, *own;
	size_t to_size;
	bool begun, inside, full, failed; /* full: may hold back output for lack of room */
	struct err why;			  /* said again each time once failed */
};

/* RFC 8878 sections 3.1.1 and 3.1.2: a frame, or a skippable one. */
bool zstd_claims(str head)
{
	if (head.n < 4)
		return false;
	if (memcmp(head.p, "\x28\xb5\x2f\xfd", 4) == 0)
		return true;
	return ((uint8_t)head.p[0] & 0xf0) == 0x50 && memcmp(head.p + 1, "\x2a\x4d\x18", 3) == 0;
}

static int zstd_words(struct zstd *z, size_t code, struct err *e)
{
	unsigned long long at = z->under->taken;

	if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge)
		return err_set(e, ERR_LIMIT, "zstd: a window larger than %zu bytes, at byte %llu",
			       (size_t)LIMIT_ZSTD_WINDOW, at);
	if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
		return err_nomem(e);
	return err_set(e, ERR_CORRUPT, "zstd: %s, at byte %llu", ZSTD_getErrorName(code), at);
}

/* 1 some input is there, 0 this is the end and may be, -1 and *e. */
static int input_ready(struct zstd *z, struct err *e)
{
	int r = stream_fill(z->under, e);

	if (r != 0)
		return r;
	if (z->begun && !z->inside)
		return 0;
	return err_set(e, ERR_CORRUPT, "zstd: ends in the middle, at byte %llu",
		       (unsigned long long)z->under->taken);
}

/* Fills the output as far as the input goes: bytes made before a failure are handed out first. */
static int zstd_fill(struct zstd *z, size_t *made, struct err *e)
{
	ZSTD_outBuffer out = { z->to, (size_t)MIN((uint64_t)z->to_size, z->most - z->total + 1),
			       0 };

	for (*made = 0; out.pos < out.size;) {
		int r = z->full && z->under->window.n == 0 ? 1 : input_ready(z, e);

		if (r <= 0)
			return r;
		ZSTD_inBuffer in = { z->under->window.p, z->under->window.n, 0 };
		size_t code = ZSTD_decompressStream(z->ctx, &out, &in);

		stream_take(z->under, in.pos);
		*made = out.pos;
		if (ZSTD_isError(code))
			return zstd_words(z, code, e);
		z->full = code != 0 && out.pos == out.size;
		z->begun = true;
		z->inside = code != 0;
	}
	return 1;
}

static int zstd_more(struct stream *s, struct err *e)
{
	struct zstd *z = (struct zstd *)s;
	size_t made = 0;

	if (z->failed) {
		*e = z->why;
		return -1;
	}
	if (!z->to && !z->own) {
		z->own = malloc(OWN_WINDOW);
		if (!z->own)
			return err_nomem(e);
		zstd_lend(z, z->own, OWN_WINDOW);
	}
	if (zstd_fill(z, &made, &z->why) < 0)
		z->failed = true;
	z->total += made;
	if (z->total > z->most) {
		made -= (size_t)(z->total - z->most);
		z->failed = true;
		err_set(&z->why, ERR_LIMIT, "zstd: more than %llu bytes inside",
			(unsigned long long)z->most);
	}
	s->window = (str){ z->to, made };
	if (made || !z->failed)
		return made > 0;
	*e = z->why;
	return -1;
}

int zstd_open(struct zstd **out, struct stream *under, uint64_t most, struct err *e)
{
	CLEANUP(zstd_closep)
	struct zstd *z = calloc(1, sizeof(*z));
	int log = __builtin_ctzll(LIMIT_ZSTD_WINDOW);

	if (!z)
		return err_nomem(e);
	z->ctx = ZSTD_createDCtx();
	if (!z->ctx || ZSTD_isError(ZSTD_DCtx_setParameter(z->ctx, ZSTD_d_windowLogMax, log)))
		return err_nomem(e);
	z->s.more = zstd_more;
	z->under = under;
	z->most = MIN(most, UINT64_MAX - 1);
	*out = TAKE(z, NULL);
	return 0;
}

struct stream *zstd_bytes(struct zstd *z)
{
	return &z->s;
}

void zstd_lend(struct zstd *z, char *to, size_t size)
{
	z->to = to;
	z->to_size = size;
}

void zstd_close(struct zstd *z)
{
	if (z) {
		ZSTD_freeDCtx(z->ctx);
		free(z->own);
	}
	free(z);
}

void zstd_closep(struct zstd **z)
{
	zstd_close(*z);
}
