#include "format/gzip.h"

#include <isa-l/igzip_lib.h>

#include "base/limits.h"

#define OWN_WINDOW (256 * KIB)

struct gzip {
	struct stream s;
	struct stream *under;
	uint64_t most, total;
	char *to, *own;
	size_t to_size;
	bool begun, full, failed; /* full: may hold back output for lack of room */
	struct err why;		  /* said again each time once failed */
	struct inflate_state state;
};

bool gzip_claims(str head)
{
	return head.n >= 3 && memcmp(head.p, "\x1f\x8b\x08", 3) == 0;
}

static int gzip_words(struct err *e, int code, uint64_t at)
{
	static const struct {
		int code;
		enum err_kind kind;
		const char *words;
	} rows[] = {
		{ ISAL_INVALID_BLOCK, ERR_CORRUPT, "a deflate block of no known kind" },
		{ ISAL_INVALID_SYMBOL, ERR_CORRUPT,
		  "a deflate symbol that its code does not have" },
		{ ISAL_INVALID_LOOKBACK, ERR_CORRUPT, "a match before the beginning" },
		{ ISAL_INVALID_WRAPPER, ERR_CORRUPT, "no gzip header where one should be" },
		{ ISAL_UNSUPPORTED_METHOD, ERR_UNSUPPORTED,
		  "a compression method other than deflate" },
		{ ISAL_INCORRECT_CHECKSUM, ERR_CORRUPT, "the checksum does not match" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].code == code)
			return err_set(e, rows[i].kind, "gzip: %s, at byte %llu", rows[i].words,
				       (unsigned long long)at);
	return err_set(e, ERR_CORRUPT, "gzip: damaged at byte %llu (%d)", (unsigned long long)at,
		       code);
}

/* Begins the first or the next member. */
static void member_begin(struct gzip *g)
{
	if (g->begun)
		isal_inflate_reset(&g->state);
	else
		isal_inflate_init(&g->state);
	g->state.crc_flag = ISAL_GZIP;
	g->begun = true;
}

/* Asks for stored bytes when there are none. 1 some, 0 this is the end and may be, -1 and *e. */
static int input_ready(struct gzip *g, struct err *e)
{
	int r = stream_fill(g->under, e);

	if (r < 0)
		return -1;
	bool between = !g->begun || g->state.block_state == ISAL_BLOCK_FINISH;

	if (r == 0 && between && g->begun)
		return 0;
	if (r == 0)
		return err_set(e, ERR_CORRUPT, "gzip: ends in the middle, at byte %llu",
			       (unsigned long long)g->under->taken);
	if (between)
		member_begin(g);
	return 1;
}

/* Inflates what it can of the window below into what is left of `out`. */
static int inflate_some(struct gzip *g, char *to, size_t room, size_t *got, struct err *e)
{
	size_t in = MIN(g->under->window.n, (size_t)1 << 30);
	struct inflate_state *z = &g->state;

	z->next_in = (uint8_t *)(uintptr_t)g->under->window.p;
	z->avail_in = (uint32_t)in;
	z->next_out = (uint8_t *)to;
	z->avail_out = (uint32_t)room;
	int code = isal_inflate(z);

	*got = room - z->avail_out;
	g->full = z->avail_out == 0 && z->block_state != ISAL_BLOCK_FINISH;
	stream_take(g->under, in - z->avail_in);
	/* ISAL_END_INPUT and the like are positive: nothing is wrong, it wants more. */
	if (code < 0)
		return gzip_words(e, code, g->under->taken);
	if (*got == 0 && in && z->avail_in == in && z->block_state != ISAL_BLOCK_FINISH)
		return err_set(e, ERR_CORRUPT, "gzip: no way on at byte %llu",
			       (unsigned long long)g->under->taken);
	return 0;
}

/* Fills the output as far as the input goes: bytes made before a failure are handed out first. */
static int gzip_fill(struct gzip *g, size_t *made, struct err *e)
{
	size_t size = (size_t)MIN((uint64_t)g->to_size, g->most - g->total + 1);

	for (*made = 0; *made < size;) {
		int r = g->full && g->under->window.n == 0 ? 1 : input_ready(g, e);
		size_t got;

		if (r <= 0)
			return r;
		r = inflate_some(g, g->to + *made, size - *made, &got, e);
		*made += got;
		if (r < 0)
			return -1;
	}
	return 1;
}

static int gzip_more(struct stream *s, struct err *e)
{
	struct gzip *g = (struct gzip *)s;
	size_t made = 0;

	if (g->failed) {
		*e = g->why;
		return -1;
	}
	if (!g->to && !g->own) {
		g->own = malloc(OWN_WINDOW);
		if (!g->own)
			return err_nomem(e);
		gzip_lend(g, g->own, OWN_WINDOW);
	}
	if (gzip_fill(g, &made, &g->why) < 0)
		g->failed = true;
	g->total += made;
	if (g->total > g->most) {
		made -= (size_t)(g->total - g->most);
		g->failed = true;
		err_set(&g->why, ERR_LIMIT, "gzip: more than %llu bytes inside",
			(unsigned long long)g->most);
	}
	s->window = (str){ g->to, made };
	if (made || !g->failed)
		return made > 0;
	*e = g->why;
	return -1;
}

int gzip_open(struct gzip **out, struct stream *under, uint64_t most, struct err *e)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (!g)
		return err_nomem(e);
	g->s.more = gzip_more;
	g->under = under;
	g->most = MIN(most, UINT64_MAX - 1);
	*out = g;
	return 0;
}

struct stream *gzip_bytes(struct gzip *g)
{
	return &g->s;
}

void gzip_lend(struct gzip *g, char *to, size_t size)
{
	g->to = to;
	g->to_size = MIN(size, (size_t)1 << 30);
}

void gzip_close(struct gzip *g)
{
	if (g)
		free(g->own);
	free(g);
}

void gzip_closep(struct gzip **g)
{
	gzip_close(*g);
}
