/* One record that hits one package, and what becomes of several: the step from records, which feeds
 * write, to findings, which people read. */
#pragma once

#include "model/finding.h"
#include "model/image.h"
#include "model/lookup.h"

struct candidate {
	struct affected record; /* borrowed from the data, except the lists */
	str range;		/* in words, what hit */
	struct str_list fixed; /* that are newer than what is installed, as the record lists them */
	str installed;	       /* the version that was compared */
};

struct candidate_list VEC_BODY(struct candidate);

struct version_scheme;

struct describe {
	const struct lookup *data;
	const struct version_scheme *scheme;
	const struct affected_list *spoken; /* all records about the package, hit or not */
	uint32_t package;
	struct arena *arena;   /* what findings live in */
	struct arena *scratch; /* may be freed after the call */
};

/* Groups the hits on one package by vulnerability and appends one finding for each group, in the
 * order of their ids. Layer, instruction and paths are left to the caller. */
int candidates_describe(struct finding_list *out, const struct candidate_list *hits,
			const struct describe *d, struct err *e) MUST_CHECK;

/* Order of the names of one vulnerability, best representative first: CVEs by year and number,
 * then GHSA, then the rest by bytes. */
int name_cmp(str a, str b);
