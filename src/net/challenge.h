/* What a server wants before it answers: WWW-Authenticate, RFC 9110 section 11.6.1. */
#pragma once

#include "base/arena.h"

enum challenge_scheme {
	CHALLENGE_OTHER,
	CHALLENGE_BASIC,
	CHALLENGE_BEARER,
};

struct challenge {
	enum challenge_scheme scheme;
	str realm, service, scope,
		error; /* of a bearer challenge: RFC 6750, distribution's token spec */
};

/* Takes the next challenge off *rest, which may have several, behind commas or on lines of their
 * own: 1 and *out (borrowing, or in the arena); 0 when none is left; ERR_CORRUPT when it is none.
 */
int challenge_next(struct challenge *out, str *rest, struct arena *a, struct err *e) MUST_CHECK;

/* The best of all: 1 and *out, bearer before basic; 0 when neither is there. More than
 * LIMIT_CHALLENGES are ERR_LIMIT. */
int challenge_choose(struct challenge *out, str all, struct arena *a, struct err *e) MUST_CHECK;
