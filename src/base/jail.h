/* Locking this process in before it touches foreign bytes: afterwards it can compute, read and
 * write the descriptors it already has, start threads, and end. Nothing undoes it. */
#pragma once

#include "base/err.h"

struct jail_limits {
	uint64_t memory;      /* bytes of private memory (RLIMIT_DATA); 0: no limit */
	uint64_t file_bytes;  /* a file it writes may not grow past this; 0: no limit */
	uint32_t seconds;     /* of processor time; 0: no limit */
	uint32_t descriptors; /* it may have in all when it is handed more; 0: no more */
	bool no_landlock;     /* tests: as if the kernel had none */
};

/* What stands; the first four always do when jail_enter succeeded. */
struct jail_state {
	bool no_new_privs, no_dump, seccomp, limits;
	bool no_capabilities; /* all dropped, or there were none */
	int landlock; /* version of the kernel's Landlock that is in force; 0: it has none */
};

/* 0 and *out, or -1 and *e saying what could not be set up: then the process must not go on to
 * foreign bytes. A kernel without Landlock is no failure, but out->landlock says so. Call it with
 * one thread, after all that opens files (hashers, see digest_warm) has been done once.
 * Afterwards: open, socket, connect, execve, fork, ptrace and their like kill the process (SIGSYS);
 * whatever else is not allowed answers EPERM. */
int jail_enter(struct jail_state *out, const struct jail_limits *limits, struct err *e) MUST_CHECK;
/* Whether a signal that ended a process is the jail's own: "it tried what its jail forbids",
 * "it used more processor time than it may", …; NULL for a signal that says nothing. */
const char *jail_signal_words(int signal);
