/* Opening files below a directory that somebody else may have filled: no name leads out of it. */
#pragma once

#include "base/err.h"

enum beneath_links {
	BENEATH_NO_LINKS, /* a symbolic link on the way is refused */
	BENEATH_ROOTED,	  /* links are followed as if the directory were the root */
};

/* Opens a regular file for reading; 0 and *fd (close it), or -1 and *e: ERR_MISSING when there is
 * none, ERR_DENIED when a link leads out, ERR_UNSUPPORTED when it is no regular file. On kernels
 * without openat2, BENEATH_ROOTED follows no links either. */
int beneath_open(int *fd, int dir, str name, enum beneath_links links, struct err *e) MUST_CHECK;
/* The same without openat2, for tests and old kernels. */
int beneath_open_stepwise(int *fd, int dir, str name, struct err *e) MUST_CHECK;
