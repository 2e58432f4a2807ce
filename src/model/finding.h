/* One thing that is wrong with an image, as the report prints it (CONTRACT.md, findings). */
#pragma once

#include "model/advisory.h"

enum finding_kind {
	FINDING_VULNERABILITY,
	FINDING_SECRET,
	FINDING_MALWARE,
	FINDING_MISCONFIGURATION,
	FINDING_TAMPERING,
	FINDING_LICENCE,
	FINDING_KIND_COUNT_,
};

const char *finding_kind_word(enum finding_kind k);

struct finding {
	enum finding_kind kind;
	str id;			 /* stable representative: CVE first, else the feed's id */
	struct str_list aliases; /* all other names, sorted */
	str title;
	enum severity severity;	 /* the one that counts: vendor, else the advisory's, else NVD */
	struct cvss_list cvss;	 /* severities per source follow from these and `vendor_severity` */
	enum severity vendor_severity, nvd_severity;
	struct cve_risk risk;
	str published;
	struct str_list references;

	uint32_t package; /* index into the inventory, or UINT32_MAX */
	bool by_source;	  /* matched by the source package's name */
	str matched_name, matched_range, feed, ecosystem, where;
	struct str_list fixed; /* versions that end it, smallest first */
	enum fix_status status;
	str status_word;

	uint32_t layer; /* or LAYER_NONE */
	str instruction;
	bool in_base;
	struct str_list paths;

	str suppressed_by, suppressed_reason, suppressed_owner, suppressed_until;
};

struct finding_list VEC_BODY(struct finding);
