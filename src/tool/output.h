/* -o FORMAT[=FILE]: where reports go. A file is written whole or not at all. */
#pragma once

#include "report/format.h"
#include "tool/options.h"

extern const struct option_row option_output[];

struct output {
	const struct format *format;
	const char *path; /* NULL: standard output */
};

struct output_list VEC_BODY(struct output);

/* What -o asks for; the table when it asks for nothing. Refuses formats that do not exist, and two
 * on standard output. */
int output_read(struct output_list *out, const struct options *o, struct err *e) MUST_CHECK;
/* Writes the report everywhere it was asked for. */
int output_write(const struct output_list *list, const struct report *r, const struct options *o,
		 struct arena *a, struct err *e) MUST_CHECK;
