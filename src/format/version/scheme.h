/* One row of the table in version.c, and what the schemes share. Only for this room. */
#pragma once

#include "format/version/version.h"

struct version_scheme {
	str name;
	enum version_order (*compare)(str a, str b);
	enum version_verdict (*satisfies)(str version, str range);
};

extern const struct version_scheme scheme_deb, scheme_rpm, scheme_apk, scheme_semver, scheme_npm,
	scheme_pep440, scheme_gem, scheme_maven, scheme_golang, scheme_cargo, scheme_nuget,
	scheme_composer, scheme_pub, scheme_hex, scheme_cran, scheme_alpm, scheme_portage,
	scheme_bitnami;

/* Decimal digits of any length, compared by value. */
int number_cmp(str a, str b);
/* The digits that *s starts with, taken off it; empty when there are none. */
str number_take(str *s);
bool number_is(str s);	    /* digits only, at least one */
bool number_is_zero(str s); /* nothing but zeros; so also nothing at all */

enum version_order order_of(int difference);

/* All that is blank in C's own locale; str_trim leaves out the vertical ones. */
bool space_is(char c);
str space_trim(str s);
