/* The compact form of what feeds say: between the worker that parses a feed, the builder and the
 * store. Numbers are LEB128 varints; a string is its length and its bytes. Whoever reads it trusts
 * nothing. */
#pragma once

#include "base/buf.h"
#include "base/reader.h"
#include "model/advisory.h"

/* A worker's answer is a row of frames: u32le length of what follows, u8 kind, payload. */
enum feed_frame {
	FEED_AFFECTED = 1, /* ecosystem, name, id, body */
	FEED_ADVISORY = 2, /* id, details, body */
	FEED_RISK = 3,	   /* CVE id, body */
	FEED_END = 4,	   /* feed_tally; the last one */
};

void put_uvarint(struct buf *b, uint64_t v);
void put_str(struct buf *b, str s);
str take_str(struct reader *r);

/* Everything but id, feed, ecosystem and name. */
void record_put_affected(struct buf *b, const struct affected *x);
/* Fills what the body holds; lists in the arena, words borrowed. 0, or ERR_CORRUPT. */
int record_get_affected(struct affected *out, struct reader *r, struct arena *a,
			struct err *e) MUST_CHECK;

/* Everything but id, feed and details. */
void record_put_advisory(struct buf *b, const struct advisory *x);
int record_get_advisory(struct advisory *out, struct reader *r, struct arena *a,
			struct err *e) MUST_CHECK;

void record_put_risk(struct buf *b, const struct cve_risk *x);
int record_get_risk(struct cve_risk *out, struct reader *r, struct err *e) MUST_CHECK;
/* What is known of nothing yet. */
struct cve_risk risk_none(void);
/* Adds what `more` knows. */
void risk_merge(struct cve_risk *risk, const struct cve_risk *more);
