/* A source while it is read, on the parent's side: it opens exactly the files that a description
 * may name, and tells where the bytes of each layer come from. Nothing here looks into them. */
#pragma once

#include "image/source.h"
#include "model/reason.h"

struct opened {
	struct source source;
	int fd;	      /* the archive, or the directory */
	int locks[2]; /* of a store, while it is described */
	str identity; /* words for this very file, unchanged: device, inode, size, times */
};

int opened_open(struct opened *out, const struct source *s, struct arena *a,
		struct err *e) MUST_CHECK;
void opened_close(struct opened *o);
/* Lets writers of a store go on: once it has been described. */
void opened_unlock(struct opened *o);

/* Answers a worker that describes this source (worker_job.answer; ctx is the struct opened). */
int opened_answer(void *ctx, int *fd, str words, struct err *e) MUST_CHECK;

/* Where a layer's bytes come from. Either `fd` has them, or they are put together from `dir`. */
struct layer_input {
	int fd; /* stored bytes; -1: none */
	uint64_t offset, size;
	int dir;   /* an unpacked directory; -1: none */
	int split; /* beside dir: the tar-split list; -1: there is none, so dir is walked */
	bool own;  /* fd is this layer's own and is closed with it */
	str stored; /* words that name these bytes for good; empty when nothing does */
};

int layer_input_open(struct layer_input *out, const struct opened *o, const struct description *d,
		     size_t layer, struct arena *a, struct err *e) MUST_CHECK;
void layer_input_close(struct layer_input *in);
