/* Small bolt databases for tests: pages of 512 bytes. Page 0 and 1 are the two states, page 2 is
 * the root bucket's; more pages are the caller's. */
#pragma once

#include "base/buf.h"

enum { BOLT_PAGE = 512 };

struct bolt_item {
	const char *key;
	str value;
	bool bucket;
};

static inline uint64_t bolt_sum(const char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)p[i]) * 1099511628211u;
	return h;
}

static inline void bolt_u16(struct buf *b, uint16_t v)
{
	buf_u8(b, (uint8_t)v);
	buf_u8(b, (uint8_t)(v >> 8));
}

static inline void bolt_head(struct buf *b, uint64_t id, uint16_t flags, uint16_t count,
			     uint32_t overflow)
{
	buf_u64(b, id);
	bolt_u16(b, flags);
	bolt_u16(b, count);
	buf_u32(b, overflow);
}

static inline void bolt_fill(struct buf *b, size_t to)
{
	while (b->n < to && !b->failed)
		buf_u8(b, 0);
}

static inline void bolt_meta(struct buf *b, uint64_t id, uint64_t root, uint64_t pages,
			     uint64_t txid)
{
	bolt_head(b, id, 0x04, 0, 0);
	size_t at = b->n;

	buf_u32(b, 0xED0CDAEDu);
	buf_u32(b, 2);
	buf_u32(b, BOLT_PAGE);
	buf_u32(b, 0);
	buf_u64(b, root);
	buf_u64(b, 0);
	buf_u64(b, 0);
	buf_u64(b, pages);
	buf_u64(b, txid);
	buf_u64(b, bolt_sum(b->p + at, b->n - at));
	bolt_fill(b, (id + 1) * BOLT_PAGE);
}

/* A leaf: keys must come sorted. */
static inline void bolt_leaf(struct buf *b, uint64_t id, const struct bolt_item *items, uint16_t n)
{
	size_t pos = (size_t)n * 16;

	bolt_head(b, id, 0x02, n, 0);
	for (uint16_t i = 0; i < n; i++) {
		str key = str_of(items[i].key);

		buf_u32(b, items[i].bucket);
		buf_u32(b, (uint32_t)(pos - (size_t)i * 16));
		buf_u32(b, (uint32_t)key.n);
		buf_u32(b, (uint32_t)items[i].value.n);
		pos += key.n + items[i].value.n;
	}
	for (uint16_t i = 0; i < n; i++) {
		buf_put(b, str_of(items[i].key));
		buf_put(b, items[i].value);
	}
}

/* A bucket's value: one that has a page, or (root 0) holds its leaf in place. */
static inline void bolt_bucket_value(struct buf *b, uint64_t root)
{
	buf_u64(b, root);
	buf_u64(b, 0);
}

struct bolt_branch_item {
	const char *key;
	uint64_t page;
};

static inline void bolt_branch(struct buf *b, uint64_t id, const struct bolt_branch_item *items,
			       uint16_t n)
{
	size_t pos = (size_t)n * 16;

	bolt_head(b, id, 0x01, n, 0);
	for (uint16_t i = 0; i < n; i++) {
		buf_u32(b, (uint32_t)(pos - (size_t)i * 16));
		buf_u32(b, (uint32_t)strlen(items[i].key));
		buf_u64(b, items[i].page);
		pos += strlen(items[i].key);
	}
	for (uint16_t i = 0; i < n; i++)
		buf_put(b, str_of(items[i].key));
}
