/* Zip archives (PKWARE APPNOTE 6.3) over a blob: the central directory decides what there is, as
 * for Java. Zip64, comments and data before the first entry (self-extracting, executable jars) are
 * read; archives in parts are not. Names are bytes as written: to be shown, never to be opened. */
#pragma once

#include "base/arena.h"
#include "base/blob.h"
#include "format/stream.h"

struct zip {
	struct blob content;
	uint64_t base;	/* where the archive's own offset 0 lies in content */
	uint64_t start; /* of the directory, in content */
	str directory;	/* its bytes */
	uint64_t entries;
};

struct zip_entry {
	str name; /* borrowed from the directory; ends in '/' for a folder */
	uint64_t size, packed;
	uint64_t header; /* its local header's place, in content */
	uint32_t crc;
	uint32_t mode; /* Unix mode when made there, else 0 */
	uint16_t method, flags;
};

/* Reads the directory (into the arena when the blob is a file) and checks that entries lie before
 * it, one after the other. ERR_CORRUPT when it is no zip or a lying one, ERR_LIMIT beyond
 * LIMIT_ZIP_ENTRIES or LIMIT_ZIP_LIST_BYTES. */
int zip_open(struct zip *out, const struct blob *content, struct arena *a,
	     struct err *e) MUST_CHECK;

/* Walks the directory from *at = 0: true and the next entry, false at the end. */
bool zip_next(struct zip_entry *out, const struct zip *z, size_t *at);
/* The first entry of that name; false when there is none. Linear. */
bool zip_find(struct zip_entry *out, const struct zip *z, str name);

/* 1 and the bytes themselves, not copied and not checked against the CRC, when the entry is stored;
 * 0 when it is packed; ERR_UNSUPPORTED when encrypted. */
int zip_stored(struct blob *out, const struct zip *z, const struct zip_entry *en,
	       struct err *e) MUST_CHECK;

/* An entry's bytes as a stream that ends well only when size and CRC are what the directory says.
 * ERR_UNSUPPORTED for encrypted entries and for methods other than stored and deflated. */
struct zip_stream;
int zip_stream_open(struct zip_stream **out, const struct zip *z, const struct zip_entry *en,
		    struct err *e) MUST_CHECK;
struct stream *zip_stream_bytes(struct zip_stream *zs);
void zip_stream_free(struct zip_stream *zs);
void zip_stream_freep(struct zip_stream **zs);

/* All of an entry, in the arena; ERR_LIMIT when it has more than `most` bytes. */
int zip_read(str *out, const struct zip *z, const struct zip_entry *en, size_t most,
	     struct arena *a, struct err *e) MUST_CHECK;
