/* The parent's side of plimsoll-worker: start one in a role, with descriptors and a job, and get
 * its result or one honest error. What a worker answers is hostile until checked. */
#pragma once

#include "base/buf.h"
#include "base/jail.h"
#include "net/role.h"

struct worker_job {
	const char *role;    /* "layer", "image": see tool/worker.c */
	const char *what;    /* for messages: "layer 3" */
	const char *program; /* NULL: plimsoll-worker beside this executable, else in libexec */
	const int *fds;	     /* borrowed; become 4, 5, 6, … there (net/role.h) */
	size_t nfds;
	str bytes; /* the role's own */
	struct jail_limits limits;
	uint32_t seconds; /* of wall clock; 0: no limit */
	size_t most;	  /* bytes of result; 0: 1 MiB */
	bool unjailed;
	/* Called by worker_wait for each FRAME_ASK (net/role.h, role_ask): 0 and *fd, which
	 * worker_wait sends and closes; -1 and *e, which is sent instead. NULL: asking is refused. */
	int (*answer)(void *ctx, int *fd, str words, struct err *e);
	void *answer_ctx;
};

/* Limits for the role "layer" (and whoever has no better). */
struct jail_limits worker_limits(void);

struct worker;

/* Starts it and gives it its job; the descriptors may be closed afterwards. 0 and *out (free:
 * worker_free, which kills it if it still runs), or -1 and *e: nothing runs then. Several may run
 * at once; a worker dies with the thread that started it. */
int worker_start(struct worker **out, const struct worker_job *job, struct err *e) MUST_CHECK;
/* Waits for its end: 0 and the result's bytes in `result`; -1 and *e: the worker's own error, or
 * "the reader of layer 3 was killed by …; this part could not be read" (ERR_CORRUPT when what it
 * read did that to it, ERR_LIMIT for time and memory). */
int worker_wait(struct worker *w, struct buf *result, struct err *e) MUST_CHECK;
/* After a -1 of worker_wait: whether it was killed or died, so that *e is not its own words. */
bool worker_was_killed(const struct worker *w);
/* The control socket: readable when there is something to wait for without blocking long. */
int worker_fd(const struct worker *w);
void worker_free(struct worker *w);
void worker_freep(struct worker **w);
