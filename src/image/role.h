/* The worker's roles of this room (net/role.h). */
#pragma once

#include "net/role.h"

/* "image": job is describe_job's bytes; an archive is the first descriptor, files of a directory
 * are asked for by name. The result is description's bytes. */
int image_role(struct buf *result, const struct role_task *task, struct arena *a,
	       struct err *e) MUST_CHECK;

/* "inflate": no job; the first descriptor is a gzip or zstd file, the second an empty one that gets
 * what is inside. For archives of images that were compressed as a whole. */
int inflate_role(struct buf *result, const struct role_task *task, struct arena *a,
		 struct err *e) MUST_CHECK;

/* "tarsplit": the first descriptor is a .tar-split.gz, the second a pipe that gets the parts of the
 * archive (image/tarsplit.h). */
int tarsplit_role(struct buf *result, const struct role_task *task, struct arena *a,
		  struct err *e) MUST_CHECK;
