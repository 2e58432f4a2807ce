/* Programs and libraries that no package brought: what their bytes say of product and version. The
 * rules are data (rules/classifiers), made into the table below when the program is built. */
#pragma once

#include "catalog/catalog.h"
#include "catalog/pattern.h"

/* The row's name, by which the merge knows what to leave out of files that a package owns. */
#define CLASSIFIER_READER "classifier"

struct classifier {
	str name;
	const char *const *paths;     /* NULL-ended globs */
	const char *const *not_paths; /* the same; none of them may match */
	/* The first ones, in order of preference, find the version; where one of the others is
	 * found, too, it is another product. */
	const struct pattern *patterns;
	uint8_t positive, negative;
	str bitnami; /* its name in Bitnami's advisories, or empty */
	str cpe;     /* VENDOR:PRODUCT */
	str group;   /* of the rules of a group, the first one that finds something counts */
	bool named;  /* the version begins as the number in the file's name does */
};

extern const struct classifier classifiers[];
extern const size_t classifiers_n;
extern const char *const classifier_globs[]; /* of all rules; NULL-ended */

/* The version as Bitnami's advisories write it, three numbers: "15.4" is "15.4.0", "1.8.0_392-b08"
 * is "8.0.392", "11.0.17+8-LTS" is "11.0.17". What comes before a release stays as it is: such
 * feeds cannot compare it. `room` holds the result where it is not a part of `version`. */
str classifier_feed_version(str version, char *room, size_t size);
