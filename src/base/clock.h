/* Time: RFC 3339 in UTC, the only form that reports and stores carry. */
#pragma once

#include "base/err.h"

#define CLOCK_TEXT 32

/* Seconds since 1970, now; honours SOURCE_DATE_EPOCH nowhere: callers pass times in. */
int64_t clock_now(void);
/* Monotonic nanoseconds, for measuring. */
int64_t clock_ticks(void);
/* "2026-11-21T20:15:00Z" */
str clock_text(char out[CLOCK_TEXT], int64_t seconds);
/* Reads RFC 3339 with any offset and fraction, or a bare date; false when it is neither. */
bool clock_parse(str text, int64_t *seconds);
