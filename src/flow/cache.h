/* What layers taught, kept between scans: one file of facts for each (DiffID, ANALYSER), and an
 * empty one for each pair of stored bytes and DiffID that was once verified. Many processes may use
 * it at once: entries appear whole or not at all, and a damaged one is removed and read again. */
#pragma once

#include "base/blob.h"
#include "base/buf.h"
#include "model/facts.h"

#define CACHE_MOST_BYTES ((uint64_t)2 << 30) /* least recently used entries go first */
#define CACHE_MOST_PAIRS 100000

struct cache;

/* Makes the directory (0700) when it is not there. ERR_DENIED when it belongs to somebody else or
 * others may write to it. `most` 0: CACHE_MOST_BYTES. 0 and *out (free: cache_close). */
int cache_open(struct cache **out, str dir, uint64_t most, struct err *e) MUST_CHECK;
void cache_close(struct cache *c);
void cache_closep(struct cache **c);
/* The secret with which the paths in its facts are hashed: made once for each cache, or only for
 * this process where it cannot be kept. */
struct hash_key cache_key(const struct cache *c);

/* 1 and *out, in the arena, when it is there, whole and hashed with the cache's key; 0 when not, or -1 for lack of memory. */
int cache_get(struct facts *out, struct cache *c, const struct digest *diff_id, struct arena *a,
	      struct err *e) MUST_CHECK;
/* An empty nameless file for new facts, on the cache's disk. */
int cache_temporary(int *fd, struct cache *c, struct err *e) MUST_CHECK;
/* Keeps what is in fd, which the caller has checked, under the DiffID. Another process may have
 * been faster: that is no error. */
int cache_put(struct cache *c, int fd, const struct digest *diff_id, struct err *e) MUST_CHECK;

/* Whether these stored bytes (a blob's digest, or other words for one unchanging thing) were once
 * seen to have this DiffID; and that they now were. */
bool cache_pair_known(struct cache *c, str stored, const struct digest *diff_id);
int cache_pair_note(struct cache *c, str stored, const struct digest *diff_id,
		    struct err *e) MUST_CHECK;

/* Brings it below its size; to be called after putting. What another process does already is left
 * to it. */
int cache_trim(struct cache *c, struct err *e) MUST_CHECK;
