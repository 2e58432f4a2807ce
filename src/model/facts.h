/* What one layer taught, by itself: kept by DiffID and ANALYSER, merged with the layers below and
 * above it by catalog/merge. Written by the jailed worker, so whoever reads it back trusts nothing.
 *
 * Paths have no leading or doubled '/', no "." and no ".."; bytes are otherwise as in the archive. */
#pragma once

#include "base/buf.h"
#include "base/map.h"
#include "model/package.h"

/* Raised whenever a reader learns to see more: older cache entries are then read again. */
#define ANALYSER 7

/* A file or directory is named by this hash in path sets: 63 bits of it, and the lowest bit set
 * when it is a directory. The key is a secret of this machine's cache: whoever makes an image could
 * otherwise name a file so that it seems to lie over another and hides it. */
static inline uint64_t path_mark(struct hash_key key, str path, bool is_dir)
{
	return (hash_keyed(key, path) & ~(uint64_t)1) | is_dir;
}

/* Files that a package says are its own; `package` indexes the same evidence's packages, or is
 * looked up by `owner` when the list stands in a file of its own (dpkg info/NAME.list). */
struct owned_path {
	uint64_t hash; /* hash_keyed of the path as the database writes it, leading '/' removed */
	uint32_t package;
};

struct owned_list VEC_BODY(struct owned_path);

/* One file that a reader asked for, and what it said. An evidence with no packages still stands:
 * it hides what lower layers said at the same path. */
struct evidence {
	str path;
	str reader;		      /* name of the cataloger's row */
	struct package_list packages; /* layer and owned_by are not set yet */
	struct owned_list owned;
	str owner;     /* package name[:arch] whose files `owned` lists, when in a file of its own */
	struct str_list licences; /* of `owner`, when they stand in a file of their own */
	struct os os;  /* set by the OS identity readers */
};

struct evidence_list VEC_BODY(struct evidence);

enum whiteout_kind {
	WHITEOUT_FILE,	 /* ".wh.NAME": NAME of the lower layers is gone */
	WHITEOUT_OPAQUE, /* ".wh..wh..opq": all the lower layers had in this directory is gone */
};

struct whiteout {
	str path;
	enum whiteout_kind kind;
};

struct symlink {
	str path, target; /* target as written */
};

struct facts {
	struct hash_key key; /* what the hashes in it are made with */
	struct digest diff_id;
	uint64_t bytes; /* of the uncompressed archive */
	uint64_t files; /* entries in it */
	struct evidence_list evidence;
	VEC(struct whiteout) whiteouts;
	VEC(struct symlink) links;
	const uint64_t *paths; /* path_mark of every entry, sorted, unique; borrowed */
	size_t npaths;
	struct reason_list reasons; /* paths relative to the layer */
};

/* Whether the layer holds this path (as a file or link; as a directory). Logarithmic. */
bool facts_has_file(const struct facts *f, str path);
bool facts_has_dir(const struct facts *f, str path);

/* The stable form, for frames and cache files: a header with magic, ANALYSER and a SHA-256 of the
 * rest; facts_read checks all of it. Strs and paths borrow `bytes`, which must be 8-aligned. */
int facts_write(struct buf *out, const struct facts *f, struct err *e) MUST_CHECK;
/* The same without f->paths, whose bytes (as they lie in memory, little endian) must follow at
 * once: for whoever writes to a file and wants no second copy of millions. */
int facts_write_head(struct buf *out, const struct facts *f, struct err *e) MUST_CHECK;
int facts_read(struct facts *out, str bytes, struct arena *a, struct err *e) MUST_CHECK;
