/* SQLite's file format (sqlite.org/fileformat2.html), as far as a table of (number, blob) needs
 * it: trees of pages, cells whose payload may go on in overflow pages, records. */
#include "base/limits.h"
#include "base/reader.h"
#include "format/rpmdb_store.h"

enum {
	FILE_HEADER = 100,
	PAGE_LEAST = 512,
	LEAF = 0x0d,
	INTERIOR = 0x05,
	RECORD_COLUMNS = 5, /* of sqlite_schema, the widest that is read */
	WAL_HEADER = 32,
	WAL_FRAME = 24,
	SCHEMA_MOST = 1 << 20, /* bytes of one row of sqlite_schema */
};

struct cell {
	uint64_t payload, key;
	size_t at; /* of the payload's first byte in the page */
};

struct column {
	uint64_t type;
	str bytes;
};

/* SQLite's own varint: big endian, seven bits a byte, eight in the ninth. */
static uint64_t read_varint(struct reader *r)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++) {
		uint8_t b = read_u8(r);

		v = v << 7 | (b & 0x7f);
		if (!(b & 0x80))
			return v;
	}
	return v << 8 | read_u8(r);
}

static bool sqlite_is(str head)
{
	return str_starts(head, (str){ "SQLite format 3\0", 16 });
}

static int page_load(struct rpmdb *db, uint32_t number, struct err *e)
{
	struct sqlite_walk *w = &db->sqlite;

	if (w->loaded == number && number != 0)
		return 0;
	if (number == 0 || number > w->pages)
		return err_set(e, ERR_CORRUPT, "page %u of %u", number, w->pages);
	w->loaded = 0;
	if (blob_read(&db->blob, (uint64_t)(number - 1) * w->page_size, db->page, w->page_size, e) <
	    0)
		return err_within(e, "page %u", number);
	w->loaded = number;
	return 0;
}

static void walk_from(struct sqlite_walk *w, uint32_t root)
{
	w->levels[0] = (struct sqlite_level){ .page = root };
	w->depth = 1;
	w->budget = w->pages;
	w->overflow = w->pages;
}

/* A page's kind and number of cells. Its own part starts behind the file's header on page 1. */
static int tree_page(struct reader *out, uint8_t *kind, uint32_t *cells, struct rpmdb *db,
		     uint32_t number, struct err *e)
{
	size_t at = number == 1 ? FILE_HEADER : 0;

	if (page_load(db, number, e) < 0)
		return -1;
	*out = reader_over((str){ db->page, db->sqlite.usable });
	reader_seek(out, at);
	*kind = read_u8(out);
	read_u16be(out); /* first free block */
	*cells = read_u16be(out);
	reader_seek(out, at + 8);
	if (*kind != LEAF && *kind != INTERIOR)
		return err_set(e, ERR_CORRUPT, "page %u is of kind %u, no table's", number, *kind);
	return 0;
}

/* The next child below an interior page: its cells' left pages, then the rightmost. */
static int descend(struct rpmdb *db, struct reader *r, uint32_t cells, struct err *e)
{
	struct sqlite_walk *w = &db->sqlite;
	struct sqlite_level *top = &w->levels[w->depth - 1];
	uint32_t right = read_u32be(r), child = right;

	if (top->cell > cells) {
		w->depth--;
		return 0;
	}
	if (top->cell < cells) {
		reader_seek(r, r->at + (size_t)top->cell * 2);
		reader_seek(r, read_u16be(r));
		child = read_u32be(r);
	}
	top->cell++;
	if (r->bad)
		return err_set(e, ERR_CORRUPT, "a cell lies outside page %u", top->page);
	if (w->depth == SQLITE_DEPTH || w->budget == 0)
		return rpmdb_stop(db, err_set(e, ERR_CORRUPT, "its pages go round"));
	w->budget--;
	w->levels[w->depth++] = (struct sqlite_level){ .page = child };
	return 0;
}

/* The next leaf cell of the tree: 1, with its page in db->page; 0; -1, and the walk goes on behind
 * what is damaged. */
static int cell_next(struct cell *out, struct rpmdb *db, struct err *e)
{
	struct sqlite_walk *w = &db->sqlite;
	struct reader r;
	uint32_t cells;
	uint8_t kind;

	while (w->depth > 0) {
		struct sqlite_level *top = &w->levels[w->depth - 1];

		if (tree_page(&r, &kind, &cells, db, top->page, e) < 0) {
			w->depth--;
			return -1;
		}
		if (kind == INTERIOR) {
			if (descend(db, &r, cells, e) < 0)
				return -1;
			continue;
		}
		if (top->cell >= cells) {
			w->depth--;
			continue;
		}
		reader_seek(&r, r.at + (size_t)top->cell++ * 2);
		reader_seek(&r, read_u16be(&r));
		out->payload = read_varint(&r);
		out->key = read_varint(&r);
		out->at = r.at;
		return r.bad ? err_set(e, ERR_CORRUPT, "a cell lies outside page %u", top->page)
			     : 1;
	}
	return 0;
}

