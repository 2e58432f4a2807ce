#include "judge/builtin.h"

int builtin_parse(struct builtin_policy *out, str fail_on, struct err *e)
{
	str word;

	*out = (struct builtin_policy){ 0 };
	while (str_next(&fail_on, ',', &word)) {
		word = str_trim(word);
		enum severity s = severity_of(word);

		if (s && !str_eq_nocase(word, STR("none")))
			out->least = s;
		else if (str_eq_nocase(word, STR("kev")))
			out->kev = true;
		else if (str_eq_nocase(word, STR("fixable")))
			out->fixable = true;
		else if (!str_eq_nocase(word, STR("none")))
			return err_set(e, ERR_USAGE,
				       "\"" STR_FMT "\" is no level: critical, high, medium, low, "
				       "negligible, with kev and fixable behind a comma, or none",
				       STR_ARG(word));
	}
	return 0;
}

/* The rules in the order of the report. */
struct rule {
	const char *id;
	bool (*asked)(const struct builtin_policy *p);
	bool (*breaks)(const struct builtin_policy *p, const struct finding *f);
	const char *says; /* of findings that broke it */
};

static bool always(const struct builtin_policy *p)
{
	return true;
}

static bool kev_asked(const struct builtin_policy *p)
{
	return p->kev;
}

static bool severity_asked(const struct builtin_policy *p)
{
	return p->least != SEVERITY_UNKNOWN;
}

static bool can_be_fixed(const struct builtin_policy *p, const struct finding *f)
{
	return !p->fixable || f->fixed.n || f->kind != FINDING_VULNERABILITY;
}

static bool is_malware(const struct builtin_policy *p, const struct finding *f)
{
	return f->kind == FINDING_MALWARE;
}

static bool is_exploited(const struct builtin_policy *p, const struct finding *f)
{
	return f->risk.kev && can_be_fixed(p, f);
}

static bool is_severe(const struct builtin_policy *p, const struct finding *f)
{
	return f->severity >= p->least && can_be_fixed(p, f);
}

static const struct rule rules[] = {
	{ "malware", always, is_malware, "malicious" },
	{ "known-exploited", kev_asked, is_exploited, "known to be exploited" },
	{ "severity", severity_asked, is_severe, "as severe as the limit or worse" },
};

/* What the policy's digest is made of: one line for each setting that can change a verdict. */
static int canonical(struct digest *out, const struct builtin_policy *p, struct err *e)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "plimsoll.policy/built-in/1\nmalware=fail\nknown-exploited=%s\nseverity=%s\n"
		 "fixable-only=%s\ncoverage=%s\n",
		 p->kev ? "fail" : "off", p->least ? severity_word(p->least) : "off",
		 p->fixable ? "yes" : "no", p->accept_partial ? "accept" : "full");
	return digest_of(out, DIGEST_SHA256, str_of(text), e);
}

/* Findings that nobody has rated neither pass nor break a limit of severity: they are said. */
static size_t unrated(const struct report *r, const struct rule *rule,
		      const struct builtin_policy *p)
{
	size_t n = 0;

	if (rule->breaks != is_severe)
		return 0;
	vec_each (f, &r->findings)
		n += f->severity == SEVERITY_UNKNOWN && f->suppressed_by.n == 0 &&
		     can_be_fixed(p, f);
	return n;
}

static int describe(struct rule_result *out, const struct report *r, const struct rule *rule,
		    const struct builtin_policy *p, struct arena *a, struct err *e)
{
	size_t n = out->findings.n, more = unrated(r, rule, p);
	int done = 0;

	if (out->outcome == RULE_OFF) {
		out->text = STR("not asked for");
		return 0;
	}
	if (n == 0)
		out->text = STR("no finding breaks it");
	else
		done = arena_printf(&out->text, a, e, "%zu %s %s%s", n,
				    n == 1 ? "finding is" : "findings are", rule->says,
				    p->fixable ? " and can be fixed" : "");
	if (done < 0 || more == 0)
		return done;
	return arena_printf(&out->text, a, e, STR_FMT "; %zu %s no severity and %s not counted",
			    STR_ARG(out->text), more, more == 1 ? "has" : "have",
			    more == 1 ? "is" : "are");
}

static int judge_rule(struct report *r, const struct rule *rule, const struct builtin_policy *p,
		      struct arena *a, struct err *e)
{
	struct rule_result result = { .id = str_of(rule->id) };

	result.outcome = rule->asked(p) ? RULE_PASS : RULE_OFF;
	for (uint32_t i = 0; result.outcome != RULE_OFF && i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->suppressed_by.n == 0 && rule->breaks(p, f) &&
		    vec_push(&result.findings, a, e, i) < 0)
			return -1;
	}
	if (result.findings.n) {
		result.outcome = RULE_FAIL;
		r->verdict.decision = DECISION_VIOLATION;
	}
	if (describe(&result, r, rule, p, a, e) < 0)
		return -1;
	return vec_push(&r->verdict.rules, a, e, result);
}

static int judge_coverage(struct report *r, const struct builtin_policy *p, struct arena *a,
			  struct err *e)
{
	struct rule_result result = { .id = STR("coverage") };
	enum coverage_level level = r->coverage.level;

	if (level == COVERAGE_FULL) {
		result.outcome = RULE_PASS;
		result.text = STR("everything that was found could be assessed");
		return vec_push(&r->verdict.rules, a, e, result);
	}
	result.outcome = p->accept_partial ? RULE_ACCEPTED : RULE_FAIL;
	if (!p->accept_partial && r->verdict.decision == DECISION_FIT)
		r->verdict.decision = DECISION_UNASSESSED;
	if (arena_printf(&result.text, a, e, "coverage is %s%s", coverage_word(level),
			 p->accept_partial ? ", which --accept-partial accepts" : "") < 0)
		return -1;
	return vec_push(&r->verdict.rules, a, e, result);
}

int builtin_judge(struct report *r, const struct builtin_policy *p, struct arena *a, struct err *e)
{
	r->verdict = (struct verdict){ .policy_name = STR("built-in") };
	if (canonical(&r->verdict.policy_digest, p, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(rules); i++)
		if (judge_rule(r, &rules[i], p, a, e) < 0)
			return -1;
	return judge_coverage(r, p, a, e);
}
