/* NDB, rpm's own store: pages of slots, each the place of a package's blob (rpm's
 * lib/backend/ndb). All little endian. */
#include "base/limits.h"
#include "base/reader.h"
#include "format/rpmdb_store.h"

enum {
	MAGIC = 0x506d7052,	 /* RpmP */
	SLOT_MAGIC = 0x746f6c53, /* Slot */
	BLOB_MAGIC = 0x53626c42, /* BlbS */
	TAIL_MAGIC = 0x45626c42, /* BlbE */
	HEADER_BYTES = 32,
	SLOT_BYTES = 16,
	FIRST_SLOT = HEADER_BYTES / SLOT_BYTES,
	PAGE_BYTES = 4096,
	PAGE_SLOTS = PAGE_BYTES / SLOT_BYTES,
	BLOCK = 16,
	BLOB_HEAD = 16,
	BLOB_TAIL = 12,
	MOST_SLOT_PAGES = 1 << 20, /* rpm's own limit */
};

struct slot {
	uint32_t magic, package, offset, count;
};

static bool ndb_is(str head)
{
	struct reader r = reader_over(head);

	return read_u32le(&r) == MAGIC && !r.bad;
}

static int ndb_open(struct rpmdb *db, struct err *e)
{
	char bytes[HEADER_BYTES];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	struct ndb_walk *w = &db->ndb;
	uint32_t version, pages;

	if (blob_read(&db->blob, 0, bytes, sizeof(bytes), e) < 0)
		return err_within(e, "header");
	reader_seek(&r, 4);
	version = read_u32le(&r);
	read_u32le(&r); /* generation */
	pages = read_u32le(&r);
	w->used = read_u32le(&r) > 1;
	if (version != 0)
		return err_set(e, ERR_UNSUPPORTED, "NDB of version %u", version);
	if (pages == 0 || pages > MOST_SLOT_PAGES || (uint64_t)pages * PAGE_BYTES > db->blob.size)
		return err_set(e, ERR_CORRUPT, "%u pages of slots in %llu bytes", pages,
			       (unsigned long long)db->blob.size);
	w->slot = FIRST_SLOT;
	w->slots = pages * PAGE_SLOTS;
	w->budget = db->blob.size / BLOCK;
	return 0;
}

static int slot_read(struct slot *out, struct rpmdb *db, struct err *e)
{
	uint32_t number = db->ndb.slot, in_page = number % PAGE_SLOTS;
	struct reader r;

	if (in_page == 0 || number == FIRST_SLOT) {
		uint64_t at = (uint64_t)(number - in_page) * SLOT_BYTES;

		if (blob_read(&db->blob, at, db->page, PAGE_BYTES, e) < 0)
			return rpmdb_stop(db, -1);
	}
	db->ndb.slot++;
	r = reader_over((str){ db->page + in_page * SLOT_BYTES, SLOT_BYTES });
	out->magic = read_u32le(&r);
	out->package = read_u32le(&r);
	out->offset = read_u32le(&r);
	out->count = read_u32le(&r);
	return 0;
}

static int blob_load(struct rpmdb *db, const struct slot *s, struct err *e)
{
	char bytes[BLOB_HEAD];
	uint64_t at = (uint64_t)s->offset * BLOCK;
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	uint32_t magic, package, length;
	char *to;

	if (blob_read(&db->blob, at, bytes, BLOB_HEAD, e) < 0)
		return err_within(e, "package %u", s->package);
	magic = read_u32le(&r);
	package = read_u32le(&r);
	read_u32le(&r); /* generation */
	length = read_u32le(&r);
	if (magic != BLOB_MAGIC || package != s->package ||
	    ((uint64_t)length + BLOB_HEAD + BLOB_TAIL + BLOCK - 1) / BLOCK != s->count)
		return err_set(e, ERR_CORRUPT, "package %u is not where its slot says", s->package);
	if (length > LIMIT_RPM_HEADER_BYTES)
		return err_set(e, ERR_LIMIT, "package %u has %u bytes", s->package, length);
	to = buf_room(&db->header, length);
	if (!to)
		return err_nomem(e);
	if (blob_read(&db->blob, at + BLOB_HEAD, to, length, e) < 0)
		return err_within(e, "package %u", s->package);
	db->header.n += length;
	if (blob_read(&db->blob, at + (uint64_t)s->count * BLOCK - 4, bytes, 4, e) < 0)
		return err_within(e, "package %u", s->package);
	reader_seek(&r, 0);
	if (read_u32le(&r) != TAIL_MAGIC)
		return err_set(e, ERR_CORRUPT, "package %u has no end", s->package);
	return 1;
}

static int ndb_next(struct rpmdb *db, struct err *e)
{
	struct ndb_walk *w = &db->ndb;
	struct slot s = { 0 };

	while (w->slot < w->slots) {
		if (slot_read(&s, db, e) < 0)
			return -1;
		if (s.magic != SLOT_MAGIC)
			return rpmdb_stop(db,
					  err_set(e, ERR_CORRUPT, "slot %u is none", w->slot - 1));
		if (s.offset == 0)
			continue;
		if (s.count == 0 || s.count > w->budget)
			return err_set(e, ERR_CORRUPT,
				       "package %u has %u blocks, more than the file", s.package,
				       s.count);
		w->budget -= s.count;
		return blob_load(db, &s, e);
	}
	return 0;
}

static int ndb_empty(struct rpmdb *db, struct err *e)
{
	return db->ndb.used ? err_set(e, ERR_CORRUPT, "has had packages and shows none") : 0;
}

const struct rpmdb_store rpmdb_ndb = { "NDB", ndb_is, ndb_open, ndb_next, ndb_empty };
