/* The records of a PAX extended header (POSIX.1-2001, pax, "pax Header Block"): "LENGTH
 * key=value\n" again and again. Kept are those that say where an entry's name and bytes are. */
#pragma once

#include "base/err.h"

struct pax {
	str path, link; /* empty: not set; borrowed from the text */
	str sparse_name, sparse_map;
	uint64_t size, sparse_size;
	bool has_size, has_sparse_size;
	bool sparse;	  /* any GNU.sparse.* was there */
	uint32_t version; /* of sparse: major << 8 | minor; UINT32_MAX: not said */
	str pairs;	  /* 0.0: the text from its first GNU.sparse.offset on; see pax_pair */
	int64_t mtime;
	uint64_t uid, gid;
	bool has_mtime, has_uid, has_gid;
};

/* 0 and *out, or -1 and *e when a record is malformed. */
int pax_parse(struct pax *out, str text, struct err *e) MUST_CHECK;
/* The next (offset, bytes) of a 0.0 sparse map in *pairs: 1, 0 at the end, -1 and *e. */
int pax_pair(uint64_t *offset, uint64_t *bytes, str *pairs, struct err *e) MUST_CHECK;
