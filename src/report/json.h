/* The report as JSON, schema plimsoll.report/1 (CONTRACT; docs/reference/report.schema.json). */
#pragma once

#include "base/buf.h"
#include "model/report.h"

/* Appends the report, indented, and a newline. Keys are always present, lists sorted, times RFC
 * 3339 in UTC; what is not known is null. Nothing but the report decides the bytes. */
int report_json(struct buf *out, const struct report *r, struct arena *a, struct err *e) MUST_CHECK;
