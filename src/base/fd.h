/* Descriptors: closing by scope, whole writes and reads, and handing descriptors to another
 * process over a Unix socket. */
#pragma once

#include "base/buf.h"

/* Closes *fd if it is open (>= 0) and sets it to -1; keeps errno. For CLEANUP. */
void fd_closep(int *fd);

/* Writes all of it; 0, or -1 and *e. */
int fd_write(int fd, str bytes, struct err *e) MUST_CHECK;
/* Appends everything up to the end of file to `to`; ERR_LIMIT when that is more than `most`. */
int fd_read(struct buf *to, int fd, size_t most, struct err *e) MUST_CHECK;
/* Reads exactly n bytes: 1; 0 at the end of file before the first; ERR_CORRUPT in between. */
int fd_read_exact(int fd, void *to, size_t n, struct err *e) MUST_CHECK;
/* Writes all of it at `at` (pwrite); 0, or -1 and *e. */
int fd_write_at(int fd, uint64_t at, str bytes, struct err *e) MUST_CHECK;

/* A nameless file of its own in directory `dir` (AT_FDCWD and a path work too): O_TMPFILE, or,
 * where the file system has none, a file unlinked at once. 0 and *out (close it), or -1 and *e. */
int fd_temporary(int *out, int dir, const char *path, struct err *e) MUST_CHECK;

#define FD_SEND_MOST 8 /* descriptors in one message */

/* Sends n descriptors (at most FD_SEND_MOST) and up to 4096 bytes, at least one, as one message. */
int fd_send(int sock, const int *fds, size_t n, str bytes, struct err *e) MUST_CHECK;
/* Receives one message: 1, or 0 when the other side has closed, or -1 and *e. At most `most`
 * descriptors go to fds (close-on-exec, the caller closes them) and their number to *n; the bytes
 * are appended to `bytes`. A message that was cut, or has more descriptors, is ERR_CORRUPT. */
int fd_receive(int sock, int *fds, size_t most, size_t *n, struct buf *bytes,
	       struct err *e) MUST_CHECK;
