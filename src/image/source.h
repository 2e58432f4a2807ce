/* The words by which a user names a source: PREFIX:WHERE[:TAG|@DIGEST], a path, or a reference. */
#pragma once

#include "image/description.h"
#include "image/surroundings.h"

enum source_kind {
	SOURCE_ARCHIVE, /* one file, described by a worker */
	SOURCE_LAYOUT,	/* an image layout in a directory */
	SOURCE_DIR,	/* a root file system, a source tree */
	SOURCE_STORE,	/* containers-storage */
	SOURCE_REGISTRY,
	SOURCE_ENGINE, /* Docker's, by its socket: it gives an archive */
	SOURCE_CONTAINERD,
	SOURCE_SBOM,	/* a bill of materials, read by a worker */
};

struct source {
	enum source_kind kind;
	enum describe_kind describe; /* but for SOURCE_DIR */
	str path;		     /* of the file, the directory, or the store's root */
	str tag;  /* which image; the reference, for a store, an engine or a registry */
	struct digest digest;
	const struct surroundings *around;
	bool guessed; /* it had no prefix and is no path: a reference, sought by source_guess */
};

/* Looks at the file system where the words leave it open: which part of them is a path, and what
 * lies there. ERR_USAGE for what can be no source, ERR_MISSING, ERR_UNSUPPORTED for kinds of sources
 * that are not read. Strs borrow words or live in the arena. */
int source_parse(struct source *out, str words, const struct surroundings *s, struct arena *a,
		 struct err *e) MUST_CHECK;

/* A reference may be in several places: the next one to look, in the order podman, Docker,
 * containerd, registry. *step starts at 0. 1 and *out, 0 when there are no more; places that this
 * machine does not have are left out. */
int source_guess(struct source *out, unsigned *step, str reference, const struct surroundings *s,
		 struct arena *a) MUST_CHECK;
/* "podman's store", "Docker", … */
const char *source_place(enum source_kind kind);
