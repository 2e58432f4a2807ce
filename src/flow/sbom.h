/* A bill of materials, read by a jailed worker: its image and inventory, without any layer. */
#pragma once

#include "flow/scan.h"
#include "image/open.h"

/* Fills image and inventory of *out; all of it lives in `a`. */
int sbom_scan(struct scan_result *out, const struct opened *o, const struct scan_options *options,
	      struct arena *a, struct err *e) MUST_CHECK;
