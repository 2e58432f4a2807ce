/* What the readers of language packages share: putting one on the list. */
#pragma once

#include "catalog/catalog.h"

/* Adds a package found in the evidence's file. type, name and version are set by the caller, other
 * strs and licences may be; what they point to is copied. ERR_LIMIT when name or version have more
 * than LIMIT_VERSION_BYTES. */
int artefact_put(struct catalog_out *out, struct package *p, struct err *e) MUST_CHECK;
