/* Berkeley DB's hash access method, versions 7 to 10 (dbinc/db_page.h, hash.h of its source): a
 * page of metadata, then buckets, each a chain of pages whose items are keys and values in turn;
 * a value that does not fit lies in a chain of overflow pages. Either byte order. */
#include "base/limits.h"
#include "base/reader.h"
#include "format/rpmdb_store.h"

enum {
	HASH_MAGIC = 0x061561,
	BTREE_MAGIC = 0x053162,
	META_BYTES = 224,
	AT_MAGIC = 12,
	AT_MAX_BUCKET = 72,
	AT_SPARES = 96,
	PAGE_HEADER = 26,
	PAGE_LEAST = 512,
	TYPE_HASH_UNSORTED = 2,
	TYPE_OVERFLOW = 7,
	TYPE_HASH = 13,
	ITEM_INLINE = 1,
	ITEM_OFFPAGE = 3,
	META_CHKSUM = 1,
};

struct page_head {
	uint32_t next;
	uint16_t entries, free;
	uint8_t type;
};

static uint32_t read_u32(struct reader *r, bool swapped)
{
	return swapped ? read_u32be(r) : read_u32le(r);
}

static uint16_t read_u16(struct reader *r, bool swapped)
{
	return swapped ? read_u16be(r) : read_u16le(r);
}

static uint32_t magic_of(str head, bool swapped)
{
	struct reader r = reader_over(head);

	reader_seek(&r, AT_MAGIC);
	return read_u32(&r, swapped);
}

static bool bdb_is(str head)
{
	uint32_t le = magic_of(head, false), be = magic_of(head, true);

	return le == HASH_MAGIC || be == HASH_MAGIC || le == BTREE_MAGIC || be == BTREE_MAGIC;
}

/* The last page is told by the file's size too: what the metadata says may not lie behind it. */
static int meta_check(struct rpmdb *db, uint32_t version, uint8_t crypt, uint8_t flags,
		      struct err *e)
{
	struct bdb_walk *w = &db->bdb;
	uint32_t size = w->page_size;

	if (version < 7 || version > 10)
		return err_set(e, ERR_UNSUPPORTED, "Berkeley DB hash of version %u", version);
	if (crypt != 0 || (flags & META_CHKSUM))
		return err_set(e, ERR_UNSUPPORTED, "Berkeley DB with encryption or checksums");
	if (size < PAGE_LEAST || size > PAGE_MOST || (size & (size - 1)) != 0)
		return err_set(e, ERR_CORRUPT, "pages of %u bytes", size);
	if ((uint64_t)w->last_page * size >= db->blob.size)
		return err_set(e, ERR_CORRUPT, "%u pages of %u bytes in a file of %llu",
			       w->last_page, size, (unsigned long long)db->blob.size);
	if (w->buckets == 0 || w->buckets - 1 > w->last_page)
		return err_set(e, ERR_CORRUPT, "%u buckets in %u pages", w->buckets, w->last_page);
	return 0;
}

static int bdb_open(struct rpmdb *db, struct err *e)
{
	char bytes[META_BYTES];
	str all = { bytes, sizeof(bytes) };
	struct reader r = reader_over(all);
	struct bdb_walk *w = &db->bdb;
	uint32_t version;
	uint8_t crypt, flags;

	if (blob_read(&db->blob, 0, bytes, sizeof(bytes), e) < 0)
		return err_within(e, "metadata");
	w->swapped = magic_of(all, true) == HASH_MAGIC || magic_of(all, true) == BTREE_MAGIC;
	if (magic_of(all, w->swapped) == BTREE_MAGIC)
		return err_set(e, ERR_UNSUPPORTED, "a Berkeley DB tree, not a hash");
	reader_seek(&r, AT_MAGIC + 4);
	version = read_u32(&r, w->swapped);
	w->page_size = read_u32(&r, w->swapped);
	crypt = read_u8(&r);
	read_u8(&r); /* type of the page */
	flags = read_u8(&r);
	reader_seek(&r, 32);
	w->last_page = read_u32(&r, w->swapped);
	reader_seek(&r, AT_MAX_BUCKET);
	w->buckets = size_add(read_u32(&r, w->swapped), 1) & UINT32_MAX;
	reader_seek(&r, AT_SPARES);
	for (size_t i = 0; i < COUNT(w->spares); i++)
		w->spares[i] = read_u32(&r, w->swapped);
	w->budget = w->last_page + 1;
	return meta_check(db, version, crypt, flags, e);
}

