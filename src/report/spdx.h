/* The report's components as an SPDX 2.3 document in JSON. What SPDX has no words for stands in
 * annotations, NAME=VALUE. Deterministic: its namespace follows from its content. */
#pragma once

#include "base/buf.h"
#include "model/report.h"

int report_spdx(struct buf *out, const struct report *r, struct arena *a, struct err *e) MUST_CHECK;
