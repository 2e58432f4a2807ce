/* rpm's database of installed packages, whichever of its three stores it is: SQLite
 * (rpmdb.sqlite), NDB (Packages.db), Berkeley DB's hash (Packages). Read page by page. */
#pragma once

#include "base/blob.h"

struct rpmdb;

/* Tells the store by its first bytes. The blob's memory or descriptor is borrowed until
 * rpmdb_free. ERR_CORRUPT, or ERR_UNSUPPORTED for a kind that is not read, and why. */
int rpmdb_open(struct rpmdb **out, const struct blob *b, struct err *e) MUST_CHECK;
/* "SQLite", "NDB", "Berkeley DB". */
const char *rpmdb_kind(const struct rpmdb *db);
/* The next package's header for rpmheader_open, valid until the next call: 1, or 0 at the end.
 * -1 and *e when one is damaged; called again, it goes on behind the damage, as far as the store
 * can be followed. A store that has had packages and shows none is damaged too. */
int rpmdb_next(str *header, struct rpmdb *db, struct err *e) MUST_CHECK;
void rpmdb_free(struct rpmdb *db);
void rpmdb_freep(struct rpmdb **db);

/* How many transactions an SQLite write-ahead log holds that its own salts vouch for: those that
 * are not in the database file beside it. ERR_CORRUPT when it is no such log. */
int rpmdb_wal_count(uint64_t *out, const struct blob *b, struct err *e) MUST_CHECK;
