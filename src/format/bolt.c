#include "format/bolt.h"

#include "base/limits.h"
#include "base/reader.h"

#define BOLT_MAGIC 0xED0CDAEDu

enum {
	BOLT_VERSION = 2,
	PAGE_HEAD = 16,
	META_SUMMED = 56, /* bytes of a meta page's content that its checksum is of */
	META_BYTES = 64,
	BRANCH = 0x01,
	LEAF = 0x02,
	META = 0x04,
	ELEMENT_BYTES = 16,
	ELEMENT_BUCKET = 0x01,
	BUCKET_HEAD = 16,
	PAGE_LEAST = 512,
	PAGE_MOST = 64 << 10,
};

static uint64_t fnv1a(str s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * 1099511628211u;
	return h;
}

struct meta {
	uint32_t page;
	uint64_t root, pages, txid;
};

/* 1 when a whole meta page lies at `at`. */
static int read_meta(struct meta *out, const struct blob *file, uint64_t at, struct err *e)
{
	char room[PAGE_HEAD + META_BYTES];
	struct reader r = reader_over((str){ room, sizeof(room) });

	if (at + sizeof(room) > file->size)
		return 0;
	if (blob_read(file, at, room, sizeof(room), e) < 0)
		return -1;
	reader_seek(&r, 8);
	uint16_t flags = read_u16le(&r);

	reader_seek(&r, PAGE_HEAD);
	uint32_t magic = read_u32le(&r), version = read_u32le(&r);

	out->page = read_u32le(&r);
	(void)read_u32le(&r);
	out->root = read_u64le(&r);
	(void)read_u64le(&r); /* the root bucket's sequence */
	(void)read_u64le(&r); /* list of free pages */
	out->pages = read_u64le(&r);
	out->txid = read_u64le(&r);
	return (flags & META) && magic == BOLT_MAGIC && version == BOLT_VERSION &&
	       out->page >= PAGE_LEAST && out->page <= PAGE_MOST &&
	       (out->page & (out->page - 1)) == 0 &&
	       read_u64le(&r) == fnv1a((str){ room + PAGE_HEAD, META_SUMMED });
}

/* The second state lies a page further on; how large that is only a state says. */
static int newest(struct meta *out, const struct blob *file, struct err *e)
{
	struct meta m;
	bool found = false;

	*out = (struct meta){ 0 };
	int r = read_meta(&m, file, 0, e);

	if (r > 0) {
		*out = m;
		found = true;
	}
	for (uint32_t page = PAGE_LEAST; r >= 0 && page <= PAGE_MOST; page *= 2) {
		r = read_meta(&m, file, page, e);
		if (r > 0 && m.page == page && (!found || m.txid > out->txid)) {
			*out = m;
			found = true;
		}
	}
	return r < 0 ? -1 : found;
}

int bolt_open(struct bolt *out, const struct blob *file, struct arena *a, struct err *e)
{
	struct meta m;
	int r = newest(&m, file, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_CORRUPT, "not a bolt database, or a damaged one");
	*out = (struct bolt){ .file = *file,
			      .arena = a,
			      .page = m.page,
			      .pages = m.pages,
			      .top = { .root = m.root } };
	return 0;
}

static int corrupt(struct err *e, const char *what)
{
	return err_set(e, ERR_CORRUPT, "a damaged bolt database: %s", what);
}

/* A page with what overflows from it. */
static int page_read(str *out, struct bolt *b, uint64_t id, struct err *e)
{
	char head[PAGE_HEAD];
	struct reader r = reader_over((str){ head, sizeof(head) });

	if (id < 2 || id >= b->pages || id > b->file.size / b->page)
		return corrupt(e, "a page that is not there");
	if (blob_read(&b->file, id * b->page, head, sizeof(head), e) < 0)
		return -1;
	uint64_t is = read_u64le(&r);

	reader_seek(&r, 12);
	uint64_t size = ((uint64_t)read_u32le(&r) + 1) * b->page;

	if (is != id)
		return corrupt(e, "a page with another's number");
	if (size > b->file.size - id * b->page)
		return corrupt(e, "a page beyond the end");
	char *to = arena_alloc(b->arena, (size_t)size);

	if (!to)
		return err_nomem(e);
	if (blob_read(&b->file, id * b->page, to, (size_t)size, e) < 0)
		return -1;
	*out = (str){ to, (size_t)size };
	return 0;
}

struct page {
	str bytes;
	uint16_t flags, count;
};

static int page_open(struct page *out, str bytes, struct err *e)
{
	struct reader r = reader_over(bytes);

	reader_seek(&r, 8);
	out->bytes = bytes;
	out->flags = read_u16le(&r);
	out->count = read_u16le(&r);
	if (r.bad || (out->flags != LEAF && out->flags != BRANCH) ||
	    (size_t)out->count * ELEMENT_BYTES + PAGE_HEAD > bytes.n)
		return corrupt(e, "a page that is neither branch nor leaf");
	return 0;
}

