/* Bitnami: Semantic Versioning, except that what follows '-' is a revision, newer than without. */
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

#define BITNAMI_NUMBER_MOST STR("18446744073709551615")

static bool bitnami_read(struct semver *out, str s)
{
	return semver_read(out, s) && number_cmp(out->major, BITNAMI_NUMBER_MOST) <= 0 &&
	       number_cmp(out->minor, BITNAMI_NUMBER_MOST) <= 0 &&
	       number_cmp(out->patch, BITNAMI_NUMBER_MOST) <= 0;
}

static int bitnami_cmp(const struct semver *a, const struct semver *b)
{
	int d = semver_cmp_core(a, b);

	if (d)
		return d;
	if (a->pre.n == 0 || b->pre.n == 0)
		return (a->pre.n > 0) - (b->pre.n > 0);
	return semver_cmp_pre(a->pre, b->pre);
}

static enum version_order bitnami_compare(str a, str b)
{
	struct semver x, y;

	if (!bitnami_read(&x, a) || !bitnami_read(&y, b))
		return VERSION_INVALID;
	return order_of(bitnami_cmp(&x, &y));
}

struct bound {
	struct semver v; /* missing numbers are 0 */
	int parts;	 /* numbers given before the first wildcard */
};

static bool take_part(struct bound *b, str *s, str *part)
{
	str number = number_take(s);
	bool wild = number.n == 0 && s->n && str_find(STR("xX*"), s->p[0]) != SIZE_MAX;

	if (wild)
		*s = str_from(*s, 1);
	else if (number.n == 0)
		return false;
	if (!wild && b->parts >= 0) {
		*part = number;
		b->parts++;
	} else if (b->parts >= 0) {
		b->parts = ~b->parts; /* no number counts any more */
	}
	return true;
}

static bool bound_read(struct bound *b, str s)
{
	*b = (struct bound){ .v = { STR("0"), STR("0"), STR("0"), STR(""), STR("") } };
	str *parts[] = { &b->v.major, &b->v.minor, &b->v.patch };

	str_skip(&s, STR("v"));
	for (size_t i = 0; i < COUNT(parts); i++)
		if ((i == 0 || str_skip(&s, STR("."))) && !take_part(b, &s, parts[i]))
			return false;
	if (b->parts < 0)
		b->parts = ~b->parts;
	return semver_read_loose_tail(&b->v, s);
}

/* 0 as soon as the given numbers are the same; the revision counts where all are given. */
static int prefix_cmp(const struct semver *v, const struct bound *b, int parts)
{
	const str *x[] = { &v->major, &v->minor, &v->patch };
	const str *y[] = { &b->v.major, &b->v.minor, &b->v.patch };
	int d = 0;

	for (int i = 0; i < parts && d == 0; i++)
		d = number_cmp(*x[i], *y[i]);
	return d;
}

static int bound_cmp(const struct semver *v, const struct bound *b)
{
	return b->parts == 3 ? bitnami_cmp(v, &b->v) : prefix_cmp(v, b, b->parts);
}

enum { OP_TILDE = REL_OWN, OP_CARET = REL_OWN << 1 };

static int kept_parts(const struct bound *b, unsigned op)
{
	if (op == OP_TILDE)
		return MIN(b->parts, 2);
	if (b->parts < 2 || !number_is_zero(b->v.major))
		return MIN(b->parts, 1);
	return b->parts == 2 || !number_is_zero(b->v.minor) ? 2 : 3;
}

static enum version_verdict bitnami_holds(str version, unsigned op, str text)
{
	struct semver v;
	struct bound b;

	if (!bitnami_read(&v, version) || !bound_read(&b, text))
		return VERSION_UNSURE;
	if (op == REL_LT)
		return bitnami_cmp(&v, &b.v) < 0 ? VERSION_YES : VERSION_NO;
	int d = bound_cmp(&v, &b);
	if (op != OP_TILDE && op != OP_CARET)
		return relation_holds(order_of(d), op);
	return d >= 0 && prefix_cmp(&v, &b, kept_parts(&b, op)) <= 0 ? VERSION_YES : VERSION_NO;
}

/* clang-format off */
static const struct relation_word bitnami_words[] = {
	{ STR_INIT("=="), REL_EQ }, { STR_INIT("!="), REL_NE }, { STR_INIT(">="), REL_GE },
	{ STR_INIT("=>"), REL_GE }, { STR_INIT("<="), REL_LE }, { STR_INIT("=<"), REL_LE },
	{ STR_INIT("="), REL_EQ }, { STR_INIT("<"), REL_LT }, { STR_INIT(">"), REL_GT },
	{ STR_INIT("~"), OP_TILDE }, { STR_INIT("^"), OP_CARET },
};
/* clang-format on */

/* Nothing at all is every version. */
static enum version_verdict bitnami_satisfies(str version, str range)
{
	static const struct relation_rules rules = { bitnami_words, COUNT(bitnami_words), REL_EQ,
						     bitnami_holds };
	enum version_verdict any =
		bitnami_compare(version, version) == VERSION_EQUAL ? VERSION_NO : VERSION_UNSURE;

	for (str list; relation_next_list(&range, &list);)
		any = verdict_or(any, space_trim(list).n ? relation_list(version, list, &rules)
							 : VERSION_YES);
	return any;
}

const struct version_scheme scheme_bitnami = { STR_INIT("bitnami"), bitnami_compare,
					       bitnami_satisfies };
