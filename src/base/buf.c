#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

char *buf_room(struct buf *b, size_t n)
{
	size_t most = b->most ? b->most : BUF_MOST;
	size_t need = size_add(b->n, n);

	if (b->failed)
		return NULL;
	if (need > most) {
		b->failed = true;
		return NULL;
	}
	if (need > b->cap || !b->p) {
		size_t cap = MIN(MAX(MAX(b->cap * 2, (size_t)256), need), most);
		char *p = realloc(b->p, MAX(cap, (size_t)1));

		if (!p) {
			b->failed = true;
			return NULL;
		}
		b->p = p;
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_put(struct buf *b, str s)
{
	char *to = buf_room(b, s.n);

	if (!to || s.n == 0)
		return;
	memcpy(to, s.p, s.n);
	b->n += s.n;
}

void buf_putc(struct buf *b, char c)
{
	buf_put(b, (str){ &c, 1 });
}

void buf_putz(struct buf *b, const char *z)
{
	buf_put(b, str_of(z));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *to = n < 0 ? NULL : buf_room(b, (size_t)n + 1);

	if (to) {
		vsnprintf(to, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_u8(struct buf *b, uint8_t v)
{
	buf_put(b, (str){ (const char *)&v, 1 });
}

static void put_le(struct buf *b, uint64_t v, size_t bytes)
{
	char out[8];

	for (size_t i = 0; i < bytes; i++)
		out[i] = (char)(v >> (8 * i));
	buf_put(b, (str){ out, bytes });
}

void buf_u32(struct buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void buf_lstr(struct buf *b, str s)
{
	if (s.n > UINT32_MAX) {
		b->failed = true;
		return;
	}
	buf_u32(b, (uint32_t)s.n);
	buf_put(b, s);
}

int buf_check(const struct buf *b, struct err *e)
{
	if (!b->failed)
		return 0;
	if (b->n >= (b->most ? b->most : BUF_MOST) / 2)
		return err_set(e, ERR_LIMIT, "more than %zu bytes", b->most ? b->most : BUF_MOST);
	return err_nomem(e);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

void buf_free(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->n = b->cap = 0;
}
