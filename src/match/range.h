/* Whether the versions of an advisory's record hit an installed one. */
#pragma once

#include "format/version/version.h"
#include "model/advisory.h"

/* VERSION_YES, VERSION_NO, or VERSION_UNSURE when a version or a bound could not be read and
 * nothing else decided. A record without ranges and versions hits every version. On YES *range
 * says in words which part of the record did (arena). -1 and *e when out of memory. */
int range_hit(enum version_verdict *out, str *range, const struct version_scheme *scheme,
	      const struct affected *record, str version, struct arena *a,
	      struct err *e) MUST_CHECK;
