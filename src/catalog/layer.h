/* One pass over one layer: stored bytes → their digest → inflated → DiffID → archive → whoever
 * asked for a file. Two threads, one of them the caller's. Made for the jail: it opens nothing. */
#pragma once

#include "base/buf.h"
#include "model/facts.h"
#include "model/image.h"
#include "model/path_set.h"
#include "net/role.h"

struct layer_job {
	struct hash_key key; /* of the marks and owned paths in the facts */
	int fd;		 /* the stored bytes: a file, or a pipe */
	bool pipe;	 /* read() from where it stands to its end; offset and size are not used */
	uint64_t offset; /* of the layer in fd */
	uint64_t size;	 /* of the layer as stored */
	enum layer_coding coding; /* PLAIN, GZIP or ZSTD; DIR is PLAIN from a pipe */
	struct digest digest;	  /* of the stored bytes; DIGEST_NONE: not known, not checked */
	struct digest diff_id;	  /* of the archive; DIGEST_NONE: not known, not checked */
	bool overlay;  /* character devices 0/0 are whiteouts, as in an overlay's upper directory */
	uint64_t most; /* uncompressed bytes; 0: LIMIT_LAYER_BYTES */
	int scratch;   /* an empty nameless file for large contents; -1: large files are not read */
};

/* 0 and *out, with the path marks in *paths (path_set_free it; out->paths borrows it) and all else
 * in the arena. -1 and *e when the bytes could not be read at all or do not have the digests they
 * should (ERR_CORRUPT, both named). An archive that is cut short or damaged but has its digests
 * gives what was read before, and REASON_LAYER_UNREADABLE. */
int layer_read(struct facts *out, struct path_set *paths, const struct layer_job *job,
	       struct arena *a, struct err *e) MUST_CHECK;

/* The job as bytes for the worker's role "layer"; fd and scratch are not among them: they are
 * given as the worker's descriptors, in the order of enum layer_fd. */
enum layer_fd {
	LAYER_FD_STORED,
	LAYER_FD_FACTS, /* empty file: gets what facts_read reads */
	LAYER_FD_SCRATCH,
	LAYER_FD_COUNT_,
};

void layer_job_write(struct buf *out, const struct layer_job *job);
int layer_job_read(struct layer_job *out, str bytes, struct err *e) MUST_CHECK;

/* The role "layer" (net/role.h): the facts go into their descriptor. The result is empty, or one
 * byte when bytes from a pipe would have been wanted a second time, for hard links. */
int layer_role(struct buf *result, const struct role_task *task, struct arena *a,
	       struct err *e) MUST_CHECK;
