/* The advisory store: one immutable file that is mapped read-only, named by the digest of what it
 * says; `current` in the data directory points to it and is swapped by rename. Readers take no lock
 * and keep what they opened, whatever an update does meanwhile. One store per thread: opening
 * costs microseconds and the mapping is shared. All strs lent out live as long as the store. */
#pragma once

#include "base/reader.h"
#include "model/advisory.h"

#define STORE_SCHEMA 1

/* Why a record of a feed is not in the store. */
enum drop_reason {
	DROP_WITHDRAWN,	 /* taken back upstream */
	DROP_GIT_ONLY,	 /* speaks of commits only, no package versions */
	DROP_NO_PACKAGE, /* names no package, or no version of it */
	DROP_MALFORMED,	 /* not what its format says: source.problem tells of the first */
	DROP_LIMIT,	 /* met a limit of base/limits.h */
	DROP_COUNT_,
};

const char *drop_reason_word(enum drop_reason r);

/* One feed as it went in. read = stored + the sum of dropped. */
struct store_source {
	str name;  /* "osv/npm", "debian", "alpine/v3.18/main", "kev", "epss", "cvss" */
	str place; /* its public home */
	str date; /* RFC 3339: what the data says it is as of; the file's date where it says none */
	str checked; /* when upstream itself last said that this is current; empty: not known */
	str digest;  /* "sha256:…" of the file as fetched */
	str licence; /* SPDX expression or words */
	uint64_t read, stored;
	uint64_t dropped[DROP_COUNT_];
	uint64_t affected; /* (advisory, package) records made of them */
	bool kept;	   /* the newest file could not be read: this is the last good data */
	str problem; /* what was wrong: with the feed when kept, else with its first bad record */
};

struct store_info {
	uint32_t schema;
	str digest; /* "sha256:…" of the data set: equal data, equal digest */
	str built;  /* the newest date of its sources */
	const struct store_source *sources; /* sorted by name */
	size_t nsources;
};

struct store;

/* Opens what `current` in the data directory names. 1 and *out (close: store_close), 0 when there
 * is no store, -1 and *e (ERR_CORRUPT, ERR_UNSUPPORTED for another schema). */
int store_open(struct store **out, const char *dir, struct err *e) MUST_CHECK;
/* The same for one store file, wherever it lies. */
int store_open_file(struct store **out, const char *path, struct err *e) MUST_CHECK;
void store_close(struct store *s);
void store_closep(struct store **s);

const struct store_info *store_info(const struct store *s);
/* The later of date and checked: what the data's age counts from. */
str store_source_as_of(const struct store_source *s);
/* The source of that name, or NULL. */
const struct store_source *store_source(const struct store *s, str name);

/* All that is said of one package: */
struct store_cursor {
	const struct store *store;
	str ecosystem, name;
	struct reader r;
};

/* Looks one package up by OSV's ecosystem name with its suffix ("Debian:12", "Alpine:v3.18", "npm")
 * and a name in any spelling the ecosystem takes for the same (PyPI, NuGet, Packagist). 1 when
 * something is said of it, 0 when nothing is, -1 and *e. */
int store_find(struct store_cursor *c, const struct store *s, str ecosystem, str name,
	       struct err *e) MUST_CHECK;
/* The next record, sorted by advisory id and feed: 1 and *out (lists in the arena), 0 end, -1. */
int store_next(struct store_cursor *c, struct affected *out, struct arena *a,
	       struct err *e) MUST_CHECK;

/* What one feed says of an advisory: 1, 0 when it does not know it, -1. An empty feed takes the
 * first that knows it. */
int store_advisory(struct advisory *out, const struct store *s, str id, str feed, struct arena *a,
		   struct err *e) MUST_CHECK;
/* What every feed says of it; adds to *out. */
int store_advisories(struct advisory_list *out, const struct store *s, str id, struct arena *a,
		     struct err *e) MUST_CHECK;
/* The packages it speaks of in that feed (empty: in all): ecosystem and name of each are set, and
 * id and feed; nothing else. */
int store_packages(struct affected_list *out, const struct store *s, str id, struct arena *a,
		   struct err *e) MUST_CHECK;

/* All names of one vulnerability, sorted, `id` itself among them; the groups are closed over what
 * all feeds say, so every member gives the same list. Adds to *out; only `id` when it stands alone.
 * CVE ids are names too when no feed has a record of them. */
int store_aliases(struct str_list *out, const struct store *s, str id, struct arena *a,
		  struct err *e) MUST_CHECK;
/* Errata (DSA, ALSA, …) that say they repair `id`, sorted; the inverse of advisory.upstream. */
int store_errata(struct str_list *out, const struct store *s, str id, struct arena *a,
		 struct err *e) MUST_CHECK;

/* KEV and EPSS of a CVE: 1, 0 when neither knows it (*out then says so too), -1. */
int store_risk(struct cve_risk *out, const struct store *s, str cve, struct err *e) MUST_CHECK;

/* Whether any feed speaks of this ecosystem: "feed missing" is not "nothing known". */
bool store_has_ecosystem(const struct store *s, str ecosystem);
/* All of them that start with `prefix`, sorted: "Packagist" gives "Packagist" and
 * "Packagist:https://packages.drupal.org/8". */
int store_ecosystems(struct str_list *out, const struct store *s, str prefix, struct arena *a,
		     struct err *e) MUST_CHECK;
/* The packages of that name, in any case, in all ecosystems, sorted: only ecosystem and name are
 * set. */
int store_find_name(struct affected_list *out, const struct store *s, str name, struct arena *a,
		    struct err *e) MUST_CHECK;
