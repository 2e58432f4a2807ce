/* What a feed says: one advisory, and which versions of which package it hits. All strs are
 * borrowed from the store's mapping or an arena. */
#pragma once

#include "model/package.h"

/* In the order of the contract; the vendor's own word is kept beside it. */
enum fix_status {
	STATUS_UNKNOWN,
	STATUS_NOT_AFFECTED,
	STATUS_AFFECTED,
	STATUS_FIXED,
	STATUS_UNDER_INVESTIGATION,
	STATUS_WILL_NOT_FIX,
	STATUS_FIX_DEFERRED,
	STATUS_END_OF_LIFE,
	STATUS_COUNT_,
};

enum severity {
	SEVERITY_UNKNOWN,
	SEVERITY_NEGLIGIBLE,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT_,
};

const char *fix_status_word(enum fix_status s); /* "will_not_fix" */
const char *severity_word(enum severity s);	/* "critical" */
enum severity severity_of(str word); /* any case; moderate = medium, important = high, none and
					unimportant = negligible */

/* From `introduced` on (empty or "0": from the first version) until before `fixed`, or up to and
 * with `last_affected`, or until before `limit` (an end that is no fix); all empty: no end known.
 */
struct version_range {
	str introduced, fixed, last_affected, limit;
};

struct range_list VEC_BODY(struct version_range);

/* One (ecosystem, package) that an advisory speaks of. `ecosystem` is OSV's name with its suffix:
 * "Debian:12", "npm", "Alpine:v3.18", "Red Hat:enterprise_linux:9::baseos". */
struct affected {
	str id;	  /* of the advisory */
	str feed; /* name of the source in the store, as advisory.feed */
	str ecosystem, name;
	bool by_source; /* name is a source package's */
	struct range_list ranges;
	struct str_list versions; /* enumerated ones, beside the ranges */
	enum fix_status status;
	str status_word;	/* the vendor's own */
	enum severity severity; /* the vendor's for this package, or unknown */
	str severity_text;	/* the vendor's own: a word, or a CVSS vector */
	str module, arch;  /* rpm only; empty: any; several architectures are separated by '|' */
	str informational; /* no vulnerability: "unmaintained", "notice", …; else empty */
	str where;	   /* record or line of the feed it stands in */
};

struct affected_list VEC_BODY(struct affected);

struct cvss {
	str source; /* "vendor", "nvd", "cisa", … */
	str vector;
	double score; /* < 0 when not known */
};

struct cvss_list VEC_BODY(struct cvss);

struct advisory {
	str id;
	str feed;		  /* name of the source in the store: "debian", "osv/npm" */
	struct str_list aliases;  /* other names of the very same, as this feed gives them */
	struct str_list upstream; /* what an erratum (DSA, ALSA, USN) repairs: mostly CVE ids */
	struct str_list related;
	str title, details; /* details up to LIMIT_ADVISORY_DETAILS_BYTES */
	enum severity severity;
	struct cvss_list cvss;
	str published, modified, withdrawn; /* RFC 3339 or empty */
	struct str_list references;
	bool malicious;	  /* MAL-…: the package itself is the harm */
	bool details_cut; /* there was more of it */
};

struct advisory_list VEC_BODY(struct advisory);

/* What is known of a CVE beyond its advisory. */
struct cve_risk {
	bool kev; /* in CISA's catalogue of known exploited vulnerabilities */
	bool ransomware;
	str kev_due; /* date, or empty */
	double epss; /* probability, < 0 when not known */
	double percentile;
};
