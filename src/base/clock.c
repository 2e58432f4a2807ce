#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

int64_t clock_ticks(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

str clock_text(char out[CLOCK_TEXT], int64_t seconds)
{
	time_t t = seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		memset(&tm, 0, sizeof(tm));
	strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return str_of(out);
}

static bool number(str *s, size_t digits, int least, int most, int *out)
{
	uint32_t v;

	if (s->n < digits || !str_u32(str_first(*s, digits), &v) || v < (uint32_t)least ||
	    v > (uint32_t)most)
		return false;
	*out = (int)v;
	*s = str_from(*s, digits);
	return true;
}

/* RFC 3339 section 5.6: "Z" or ±hh:mm; nothing at all is read as UTC, as some feeds write it. */
static bool offset(str s, int64_t *out)
{
	int h, m, sign = 1;

	*out = 0;
	if (s.n == 0 || str_eq_nocase(s, STR("z")))
		return true;
	if (!str_skip(&s, STR("+"))) {
		if (!str_skip(&s, STR("-")))
			return false;
		sign = -1;
	}
	if (!number(&s, 2, 0, 23, &h))
		return false;
	str_skip(&s, STR(":"));
	if (!number(&s, 2, 0, 59, &m) || s.n)
		return false;
	*out = sign * (h * 3600 + m * 60);
	return true;
}

bool clock_parse(str s, int64_t *seconds)
{
	struct tm tm = { 0 };
	int64_t off;

	if (!number(&s, 4, 0, 9999, &tm.tm_year) || !str_skip(&s, STR("-")) ||
	    !number(&s, 2, 1, 12, &tm.tm_mon) || !str_skip(&s, STR("-")) ||
	    !number(&s, 2, 1, 31, &tm.tm_mday))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (s.n == 0) {
		*seconds = timegm(&tm);
		return true;
	}
	if (!str_skip(&s, STR("T")) && !str_skip(&s, STR(" ")) && !str_skip(&s, STR("t")))
		return false;
	if (!number(&s, 2, 0, 23, &tm.tm_hour) || !str_skip(&s, STR(":")) ||
	    !number(&s, 2, 0, 59, &tm.tm_min))
		return false;
	if (str_skip(&s, STR(":")) && !number(&s, 2, 0, 60, &tm.tm_sec))
		return false;
	if (str_skip(&s, STR(".")))
		while (s.n && ch_digit(s.p[0]))
			s = str_from(s, 1);
	if (!offset(s, &off))
		return false;
	*seconds = timegm(&tm) - off;
	return true;
}
