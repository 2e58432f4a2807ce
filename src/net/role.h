/* What a worker program can be told to do. A role is a function in the room that knows how
 * (catalog/, image/, feed/) and a row in tool/worker.c. It runs in the jail: no files but those
 * given, no network, bounded memory and time.
 *
 * Descriptors of a worker: 0, 1 and 2 are /dev/null; 3 is the control socket, which carries
 * frames (net/frame.h); 4 and up are those the job came with, in its order. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum {
	ROLE_CONTROL = 3,
	ROLE_FD_FIRST = 4,
	ROLE_FDS_MOST = 8,
};

struct role_task {
	str job; /* the role's own bytes: read them with base/reader */
	int fds[ROLE_FDS_MOST];
	size_t nfds;
};

struct role {
	str name;
	size_t arena; /* bytes */
	/* 0 and its answer in `result`, or -1 and *e, which is sent to the parent whole. */
	int (*run)(struct buf *result, const struct role_task *task, struct arena *a,
		   struct err *e);
};

/* From inside a worker: asks the parent for one more descriptor, by words that the parent's
 * worker_job.answer understands. 0 and *fd (close it), or -1 and *e, the parent's own error. The
 * question goes out as FRAME_ASK on ROLE_CONTROL; the answer is one message (fd_receive): '+' with
 * the descriptor, or '-' and frame_error's bytes without one. The jail lets recvmsg through. */
int role_ask(int *fd, str words, struct err *e) MUST_CHECK;
