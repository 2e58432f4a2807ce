/* The stores behind rpmdb.h: each a walk over its own pages. */
#pragma once

#include "base/buf.h"
#include "format/rpmdb.h"

enum {
	SQLITE_DEPTH = 20,    /* as SQLite's own limit for a tree */
	PAGE_MOST = 64 << 10, /* bytes of a page, in SQLite and Berkeley DB */
};

/* A page of a tree that is being walked, which of its cells comes next, and how many bytes those
 * before it took. */
struct sqlite_level {
	uint32_t page, cell, taken;
};

struct sqlite_walk {
	uint32_t page_size, usable, pages;
	uint32_t loaded; /* the page in rpmdb.page; 0: none */
	struct sqlite_level levels[SQLITE_DEPTH];
	size_t depth;
	uint32_t budget;   /* tree pages that may still be visited */
	uint32_t overflow; /* overflow pages that may still be read */
	uint32_t sequence; /* root of sqlite_sequence, or 0 */
};

struct ndb_walk {
	uint32_t slot, slots;
	uint64_t budget; /* blocks that may still be read */
	bool used;	 /* has had a package once */
};

struct bdb_walk {
	bool swapped; /* big endian */
	uint32_t page_size, last_page;
	uint32_t spares[32];
	uint32_t bucket, buckets;
	uint32_t at;   /* page that is being read; 0: the next bucket's first */
	uint32_t item; /* in it, even: a key */
	uint32_t loaded;
	uint32_t budget; /* pages that may still be read */
	bool used;	 /* has had a package once */
};

struct rpmdb_store {
	const char *kind;
	bool (*is)(str head);
	int (*open)(struct rpmdb *db, struct err *e);
	/* Puts a header into db->header; results as rpmdb_next. */
	int (*next)(struct rpmdb *db, struct err *e);
	/* At the end, when there was no package: whether that is believable. */
	int (*empty)(struct rpmdb *db, struct err *e);
};

struct rpmdb {
	const struct rpmdb_store *store;
	struct blob blob;
	struct buf header;
	char *page; /* PAGE_MOST bytes */
	uint64_t found;
	bool ended;
	union {
		struct sqlite_walk sqlite;
		struct ndb_walk ndb;
		struct bdb_walk bdb;
	};
};

extern const struct rpmdb_store rpmdb_sqlite, rpmdb_ndb, rpmdb_bdb;

/* Ends the walk: the store cannot be followed further. Returns -1 for err_set's sake. */
static inline int rpmdb_stop(struct rpmdb *db, int rc)
{
	db->ended = true;
	return rc;
}
