/* Why an answer is not whole: a stable code that scripts may rely on (docs/reference/coverage.md),
 * where, and words. Every reader reports what it could not read here; nothing is dropped silently.
 */
#pragma once

#include "base/vec.h"

/* clang-format off */
enum reason_code {
	REASON_UNREADABLE,	/* a package database or artefact is damaged */
	REASON_TOO_LARGE,	/* a limit was met: skipped, or cut */
	REASON_UNSUPPORTED,	/* of a kind or encryption that is not read */
	REASON_LAYER_UNREADABLE, /* a whole layer (or what follows a point in it) is missing */
	REASON_OS_UNKNOWN,	/* packages of a system that no feed describes */
	REASON_FEED_MISSING,	/* no advisory data for something found */
	REASON_FEED_STALE,	/* advisory data older than --max-data-age */
	REASON_THIRD_PARTY,	/* packages not from the distribution: its feed says nothing of them */
	REASON_VERSION_UNREADABLE, /* a version that its scheme does not know: not matched */
	REASON_UNOWNED_PROGRAM, /* programs that belong to nothing known; informative only */
	REASON_OS_EOL,		/* the distribution gives no more fixes */
	REASON_TIMED_OUT,
	REASON_UNVERIFIED,	/* read, but not checked against the digest it should have */
	REASON_COUNT_,
};
/* clang-format on */

struct reason {
	enum reason_code code;
	str where; /* path, package or feed; may be empty */
	str text;
	uint32_t count; /* how many such, at least 1 */
};

struct reason_list VEC_BODY(struct reason);

/* "unreadable", "too-large", … as the report writes them; NULL out of range. */
const char *reason_word(enum reason_code code);
/* True when it lowers coverage from full to partial (all but the informative ones). */
bool reason_lowers(enum reason_code code);
/* Adds one, or counts up an equal (code, where, text). Copies the words. Beyond LIMIT_REASONS
 * different ones, counts them under the last of the same code. */
int reason_add(struct reason_list *list, struct arena *a, struct err *e, enum reason_code code,
	       str where, const char *fmt, ...) PRINTF(6, 7) MUST_CHECK;
/* Adds one that was counted elsewhere, by the same rules. */
int reason_join(struct reason_list *list, struct arena *a, struct err *e,
		const struct reason *r) MUST_CHECK;
