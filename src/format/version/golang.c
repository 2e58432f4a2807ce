/* Module versions as golang.org/x/mod/semver orders them (also without the 'v', as advisories
 * write them) and toolchain versions such as go1.21rc2. Both are brought to one form, in which
 * go1.21rc2 lies before 1.21.0 and after the language version go1.21. */
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

struct gover {
	struct semver sem;
	bool language; /* go1.21 by itself: older than all of its pre-releases */
	str kind, pre; /* toolchains: the rc and the 2 of rc2 */
};

/* v1 and v1.2 stand for v1.0.0 and v1.2.0, but then nothing follows. */
static bool module_read(struct semver *out, str s)
{
	*out = (struct semver){ .minor = STR("0"), .patch = STR("0") };
	if (!semver_take_number(&s, &out->major))
		return false;
	if (s.n == 0)
		return true;
	if (!str_skip(&s, STR(".")) || !semver_take_number(&s, &out->minor))
		return false;
	if (s.n == 0)
		return true;
	return str_skip(&s, STR(".")) && semver_take_number(&s, &out->patch) &&
	       semver_read_tail(out, s);
}

static bool kind_read(struct gover *out, str s)
{
	size_t n = 0;

	while (n < s.n && ch_lower(s.p[n]))
		n++;
	out->kind = str_first(s, n);
	s = str_from(s, n);
	if (n == 0)
		return false;
	return s.n == 0 || (semver_take_number(&s, &out->pre) && s.n == 0);
}

/* What follows "go". From 1.21 on "1.N" is the language and its first release 1.N.0. */
static bool toolchain_read(struct gover *out, str s)
{
	struct semver *v = &out->sem;

	*v = (struct semver){ .minor = STR("0"), .patch = STR("0") };
	if (!semver_take_number(&s, &v->major))
		return false;
	if (s.n == 0)
		return true;
	if (!str_skip(&s, STR(".")) || !semver_take_number(&s, &v->minor))
		return false;
	if (s.n == 0) {
		out->language = number_cmp(v->minor, STR("21")) >= 0;
		return true;
	}
	if (str_skip(&s, STR(".")))
		return semver_take_number(&s, &v->patch) && s.n == 0;
	return kind_read(out, s);
}

static bool gover_read(struct gover *out, str s)
{
	*out = (struct gover){ 0 };
	if (str_skip(&s, STR("go"))) {
		str_cut(s, '-', &s, &(str){ 0 }); /* go1.21.0-custom is go1.21.0 */
		return toolchain_read(out, s);
	}
	if (str_skip(&s, STR("v")))
		return module_read(&out->sem, s);
	return module_read(&out->sem, s) || (*out = (struct gover){ 0 }, toolchain_read(out, s));
}

static int pre_rank(const struct gover *v)
{
	if (v->language)
		return 0;
	return v->kind.n || v->sem.pre.n ? 1 : 2;
}

/* Cuts a pre-release into its first word and what follows: rc2 and "rc.2" both rc and 2. */
static str pre_word(const struct gover *v, str *rest)
{
	str word = v->sem.pre;

	*rest = v->pre;
	if (v->kind.n)
		return v->kind;
	str_cut(word, '.', &word, rest);
	return word;
}

static int pre_cmp(const struct gover *a, const struct gover *b)
{
	str rest_a, rest_b;
	int d = semver_cmp_pre(pre_word(a, &rest_a), pre_word(b, &rest_b));

	if (d)
		return d;
	if (rest_a.n == 0 || rest_b.n == 0)
		return (rest_a.n > 0) - (rest_b.n > 0);
	return semver_cmp_pre(rest_a, rest_b);
}

static enum version_order golang_compare(str a, str b)
{
	struct gover x, y;
	int d;

	if (!gover_read(&x, a) || !gover_read(&y, b))
		return VERSION_INVALID;
	d = semver_cmp_core(&x.sem, &y.sem);
	if (d == 0)
		d = pre_rank(&x) - pre_rank(&y);
	return order_of(d || pre_rank(&x) != 1 ? d : pre_cmp(&x, &y));
}

static enum version_verdict golang_holds(str version, unsigned op, str bound)
{
	return relation_holds(golang_compare(version, bound), op);
}

static enum version_verdict golang_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, REL_EQ,
					      golang_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_golang = { STR_INIT("golang"), golang_compare,
					      golang_satisfies };
