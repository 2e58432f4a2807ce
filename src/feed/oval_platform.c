#include "feed/oval_platform.h"

enum release {
	RELEASE_MAJOR,	/* "9" of "9.2" */
	RELEASE_WHOLE,	/* all words that follow */
	RELEASE_UBUNTU, /* "22.04 LTS" → "22.04:LTS" */
	RELEASE_FEED,	/* the major number of the feed's */
	RELEASE_MODULE, /* SUSE's modules: what follows the module's name */
};

/* clang-format off */
static const struct row {
	str words, ecosystem;
	enum release release;
	bool by_source;
} rows[] = {
	{ STR_INIT("Debian GNU/Linux "), STR_INIT("Debian:"), RELEASE_MAJOR, true },
	{ STR_INIT("Debian "), STR_INIT("Debian:"), RELEASE_MAJOR, true },
	{ STR_INIT("Ubuntu "), STR_INIT("Ubuntu:"), RELEASE_UBUNTU, false },
	{ STR_INIT("Red Hat Enterprise Linux "), STR_INIT("Red Hat:enterprise_linux:"), RELEASE_MAJOR, false },
	{ STR_INIT("Rocky Linux "), STR_INIT("Rocky Linux:"), RELEASE_MAJOR, false },
	{ STR_INIT("cpe:/o:rocky:rocky:"), STR_INIT("Rocky Linux:"), RELEASE_MAJOR, false },
	{ STR_INIT("AlmaLinux "), STR_INIT("AlmaLinux:"), RELEASE_MAJOR, false },
	{ STR_INIT("Oracle Linux "), STR_INIT("Oracle Linux:"), RELEASE_MAJOR, false },
	{ STR_INIT("Azure Linux"), STR_INIT("Azure Linux:"), RELEASE_FEED, true },
	{ STR_INIT("CBL-Mariner"), STR_INIT("Azure Linux:"), RELEASE_FEED, true },
	{ STR_INIT("SUSE Linux Enterprise Module for "), STR_INIT("SUSE:Linux Enterprise Server "), RELEASE_MODULE, false },
	{ STR_INIT("SUSE Linux "), STR_INIT("SUSE:Linux "), RELEASE_WHOLE, false },
	{ STR_INIT("openSUSE "), STR_INIT("openSUSE:"), RELEASE_WHOLE, false },
};
/* clang-format on */

/* The number at the start, up to its dot. */
static str major(str s)
{
	size_t n = 0;

	while (n < s.n && ch_digit(s.p[n]))
		n++;
	return str_first(s, n);
}

/* "Basesystem 15 SP3" → "15 SP3": what stands from the first digit behind a blank on. */
static str behind_module(str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i - 1] == ' ' && ch_digit(s.p[i]))
			return str_from(s, i);
	return STR_NONE;
}

static int ubuntu(str *out, str rest, bool pro, struct arena *a, struct err *e)
{
	bool lts = str_has(rest, STR(" LTS"));
	str number = str_first(rest, MIN(str_find(rest, ' '), rest.n));

	return arena_printf(out, a, e, "Ubuntu:%s" STR_FMT "%s", pro ? "Pro:" : "", STR_ARG(number),
			    lts ? ":LTS" : "");
}

int oval_platform_of(struct oval_platform *out, str words, bool pro, str release, struct arena *a,
		     struct err *e)
{
	*out = (struct oval_platform){ 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		str rest = words;

		if (!str_skip(&rest, rows[i].words))
			continue;
		out->by_source = rows[i].by_source;
		if (rows[i].release == RELEASE_UBUNTU)
			return ubuntu(&out->ecosystem, rest, pro, a, e);
		if (rows[i].release == RELEASE_FEED)
			rest = major(release);
		else if (rows[i].release == RELEASE_MAJOR)
			rest = major(rest);
		else if (rows[i].release == RELEASE_MODULE)
			rest = behind_module(rest);
		if (!rest.n)
			return 0;
		return arena_printf(&out->ecosystem, a, e, STR_FMT STR_FMT,
				    STR_ARG(rows[i].ecosystem), STR_ARG(rest));
	}
	return 0;
}
