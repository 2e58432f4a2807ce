/* From an inventory to a report: advisory data and packages are brought together, the age of the
 * data and the system's end of life are weighed, and the built-in policy speaks. */
#pragma once

#include "feed/store.h"
#include "flow/scan.h"
#include "judge/builtin.h"
#include "model/lookup.h"
#include "model/report.h"

struct assess_options {
	const struct store *store; /* NULL: there is no advisory data */
	int64_t now;		   /* seconds since 1970: ages and ends of life */
	int64_t max_age;	   /* of data, in seconds; negative: any */
	struct builtin_policy policy;
};

/* The store, as matching asks it. */
struct lookup lookup_of(const struct store *s);

/* Fills *out; what it holds lives in the arena, in *scan and in the store. Reasons are added to the
 * inventory's, which are then sorted. */
int assess(struct report *out, struct scan_result *scan, const struct assess_options *o,
	   struct arena *a, struct err *e) MUST_CHECK;
/* The same without advisories: components, the system, and what could not be read. Coverage is of
 * the reading alone. */
void assess_components(struct report *out, struct scan_result *scan, int64_t now);
