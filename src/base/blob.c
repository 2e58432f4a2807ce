#include "base/blob.h"

#include <errno.h>
#include <unistd.h>

struct blob blob_of(str bytes)
{
	return (struct blob){ .memory = bytes.p ? bytes.p : "", .fd = -1, .size = bytes.n };
}

struct blob blob_part(const struct blob *b, uint64_t at, uint64_t size)
{
	struct blob part = *b;

	at = MIN(at, b->size);
	if (part.memory)
		part.memory += at;
	else
		part.offset += at;
	part.size = MIN(size, b->size - at);
	return part;
}

static int read_all(const struct blob *b, uint64_t at, char *to, size_t n, struct err *e)
{
	while (n) {
		ssize_t got = pread(b->fd, to, n, (off_t)(b->offset + at));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, "cannot read");
		if (got == 0)
			return err_set(e, ERR_CORRUPT, "cut short at byte %llu",
				       (unsigned long long)at);
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

int blob_read(const struct blob *b, uint64_t at, void *to, size_t n, struct err *e)
{
	if (at > b->size || n > b->size - at)
		return err_set(e, ERR_CORRUPT, "cut short: %zu bytes wanted at %llu of %llu", n,
			       (unsigned long long)at, (unsigned long long)b->size);
	if (!b->memory)
		return read_all(b, at, to, n, e);
	if (n)
		memcpy(to, b->memory + at, n);
	return 0;
}

int blob_peek(str *out, const struct blob *b, uint64_t at, char *to, size_t n, struct err *e)
{
	if (at > b->size)
		at = b->size;
	n = (size_t)MIN((uint64_t)n, b->size - at);
	if (b->memory) {
		*out = (str){ b->memory + at, n };
		return 0;
	}
	if (read_all(b, at, to, n, e) < 0)
		return -1;
	*out = (str){ to, n };
	return 0;
}
