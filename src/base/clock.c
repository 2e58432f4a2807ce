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

/* libc's conversions read the time zone's file first, even for UTC, and a jailed process has no
 * files; so the proleptic Gregorian calendar is reckoned here. Years begin in March, so that the
 * leap day is the last of its year; an era is 400 of them. */

enum { DAY = 86400, ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_DAYS;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + EPOCH_DAYS;
	int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
	int64_t at = z - era * ERA_DAYS;
	int64_t of_era = (at - at / 1460 + at / 36524 - at / (ERA_DAYS - 1)) / 365;
	int64_t of_year = at - (365 * of_era + of_era / 4 - of_era / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(of_era + era * 400 + (*month <= 2));
}

str clock_text(char out[CLOCK_TEXT], int64_t seconds)
{
	int64_t days = seconds / DAY - (seconds % DAY < 0);
	int left = (int)(seconds - days * DAY), year, month, day;

	date_of(days, &year, &month, &day);
	snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, left / 3600,
		 left / 60 % 60, left % 60);
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
	int year, month, day, hour, minute, second = 0;
	int64_t off;

	if (!number(&s, 4, 0, 9999, &year) || !str_skip(&s, STR("-")) ||
	    !number(&s, 2, 1, 12, &month) || !str_skip(&s, STR("-")) || !number(&s, 2, 1, 31, &day))
		return false;
	if (s.n == 0) {
		*seconds = days_of(year, month, day) * DAY;
		return true;
	}
	if (!str_skip(&s, STR("T")) && !str_skip(&s, STR(" ")) && !str_skip(&s, STR("t")))
		return false;
	if (!number(&s, 2, 0, 23, &hour) || !str_skip(&s, STR(":")) ||
	    !number(&s, 2, 0, 59, &minute))
		return false;
	if (str_skip(&s, STR(":")) && !number(&s, 2, 0, 60, &second))
		return false;
	if (str_skip(&s, STR(".")))
		while (s.n && ch_digit(s.p[0]))
			s = str_from(s, 1);
	if (!offset(s, &off))
		return false;
	*seconds = days_of(year, month, day) * DAY + hour * 3600 + minute * 60 + second - off;
	return true;
}
