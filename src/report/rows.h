/* Findings as people read them: one row for one vulnerability of one source package, whatever
 * number of binary packages it came in, and the rows of a package together. */
#pragma once

#include "model/report.h"

struct row {
	const struct finding *f; /* the one that speaks for the row */
	str package;		 /* source package where matching went by it, else the package */
	str type;
	str installed;
	struct str_list packages; /* names of those hit, when they are others than `package` */
	double weight;		  /* what to fix first: the greater the sooner */
	size_t group;		  /* rows of one package and version have the same number */
};

struct row_list VEC_BODY(struct row);

/* Sorted: groups by their weightiest row, rows by weight. Suppressed findings are left out and
 * counted. */
int rows_of(struct row_list *out, size_t *suppressed, const struct report *r, struct arena *a,
	    struct err *e) MUST_CHECK;
