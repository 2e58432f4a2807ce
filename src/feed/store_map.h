/* Inside the store: the mapping, and one key's bytes in it. For feed/ only. */
#pragma once

#include <lmdb.h>

#include "feed/key.h"
#include "feed/store.h"
#include "model/digest.h"

struct store {
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	struct arena arena; /* of info */
	struct store_info info;
};

/* 1 and the bytes in the mapping, 0 when there is no such key, -1 and *e. */
int store_get(str *out, const struct store *s, const struct key *k, struct err *e) MUST_CHECK;

/* Walks all keys in order: 1 and both, 0 at the end, -1. Starts when *cursor is NULL; closed by
 * store_walk_end. */
int store_walk(MDB_cursor **cursor, str *key, str *value, const struct store *s,
	       struct err *e) MUST_CHECK;
/* The same from the first key that is not before `from`. */
int store_walk_from(MDB_cursor **cursor, str *key, str *value, const struct store *s,
		    const struct key *from, struct err *e) MUST_CHECK;
void store_walk_end(MDB_cursor **cursor);

/* Name of a source by its number; empty when there is none. */
str store_source_name(const struct store *s, uint64_t source);
/* An item of a list value: its source and its bytes. 1, 0 at the end, -1. */
int store_item(uint64_t *source, struct reader *item, struct reader *list, const struct store *s,
	       struct err *e) MUST_CHECK;

/* What the digest of a store is made of: every key and value with their lengths, in order. */
void store_hash(struct hasher *h, str key, str value);
