/* What is known of operating systems: how their packages compare, what OSV calls their feed, and
 * until when a release gets fixes. */
#pragma once

#include "model/package.h"

/* How much of VERSION_ID names a release in its feeds. */
enum os_cut {
	OS_CUT_NONE,  /* rolling: the feed has no releases */
	OS_CUT_MAJOR, /* 9.4 → 9 */
	OS_CUT_MINOR, /* 3.19.1 → 3.19 */
	OS_CUT_WHOLE,
};

struct os_row {
	str id;	    /* os-release ID */
	str scheme; /* of its packages' versions: deb rpm apk alpm portage opkg */
	str osv;    /* OSV's ecosystem before the first ':'; empty when OSV has none */
	enum os_cut cut;
	str prefix; /* between "osv:" and the release: "v" for Alpine */
};

struct os_life {
	str id, release;
	str codename;
	bool lts;
	str eol; /* last day on which everybody gets fixes, without a contract: "2028-06-30" */
};

/* The system's row; NULL when no feed is known to describe it: it is not recognised. A release
 * that is too new for the table of lives does not make its system unknown. */
const struct os_row *os_lookup(const struct os *os);
/* The release as feeds name it: "3.19" of 3.19.1, the number of a codename when VERSION_ID is
 * absent, "edge" of Alpine's snapshots; empty for rolling ones. */
str os_release_name(const struct os *os);
/* Dates of the release; NULL when not known, or when it has none. */
const struct os_life *os_life(const struct os *os);
/* True when `today` ("2026-11-21") is past the release's last day; false too when not known. */
bool os_is_eol(const struct os *os, str today);
/* OSV's names for the system's feed, those that everybody's fixes stand in first: "Debian:12";
 * "Ubuntu:22.04:LTS", "Ubuntu:Pro:22.04:LTS". A name may be the start of longer ones, behind a
 * ':' ("Red Hat:enterprise_linux:9" of "…:9::baseos"). None when OSV has no such ecosystem. */
int os_ecosystems(struct str_list *out, const struct os *os, struct arena *a,
		  struct err *e) MUST_CHECK;
