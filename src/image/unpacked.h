/* Directories read as if they were archives: what lies unpacked on a disk goes as a tar into a
 * pipe, in a fixed order, without a look at any content. */
#pragma once

#include "base/arena.h"
#include "model/reason.h"

struct unpacked {
	int to;	      /* gets the archive */
	bool overlay; /* an overlay's upper directory: opaque directories are written as whiteouts */
	struct reason_list *reasons; /* files that could not be read, with their paths */
	struct arena *arena;	     /* for the reasons */
};

/* Walks the tree under `dir`. Links are not followed, other file systems of the kernel's own (proc,
 * sysfs, …) are passed over. 0, or -1 and *e when the tree cannot be walked or `to` be written. */
int unpacked_walk(const struct unpacked *u, int dir, struct err *e) MUST_CHECK;

/* Copies the file `name` beneath dir to `to`; ERR_CORRUPT when it does not have `size` bytes. */
int unpacked_copy(int to, int dir, str name, uint64_t size, struct err *e) MUST_CHECK;
