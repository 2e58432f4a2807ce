/* The words by which OVAL's publishers call a system, and OSV's for the same. */
#pragma once

#include "base/arena.h"

struct oval_platform {
	str ecosystem;	/* "Debian:12"; empty when the words are not known */
	bool by_source; /* the publisher speaks of source packages */
};

/* `release` is what the feed's own name says, for publishers that do not. 0, or -1. */
int oval_platform_of(struct oval_platform *out, str words, bool pro, str release, struct arena *a,
		     struct err *e) MUST_CHECK;
