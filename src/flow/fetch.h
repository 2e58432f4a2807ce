/* Where an update files its files: a directory, a mirror's URL, or the feeds' public homes. Files
 * that come over the network stay in DIR/raw, so that the next update asks only for what changed.
 */
#pragma once

#include "flow/update.h"
#include "net/http.h"

enum fetch_outcome {
	FETCH_FILE,	 /* a new file */
	FETCH_UNCHANGED, /* the file is the one of the last update */
	FETCH_NONE,	 /* it is not there */
	FETCH_FAILED,
};

struct fetch {
	int from; /* the mirror's directory, or -1 */
	bool network;
	str base;	/* the mirror's URL without a slash at the end; or empty */
	str dates;	/* text of a mirror's dates.tsv; or empty */
	char raw[3072]; /* DIR/raw */
	const struct update_request *q;
	struct http_get *files;
	str *names;
	size_t n;
};

void fetch_init(struct fetch *f);
void fetch_end(struct fetch *f);
/* Opens the mirror, or makes the place for raw files. */
int fetch_begin(struct fetch *f, const struct update_request *q, struct arena *a,
		struct err *e) MUST_CHECK;
/* The text of OSV's ecosystems.txt; from a directory without one, the names of its folders. */
int fetch_ecosystems(str *out, struct fetch *f, struct arena *a, struct err *e) MUST_CHECK;
/* Gets all files that come over the network. */
int fetch_all(struct fetch *f, const struct feed_list *feeds, struct arena *a,
	      struct err *e) MUST_CHECK;
/* Opens a feed's file: *fd with FETCH_FILE and FETCH_UNCHANGED (close it); *e with FETCH_FAILED. */
enum fetch_outcome fetch_open(int *fd, struct fetch *f, const struct feed *feed, struct err *e);
/* The date of a feed's file: the one that the mirror's dates.tsv gives it (PATH, tab, RFC 3339),
 * for mirrors whose files do not keep their times; else `mtime`. */
int64_t fetch_date(const struct fetch *f, const struct feed *feed, int64_t mtime);
