/* The first half of a layer's pass, in a thread of its own: stored bytes are read, hashed and
 * inflated into a ring of buffers; the caller takes them out as a stream. */
#pragma once

#include "catalog/layer.h"
#include "format/stream.h"

struct intake;

/* Starts the thread. The job is borrowed and must live as long. 0 and *out (free: intake_free,
 * which stops and joins it), or -1 and *e. */
int intake_start(struct intake **out, const struct layer_job *job, struct err *e) MUST_CHECK;
/* The archive's bytes; -1 when they cannot be inflated further. */
struct stream *intake_bytes(struct intake *in);

struct intake_end {
	struct digest stored;  /* DIGEST_NONE when it was not asked for */
	struct digest diff_id; /* DIGEST_NONE when the bytes ended before their end */
	uint64_t bytes;	       /* inflated */
	bool cut;	       /* *why says why not all was inflated */
	struct err why;
};

/* Takes what is left, joins the thread, and gives the digests; -1 and *e only when reading or
 * hashing itself failed. */
int intake_finish(struct intake_end *out, struct intake *in, struct err *e) MUST_CHECK;
void intake_free(struct intake *in);
void intake_freep(struct intake **in);
