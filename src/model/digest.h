/* A content digest as OCI image-spec v1.1 "descriptor.md, Digests" writes it: sha256:… or sha512:…
 * in lower-case hex. */
#pragma once

#include "base/err.h"

enum digest_kind {
	DIGEST_NONE,
	DIGEST_SHA256,
	DIGEST_SHA512,
};

struct digest {
	enum digest_kind kind;
	uint8_t bytes[64]; /* what is not used stays zero */
};

#define DIGEST_TEXT 136

/* "sha256:<64 hex>" → *out; ERR_CORRUPT when malformed, ERR_UNSUPPORTED for another algorithm. */
int digest_parse(struct digest *out, str text, struct err *e) MUST_CHECK;
/* Writes it as text; "none" for DIGEST_NONE. */
str digest_text(char out[DIGEST_TEXT], const struct digest *d);
bool digest_eq(const struct digest *a, const struct digest *b);
size_t digest_size(enum digest_kind kind); /* 32, 64, or 0 */

/* Hashing as the bytes come. One is made by hasher_new, fed, asked once, and freed. */
struct hasher;
int hasher_new(struct hasher **out, enum digest_kind kind, struct err *e) MUST_CHECK;
void hasher_feed(struct hasher *h, str bytes);
int hasher_end(struct digest *out, struct hasher *h, struct err *e) MUST_CHECK;
void hasher_free(struct hasher *h);
void hasher_freep(struct hasher **h);
/* All at once. */
int digest_of(struct digest *out, enum digest_kind kind, str bytes, struct err *e) MUST_CHECK;
