/* What the `db` commands share. */
#pragma once

#include "feed/store.h"
#include "tool/options.h"

/* Opens the current store of the data directory the options name: 1, or -1 and *e. */
int db_open(struct store **out, const struct options *o, struct err *e) MUST_CHECK;
/* --output table|json */
extern const struct option_row db_output_rows[];