static int head_read(struct page_head *out, const struct rpmdb *db, struct err *e)
{
	const struct bdb_walk *w = &db->bdb;
	struct reader r = reader_over((str){ db->page, w->page_size });
	uint32_t own;

	reader_seek(&r, 8);
	own = read_u32(&r, w->swapped);
	read_u32(&r, w->swapped); /* the page before */
	out->next = read_u32(&r, w->swapped);
	out->entries = read_u16(&r, w->swapped);
	out->free = read_u16(&r, w->swapped);
	read_u8(&r); /* level */
	out->type = read_u8(&r);
	/* Of the two buckets that a new file has, one is written only when it is needed; splitting
	 * one writes both, and every later one. */
	if (own == 0 && out->type == 0 && w->at == w->loaded && w->buckets <= 2)
		return 0;
	if (own != w->loaded)
		return err_set(e, ERR_CORRUPT, "page %u calls itself %u", w->loaded, own);
	return 0;
}

/* Puts the page into db->page. A sound file has no page that is asked for twice, so chains that
 * bite their tails use up the budget. */
static int page_load(struct page_head *out, struct rpmdb *db, uint32_t number, struct err *e)
{
	struct bdb_walk *w = &db->bdb;

	if (number == 0 || number > w->last_page)
		return err_set(e, ERR_CORRUPT, "page %u of %u", number, w->last_page);
	if (w->budget == 0)
		return rpmdb_stop(db, err_set(e, ERR_CORRUPT, "its pages go round"));
	w->budget--;
	w->loaded = 0;
	if (blob_read(&db->blob, (uint64_t)number * w->page_size, db->page, w->page_size, e) < 0)
		return err_within(e, "page %u", number);
	w->loaded = number;
	return head_read(out, db, e);
}

/* The numbers of pages in bucket order have gaps, which spares tell by powers of two. */
static uint32_t bucket_page(const struct bdb_walk *w, uint32_t bucket)
{
	uint32_t power = bucket == 0 ? 0 : 32 - (uint32_t)__builtin_clz(bucket);

	return bucket + w->spares[MIN(power, (uint32_t)31)];
}

static int item_read(str *out, const struct rpmdb *db, const struct page_head *head, uint32_t i,
		     struct err *e)
{
	const struct bdb_walk *w = &db->bdb;
	struct reader r = reader_over((str){ db->page, w->page_size });
	uint32_t ends = w->page_size, begins;

	if (i > 0) {
		reader_seek(&r, PAGE_HEADER + (size_t)(i - 1) * 2);
		ends = read_u16(&r, w->swapped);
	} else {
		reader_seek(&r, PAGE_HEADER);
	}
	begins = read_u16(&r, w->swapped);
	if (r.bad || begins < PAGE_HEADER + (uint32_t)head->entries * 2 || begins >= ends ||
	    ends > w->page_size)
		return err_set(e, ERR_CORRUPT, "item %u of page %u lies outside it", i, w->at);
	*out = (str){ db->page + begins, ends - begins };
	return 0;
}

static int overflow_load(struct rpmdb *db, uint32_t number, uint32_t length, struct err *e)
{
	struct page_head head;

	if (length > LIMIT_RPM_HEADER_BYTES)
		return err_set(e, ERR_LIMIT, "a package of %u bytes", length);
	while (db->header.n < length) {
		size_t here, left = length - db->header.n;

		if (page_load(&head, db, number, e) < 0)
			return -1;
		here = MIN(head.free, db->bdb.page_size - PAGE_HEADER);
		if (head.type != TYPE_OVERFLOW || here == 0 || here > left)
			return err_set(e, ERR_CORRUPT, "page %u is no part of a package", number);
		buf_put(&db->header, (str){ db->page + PAGE_HEADER, here });
		if (buf_check(&db->header, e) < 0)
			return -1;
		number = head.next;
	}
	return number == 0 ? 1 : err_set(e, ERR_CORRUPT, "a package goes on behind its end");
}

