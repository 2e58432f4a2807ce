/* Cargo: Semantic Versioning with 64-bit numbers, and the requirements of Cargo.toml. */
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

#define CARGO_NUMBER_MOST STR("18446744073709551615")

enum { CARGO_COMPARATORS = 32 };

static bool fits(str number)
{
	return number_cmp(number, CARGO_NUMBER_MOST) <= 0;
}

static bool cargo_read(struct semver *out, str s)
{
	return semver_read(out, s) && fits(out->major) && fits(out->minor) && fits(out->patch);
}

/* By precedence: build metadata does not count, as in requirements. */
static enum version_order cargo_compare(str a, str b)
{
	struct semver x, y;

	if (!cargo_read(&x, a) || !cargo_read(&y, b))
		return VERSION_INVALID;
	return order_of(semver_cmp(&x, &y));
}

enum { OP_CARET = REL_OWN, OP_TILDE = REL_OWN << 1 };

/* clang-format off */
static const struct relation_word cargo_words[] = {
	{ STR_INIT(">="), REL_GE }, { STR_INIT("<="), REL_LE }, { STR_INIT("="), REL_EQ },
	{ STR_INIT(">"), REL_GT }, { STR_INIT("<"), REL_LT }, { STR_INIT("~"), OP_TILDE },
	{ STR_INIT("^"), OP_CARET },
};
/* clang-format on */

struct comparator {
	unsigned op;
	int parts; /* how many numbers are given */
	struct semver v;
};

static str skip_spaces(str s)
{
	while (str_skip(&s, STR(" ")))
		;
	return s;
}

static bool skip_wildcard(str *s)
{
	return str_skip(s, STR("*")) || str_skip(s, STR("x")) || str_skip(s, STR("X"));
}

/* ".N" or ".*" behind what is there. */
static bool take_part(struct comparator *c, str *s, str *part, bool *wild)
{
	if (!str_skip(s, STR(".")))
		return true;
	if (skip_wildcard(s)) {
		*wild = true;
		return true;
	}
	if (*wild || !semver_take_number(s, part) || !fits(*part))
		return false;
	c->parts++;
	return true;
}

/* One comparator without its comma. */
static bool comparator_read(struct comparator *c, str s)
{
	static const struct relation_rules rules = { cargo_words, COUNT(cargo_words), 0, NULL };
	bool wild = false;

	*c = (struct comparator){ .parts = 1 };
	c->op = relation_take(&s, &rules);
	s = skip_spaces(s);
	if (!semver_take_number(&s, &c->v.major) || !fits(c->v.major))
		return false;
	bool minor = str_starts(s, STR("."));
	if (!take_part(c, &s, &c->v.minor, &wild) ||
	    (minor && !take_part(c, &s, &c->v.patch, &wild)))
		return false;
	if (c->op == 0)
		c->op = wild ? REL_EQ : OP_CARET;
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return c->parts == 3 ? semver_read_tail(&c->v, s) : s.n == 0;
}

/* The first given number in which they differ decides; 0 when all are the same. */
static int parts_cmp(const struct semver *v, const struct comparator *c)
{
	int d = number_cmp(v->major, c->v.major);

	if (d == 0 && c->parts > 1)
		d = number_cmp(v->minor, c->v.minor);
	return d == 0 && c->parts > 2 ? number_cmp(v->patch, c->v.patch) : d;
}

static bool ordered_holds(const struct semver *v, const struct comparator *c)
{
	int d = parts_cmp(v, c), pre = semver_cmp_pre(v->pre, c->v.pre);

	if (d)
		return c->op & (d < 0 ? REL_LT : REL_GT);
	if (c->op & REL_EQ && pre == 0)
		return true;
	return c->parts == 3 && c->op & (pre < 0 ? REL_LT : REL_GT) && pre;
}

static bool tilde_holds(const struct semver *v, const struct comparator *c)
{
	if (number_cmp(v->major, c->v.major) != 0)
		return false;
	if (c->parts > 1 && number_cmp(v->minor, c->v.minor) != 0)
		return false;
	int d = c->parts > 2 ? number_cmp(v->patch, c->v.patch) : 0;
	return d ? d > 0 : semver_cmp_pre(v->pre, c->v.pre) >= 0;
}

/* Numbers to the right of the first that is not zero may grow. */
static bool caret_holds(const struct semver *v, const struct comparator *c)
{
	bool zero_major = number_is_zero(c->v.major);

	if (number_cmp(v->major, c->v.major) != 0)
		return false;
	if (c->parts == 1)
		return true;
	int d = number_cmp(v->minor, c->v.minor);
	if (d)
		return d > 0 && !zero_major;
	if (c->parts == 2)
		return true;
	d = number_cmp(v->patch, c->v.patch);
	if (d)
		return d > 0 && !(zero_major && number_is_zero(c->v.minor));
	return semver_cmp_pre(v->pre, c->v.pre) >= 0;
}

static bool comparator_holds(const struct semver *v, const struct comparator *c)
{
	if (c->op == OP_TILDE)
		return tilde_holds(v, c);
	return c->op == OP_CARET ? caret_holds(v, c) : ordered_holds(v, c);
}

/* Pre-releases are let in only by a comparator that names one of the same numbers. */
static bool names_pre(const struct semver *v, const struct comparator *c)
{
	return c->parts == 3 && c->v.pre.n && semver_cmp_core(v, &c->v) == 0;
}

static enum version_verdict cargo_satisfies(str version, str range)
{
	bool held = true, pre_named = false, more = true;
	struct semver v;
	str text, rest = skip_spaces(range);

	if (!cargo_read(&v, version))
		return VERSION_UNSURE;
	text = rest;
	if (skip_wildcard(&text)) {
		if (skip_spaces(text).n)
			return VERSION_UNSURE;
		return v.pre.n ? VERSION_NO : VERSION_YES;
	}
	for (int n = 0; more; n++) {
		struct comparator c;

		more = str_cut(rest, ',', &text, &rest);
		if (n == CARGO_COMPARATORS || !comparator_read(&c, text))
			return VERSION_UNSURE;
		held &= comparator_holds(&v, &c);
		pre_named |= names_pre(&v, &c);
		rest = skip_spaces(rest);
	}
	return held && (v.pre.n == 0 || pre_named) ? VERSION_YES : VERSION_NO;
}

const struct version_scheme scheme_cargo = { STR_INIT("cargo"), cargo_compare, cargo_satisfies };
