/* An archive of an image (docker save, oci-archive): where in it each member lies. Only headers are
 * read; layers are passed over. */
#pragma once

#include "base/map.h"
#include "image/files.h"

struct archive {
	struct files files; /* find: symbolic and hard links inside are followed */
	struct blob whole;
	struct map members;
};

/* The blob must be an uncompressed tar and outlive the archive. */
int archive_open(struct archive *ar, const struct blob *whole, struct arena *a,
		 struct err *e) MUST_CHECK;
