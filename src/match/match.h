/* Packages against advisories: what is found, how much of it could be looked at, and why not more.
 * Nothing here reads files or knows the time. */
#pragma once

#include "model/image.h"
#include "model/lookup.h"
#include "model/report.h"

struct match_input {
	const struct inventory *inventory;
	const struct image *image; /* for the instruction behind a layer; or NULL */
	const struct lookup *data; /* NULL: there is no advisory data */
};

struct match_output {
	struct finding_list findings; /* by package, then id */
	struct reason_list reasons;   /* what could not be matched, and why */
	struct str_list ecosystems;   /* those that were asked, sorted: their feeds' age counts */
	size_t assessed;	      /* packages matched against a feed */
};

/* Everything in *out lives in the arena or the data. -1 and *e only when the data is damaged or
 * memory is used up: a package that cannot be matched is a reason, not an error. */
int match_packages(struct match_output *out, const struct match_input *in, struct arena *a,
		   struct err *e) MUST_CHECK;

struct ecosystem;

/* All that the data says of one package of the inventory, whether it hits or not, for explaining;
 * *eco is where it was looked up. 0 or -1. */
int match_records(struct affected_list *out, struct ecosystem *eco, const struct match_input *in,
		  const struct package *p, struct arena *a, struct err *e) MUST_CHECK;
