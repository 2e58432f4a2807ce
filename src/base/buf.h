/* buf: bytes that grow, up to a cap. A buf that failed to grow stays failed and keeps what it
 * had, so many puts may be made and the outcome asked for once, by buf_check. */
#pragma once

#include "base/err.h"

struct buf {
	char *p;
	size_t n, cap;
	size_t most; /* n never passes it; 0 for BUF_MOST */
	bool failed;
};

#define BUF_MOST ((size_t)1 << 30)
#define BUF(cap_bytes) { .most = (cap_bytes) }

static inline str buf_str(const struct buf *b) { return (str){ b->p, b->n }; }

void buf_put(struct buf *b, str s);
void buf_putc(struct buf *b, char c);
void buf_putz(struct buf *b, const char *z);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Little endian, for our own frames and caches. */
void buf_u8(struct buf *b, uint8_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
/* A u32 length, then the bytes: what read_lstr reads. */
void buf_lstr(struct buf *b, str s);
/* Room for n more bytes at the end, not yet counted; NULL when it failed. Add to .n what was used. */
char *buf_room(struct buf *b, size_t n);
/* 0, or -1 and *e when any put failed. */
int buf_check(const struct buf *b, struct err *e) MUST_CHECK;
void buf_clear(struct buf *b); /* empties, keeps the memory */
void buf_free(struct buf *b);
