/* Where feeds live: their public homes, and their places in a mirror that keeps upstream layouts.
 * A row in home.c is one feed; OSV's exports and Alpine's branches are rows made from lists. */
#pragma once

#include "feed/parse.h"
#include "model/advisory.h"

struct feed {
	str name;  /* "osv/npm", "debian", "alpine/v3.18/main" */
	str url;   /* its public home */
	str path;  /* below a mirror's root */
	str other; /* another path that mirrors use; or empty */
	str licence;
	enum feed_format format;
	bool optional; /* upstream may not have it (a branch that is not there yet, or no longer) */
	bool mirror_only; /* nobody publishes it in this form */
	bool on_request; /* says what another feed says better: only when it is named */
};

struct feed_list VEC_BODY(struct feed);

/* The list of OSV's ecosystems, and where it stands. */
#define FEED_OSV_LIST_PATH "osv/ecosystems.txt"
#define FEED_OSV_LIST_URL  "https://osv-vulnerabilities.storage.googleapis.com/ecosystems.txt"

/* Every feed that is known without asking anybody; all but OSV's. */
int feeds_fixed(struct feed_list *out, struct arena *a, struct err *e) MUST_CHECK;
/* One OSV feed for each line of ecosystems.txt. Lines with a suffix ("Debian:12") stand in their
 * ecosystem's file and are passed over; a name that is no plain file name is ERR_CORRUPT. */
int feeds_osv(struct feed_list *out, str ecosystems, struct arena *a, struct err *e) MUST_CHECK;
/* The terms of an OSV ecosystem's records. */
str osv_licence(str ecosystem);
