/* How much of an image an answer speaks of (CONTRACT.md, Exit codes; docs/reference/coverage.md).
 */
#pragma once

#include "model/reason.h"

enum coverage_level {
	COVERAGE_NONE,	  /* nothing could be said */
	COVERAGE_PARTIAL, /* something is missing: the reasons say what */
	COVERAGE_FULL,
};

const char *coverage_word(enum coverage_level level);
/* `assessed`: how many packages were matched against a feed that is there. Without a lowering
 * reason it is full even when there is nothing to match (scratch images). */
enum coverage_level coverage_of(const struct reason_list *reasons, size_t assessed);
