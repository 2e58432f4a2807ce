/* Dart's pub_semver, which also orders build metadata. */
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

static bool identifiers_ok(str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ch_alnum(s.p[i]) || s.p[i] == '-')
			run++;
		else if (s.p[i] != '.' || run == 0)
			return false;
		else
			run = 0;
	}
	return run > 0;
}

/* As semver, but numbers may have leading zeros everywhere. */
static bool pub_read(struct semver *out, str s)
{
	*out = (struct semver){ 0 };
	out->major = number_take(&s);
	if (!str_skip(&s, STR(".")))
		return false;
	out->minor = number_take(&s);
	if (!str_skip(&s, STR(".")))
		return false;
	out->patch = number_take(&s);
	if (!out->major.n || !out->minor.n || !out->patch.n)
		return false;
	if (str_cut(s, '+', &s, &out->build) && !identifiers_ok(out->build))
		return false;
	out->pre = s;
	return s.n == 0 || (str_skip(&out->pre, STR("-")) && identifiers_ok(out->pre));
}

/* Without a build comes before any; else as pre-releases. */
static int build_cmp(str a, str b)
{
	if (a.n == 0 || b.n == 0)
		return (a.n > 0) - (b.n > 0);
	return semver_cmp_pre(a, b);
}

static int pub_cmp(const struct semver *a, const struct semver *b)
{
	int d = semver_cmp(a, b);

	return d ? d : build_cmp(a->build, b->build);
}

static enum version_order pub_compare(str a, str b)
{
	struct semver x, y;

	if (!pub_read(&x, a) || !pub_read(&y, b))
		return VERSION_INVALID;
	return order_of(pub_cmp(&x, &y));
}

/* The bounds of a constraint, as its parts narrow them. */
struct span {
	struct semver min, max;
	bool has_min, has_max, min_in, max_in;
};

static void raise_min(struct span *s, const struct semver *v, bool in)
{
	int d = s->has_min ? pub_cmp(v, &s->min) : 1;

	if (d > 0) {
		s->min = *v;
		s->min_in = in;
	} else if (d == 0) {
		s->min_in &= in;
	}
	s->has_min = true;
}

static void lower_max(struct span *s, const struct semver *v, bool in)
{
	int d = s->has_max ? pub_cmp(v, &s->max) : -1;

	if (d < 0) {
		s->max = *v;
		s->max_in = in;
	} else if (d == 0) {
		s->max_in &= in;
	}
	s->has_max = true;
}

static bool caret_holds(const struct semver *v, const struct semver *b)
{
	int d = number_cmp(v->major, b->major);

	if (d == 0 && number_is_zero(b->major))
		d = number_cmp(v->minor, b->minor);
	return d <= 0;
}

enum { OP_CARET = REL_OWN };

/* clang-format off */
static const struct relation_word pub_words[] = {
	{ STR_INIT("<="), REL_LE }, { STR_INIT(">="), REL_GE }, { STR_INIT("<"), REL_LT },
	{ STR_INIT(">"), REL_GT }, { STR_INIT("^"), OP_CARET },
};
/* clang-format on */

/* A version ends where no version goes on: before a blank, an operator or a caret. */
static bool take_version(str *s, struct semver *v)
{
	size_t n = 0;

	*s = space_trim(*s);
	while (n < s->n && !space_is(s->p[n]) && str_find(STR("<>=^,"), s->p[n]) == SIZE_MAX)
		n++;
	str text = str_first(*s, n);
	*s = space_trim(str_from(*s, n));
	return pub_read(v, text);
}

/* False when the text is no constraint; *held gathers what the bounds do not say. */
static bool take_part(struct span *span, const struct semver *v, str *s, bool *held)
{
	static const struct relation_rules rules = { pub_words, COUNT(pub_words), REL_EQ, NULL };
	unsigned op = relation_take(s, &rules);
	struct semver b;

	if (!take_version(s, &b))
		return false;
	if (op == OP_CARET)
		*held &= caret_holds(v, &b);
	if (op & REL_GT || op == REL_EQ || op == OP_CARET)
		raise_min(span, &b, op != REL_GT);
	if (op & REL_LT || op == REL_EQ)
		lower_max(span, &b, op != REL_LT);
	str_skip(s, STR(","));
	*s = space_trim(*s);
	return true;
}

/* "<2.0.0" leaves out 2.0.0-x, unless the lower bound is such a pre-release itself. */
static bool excluded_pre(const struct span *s, const struct semver *v)
{
	if (s->max_in || s->max.pre.n || s->max.build.n || semver_cmp_core(v, &s->max) != 0)
		return false;
	return !s->has_min || !s->min.pre.n || semver_cmp_core(&s->min, &s->max) != 0;
}

static bool span_holds(const struct span *s, const struct semver *v)
{
	int low = s->has_min ? pub_cmp(v, &s->min) : 1,
	    high = s->has_max ? pub_cmp(v, &s->max) : -1;

	if (low < 0 || (low == 0 && !s->min_in) || high > 0 || (high == 0 && !s->max_in))
		return false;
	return !s->has_max || !excluded_pre(s, v);
}

static enum version_verdict list_holds(const struct semver *v, str list)
{
	struct span span = { 0 };
	bool held = true;

	list = space_trim(list);
	if (str_eq(list, STR("any")) || str_eq(list, STR("*")))
		return VERSION_YES;
	if (list.n == 0)
		return VERSION_UNSURE;
	while (list.n)
		if (!take_part(&span, v, &list, &held))
			return VERSION_UNSURE;
	return held && span_holds(&span, v) ? VERSION_YES : VERSION_NO;
}

static enum version_verdict pub_satisfies(str version, str range)
{
	enum version_verdict any = VERSION_NO;
	struct semver v;

	if (!pub_read(&v, version))
		return VERSION_UNSURE;
	for (str list; relation_next_list(&range, &list);)
		any = verdict_or(any, list_holds(&v, list));
	return any;
}

const struct version_scheme scheme_pub = { STR_INIT("pub"), pub_compare, pub_satisfies };
