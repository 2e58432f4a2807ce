/* Versions as their own package managers order them. Every scheme knows a third answer besides
 * older and newer: not a version, exactly where its native tool refuses. Nothing here allocates,
 * and digit runs may be of any length (numbers are compared as text). */
#pragma once

#include "base/str.h"

enum version_order {
	VERSION_LESS = -1,
	VERSION_EQUAL = 0,
	VERSION_GREATER = 1,
	VERSION_INVALID = 2, /* either side is not a version */
};

enum version_verdict {
	VERSION_NO,
	VERSION_YES,
	VERSION_UNSURE, /* not a version, or not a range */
};

struct version_scheme;

/* By the name that the command line uses ("deb", "pep440", …); NULL if there is none. */
const struct version_scheme *version_scheme_find(str name);
/* The i-th scheme, or NULL past the last. */
const struct version_scheme *version_scheme_at(size_t i);
str version_scheme_name(const struct version_scheme *s);

/* More than LIMIT_VERSION_BYTES, or a NUL inside, is not a version. */
bool version_valid(const struct version_scheme *s, str version);
enum version_order version_compare(const struct version_scheme *s, str a, str b);

/* `range` in the scheme's native syntax. The question is "does this installed version lie in it",
 * so PEP 440 pre-releases count by their order alone. Advisories' lists of comparators
 * (">= 1.2, < 2 || = 3") are read where they mean nothing else: not by pep440 ("||"), cargo ("||"),
 * hex ("," and "||") and npm (","). deb: as in dpkg, '<' means '<=' and '>' means '>='; the strict
 * ones are '<<' and '>>'. */
enum version_verdict version_satisfies(const struct version_scheme *s, str version, str range);