/* How much of a payload stands in the cell itself (fileformat2, "B-tree Cell Format"). */
static size_t payload_local(uint64_t payload, uint32_t usable)
{
	uint64_t most = usable - 35, least = (usable - 12) * 32 / 255 - 23, k;

	if (payload <= most)
		return (size_t)payload;
	k = least + (payload - least) % (usable - 4);
	return (size_t)(k <= most ? k : least);
}

static int overflow_load(struct rpmdb *db, uint32_t page, uint64_t payload, struct err *e)
{
	struct sqlite_walk *w = &db->sqlite;

	while (db->header.n < payload) {
		struct reader r;
		size_t here = MIN(payload - db->header.n, (uint64_t)w->usable - 4);

		if (w->overflow == 0)
			return rpmdb_stop(db, err_set(e, ERR_CORRUPT, "its pages go round"));
		w->overflow--;
		if (page_load(db, page, e) < 0)
			return -1;
		r = reader_over((str){ db->page, w->usable });
		page = read_u32be(&r);
		buf_put(&db->header, read_bytes(&r, here));
		if (buf_check(&db->header, e) < 0)
			return -1;
	}
	return 0;
}

/* Cells that share their bytes would make a small page yield a huge table. */
static int page_charge(struct sqlite_walk *w, size_t local, struct err *e)
{
	struct sqlite_level *top = &w->levels[w->depth - 1];

	if (local <= w->usable - MIN(top->taken, w->usable)) {
		top->taken += (uint32_t)local;
		return 0;
	}
	w->depth--;
	return err_set(e, ERR_CORRUPT, "cells of page %u overlap", top->page);
}

/* The whole payload into db->header. */
static int payload_load(struct rpmdb *db, const struct cell *c, size_t most, struct err *e)
{
	struct reader r = reader_over((str){ db->page, db->sqlite.usable });
	size_t local = payload_local(c->payload, db->sqlite.usable);
	uint32_t next = 0;
	str bytes;

	if (c->payload > most)
		return err_set(e, ERR_LIMIT, "row %llu has %llu bytes", (unsigned long long)c->key,
			       (unsigned long long)c->payload);
	reader_seek(&r, c->at);
	bytes = read_bytes(&r, local);
	if (local < c->payload)
		next = read_u32be(&r);
	if (r.bad)
		return err_set(e, ERR_CORRUPT, "row %llu lies outside its page",
			       (unsigned long long)c->key);
	if (page_charge(&db->sqlite, local, e) < 0)
		return -1;
	buf_clear(&db->header);
	buf_put(&db->header, bytes);
	if (buf_check(&db->header, e) < 0)
		return -1;
	return overflow_load(db, next, c->payload, e);
}

/* Bytes of a value by its serial type (fileformat2, "Record Format"). */
static uint64_t serial_size(uint64_t type)
{
	static const uint8_t sizes[12] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

	return type < 12 ? sizes[type] : (type - 12) / 2;
}

/* Cuts a record into its columns; those that it does not have stay NULL's. */
static int record_cut(struct column out[RECORD_COLUMNS], str record, struct err *e)
{
	struct reader r = reader_over(record), body = r;
	uint64_t head = read_varint(&r);

	memset(out, 0, RECORD_COLUMNS * sizeof(*out));
	if (head > record.n)
		return err_set(e, ERR_CORRUPT, "a record is cut short");
	reader_seek(&body, (size_t)head);
	for (size_t i = 0; i < RECORD_COLUMNS && r.at < head; i++) {
		uint64_t size;

		out[i].type = read_varint(&r);
		size = serial_size(out[i].type);
		out[i].bytes = read_bytes(&body, size > record.n ? SIZE_MAX : (size_t)size);
	}
	if (r.bad || body.bad)
		return err_set(e, ERR_CORRUPT, "a record is cut short");
	return 0;
}

static uint64_t column_number(const struct column *c)
{
	uint64_t v = 0;

	if (c->type == 9)
		return 1;
	for (size_t i = 0; c->type <= 6 && i < c->bytes.n; i++)
		v = v << 8 | (uint8_t)c->bytes.p[i];
	return v;
}

/* Finds the tables by sqlite_schema, the tree whose root is page 1. */
static int roots_find(uint32_t *packages, uint32_t *sequence, struct rpmdb *db, struct err *e)
{
	struct column c[RECORD_COLUMNS];
	struct cell cell;
	int rc;

	walk_from(&db->sqlite, 1);
	while ((rc = cell_next(&cell, db, e)) > 0) {
		if (payload_load(db, &cell, SCHEMA_MOST, e) < 0 ||
		    record_cut(c, buf_str(&db->header), e) < 0)
			return -1;
		if (!str_eq(c[0].bytes, STR("table")))
			continue;
		if (str_eq(c[1].bytes, STR("Packages")))
			*packages = (uint32_t)MIN(column_number(&c[3]), (uint64_t)UINT32_MAX);
		if (str_eq(c[1].bytes, STR("sqlite_sequence")))
			*sequence = (uint32_t)MIN(column_number(&c[3]), (uint64_t)UINT32_MAX);
	}
	return rc;
}

