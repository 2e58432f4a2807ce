/* The built-in policy: what counts when there is no policy file. Four rules, set by --fail-on and
 * --accept-partial. A violation is certain knowledge and wins over what could not be assessed. */
#pragma once

#include "model/report.h"

#define BUILTIN_DEFAULT "kev"

struct builtin_policy {
	enum severity least; /* findings this severe or worse; SEVERITY_UNKNOWN: not asked */
	bool kev;	     /* known to be exploited */
	bool fixable;	     /* vulnerabilities count only when a version ends them */
	bool accept_partial; /* incomplete coverage does not count */
};

/* Reads "high,kev,fixable", "none", …; ERR_USAGE names the word it does not know. */
int builtin_parse(struct builtin_policy *out, str fail_on, struct err *e) MUST_CHECK;
/* Judges the findings and coverage of *r and fills r->verdict in. Malicious packages always
 * count; suppressed findings never do. */
int builtin_judge(struct report *r, const struct builtin_policy *p, struct arena *a,
		  struct err *e) MUST_CHECK;
