/* Random access to the bytes of one thing: in memory, or a part of a file descriptor. Borrowed:
 * whoever made it owns memory and descriptor. Safe to copy and to narrow. */
#pragma once

#include "base/err.h"

struct blob {
	const char *memory; /* NULL: read from fd */
	int fd;
	uint64_t offset; /* of its first byte in fd */
	uint64_t size;
};

struct blob blob_of(str bytes);
/* The part that starts at `at`; cut to what is there. */
struct blob blob_part(const struct blob *b, uint64_t at, uint64_t size);
/* Exactly n bytes from `at`; ERR_CORRUPT when they are not all there. */
int blob_read(const struct blob *b, uint64_t at, void *to, size_t n, struct err *e) MUST_CHECK;
/* Up to n bytes from `at` into `to`, or, when in memory, without copying; *out says which and how
 * many. A short answer means the end. */
int blob_peek(str *out, const struct blob *b, uint64_t at, char *to, size_t n, struct err *e)
	MUST_CHECK;
