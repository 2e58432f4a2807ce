/* The report as a CycloneDX 1.6 bill of materials in JSON: the components, and, when it was
 * matched, the vulnerabilities. Deterministic: the serial
 * number follows from the content, the date is the image's or the data's. */
#pragma once

#include "base/buf.h"
#include "model/report.h"

int report_cyclonedx(struct buf *out, const struct report *r, struct arena *a,
		     struct err *e) MUST_CHECK;
