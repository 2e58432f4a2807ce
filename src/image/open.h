/* A source while it is read, on the parent's side: it opens exactly the files that a description
 * may name, and tells where the bytes of each layer come from. Nothing here looks into them. */
#pragma once

#include "image/registry.h"
#include "image/source.h"
#include "model/reason.h"

struct opened {
	struct source source;
	int fd;	      /* the archive, or the directory */
	int locks[2]; /* of a store, while it is described */
	int meta;     /* containerd's database, a copy */
	struct registry *registry;
	str identity; /* words for this very file, unchanged: device, inode, size, times; or empty */
};

/* For any source but an engine's or a registry's: what those take stands below. */
int opened_open(struct opened *out, const struct source *s, struct arena *a,
		struct err *e) MUST_CHECK;
/* A registry's image; asks it for nothing yet. */
int opened_registry(struct opened *out, const struct source *s, const struct registry_options *o,
		    struct err *e) MUST_CHECK;
/* An engine's, which writes its archive into spool, an empty file that is taken. */
int opened_engine(struct opened *out, const struct source *s, int spool, struct err *e) MUST_CHECK;
void opened_close(struct opened *o);
/* Lets writers of a store go on: once it has been described. */
void opened_unlock(struct opened *o);

/* Answers a worker that describes this source (worker_job.answer; ctx is the struct opened). */
int opened_answer(void *ctx, int *fd, str words, struct err *e) MUST_CHECK;

/* Where a layer's bytes come from. Either `fd` has them, or they are put together from `dir`, or
 * `registry` sends them. */
struct layer_input {
	int fd; /* stored bytes; -1: none */
	uint64_t offset, size;
	int dir;   /* an unpacked directory; -1: none */
	int split; /* beside dir: the tar-split list; -1: there is none, so dir is walked */
	struct registry *registry; /* or NULL; borrowed */
	struct digest digest;	   /* of the blob there */
	bool own;  /* fd is this layer's own and is closed with it */
	str stored; /* words that name these bytes for good; empty when nothing does */
};

int layer_input_open(struct layer_input *out, const struct opened *o, const struct description *d,
		     size_t layer, struct arena *a, struct err *e) MUST_CHECK;
void layer_input_close(struct layer_input *in);
