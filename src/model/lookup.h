/* What matching asks of advisory data. The rooms do not know one another: flow/ ties this to the
 * store, tests to rows of their own. All strs lent out live as long as the source. */
#pragma once

#include "model/advisory.h"

struct lookup {
	void *ctx;
	/* Appends all records of one package; -1 and *e. `name` in any spelling that the ecosystem
	 * takes for the same. Lists in the arena. */
	int (*find)(void *ctx, struct affected_list *out, str ecosystem, str name, struct arena *a,
		    struct err *e);
	/* Appends what every feed says of an advisory. */
	int (*advisories)(void *ctx, struct advisory_list *out, str id, struct arena *a,
			  struct err *e);
	/* Appends all names of one vulnerability, sorted, `id` itself among them. */
	int (*aliases)(void *ctx, struct str_list *out, str id, struct arena *a, struct err *e);
	/* KEV and EPSS of a CVE: 1, 0 when neither knows it, -1. */
	int (*risk)(void *ctx, struct cve_risk *out, str cve, struct err *e);
	/* Appends the ecosystems with data whose names start with `prefix`, sorted. */
	int (*ecosystems)(void *ctx, struct str_list *out, str prefix, struct arena *a,
			  struct err *e);
};
