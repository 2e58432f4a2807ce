/* Package URLs read back: package_purl's other direction, for bills of materials of any maker. */
#pragma once

#include "model/package.h"

/* The text → type, name, version, arch, source and purl_extra of *out, as its own package manager
 * would print them (the epoch of a qualifier goes before the version); *distro is that qualifier's
 * value or empty, *space the namespace. 0, or -1 and ERR_CORRUPT. Strs live in the arena. */
int purl_read(struct package *out, str *distro, str *space, str text, struct arena *a,
	      struct err *e) MUST_CHECK;
