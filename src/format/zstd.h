/* Zstandard (RFC 8878) as a stream over a stream: frame after frame, skippable frames passed over,
 * content checksums checked where a frame has one. */
#pragma once

#include "format/stream.h"

struct zstd;

/* `under` is borrowed and must live as long. More than `most` bytes inflated, or a frame that wants
 * a window larger than LIMIT_ZSTD_WINDOW, are ERR_LIMIT. 0 and *out (free: zstd_close), or -1. */
int zstd_open(struct zstd **out, struct stream *under, uint64_t most, struct err *e) MUST_CHECK;
/* The bytes inside. After -1 it yields -1 for good. */
struct stream *zstd_bytes(struct zstd *z);
/* The next window is made in `to`, and so on until lent another. */
void zstd_lend(struct zstd *z, char *to, size_t size);
void zstd_close(struct zstd *z);
void zstd_closep(struct zstd **z);

bool zstd_claims(str head);
