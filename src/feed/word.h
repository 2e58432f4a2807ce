/* Words that several publishers share, and what they mean. */
#pragma once

#include "model/advisory.h"

/* An erratum's id ("RHSA-…"): it gathers repairs of several vulnerabilities. */
bool word_is_erratum(str id);
/* Red Hat's words for a package without a fix, in OVAL and CSAF: "Will not fix", "Out of support
 * scope", "Fix deferred", …; STATUS_AFFECTED for any other. */
enum fix_status word_fix_status(str word);
