/* Credential helpers: programs of the user's that know passwords (docker-credential-NAME). Started
 * without a shell, asked over a pipe, given up after LIMIT_CREDENTIAL_SECONDS. */
#pragma once

#include "base/buf.h"
#include "image/surroundings.h"

/* `docker-credential-NAME get`, with the server's name as its input: 1 and what it printed; 0 when
 * it knows nothing of that server; -1 and *e. */
int helper_run(struct buf *out, str name, str server, const struct surroundings *s,
	       struct err *e) MUST_CHECK;
