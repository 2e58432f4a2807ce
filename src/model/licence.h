/* Licences as people declare them, in the words of SPDX: "GPL-2+", "Apache License 2.0" and
 * "License :: OSI Approved :: MIT License" become expressions (SPDX 2.3, annex D); what is not
 * understood stays what it was and gets a LicenseRef- name. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

/* Whether the whole of `text` is a valid expression: operators AND, OR, WITH, '+' and parentheses;
 * identifiers of the list in any case, LicenseRef- and DocumentRef- names. Longer than
 * LIMIT_LICENCE_BYTES or nested deeper than LIMIT_LICENCE_DEPTH is not. */
bool licence_is_expression(str text);
/* Declared words → *out, an expression in the list's spelling: 1; 0 when they are not understood
 * (*out is untouched); -1 and *e. */
int licence_normalise(str *out, str declared, struct arena *a, struct err *e) MUST_CHECK;
/* The identifier as the list spells it, or an empty str. */
str licence_id(str word);
str licence_exception(str word);
/* "LicenseRef-…", the same for the same words and different for others. */
int licence_reference(str *out, str declared, struct arena *a, struct err *e) MUST_CHECK;
