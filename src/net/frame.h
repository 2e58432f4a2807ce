/* Frames between our own processes: a kind, a length, bytes. The other side may be hostile (a
 * worker that was taken over), so a length is checked before anything is allocated. */
#pragma once

#include "base/buf.h"

enum frame_kind {
	FRAME_JOB = 1, /* parent → worker: what to do */
	FRAME_RESULT,  /* worker → parent: done; the role's own bytes */
	FRAME_ERROR,   /* worker → parent: frame_error's bytes */
	FRAME_ASK,     /* worker → parent: wants one more file; see role_ask */
};

/* Blocks until all is written; 0, or -1 and *e. */
int frame_send(int fd, enum frame_kind kind, str bytes, struct err *e) MUST_CHECK;
/* Blocks until one is there: 1, its kind in *kind, its bytes in `bytes` (emptied first); 0 when
 * the other side has closed; -1 and *e, ERR_LIMIT when it is longer than `most`. */
int frame_receive(int fd, uint32_t *kind, struct buf *bytes, size_t most, struct err *e) MUST_CHECK;
/* The same, until the deadline (clock_ticks, 0 for none): ERR_LIMIT with .sys ETIMEDOUT after it.
 */
int frame_receive_by(int fd, uint32_t *kind, struct buf *bytes, size_t most, int64_t deadline,
		     struct err *e) MUST_CHECK;

/* An error as a frame's bytes, and back; words that are none give an error that says so. */
void frame_error_write(struct buf *out, const struct err *err);
void frame_error_read(struct err *out, str bytes);
