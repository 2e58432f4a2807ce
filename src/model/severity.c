#include "model/finding.h"

const char *fix_status_word(enum fix_status s)
{
	static const char *const words[STATUS_COUNT_] = {
		[STATUS_UNKNOWN] = "unknown",
		[STATUS_NOT_AFFECTED] = "not_affected",
		[STATUS_AFFECTED] = "affected",
		[STATUS_FIXED] = "fixed",
		[STATUS_UNDER_INVESTIGATION] = "under_investigation",
		[STATUS_WILL_NOT_FIX] = "will_not_fix",
		[STATUS_FIX_DEFERRED] = "fix_deferred",
		[STATUS_END_OF_LIFE] = "end_of_life",
	};

	return words[s < STATUS_COUNT_ ? s : STATUS_UNKNOWN];
}

const char *severity_word(enum severity s)
{
	static const char *const words[SEVERITY_COUNT_] = {
		[SEVERITY_UNKNOWN] = "unknown", [SEVERITY_NEGLIGIBLE] = "negligible",
		[SEVERITY_LOW] = "low",		[SEVERITY_MEDIUM] = "medium",
		[SEVERITY_HIGH] = "high",	[SEVERITY_CRITICAL] = "critical",
	};

	return words[s < SEVERITY_COUNT_ ? s : SEVERITY_UNKNOWN];
}

enum severity severity_of(str word)
{
	static const struct {
		str word;
		enum severity severity;
	} rows[] = {
		{ STR_INIT("critical"), SEVERITY_CRITICAL },
		{ STR_INIT("high"), SEVERITY_HIGH },
		{ STR_INIT("important"), SEVERITY_HIGH },
		{ STR_INIT("medium"), SEVERITY_MEDIUM },
		{ STR_INIT("moderate"), SEVERITY_MEDIUM },
		{ STR_INIT("low"), SEVERITY_LOW },
		{ STR_INIT("negligible"), SEVERITY_NEGLIGIBLE },
		{ STR_INIT("unimportant"), SEVERITY_NEGLIGIBLE },
		{ STR_INIT("none"), SEVERITY_NEGLIGIBLE },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq_nocase(rows[i].word, word))
			return rows[i].severity;
	return SEVERITY_UNKNOWN;
}

const char *finding_kind_word(enum finding_kind k)
{
	static const char *const words[FINDING_KIND_COUNT_] = {
		[FINDING_VULNERABILITY] = "vulnerability",
		[FINDING_SECRET] = "secret",
		[FINDING_MALWARE] = "malware",
		[FINDING_MISCONFIGURATION] = "misconfiguration",
		[FINDING_TAMPERING] = "tampering",
		[FINDING_LICENCE] = "licence",
	};

	return words[k < FINDING_KIND_COUNT_ ? k : FINDING_VULNERABILITY];
}
