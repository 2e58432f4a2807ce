/* Base scores computed from CVSS vectors: v2 (with or without parentheses), v3.0 and v3.1. Scores
 * that feeds print are not believed where there is a vector. */
#pragma once

#include "model/advisory.h"

enum cvss_version {
	CVSS_NONE, /* not a vector */
	CVSS_2,
	CVSS_30,
	CVSS_31,
	CVSS_4, /* recognised; not computed */
};

/* Which version it claims to be. CVSS_NONE for anything that is not a vector. */
enum cvss_version cvss_version_of(str vector);
/* The base score in tenths, 0 to 100; -1 when the vector is malformed, incomplete, or of a version
 * that is not computed. Temporal and environmental metrics are checked and left out. */
int cvss_base(str vector);
/* The rating: v3 qualitative scale (9.0, 7.0, 4.0, 0.1); for v2 what NVD uses (7.0, 4.0, 0.0). */
enum severity cvss_rating(enum cvss_version version, int tenths);
/* The rating of a vector; SEVERITY_UNKNOWN when it has no score. */
enum severity cvss_severity(str vector);
