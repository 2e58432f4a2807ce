#include "format/version/relation.h"

#include "format/version/scheme.h"

/* clang-format off */
const struct relation_word relation_words[] = {
	{ STR_INIT("=="), REL_EQ }, { STR_INIT("!="), REL_NE }, { STR_INIT("<="), REL_LE },
	{ STR_INIT("=<"), REL_LE }, { STR_INIT(">="), REL_GE }, { STR_INIT("=>"), REL_GE },
	{ STR_INIT("="),  REL_EQ }, { STR_INIT("<"),  REL_LT }, { STR_INIT(">"),  REL_GT },
};
/* clang-format on */
const size_t relation_words_n = COUNT(relation_words);

enum version_verdict relation_holds(enum version_order order, unsigned op)
{
	static const unsigned bit[] = { REL_LT, REL_EQ, REL_GT };

	if (order == VERSION_INVALID)
		return VERSION_UNSURE;
	return op & bit[order + 1] ? VERSION_YES : VERSION_NO;
}

enum version_verdict verdict_and(enum version_verdict a, enum version_verdict b)
{
	if (a == VERSION_UNSURE || b == VERSION_UNSURE)
		return VERSION_UNSURE;
	return a == VERSION_YES && b == VERSION_YES ? VERSION_YES : VERSION_NO;
}

enum version_verdict verdict_or(enum version_verdict a, enum version_verdict b)
{
	if (a == VERSION_UNSURE || b == VERSION_UNSURE)
		return VERSION_UNSURE;
	return a == VERSION_YES || b == VERSION_YES ? VERSION_YES : VERSION_NO;
}

enum version_verdict verdict_not(enum version_verdict a)
{
	if (a == VERSION_UNSURE)
		return a;
	return a == VERSION_YES ? VERSION_NO : VERSION_YES;
}

unsigned relation_take(str *clause, const struct relation_rules *rules)
{
	for (size_t i = 0; i < rules->words_n; i++)
		if (str_skip(clause, rules->words[i].text))
			return rules->words[i].op;
	return rules->bare;
}

bool relation_next_list(str *rest, str *list)
{
	if (!rest->p)
		return false;
	size_t at = str_search(*rest, STR("||"));

	if (at == SIZE_MAX) {
		*list = *rest;
		*rest = STR_NONE;
		return true;
	}
	*list = str_first(*rest, at);
	*rest = str_from(*rest, at + 2);
	return true;
}

static bool ends_clause(char c)
{
	return c == ',' || space_is(c);
}

/* The next clause: an operator, blanks, and what stands up to a comma or blank. */
static enum version_verdict take_clause(str version, str *list, const struct relation_rules *rules)
{
	unsigned op = relation_take(list, rules);
	size_t n = 0;

	while (list->n && space_is(list->p[0]))
		*list = str_from(*list, 1);
	while (n < list->n && !ends_clause(list->p[n]))
		n++;
	str bound = str_first(*list, n);
	*list = space_trim(str_from(*list, n));
	if (op == 0 || bound.n == 0 || str_find(STR("<>=!|"), bound.p[0]) != SIZE_MAX)
		return VERSION_UNSURE;
	return rules->holds(version, op, bound);
}

static enum version_verdict all_hold(str version, str list, const struct relation_rules *rules)
{
	enum version_verdict all = VERSION_YES;

	list = space_trim(list);
	if (str_eq(list, STR("*"))) /* asks nothing but that the version be one */
		return verdict_or(rules->holds(version, REL_EQ, version), VERSION_YES);
	if (list.n == 0)
		return VERSION_UNSURE;
	while (list.n) {
		all = verdict_and(all, take_clause(version, &list, rules));
		bool comma = str_skip(&list, STR(","));

		if (!comma && rules->commas && list.n)
			return VERSION_UNSURE;
		if (!comma)
			continue;
		list = space_trim(list);
		if (list.n == 0)
			return VERSION_UNSURE;
	}
	return all;
}

enum version_verdict relation_list(str version, str range, const struct relation_rules *rules)
{
	enum version_verdict any = VERSION_NO;
	str rest = range.p ? range : STR("");

	for (str list; relation_next_list(&rest, &list);)
		any = verdict_or(any, all_hold(version, list, rules));
	return any;
}
