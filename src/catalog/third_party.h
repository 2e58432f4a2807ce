/* Which packages are not their distribution's own. */
#pragma once

#include "model/package.h"

/* Sets PACKAGE_THIRD_PARTY on packages that the inventory's system did not make, as far as their
 * vendor, maintainer or version say so. An apk says nothing of the kind, and a system that the
 * table does not know is left alone. */
void third_party_mark(struct inventory *inv);
