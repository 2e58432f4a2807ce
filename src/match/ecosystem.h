/* Where advisories for a package stand: OSV's ecosystem name and the scheme of its versions, from
 * the package's type and, for the system's own packages, from the system. */
#pragma once

#include "format/version/version.h"
#include "model/lookup.h"
#include "model/package.h"

struct ecosystem {
	str type;   /* purl type that it is for */
	str name;   /* as reasons show it: "npm", "Debian:12"; the type when there is none */
	bool is_os; /* the system's own package manager's */
	const struct version_scheme *scheme; /* NULL: no feed is known for the type */
	struct str_list feeds;		     /* those of its names that there is data for */
};

/* Fills *out for a type; .feeds stays empty when there is no data (or `data` is NULL). */
int ecosystem_of(struct ecosystem *out, str type, const struct os *os, const struct lookup *data,
		 struct arena *a, struct err *e) MUST_CHECK;
