/* Offering one file's content to the rows of the catalogue that want it. */
#pragma once

#include "catalog/catalog.h"
#include "format/stream.h"

enum {
	OFFER_ROWS = 32,	/* rows that may want one file */
	OFFER_MEMORY = 8 << 20, /* larger contents go to the scratch file */
};

struct offer {
	struct hash_key key; /* for owned paths; set after offer_init */
	struct arena *arena;
	struct evidence_list *evidence;
	struct reason_list *reasons;
	struct map last; /* path → its newest evidence's index + 1, as an integer */
	int scratch;	 /* or -1 */
	struct buf text; /* content in memory, when it does not lie in one window */
	void *mapped;
	size_t mapped_size;
};

void offer_init(struct offer *o, struct arena *a, struct evidence_list *evidence,
		struct reason_list *reasons, int scratch);
void offer_free(struct offer *o);

/* Shows `content`, `size` bytes, to whoever wants a file at one of the n paths; what nobody wants
 * is not read. With `by_path`, only rows that go by the path are asked. 0, or -1 and *e when the
 * content ends early or memory is used up. */
int offer_file(struct offer *o, const str *paths, size_t n, uint32_t mode, uint64_t size,
	       struct stream *content, bool by_path, struct err *e) MUST_CHECK;
/* Shows a directory to the rows that want such; of one that is shown twice the last counts. */
int offer_directory(struct offer *o, str path, struct err *e) MUST_CHECK;
/* Forgets what was said of a path: a later entry of the archive has taken its place. */
void offer_forget(struct offer *o, str path);
/* Drops what was forgotten from the list. */
void offer_compact(struct offer *o);
