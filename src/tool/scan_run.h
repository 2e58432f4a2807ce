/* What every command that looks into an image shares: the options, the scan with its progress, and
 * the advisory data. */
#pragma once

#include "feed/store.h"
#include "flow/scan.h"
#include "tool/options.h"

/* --platform, --cache-dir, --no-cache, --jobs, --unjailed, --no-progress */
extern const struct option_row option_source[];

/* Reads the image that `source` names, as the options say: 0, or -1 and *e. Notes go to stderr. */
int scan_run(struct scan_result *out, const struct options *o, str source, struct arena *a,
	     struct err *e) MUST_CHECK;
/* The advisory data. Without any that can be read *out stays NULL and stderr says what to do. */
int scan_store(struct store **out, const struct options *o, struct err *e) MUST_CHECK;
