#include "model/coverage.h"

const char *coverage_word(enum coverage_level level)
{
	static const char *const words[] = {
		[COVERAGE_NONE] = "none",
		[COVERAGE_PARTIAL] = "partial",
		[COVERAGE_FULL] = "full",
	};

	return words[level <= COVERAGE_FULL ? level : COVERAGE_NONE];
}

enum coverage_level coverage_of(const struct reason_list *reasons, size_t assessed)
{
	bool lowered = false;

	vec_each (r, reasons)
		lowered = lowered || reason_lowers(r->code);
	if (!lowered)
		return COVERAGE_FULL;
	return assessed ? COVERAGE_PARTIAL : COVERAGE_NONE;
}
