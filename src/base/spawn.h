/* Starting another program with exactly the descriptors it is meant to have. */
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include "base/err.h"

#define SPAWN_FDS_MOST 16

struct spawn {
	const char *program;	 /* path, not searched for */
	const char *const *argv; /* NULL-ended */
	const char *const *envp; /* NULL-ended; NULL: an empty environment */
	const int *fds;		 /* become 0, 1, 2, … in the program; -1: /dev/null there */
	size_t nfds;		 /* at most SPAWN_FDS_MOST; every other descriptor is closed */
};

struct child {
	pid_t pid; /* 0: none, or reaped */
};

/* Starts it; ERR_MISSING when there is no such program. The child dies with the thread that
 * started it (PR_SET_PDEATHSIG). */
int spawn_start(struct child *out, const struct spawn *s, struct err *e) MUST_CHECK;
/* Waits for its end; *status as wait4(2) has it; used may be NULL. */
int spawn_wait(struct child *c, int *status, struct rusage *used, struct err *e) MUST_CHECK;
/* Kills and reaps, if it is still there. For CLEANUP. */
void spawn_killp(struct child *c);
