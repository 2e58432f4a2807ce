/* `plimsoll db update`: gets every feed, from its public home or a mirror, has it parsed, and swaps
 * in one store of them all. A feed that cannot be had or read keeps its last good data, and says
 * so. */
#pragma once

#include "feed/home.h"

enum update_outcome {
	UPDATE_NEW,	  /* read from its file */
	UPDATE_UNCHANGED, /* upstream says so, or the update was not for it */
	UPDATE_ABSENT,	  /* the mirror does not have it, and never had */
	UPDATE_KEPT,	  /* failed: its last good data stays, marked */
	UPDATE_FAILED,	  /* failed, and there is no earlier data */
};

struct update_feed {
	struct feed feed;
	enum update_outcome outcome;
	str why; /* for KEPT and FAILED */
};

struct update_request {
	const char *dir;	     /* the data directory */
	str from;		     /* a mirror's directory or URL; empty: the public homes */
	const struct str_list *only; /* names, or what stands before a '/': "osv", "alpine" */
	const struct str_list *skip;
	bool unjailed;
	int64_t now; /* records dated later are mistaken */
	/* Told as each feed is done; may be NULL. */
	void (*done)(void *ctx, const struct update_feed *f);
	/* Told while files come over the network; may be NULL. */
	void (*progress)(void *ctx, uint64_t bytes, size_t done, size_t of);
	void *ctx;
};

struct update_result {
	VEC(struct update_feed) feeds;
	struct digest digest; /* of the current store */
	bool swapped;	      /* it is another one than before */
};

/* 0 and *out when there is a current store afterwards; the feeds tell what could not be done. -1
 * and *e when nothing could be had at all, or the store not be written: the old one stays. */
int update_run(struct update_result *out, const struct update_request *q, struct arena *a,
	       struct err *e) MUST_CHECK;
