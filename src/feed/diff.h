/* What two stores say differently: for whoever must look again at what an update may have changed.
 */
#pragma once

#include "feed/store.h"

enum diff_kind {
	DIFF_NEW,
	DIFF_CHANGED,
	DIFF_GONE,
	DIFF_COUNT_,
};

/* What one feed says of one advisory and one package of one ecosystem; its place in the feed's file
 * does not count. Strs are borrowed from the stores. */
struct diff_record {
	enum diff_kind kind;
	str ecosystem, name, id, feed;
};

/* The same over all releases and feeds: "Debian", not "Debian:12". */
struct diff_pair {
	enum diff_kind kind;
	str base, name, id;
};

/* What a feed says of an advisory itself: title, scores, other names, dates. */
struct diff_advisory {
	enum diff_kind kind;
	str id, feed;
};

struct diff {
	VEC(struct diff_record) records; /* by ecosystem, name, id, feed */
	VEC(struct diff_pair) pairs;	 /* by base, name, id */
	VEC(struct diff_advisory) advisories;
	size_t nrecords[DIFF_COUNT_], npairs[DIFF_COUNT_], nadvisories[DIFF_COUNT_];
};

const char *diff_kind_word(enum diff_kind k); /* "new" */
/* 0 and *out, in the arena and the stores; -1 and *e. */
int store_diff(struct diff *out, const struct store *old, const struct store *new, struct arena *a,
	       struct err *e) MUST_CHECK;
