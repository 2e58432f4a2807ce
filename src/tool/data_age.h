/* How old advisory data may be, for every command that answers from it. */
#pragma once

#include "tool/options.h"

/* --max-data-age */
extern const struct option_row option_age[];

/* Seconds, or -1 where any age will do; without the option, seven days. */
int data_age(int64_t *out, const struct options *o, struct err *e) MUST_CHECK;
