/* The user and the machine, for those who look for images there (image/surroundings.h). */
#pragma once

#include "image/surroundings.h"
#include "tool/options.h"

/* From the options that say something of registries (tool/scan_run.c) and the environment. Borrows
 * both. */
int around_read(struct surroundings *out, const struct options *o, struct err *e) MUST_CHECK;
