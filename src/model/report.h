/* All that one run has to say, before it is written in any format: what was looked at, what was
 * found, and the verdict. No time of day stands in it: the same inputs give the same report. */
#pragma once

#include "model/coverage.h"
#include "model/finding.h"
#include "model/image.h"

struct data_source {
	str name, date, licence;
	uint64_t records;
};

struct data_info {
	bool present; /* false: there was no advisory data at all */
	str digest, built;
	VEC(struct data_source) sources;
};

struct coverage {
	enum coverage_level level;
	bool recognised, eol; /* the operating system */
	size_t assessed;      /* packages matched against a feed */
};

enum decision {
	DECISION_FIT,
	DECISION_VIOLATION,
	DECISION_UNASSESSED,
};

enum rule_outcome {
	RULE_PASS,
	RULE_FAIL,
	RULE_OFF,      /* not asked for */
	RULE_ACCEPTED, /* failed, and the user said that it shall not count */
};

struct index_list VEC_BODY(uint32_t);

struct rule_result {
	str id;
	enum rule_outcome outcome;
	struct index_list findings; /* those that broke it, by index */
	str text;
};

struct verdict {
	enum decision decision;
	str policy_name;
	struct digest policy_digest;
	VEC(struct rule_result) rules;
};

struct report {
	const struct image *image;
	const struct inventory *inventory;
	struct data_info data;
	struct coverage coverage;
	struct finding_list findings;
	struct verdict verdict;
	bool components_only; /* nothing was matched and judged: findings and verdict say nothing */
};

/* A name for each package that stays the same from run to run and is unique in the report. */
int report_package_ids(struct str_list *out, const struct inventory *inv, struct arena *a,
		       struct err *e) MUST_CHECK;

const char *decision_word(enum decision d);
const char *rule_outcome_word(enum rule_outcome o);
