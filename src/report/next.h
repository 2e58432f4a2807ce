/* What to do first about a verdict that is not "fit". */
#pragma once

#include "report/rows.h"

/* One line of text, of which what comes from the image is not yet made plain: 1 and *out, 0 when
 * nothing needs doing, -1 and *e. */
int next_step(str *out, const struct report *r, const struct row_list *rows, struct arena *a,
	      struct err *e) MUST_CHECK;
