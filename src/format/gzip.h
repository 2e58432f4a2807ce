/* gzip (RFC 1952) and its deflate, as a stream over a stream. Every member's header, CRC-32 and
 * length are checked; members may follow one another; anything else after a member is
 * ERR_CORRUPT, zero bytes included. */
#pragma once

#include "format/stream.h"

struct gzip;

/* `under` is borrowed and must live as long. More than `most` bytes inflated are ERR_LIMIT.
 * 0 and *out (free: gzip_close), or -1 and *e. */
int gzip_open(struct gzip **out, struct stream *under, uint64_t most, struct err *e) MUST_CHECK;
/* The bytes inside. After -1 it yields -1 for good. */
struct stream *gzip_bytes(struct gzip *g);
/* The next window is made in `to`, and so on until lent another; best 256 KiB or more. Without
 * it, windows are made in memory of its own. */
void gzip_lend(struct gzip *g, char *to, size_t size);
void gzip_close(struct gzip *g);
void gzip_closep(struct gzip **g);

/* Whether these first bytes (4 suffice) begin a gzip or a zstd stream. */
bool gzip_claims(str head);
