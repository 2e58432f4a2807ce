#include "feed/word.h"

bool word_is_erratum(str id)
{
	static const str prefixes[] = {
		STR_INIT("ALSA-"),     STR_INIT("ALBA-"), STR_INIT("ALEA-"),  STR_INIT("RLSA-"),
		STR_INIT("RLBA-"),     STR_INIT("RXSA-"), STR_INIT("RHSA-"),  STR_INIT("RHBA-"),
		STR_INIT("RHEA-"),     STR_INIT("DSA-"),  STR_INIT("DLA-"),   STR_INIT("USN-"),
		STR_INIT("LSN-"),      STR_INIT("OESA-"), STR_INIT("ELSA-"),  STR_INIT("ELBA-"),
		STR_INIT("openSUSE-"), STR_INIT("SUSE-"), STR_INIT("MGASA-"), STR_INIT("PHSA-"),
		STR_INIT("ALAS"),
	};

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (str_starts(id, prefixes[i]))
			return true;
	return false;
}

enum fix_status word_fix_status(str word)
{
	static const struct {
		str word;
		enum fix_status status;
	} rows[] = {
		{ STR_INIT("Will not fix"), STATUS_WILL_NOT_FIX },
		{ STR_INIT("Out of support scope"), STATUS_END_OF_LIFE },
		{ STR_INIT("Fix deferred"), STATUS_FIX_DEFERRED },
		{ STR_INIT("Under investigation"), STATUS_UNDER_INVESTIGATION },
		{ STR_INIT("Not affected"), STATUS_NOT_AFFECTED },
		{ STR_INIT("Affected"), STATUS_AFFECTED },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq_nocase(rows[i].word, word))
			return rows[i].status;
	return STATUS_AFFECTED;
}
