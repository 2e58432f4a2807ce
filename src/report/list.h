/* The report as plain lines: package URLs, and comma-separated values for spreadsheets. */
#pragma once

#include "base/buf.h"
#include "model/report.h"

/* One package URL a line, sorted, each once. */
int report_purl(struct buf *out, const struct report *r, struct arena *a, struct err *e) MUST_CHECK;
/* RFC 4180 with a heading: the findings, or the packages when nothing was matched. Cells that a
 * spreadsheet would run as a formula begin with an apostrophe. */
int report_csv(struct buf *out, const struct report *r, struct arena *a, struct err *e) MUST_CHECK;
