/* "[1.0,2.0)", "(,1.0]", "[1.0]": the ranges of Maven and NuGet. */
#pragma once

#include "format/version/version.h"

/* Whether `version` lies in the interval that *rest begins with, which is taken off, with blanks
 * behind. UNSURE when it is none (then all of *rest is taken), or when `compare` refuses. With
 * `above`, the interval must not begin below it (empty: no bound), and its own end is put there. */
enum version_verdict interval_take(str version, str *rest,
				   enum version_order (*compare)(str a, str b), str *above);
bool interval_opens(str s);
