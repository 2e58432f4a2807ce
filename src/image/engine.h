/* Docker's engine, or another that speaks as it does, by its socket. */
#pragma once

#include "image/surroundings.h"

/* Writes what `docker save NAME` would to `to`, at most LIMIT_SPOOL_BYTES. ERR_MISSING when there
 * is no engine here or it has no such image, ERR_DENIED when its socket is not for us. */
int engine_export(int to, str name, const struct surroundings *s, struct err *e) MUST_CHECK;
/* The socket: that of DOCKER_HOST, else the usual ones. ERR_MISSING when there is none. */
int engine_socket(str *out, const struct surroundings *s, struct arena *a,
		  struct err *e) MUST_CHECK;
