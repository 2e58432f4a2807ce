/* Where parsers of feeds put what they learn: frames (feed/record.h) in a buf, and a tally that
 * accounts for every record. A record is begun, its parts are put, and it is kept or dropped whole:
 * a bad one costs itself and nothing else. */
#pragma once

#include "feed/record.h"
#include "feed/store.h"

#define PROBLEM_MAX 400

struct feed_tally {
	uint64_t read, stored, affected;
	uint64_t dropped[DROP_COUNT_];
	int64_t date; /* seconds: what the feed says it is as of; 0 when it does not say */
	char problem[PROBLEM_MAX]; /* of the first record that was malformed or over a limit */
};

struct feed_sink {
	struct buf *out;
	const char *name; /* of the feed: "osv/npm" */
	int64_t latest;	  /* no record is newer: dates beyond are typing errors */
	struct feed_tally tally;
	size_t mark; /* where the record that is being put began */
	uint64_t mark_affected;
};

void sink_init(struct feed_sink *s, struct buf *out, const char *name, int64_t latest);

/* A record of the feed begins. */
void sink_begin(struct feed_sink *s);
/* Its parts: 0, or -1 and *e when a name in it is over its limit. Titles, texts and links are cut
 * to theirs. */
int sink_affected(struct feed_sink *s, const struct affected *x, struct err *e) MUST_CHECK;
int sink_advisory(struct feed_sink *s, const struct advisory *x, struct err *e) MUST_CHECK;
int sink_risk(struct feed_sink *s, str cve, const struct cve_risk *x, struct err *e) MUST_CHECK;
/* It is kept, or not; `where` names it in the first problem. */
void sink_keep(struct feed_sink *s);
void sink_drop(struct feed_sink *s, enum drop_reason reason, str where, const struct err *why);
/* The same, with the reason that the error's kind gives. */
void sink_refuse(struct feed_sink *s, str where, const struct err *why);
/* The newest date that a record gave; later than `latest` counts for nothing. */
void sink_date(struct feed_sink *s, str rfc3339);

/* Writes the tally behind all frames: 0, or -1 and *e when the buf failed. */
int sink_close(struct feed_sink *s, struct err *e) MUST_CHECK;
/* Reads it back from the payload of a FEED_END. */
int tally_read(struct feed_tally *out, str payload, struct err *e) MUST_CHECK;
