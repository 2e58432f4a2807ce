/* The output formats, one row each. */
#pragma once

#include "report/table.h"

struct format {
	const char *name;
	bool for_components; /* has something to say when nothing was matched (`sbom`) */
	int (*write)(struct buf *out, const struct report *r, const struct table_options *o,
		     struct arena *a, struct err *e);
};

/* NULL when there is none of that name. */
const struct format *format_find(str name);
/* The names, separated by blanks, for messages. */
int format_names(str *out, struct arena *a, struct err *e) MUST_CHECK;
