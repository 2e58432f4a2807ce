#include "format/version/semver.h"

#include "format/version/relation.h"
#include "format/version/scheme.h"

bool semver_take_number(str *s, str *number)
{
	*number = number_take(s);
	return number->n == 1 || (number->n > 1 && number->p[0] != '0');
}

/* Dot-separated identifiers of [0-9A-Za-z-]; in a pre-release a number has no leading zero. */
static bool identifiers_ok(str s, bool zeros)
{
	str one, rest = s;
	bool more = true;

	while (more) {
		more = str_cut(rest, '.', &one, &rest);
		if (one.n == 0)
			return false;
		for (size_t i = 0; i < one.n; i++)
			if (!ch_alnum(one.p[i]) && one.p[i] != '-')
				return false;
		if (!zeros && one.n > 1 && one.p[0] == '0' && number_is(one))
			return false;
	}
	return true;
}

static bool tail_read(struct semver *out, str s, bool zeros)
{
	bool has_build = str_cut(s, '+', &s, &out->build);

	if (has_build && !identifiers_ok(out->build, true))
		return false;
	out->pre = s;
	if (s.n == 0)
		return true;
	return str_skip(&out->pre, STR("-")) && identifiers_ok(out->pre, zeros);
}

bool semver_read_tail(struct semver *out, str s)
{
	return tail_read(out, s, false);
}

bool semver_read_loose_tail(struct semver *out, str s)
{
	return tail_read(out, s, true);
}

bool semver_read(struct semver *out, str s)
{
	return semver_take_number(&s, &out->major) && str_skip(&s, STR(".")) &&
	       semver_take_number(&s, &out->minor) && str_skip(&s, STR(".")) &&
	       semver_take_number(&s, &out->patch) && semver_read_tail(out, s);
}

int semver_cmp_core(const struct semver *a, const struct semver *b)
{
	int d = number_cmp(a->major, b->major);

	if (d == 0)
		d = number_cmp(a->minor, b->minor);
	return d ? d : number_cmp(a->patch, b->patch);
}

/* Numbers come before words (section 11.4.3). */
static int identifier_cmp(str a, str b)
{
	bool x = number_is(a), y = number_is(b);

	if (x != y)
		return x ? -1 : 1;
	return x ? number_cmp(a, b) : str_cmp(a, b);
}

int semver_cmp_pre(str a, str b)
{
	str x, y;

	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0);
	while (a.n && b.n) {
		str_cut(a, '.', &x, &a);
		str_cut(b, '.', &y, &b);
		int d = identifier_cmp(x, y);

		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

int semver_cmp(const struct semver *a, const struct semver *b)
{
	int d = semver_cmp_core(a, b);

	return d ? d : semver_cmp_pre(a->pre, b->pre);
}

static enum version_order semver_compare(str a, str b)
{
	struct semver x, y;

	if (!semver_read(&x, a) || !semver_read(&y, b))
		return VERSION_INVALID;
	return order_of(semver_cmp(&x, &y));
}

static enum version_verdict semver_holds(str version, unsigned op, str bound)
{
	return relation_holds(semver_compare(version, bound), op);
}

/* The specification has no ranges: lists of comparators by precedence. */
static enum version_verdict semver_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, REL_EQ,
					      semver_holds };

	return relation_list(version, range, &rules);
}

const struct version_scheme scheme_semver = { STR_INIT("semver"), semver_compare,
					      semver_satisfies };
