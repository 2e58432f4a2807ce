/* The report as a CycloneDX 1.6 bill of materials in JSON: the components, and, when it was
 * matched, the vulnerabilities. Deterministic: no serial number and no time of writing. */
#pragma once

#include "base/buf.h"
#include "model/report.h"

int report_cyclonedx(struct buf *out, const struct report *r, struct arena *a,
		     struct err *e) MUST_CHECK;
