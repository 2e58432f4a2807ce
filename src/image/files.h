/* The small files that an image is described in, by name: members of an archive, files of a
 * directory that the parent opens, or, in tests, bytes in memory. */
#pragma once

#include "base/arena.h"
#include "base/blob.h"
#include "model/digest.h"

struct files {
	/* 0 and *out, which stays readable as long as the struct; ERR_MISSING when there is none.
	 */
	int (*find)(struct files *f, struct blob *out, str name, struct err *e);
	bool inside; /* all of them are parts of one descriptor: layers are told by their place */
};

/* All of a file, copied into the arena; ERR_LIMIT past LIMIT_MANIFEST_BYTES. */
int files_text(str *out, struct files *f, str name, struct arena *a, struct err *e) MUST_CHECK;
/* The same with another limit. */
int files_text_most(str *out, struct files *f, str name, size_t most, struct arena *a,
		    struct err *e) MUST_CHECK;

/* A blob of an image layout ("blobs/sha256/…"), which must have the digest and, unless `size` is
 * UINT64_MAX, the size that its descriptor says; ERR_CORRUPT names both. */
int files_blob(str *out, struct files *f, const struct digest *d, uint64_t size, struct arena *a,
	       struct err *e) MUST_CHECK;
/* "blobs/sha256/<hex>" */
int files_blob_name(str *out, const struct digest *d, struct arena *a, struct err *e) MUST_CHECK;
/* ERR_CORRUPT, naming both, when text does not have the digest. */
int files_verify(const struct digest *d, str text, const char *what, struct err *e) MUST_CHECK;
