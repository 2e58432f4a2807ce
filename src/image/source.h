/* The words by which a user names a source: PREFIX:WHERE[:TAG|@DIGEST], a path, or a reference. */
#pragma once

#include "image/description.h"

enum source_kind {
	SOURCE_ARCHIVE, /* one file, described by a worker */
	SOURCE_LAYOUT,	/* an image layout in a directory */
	SOURCE_DIR,	/* a root file system, a source tree */
	SOURCE_STORE,	/* containers-storage */
};

struct source {
	enum source_kind kind;
	enum describe_kind describe; /* but for SOURCE_DIR */
	str path;		     /* of the file, the directory, or the store's root */
	str tag;
	struct digest digest;
	bool guessed; /* it had no prefix and is no path: a reference, sought in the store */
};

/* Looks at the file system where the words leave it open: which part of them is a path, and what
 * lies there. ERR_USAGE for what can be no source, ERR_MISSING, ERR_UNSUPPORTED for kinds of sources
 * that are not read. Strs borrow words or live in the arena. */
int source_parse(struct source *out, str words, struct arena *a, struct err *e) MUST_CHECK;