struct element {
	str key, value;
	uint32_t flags;
	uint64_t child;
};

static int element_read(struct element *out, const struct page *p, uint16_t i, struct err *e)
{
	size_t at = PAGE_HEAD + (size_t)i * ELEMENT_BYTES;
	struct reader r = reader_over(p->bytes);
	uint32_t pos, ksize, vsize = 0;

	*out = (struct element){ 0 };
	reader_seek(&r, at);
	if (p->flags == LEAF) {
		out->flags = read_u32le(&r);
		pos = read_u32le(&r);
		ksize = read_u32le(&r);
		vsize = read_u32le(&r);
	} else {
		pos = read_u32le(&r);
		ksize = read_u32le(&r);
		out->child = read_u64le(&r);
	}
	reader_seek(&r, size_add(at, pos));
	out->key = read_bytes(&r, ksize);
	out->value = read_bytes(&r, vsize);
	return r.bad ? corrupt(e, "a key that leads out of its page") : 0;
}

static int first_page(struct page *out, struct bolt *b, const struct bolt_bucket *in, struct err *e)
{
	str bytes = in->inline_page;

	if (in->root && page_read(&bytes, b, in->root, e) < 0)
		return -1;
	return page_open(out, bytes, e);
}

/* The last element whose key is not greater than name, or the first. */
static int branch_find(struct element *out, const struct page *p, str name, struct err *e)
{
	uint16_t low = 0, high = p->count;

	if (!p->count)
		return corrupt(e, "a branch that leads nowhere");
	while (high - low > 1) {
		uint16_t middle = (uint16_t)(low + (high - low) / 2);

		if (element_read(out, p, middle, e) < 0)
			return -1;
		if (str_cmp(out->key, name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return element_read(out, p, low, e);
}

static int find(struct element *out, struct bolt *b, const struct bolt_bucket *in, str name,
		struct err *e)
{
	struct page p;

	if (first_page(&p, b, in, e) < 0)
		return -1;
	for (int depth = 0; p.flags == BRANCH; depth++) {
		str bytes;

		if (depth == LIMIT_BOLT_DEPTH)
			return corrupt(e, "pages nested without end");
		if (branch_find(out, &p, name, e) < 0 || page_read(&bytes, b, out->child, e) < 0 ||
		    page_open(&p, bytes, e) < 0)
			return -1;
	}
	for (uint16_t i = 0; i < p.count; i++) {
		if (element_read(out, &p, i, e) < 0)
			return -1;
		if (str_eq(out->key, name))
			return 1;
	}
	return 0;
}

int bolt_bucket(struct bolt_bucket *out, struct bolt *b, const struct bolt_bucket *in, str name,
		struct err *e)
{
	struct element el;
	int r = find(&el, b, in, name, e);

	if (r <= 0 || !(el.flags & ELEMENT_BUCKET))
		return r < 0 ? -1 : 0;
	struct reader rd = reader_over(el.value);

	*out = (struct bolt_bucket){ .root = read_u64le(&rd) };
	if (el.value.n < BUCKET_HEAD)
		return corrupt(e, "a bucket cut short");
	if (!out->root)
		out->inline_page = str_from(el.value, BUCKET_HEAD);
	return 1;
}

int bolt_value(str *out, struct bolt *b, const struct bolt_bucket *in, str name, struct err *e)
{
	struct element el;
	int r = find(&el, b, in, name, e);

	if (r <= 0 || (el.flags & ELEMENT_BUCKET))
		return r < 0 ? -1 : 0;
	*out = el.value;
	return 1;
}

struct walk {
	struct bolt *b;
	int (*each)(void *ctx, str key, str value, bool is_bucket, struct err *e);
	void *ctx;
	uint64_t left; /* pages that may still be read: a ring ends the walk */
};

static int walk_page(struct walk *w, const struct page *p, int depth, struct err *e)
{
	struct element el;
	struct page child;
	int r = 0;
	str bytes;

	for (uint16_t i = 0; i < p->count && r == 0; i++) {
		if (element_read(&el, p, i, e) < 0)
			return -1;
		if (p->flags == LEAF) {
			r = w->each(w->ctx, el.key, el.value, el.flags & ELEMENT_BUCKET, e);
			continue;
		}
		if (depth == LIMIT_BOLT_DEPTH || w->left-- == 0)
			return corrupt(e, "pages nested without end");
		if (page_read(&bytes, w->b, el.child, e) < 0 || page_open(&child, bytes, e) < 0)
			return -1;
		r = walk_page(w, &child, depth + 1, e);
	}
	return r;
}

int bolt_each(struct bolt *b, const struct bolt_bucket *in,
	      int (*each)(void *ctx, str key, str value, bool is_bucket, struct err *e), void *ctx,
	      struct err *e)
{
	struct walk w = { .b = b, .each = each, .ctx = ctx, .left = b->file.size / b->page };
	struct page p;

	return first_page(&p, b, in, e) < 0 ? -1 : walk_page(&w, &p, 0, e);
}
