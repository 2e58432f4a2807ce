/* Collects what feeds say and writes one store of it. Deterministic: the order in which feeds come
 * does not matter, and nothing but their own words and dates goes in. */
#pragma once

#include "base/map.h"
#include "feed/sink.h"
#include "model/digest.h"

/* One feed as it was got; borrowed by builder_add, which copies. */
struct feed_origin {
	str name, place, licence;
	str digest;    /* of the file, as text */
	int64_t dated; /* the file's own date, for feeds that do not say theirs */
};

struct builder;

int builder_new(struct builder **out, struct err *e) MUST_CHECK;
void builder_free(struct builder *b);
void builder_freep(struct builder **b);

/* Checks the frames of one feed and keeps them; what a worker sent is not trusted. Takes the buf
 * when it succeeds. -1 and *e when any of it is damaged: then nothing of this feed is kept. */
int builder_add(struct builder *b, const struct feed_origin *o, struct buf *frames,
		struct err *e) MUST_CHECK;
/* Takes a feed over from an earlier store, as it stands there. `problem` says why there is nothing
 * newer, empty when the feed has not changed. 1, 0 when the store does not have it, -1. The store
 * must stay open until builder_write is done; all carried feeds come from the same one. */
int builder_carry(struct builder *b, const struct store *from, str name, str problem,
		  struct err *e) MUST_CHECK;
bool builder_has(const struct builder *b, str name);

/* Writes the file at `path` (which must not be there), synced to disk, and says its digest. The
 * builder is used up by it. */
int builder_write(struct digest *out, struct builder *b, const char *path,
		  struct err *e) MUST_CHECK;
