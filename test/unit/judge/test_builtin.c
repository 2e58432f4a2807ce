#include "judge/builtin.h"

#include "tap.h"

#define SETUP                            \
	CLEANUP(arena_free)              \
	struct arena a = ARENA(1 << 20); \
	struct err e = { 0 };            \
	struct builtin_policy p

static struct finding vulnerability(enum severity s, bool kev, bool fixable)
{
	static str version = STR_INIT("2");
	struct finding f = { .kind = FINDING_VULNERABILITY, .id = STR("CVE-1"), .severity = s };

	f.risk.kev = kev;
	if (fixable)
		f.fixed = (struct str_list){ &version, 1, 1 };
	return f;
}

static enum decision decide(const char *fail_on, struct finding f, enum coverage_level level,
			    bool accept)
{
	SETUP;
	struct report r = { .coverage.level = level, .findings = { &f, 1, 1 } };

	if (builtin_parse(&p, str_of(fail_on), &e) < 0)
		abort();
	p.accept_partial = accept;
	if (builtin_judge(&r, &p, &a, &e) < 0)
		abort();
	return r.verdict.decision;
}

TEST(each_setting_decides_as_it_says)
{
	static const struct {
		const char *fail_on;
		enum severity severity;
		bool kev, fixable;
		enum coverage_level level;
		bool accept;
		enum decision decision;
	} cases[] = {
		/* clang-format off */
		{ "high", SEVERITY_HIGH,     false, false, COVERAGE_FULL,    false, DECISION_VIOLATION },
		{ "high", SEVERITY_CRITICAL, false, false, COVERAGE_FULL,    false, DECISION_VIOLATION },
		{ "high", SEVERITY_MEDIUM,   false, false, COVERAGE_FULL,    false, DECISION_FIT },
		{ "high", SEVERITY_UNKNOWN,  false, false, COVERAGE_FULL,    false, DECISION_FIT },
		{ "high,fixable", SEVERITY_HIGH, false, false, COVERAGE_FULL, false, DECISION_FIT },
		{ "high,fixable", SEVERITY_HIGH, false, true, COVERAGE_FULL, false, DECISION_VIOLATION },
		{ "kev",  SEVERITY_LOW,	     true,  false, COVERAGE_FULL,    false, DECISION_VIOLATION },
		{ "kev",  SEVERITY_CRITICAL, false, false, COVERAGE_FULL,    false, DECISION_FIT },
		{ "high", SEVERITY_LOW,	     true,  false, COVERAGE_FULL,    false, DECISION_FIT },
		{ "none", SEVERITY_CRITICAL, true,  true,  COVERAGE_FULL,    false, DECISION_FIT },
		{ "none", SEVERITY_LOW,	     false, false, COVERAGE_PARTIAL, false, DECISION_UNASSESSED },
		{ "none", SEVERITY_LOW,	     false, false, COVERAGE_NONE,    false, DECISION_UNASSESSED },
		{ "none", SEVERITY_LOW,	     false, false, COVERAGE_PARTIAL, true,  DECISION_FIT },
		{ "high", SEVERITY_HIGH,     false, false, COVERAGE_PARTIAL, false, DECISION_VIOLATION },
		{ "high", SEVERITY_HIGH,     false, false, COVERAGE_NONE,    true,  DECISION_VIOLATION },
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(decide(cases[i].fail_on,
			     vulnerability(cases[i].severity, cases[i].kev, cases[i].fixable),
			     cases[i].level, cases[i].accept) == cases[i].decision);
}

TEST(malware_violates_whatever_was_asked_for_unless_suppressed)
{
	struct finding f = vulnerability(SEVERITY_CRITICAL, false, false);

	f.kind = FINDING_MALWARE;
	CHECK(decide("none", f, COVERAGE_FULL, false) == DECISION_VIOLATION);
	f.suppressed_by = STR("exception 7");
	CHECK(decide("none", f, COVERAGE_FULL, false) == DECISION_FIT);
}

TEST(unknown_words_are_refused)
{
	SETUP;
	(void)a;
	CHECK(builtin_parse(&p, STR("hihg"), &e) == -1);
	CHECK(e.kind == ERR_USAGE);
	CHECK(str_has(str_of(e.text), STR("\"hihg\"")));
	CHECK(builtin_parse(&p, STR("Important, KEV"), &e) == 0);
	CHECK(p.least == SEVERITY_HIGH && p.kev);
}

TEST(another_setting_is_another_policy)
{
	SETUP;
	struct report one = { .coverage.level = COVERAGE_FULL }, two = one;

	CHECK(builtin_parse(&p, STR("high"), &e) == 0 && builtin_judge(&one, &p, &a, &e) == 0);
	CHECK(builtin_parse(&p, STR("low"), &e) == 0 && builtin_judge(&two, &p, &a, &e) == 0);
	CHECK(!digest_eq(&one.verdict.policy_digest, &two.verdict.policy_digest));
	CHECK(one.verdict.rules.n == 4);
	CHECK_STR(one.verdict.rules.v[3].id, STR("coverage"));
}

TEST_MAIN
