#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	BLOCK_FIRST = 16 << 10,
	BLOCK_MOST = 1 << 20,
	ALIGN = 16,
};

struct arena_block {
	struct arena_block *before;
	size_t size, used;
	_Alignas(ALIGN) char bytes[];
};

static size_t rounded(size_t size)
{
	return size > SIZE_MAX - ALIGN ? SIZE_MAX : (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static struct arena_block *block_add(struct arena *a, size_t least)
{
	size_t size = a->last ? MIN(a->last->size * 2, (size_t)BLOCK_MOST) : (size_t)BLOCK_FIRST;
	struct arena_block *b;

	size = MAX(size, least);
	if (size > SIZE_MAX - sizeof(*b))
		return NULL;
	b = calloc(1, sizeof(*b) + size);
	if (!b)
		return NULL;
	b->before = a->last;
	b->size = size;
	a->last = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size = rounded(size ? size : 1);
	a->count++;
	if (a->fail_at && a->count == a->fail_at)
		return NULL;
	if (size > a->limit - MIN(a->used, a->limit))
		return NULL;
	struct arena_block *b = a->last;

	if (!b || size > b->size - b->used)
		b = block_add(a, size);
	if (!b)
		return NULL;
	void *p = b->bytes + b->used;

	b->used += size;
	a->used += size;
	return p;
}

/* True when old is the newest allocation of the newest block and size fits behind it. */
static bool grows_in_place(struct arena *a, char *old, size_t old_size, size_t size)
{
	struct arena_block *b = a->last;

	return b && old && old + old_size == b->bytes + b->used &&
	       size - old_size <= b->size - b->used && size - old_size <= a->limit - a->used;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t size)
{
	size_t was = rounded(old_size ? old_size : 1), is = rounded(size ? size : 1);

	if (old && is <= was)
		return old;
	if (is != SIZE_MAX && grows_in_place(a, old, was, is)) {
		a->count++;
		if (a->fail_at && a->count == a->fail_at)
			return NULL;
		a->last->used += is - was;
		a->used += is - was;
		return old;
	}
	void *p = arena_alloc(a, size);

	if (p && old)
		memcpy(p, old, old_size);
	return p;
}

char *arena_z(struct arena *a, str s)
{
	char *p = arena_alloc(a, size_add(s.n, 1));

	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

int arena_str(str *out, struct arena *a, str s, struct err *e)
{
	char *p = arena_z(a, s);

	if (!p)
		return err_nomem(e);
	*out = (str){ p, s.n };
	return 0;
}

int arena_printf(str *out, struct arena *a, struct err *e, const char *fmt, ...)
{
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);

	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	if (!p)
		return err_nomem(e);
	*out = (str){ p, (size_t)n };
	return 0;
}

void arena_free(struct arena *a)
{
	while (a->last) {
		struct arena_block *b = a->last;

		a->last = b->before;
		free(b);
	}
	a->used = 0;
}
