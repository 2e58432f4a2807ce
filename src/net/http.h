/* Getting files over HTTP(S): several at once, asking only for what changed, going on where a
 * broken transfer stopped. TLS is always checked; proxies and CA files come from where libcurl
 * looks for them. libcurl is loaded when this is first used: programs that never fetch do not pay
 * for it. */
#pragma once

#include "base/err.h"

enum http_outcome {
	HTTP_PENDING,
	HTTP_GOT,	/* a new file is at .path */
	HTTP_UNCHANGED, /* the file at .path is what the server has */
	HTTP_NONE,	/* 404 or 410 */
	HTTP_FAILED,	/* .err says why; the file at .path is untouched */
};

/* One file to get. The file's own mtime is set to the server's Last-Modified; ETag and date are
 * kept beside it in PATH.http, a broken transfer in PATH.part. */
struct http_get {
	str url;
	const char *path;
	enum http_outcome outcome;
	struct err err;
};

struct http_limits {
	uint64_t most;	  /* bytes of one file */
	uint32_t stall;	  /* seconds with less than 100 bytes/s before it is given up */
	uint32_t connect; /* seconds */
	uint32_t redirects;
	uint32_t at_once;
	uint32_t tries; /* of a transfer that breaks off or a server that is overloaded (5xx) */
};

struct http_limits http_limits(void);

/* Gets them all; each one's outcome stands in it. -1 and *e only when nothing could be tried. */
int http_get_all(struct http_get *files, size_t n, const struct http_limits *limits,
		 void (*progress)(void *ctx, uint64_t bytes, size_t done, size_t of), void *ctx,
		 struct err *e) MUST_CHECK;
