/* Elixir's Version: Semantic Versioning, and requirements joined by "and" and "or". */
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

static enum version_order hex_compare(str a, str b)
{
	struct semver x, y;

	if (!semver_read(&x, a) || !semver_read(&y, b))
		return VERSION_INVALID;
	return order_of(semver_cmp(&x, &y));
}

enum { OP_PESSIMISTIC = REL_OWN };

/* "~> 1.2" may leave the patch out, which then may grow along with the minor number. */
static bool partial_read(struct semver *out, str s, bool *partial)
{
	*partial = false;
	if (semver_read(out, s))
		return true;
	*partial = true;
	*out = (struct semver){ .patch = STR("0") };
	return semver_take_number(&s, &out->major) && str_skip(&s, STR(".")) &&
	       semver_take_number(&s, &out->minor) && semver_read_tail(out, s);
}

static enum version_verdict pessimistic(const struct semver *v, str bound)
{
	bool partial;
	struct semver b;

	if (!partial_read(&b, bound, &partial))
		return VERSION_UNSURE;
	if (semver_cmp(v, &b) < 0 || number_cmp(v->major, b.major) != 0)
		return VERSION_NO;
	return partial || number_cmp(v->minor, b.minor) == 0 ? VERSION_YES : VERSION_NO;
}

static enum version_verdict hex_holds(const struct semver *v, unsigned op, str bound)
{
	struct semver b;

	if (op == OP_PESSIMISTIC)
		return pessimistic(v, bound);
	if (!semver_read(&b, bound))
		return VERSION_UNSURE;
	return relation_holds(order_of(semver_cmp(v, &b)), op);
}

/* clang-format off */
static const struct relation_word hex_words[] = {
	{ STR_INIT("~>"), OP_PESSIMISTIC }, { STR_INIT("=="), REL_EQ }, { STR_INIT("!="), REL_NE }, { STR_INIT("!"), REL_NE },
	{ STR_INIT("<="), REL_LE }, { STR_INIT(">="), REL_GE }, { STR_INIT("<"), REL_LT },
	{ STR_INIT(">"), REL_GT },
};
/* clang-format on */

static str take_word(str *s)
{
	size_t n = 0;

	*s = space_trim(*s);
	while (n < s->n && !space_is(s->p[n]))
		n++;
	str word = str_first(*s, n);
	*s = space_trim(str_from(*s, n));
	return word;
}

/* "op version", the op alone in its word or not. */
static enum version_verdict take_condition(const struct semver *v, str *s)
{
	static const struct relation_rules rules = { hex_words, COUNT(hex_words), REL_EQ, NULL };
	unsigned op = relation_take(s, &rules);

	return hex_holds(v, op, take_word(s));
}

/* "and" binds closer than "or". Advisories join with ',' what here is "and". */
static enum version_verdict hex_satisfies(str version, str range)
{
	enum version_verdict any = VERSION_NO, all;
	str rest = space_trim(range);
	struct semver v;

	if (!semver_read(&v, version) || rest.n == 0)
		return VERSION_UNSURE;
	all = take_condition(&v, &rest);
	while (rest.n) {
		str word = take_word(&rest);

		if (str_eq(word, STR("or"))) {
			any = verdict_or(any, all);
			all = take_condition(&v, &rest);
		} else if (str_eq(word, STR("and"))) {
			all = verdict_and(all, take_condition(&v, &rest));
		} else {
			return VERSION_UNSURE;
		}
	}
	return verdict_or(any, all);
}

const struct version_scheme scheme_hex = { STR_INIT("hex"), hex_compare, hex_satisfies };