static int header_read(struct rpmdb *db, struct err *e)
{
	char bytes[FILE_HEADER];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	struct sqlite_walk *w = &db->sqlite;
	uint32_t size, encoding;
	uint8_t reserved;

	if (blob_read(&db->blob, 0, bytes, sizeof(bytes), e) < 0)
		return err_within(e, "header");
	reader_seek(&r, 16);
	size = read_u16be(&r);
	w->page_size = size == 1 ? PAGE_MOST : size;
	reader_seek(&r, 20);
	reserved = read_u8(&r);
	reader_seek(&r, 56);
	encoding = read_u32be(&r);
	if (w->page_size < PAGE_LEAST || (w->page_size & (w->page_size - 1)) != 0 ||
	    w->page_size - reserved < 480)
		return err_set(e, ERR_CORRUPT, "pages of %u bytes less %u", w->page_size, reserved);
	if (encoding > 1)
		return err_set(e, ERR_UNSUPPORTED, "SQLite in UTF-16");
	w->usable = w->page_size - reserved;
	w->pages = (uint32_t)MIN(db->blob.size / w->page_size, (uint64_t)UINT32_MAX - 1);
	return 0;
}

static int sqlite_open(struct rpmdb *db, struct err *e)
{
	struct sqlite_walk *w = &db->sqlite;
	uint32_t packages = 0;

	if (header_read(db, e) < 0)
		return -1;
	if (roots_find(&packages, &w->sequence, db, e) < 0)
		return err_within(e, "schema");
	if (packages == 0)
		return err_set(e, ERR_CORRUPT, "SQLite without rpm's table Packages");
	walk_from(w, packages);
	return 0;
}

/* Packages is (hnum INTEGER PRIMARY KEY, blob): the number is the row's key, its column a NULL.
 * The blob is moved to the front of db->header. */
static int sqlite_next(struct rpmdb *db, struct err *e)
{
	struct column c[RECORD_COLUMNS];
	struct cell cell;
	int rc = cell_next(&cell, db, e);

	if (rc <= 0)
		return rc;
	if (payload_load(db, &cell, LIMIT_RPM_HEADER_BYTES, e) < 0 ||
	    record_cut(c, buf_str(&db->header), e) < 0)
		return err_within(e, "package %llu", (unsigned long long)cell.key);
	if (c[1].type < 12 || c[1].type % 2 != 0)
		return err_set(e, ERR_CORRUPT, "package %llu is no blob",
			       (unsigned long long)cell.key);
	memmove(db->header.p, c[1].bytes.p, c[1].bytes.n);
	db->header.n = c[1].bytes.n;
	return 1;
}

/* sqlite_sequence remembers the highest number that a package ever had. */
static int sqlite_empty(struct rpmdb *db, struct err *e)
{
	struct column c[RECORD_COLUMNS];
	struct cell cell;
	int rc;

	if (db->sqlite.sequence == 0)
		return 0;
	walk_from(&db->sqlite, db->sqlite.sequence);
	while ((rc = cell_next(&cell, db, e)) > 0) {
		if (payload_load(db, &cell, SCHEMA_MOST, e) < 0 ||
		    record_cut(c, buf_str(&db->header), e) < 0)
			return -1;
		if (str_eq(c[0].bytes, STR("Packages")) && column_number(&c[1]) > 0)
			return err_set(e, ERR_CORRUPT, "has had packages and shows none");
	}
	return rc;
}

const struct rpmdb_store rpmdb_sqlite = { "SQLite", sqlite_is, sqlite_open, sqlite_next,
					  sqlite_empty };

int rpmdb_wal_count(uint64_t *out, const struct blob *b, struct err *e)
{
	char head[WAL_HEADER], frame[WAL_FRAME];
	struct reader r = reader_over((str){ head, sizeof(head) });
	uint64_t count = 0;
	uint32_t magic, size, salts[2];

	if (blob_read(b, 0, head, sizeof(head), e) < 0)
		return err_within(e, "write-ahead log");
	magic = read_u32be(&r);
	read_u32be(&r);
	size = read_u32be(&r);
	read_u32be(&r);
	salts[0] = read_u32be(&r);
	salts[1] = read_u32be(&r);
	if ((magic & ~1u) != 0x377f0682 || size < PAGE_LEAST || size > PAGE_MOST)
		return err_set(e, ERR_CORRUPT, "no write-ahead log of SQLite's");
	for (uint64_t at = WAL_HEADER; at + WAL_FRAME + size <= b->size; at += WAL_FRAME + size) {
		uint32_t commit;

		if (blob_read(b, at, frame, sizeof(frame), e) < 0)
			return -1;
		r = reader_over((str){ frame, sizeof(frame) });
		read_u32be(&r); /* page */
		commit = read_u32be(&r);
		if (read_u32be(&r) != salts[0] || read_u32be(&r) != salts[1])
			break; /* left from before the log was started anew */
		count += commit != 0;
	}
	*out = count;
	return 0;
}
