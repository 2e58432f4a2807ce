/* The report for people: a summary that is understood at a glance, then what to fix, first things
 * first. Coverage and verdict are always said. */
#pragma once

#include "base/buf.h"
#include "model/report.h"

struct table_options {
	size_t width; /* of the terminal; 0: not a terminal, nothing is cut */
	bool colour;
	bool all; /* every row, even on a terminal */
};

int report_table(struct buf *out, const struct report *r, const struct table_options *o,
		 struct arena *a, struct err *e) MUST_CHECK;
