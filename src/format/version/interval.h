/* "[1.0,2.0)", "(,1.0]", "[1.0]": the ranges of Maven and NuGet. */
#pragma once

#include "format/version/version.h"

/* Whether `version` lies in the interval that *rest begins with, which is taken off, with blanks
 * behind. UNSURE when it is none (then all of *rest is taken), or when `compare` refuses. */
enum version_verdict interval_take(str version, str *rest,
				   enum version_order (*compare)(str a, str b));
bool interval_opens(str s);
