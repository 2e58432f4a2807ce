/* Advisory data of a test's own: a few records, and what stands behind them. */
#pragma once

#include "model/lookup.h"

struct fake {
	struct affected *records;
	size_t nrecords;
	struct advisory *advisories;
	size_t nadvisories;
	const char *same[4]; /* names of one vulnerability */
	const char *kev;     /* a CVE that is exploited */
};

static inline int fake_find(void *ctx, struct affected_list *out, str ecosystem, str name,
			    struct arena *a, struct err *e)
{
	struct fake *f = ctx;

	for (size_t i = 0; i < f->nrecords; i++)
		if (str_eq(f->records[i].ecosystem, ecosystem) &&
		    str_eq(f->records[i].name, name) && vec_push(out, a, e, f->records[i]) < 0)
			return -1;
	return 0;
}

static inline int fake_advisories(void *ctx, struct advisory_list *out, str id, struct arena *a,
				  struct err *e)
{
	struct fake *f = ctx;

	for (size_t i = 0; i < f->nadvisories; i++)
		if (str_eq(f->advisories[i].id, id) && vec_push(out, a, e, f->advisories[i]) < 0)
			return -1;
	return 0;
}

static inline int fake_aliases(void *ctx, struct str_list *out, str id, struct arena *a,
			       struct err *e)
{
	struct fake *f = ctx;
	bool among = false;

	for (size_t i = 0; i < COUNT(f->same) && f->same[i]; i++)
		among = among || str_eq(id, str_of(f->same[i]));
	if (!among)
		return vec_push(out, a, e, id);
	for (size_t i = 0; i < COUNT(f->same) && f->same[i]; i++)
		if (vec_push(out, a, e, str_of(f->same[i])) < 0)
			return -1;
	return 0;
}

static inline int fake_risk(void *ctx, struct cve_risk *out, str cve, struct err *e)
{
	struct fake *f = ctx;

	*out = (struct cve_risk){ .epss = -1, .percentile = -1 };
	if (!f->kev || !str_eq(cve, str_of(f->kev)))
		return 0;
	out->kev = true;
	out->epss = 0.5;
	return 1;
}

static inline int fake_ecosystems(void *ctx, struct str_list *out, str prefix, struct arena *a,
				  struct err *e)
{
	struct fake *f = ctx;

	for (size_t i = 0; i < f->nrecords; i++) {
		str name = f->records[i].ecosystem;
		bool known = !str_starts(name, prefix);

		vec_each (x, out)
			known = known || str_eq(*x, name);
		if (!known && vec_push(out, a, e, name) < 0)
			return -1;
	}
	return 0;
}

static inline struct lookup fake_lookup(struct fake *f)
{
	return (struct lookup){ f,	   fake_find,	   fake_advisories, fake_aliases,
				fake_risk, fake_ecosystems };
}