static int value_load(struct rpmdb *db, str item, struct err *e)
{
	struct reader r = reader_over(item);
	uint32_t page, length;

	switch (read_u8(&r)) {
	case ITEM_INLINE:
		buf_put(&db->header, str_from(item, 1));
		return buf_check(&db->header, e) < 0 ? -1 : 1;
	case ITEM_OFFPAGE:
		reader_seek(&r, 4);
		page = read_u32(&r, db->bdb.swapped);
		length = read_u32(&r, db->bdb.swapped);
		if (r.bad)
			return err_set(e, ERR_CORRUPT, "a reference to other pages is cut short");
		return overflow_load(db, page, length, e);
	default:
		return err_set(e, ERR_UNSUPPORTED, "an item that is no package");
	}
}

/* The next pair of the page that is being read: 1 a package, 0 the page is used up. Key 0 is not a
 * package: its value counts those that there ever were. */
static int pair_next(struct rpmdb *db, const struct page_head *head, struct err *e)
{
	struct bdb_walk *w = &db->bdb;
	uint32_t number;
	str key, value;

	while (w->item + 1 < head->entries) {
		uint32_t i = w->item;
		struct reader r;

		w->item += 2;
		if (item_read(&key, db, head, i, e) < 0 ||
		    item_read(&value, db, head, i + 1, e) < 0) {
			w->item = head->entries; /* where one is wrong, those behind it are */
			return -1;
		}
		r = reader_over(key);
		if (read_u8(&r) != ITEM_INLINE || key.n != 5)
			return err_set(e, ERR_CORRUPT, "page %u has a key that is no number",
				       w->at);
		number = read_u32(&r, w->swapped);
		if (number != 0)
			return value_load(db, value, e);
		w->used = w->used || (value.n == 5 && memcmp(value.p + 1, "\0\0\0\0", 4) != 0);
	}
	return 0;
}

/* The page of the walk. A package in overflow pages has taken db->page: then it is read again, at
 * no charge, since pairs are used up one by one. */
static int walk_page(struct page_head *out, struct rpmdb *db, struct err *e)
{
	struct bdb_walk *w = &db->bdb;

	if (w->item > 0 && w->loaded == w->at)
		return head_read(out, db, e);
	if (w->item > 0)
		w->budget++;
	if (page_load(out, db, w->at, e) < 0)
		return -1;
	if (out->entries > 0 && out->type != TYPE_HASH && out->type != TYPE_HASH_UNSORTED)
		return err_set(e, ERR_CORRUPT, "page %u is of type %u, no bucket's", w->at,
			       out->type);
	return 0;
}

static int bdb_next(struct rpmdb *db, struct err *e)
{
	struct bdb_walk *w = &db->bdb;
	struct page_head head;

	for (;;) {
		int rc;

		if (w->at == 0) {
			if (w->bucket >= w->buckets)
				return 0;
			w->at = bucket_page(w, w->bucket++);
			w->item = 0;
		}
		if (walk_page(&head, db, e) < 0) {
			w->at = 0;
			return -1;
		}
		rc = pair_next(db, &head, e);
		if (rc != 0)
			return rc;
		w->at = head.next;
		w->item = 0;
	}
}

static int bdb_empty(struct rpmdb *db, struct err *e)
{
	bool more = db->bdb.last_page > db->bdb.buckets; /* than a new file's pages */

	return db->bdb.used || more ? err_set(e, ERR_CORRUPT, "has had packages and shows none")
				    : 0;
}

const struct rpmdb_store rpmdb_bdb = { "Berkeley DB", bdb_is, bdb_open, bdb_next, bdb_empty };
