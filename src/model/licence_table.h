/* The SPDX licence list's identifiers, and what else people write. */
#pragma once

#include "base/str.h"

struct licence_alias {
	str words; /* in any case */
	str expression;
};

extern const str licence_ids[], licence_exceptions[];
extern const size_t licence_ids_n, licence_exceptions_n;
extern const struct licence_alias licence_aliases[];
extern const size_t licence_aliases_n;
