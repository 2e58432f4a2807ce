/* A bbolt database (etcd-io/bbolt, as containerd and BuildKit keep theirs), read: buckets of sorted
 * keys in pages, the newest of two states that is whole. Nothing is checked that is not asked for;
 * what is asked for is bounds-checked to the byte. */
#pragma once

#include "base/arena.h"
#include "base/blob.h"

struct bolt_bucket {
	uint64_t root; /* its page; 0: it is small enough to lie in its parent */
	str inline_page;
};

struct bolt {
	struct blob file;
	struct arena *arena; /* what is read lives there */
	uint32_t page;	     /* bytes of one */
	uint64_t pages;	     /* of the state that is read */
	struct bolt_bucket top;
};

/* 0, or -1 and *e: ERR_CORRUPT when neither state is whole. */
int bolt_open(struct bolt *out, const struct blob *file, struct arena *a, struct err *e) MUST_CHECK;

/* 1 and *out, 0 when the bucket has nothing (of that kind) of that name, -1 and *e. */
int bolt_bucket(struct bolt_bucket *out, struct bolt *b, const struct bolt_bucket *in, str name,
		struct err *e) MUST_CHECK;
int bolt_value(str *out, struct bolt *b, const struct bolt_bucket *in, str name,
	       struct err *e) MUST_CHECK;

/* Calls `each` for every key in order, until it says 1 (enough) or -1. */
int bolt_each(struct bolt *b, const struct bolt_bucket *in,
	      int (*each)(void *ctx, str key, str value, bool is_bucket, struct err *e), void *ctx,
	      struct err *e) MUST_CHECK;
