/* Bytes that come one window after another: the one shape that inflaters, hashers and archive
 * readers share. Whoever makes a stream owns what is under it and frees it by its own call. */
#pragma once

#include "base/blob.h"

struct stream {
	/* Sets .window to the next bytes, which stay valid until the next call: 1 got some, 0 end,
	 * -1 and *e. Called only when the window is used up. */
	int (*more)(struct stream *s, struct err *e);
	/* Passes over n bytes without getting them; NULL when it cannot. 0, or -1 and *e. */
	int (*pass)(struct stream *s, uint64_t n, struct err *e);
	str window;	/* bytes got and not yet taken */
	uint64_t taken; /* bytes taken so far */
};

/* 1 when the window is not empty (after asking for more if need be), 0 at the end, -1 and *e. */
int stream_fill(struct stream *s, struct err *e) MUST_CHECK;
/* Takes n bytes off the window; n is at most what is in it. */
void stream_take(struct stream *s, size_t n);
/* Exactly n bytes, copied; 1, or 0 when the stream ended before the first of them; ERR_CORRUPT
 * when it ended in between. */
int stream_read(struct stream *s, void *to, size_t n, struct err *e) MUST_CHECK;
/* Passes over n bytes; ERR_CORRUPT when there are fewer. */
int stream_skip(struct stream *s, uint64_t n, struct err *e) MUST_CHECK;

/* A stream over bytes in memory. */
struct memory_stream {
	struct stream s;
	str rest;
};
void memory_stream_init(struct memory_stream *m, str bytes);

/* A stream over a blob, in windows of `size` bytes at `to`; what is skipped is not read. */
struct blob_stream {
	struct stream s;
	struct blob blob;
	uint64_t at;
	char *to;
	size_t size;
};
void blob_stream_init(struct blob_stream *b, const struct blob *blob, char *to, size_t size);
