/* Composer's constraints: '^', '~', x, hyphens, comparators, "@stability" and branches. */
#include "format/version/composer.h"
#include "format/version/relation.h"
#include "format/version/scheme.h"

static bool composer_read(struct composer *out, str s)
{
	return s.n <= LIMIT_VERSION_BYTES && composer_normalize(out, s);
}

/* Two branches are the same or cannot be ordered: then neither counts as a version of the other. */
static enum version_order composer_compare(str a, str b)
{
	struct composer x, y;

	if (!composer_read(&x, a) || !composer_read(&y, b))
		return VERSION_INVALID;
	if (composer_is_branch(&x) && composer_is_branch(&y))
		return str_eq(composer_str(&x), composer_str(&y)) ? VERSION_EQUAL : VERSION_INVALID;
	return order_of(composer_cmp(&x, &y));
}

/* A branch is in no range; it is only itself. */
static bool bound_holds(const struct composer *v, unsigned op, const struct composer *bound)
{
	bool x = composer_is_branch(v), y = composer_is_branch(bound);

	if (x || y) {
		bool same = str_eq(composer_str(v), composer_str(bound));

		return op == REL_NE ? !same : op == REL_EQ && same;
	}
	return relation_holds(order_of(composer_cmp(v, bound)), op) == VERSION_YES;
}

/* Numbers and what follows them, as in '^', '~' and hyphen ranges. */
struct numbers {
	str parts[4];
	int n;
	bool x_dev;  /* ".x-dev" follows */
	bool stable; /* no stability is named */
	struct composer_modifier modifier;
};

static bool is_x(char c)
{
	return c == 'x' || c == 'X' || c == '*';
}

static bool x_dev_is(str s)
{
	if (s.n < 2 || s.p[0] != '.' || !is_x(s.p[1]))
		return false;
	s = str_from(s, 2);
	if (s.n && (s.p[0] == '.' || s.p[0] == '-'))
		s = str_from(s, 1);
	return str_eq_nocase(s, STR("dev"));
}

static bool tail_read(struct numbers *out, str s)
{
	out->x_dev = x_dev_is(s);
	if (out->x_dev)
		return true;
	if (!composer_read_modifier(&out->modifier, s))
		return false;
	out->stable = out->modifier.word.n == 0 && !out->modifier.dev;
	return true;
}

static bool numbers_read(struct numbers *out, str s)
{
	size_t build;

	*out = (struct numbers){ 0 };
	if (s.n && ch_down(s.p[0]) == 'v')
		s = str_from(s, 1);
	out->parts[out->n++] = number_take(&s);
	if (out->parts[0].n == 0)
		return false;
	while (out->n < 4 && s.n > 1 && s.p[0] == '.' && ch_digit(s.p[1])) {
		s = str_from(s, 1);
		out->parts[out->n++] = number_take(&s);
	}
	build = str_find(s, '+');
	if (build != SIZE_MAX && build + 1 == s.n)
		return false;
	return tail_read(out, str_first(s, build));
}

static void put_next(struct composer *out, str number)
{
	size_t at = out->n, i;

	while (number.n > 1 && number.p[0] == '0')
		number = str_from(number, 1);
	composer_put(out, STR("0"));
	composer_put(out, number);
	for (i = out->n; out->text[--i] == '9';)
		out->text[i] = '0';
	out->text[i]++;
	if (out->text[at] == '0') {
		memmove(out->text + at, out->text + at + 1, number.n);
		out->n--;
	}
}

/* "M.m.p.r-dev", in which the number at `position` (from 1) is raised by `step`, those behind 0. */
static void cut_at(struct composer *out, const struct numbers *v, int position, bool step)
{
	out->n = 0;
	for (int i = 1; i <= 4; i++) {
		str part = i <= v->n ? v->parts[i - 1] : STR("");

		if (i > 1)
			composer_put(out, STR("."));
		if (i == position && step)
			put_next(out, part.n ? part : STR("0"));
		else
			composer_put(out, i > position ? STR("0") : part);
	}
	composer_put(out, STR("-dev"));
}

/* Normal, with "-dev" put behind it first when no stability is named. */
static bool low_read(struct composer *out, str s, bool stable)
{
	struct composer text = { .n = 0 };

	composer_put(&text, s);
	if (stable)
		composer_put(&text, STR("-dev"));
	return composer_normalize(out, composer_str(&text));
}

static enum version_verdict between(const struct composer *v, const struct composer *low,
				    const struct composer *high)
{
	return bound_holds(v, REL_GE, low) && bound_holds(v, REL_LT, high) ? VERSION_YES
									   : VERSION_NO;
}

static enum version_verdict tilde_holds(const struct composer *v, str s)
{
	struct composer low, high;
	struct numbers n;

	if (!numbers_read(&n, s) || !low_read(&low, s, n.stable))
		return VERSION_UNSURE;
	int position = n.n + n.x_dev;

	cut_at(&high, &n, MAX(1, position - 1), true);
	return between(v, &low, &high);
}

static enum version_verdict caret_holds(const struct composer *v, str s)
{
	struct composer low, high;
	struct numbers n;
	int position = 3;

	if (!numbers_read(&n, s) || !low_read(&low, s, n.stable))
		return VERSION_UNSURE;
	if (!str_eq(n.parts[0], STR("0")) || n.n < 2)
		position = 1;
	else if (!str_eq(n.parts[1], STR("0")) || n.n < 3)
		position = 2;
	cut_at(&high, &n, position, true);
	return between(v, &low, &high);
}

/* v?N(.N){0,2}(.[xX*])+ */
static bool x_range_read(struct numbers *out, str s)
{
	bool any = false;

	*out = (struct numbers){ 0 };
	str_skip(&s, STR("v"));
	out->parts[out->n++] = number_take(&s);
	if (out->parts[0].n == 0)
		return false;
	while (out->n < 3 && s.n > 1 && s.p[0] == '.' && ch_digit(s.p[1])) {
		s = str_from(s, 1);
		out->parts[out->n++] = number_take(&s);
	}
	while (s.n > 1 && s.p[0] == '.' && is_x(s.p[1])) {
		s = str_from(s, 2);
		any = true;
	}
	return any && s.n == 0;
}

static enum version_verdict x_range_holds(const struct composer *v, const struct numbers *n)
{
	struct composer low, high;

	cut_at(&low, n, n->n, false);
	cut_at(&high, n, n->n, true);
	if (str_eq(composer_str(&low), STR("0.0.0.0-dev")))
		return bound_holds(v, REL_LT, &high) ? VERSION_YES : VERSION_NO;
	return between(v, &low, &high);
}

static enum version_verdict hyphen_holds(const struct composer *v, str from, str to)
{
	struct composer low, high;
	struct numbers a, b;

	if (!numbers_read(&a, from) || !numbers_read(&b, to) || !composer_normalize(&low, from) ||
	    !composer_normalize(&high, to))
		return VERSION_UNSURE;
	if (a.stable)
		composer_put(&low, STR("-dev"));
	bool up_to = b.n >= 3 || !b.stable;

	if (!up_to)
		cut_at(&high, &b, b.n < 2 ? 1 : 2, true);
	return bound_holds(v, REL_GE, &low) && bound_holds(v, up_to ? REL_LE : REL_LT, &high)
		       ? VERSION_YES
		       : VERSION_NO;
}

/* clang-format off */
static const struct relation_word composer_words[] = {
	{ STR_INIT("<>"), REL_NE }, { STR_INIT("!="), REL_NE }, { STR_INIT(">="), REL_GE },
	{ STR_INIT("<="), REL_LE }, { STR_INIT("=="), REL_EQ }, { STR_INIT("="), REL_EQ },
	{ STR_INIT(">"), REL_GT }, { STR_INIT("<"), REL_LT },
};
/* clang-format on */

/* "foobar-dev" is what should have been "dev-foobar". */
static bool recover_branch(struct composer *out, str s)
{
	if (!str_chop(&s, STR("-dev")))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ch_alnum(s.p[i]) && str_find(STR("-./"), s.p[i]) == SIZE_MAX)
			return false;
	out->n = 0;
	composer_put(out, STR("dev-"));
	composer_put(out, s);
	return true;
}

/* Whether a modifier stands at the end behind a '-'. */
static bool names_stability(str s)
{
	struct composer_modifier m;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '-' && composer_read_modifier(&m, str_from(s, i + 1)))
			return true;
	return false;
}

static bool normal_is_stable(const struct composer *c)
{
	str s = composer_str(c);

	return str_find(s, '-') == SIZE_MAX || str_search(s, STR("-patch")) != SIZE_MAX;
}

static enum version_verdict comparator_holds(const struct composer *v, str s, str stability)
{
	static const struct relation_rules rules = { composer_words, COUNT(composer_words), 0,
						     NULL };
	unsigned op = relation_take(&s, &rules);
	struct composer bound;

	s = space_trim(s);
	if (!composer_normalize(&bound, s) && !recover_branch(&bound, s))
		return VERSION_UNSURE;
	if (op == 0)
		op = REL_EQ;
	if (op != REL_EQ && stability.n && normal_is_stable(&bound)) {
		composer_put(&bound, STR("-"));
		composer_put(&bound, stability);
	} else if ((op == REL_LT || op == REL_GE) && !names_stability(s) &&
		   !str_starts(s, STR("dev-"))) {
		composer_put(&bound, STR("-dev"));
	}
	return bound_holds(v, op, &bound) ? VERSION_YES : VERSION_NO;
}

/* 1 for "*", 2 for "*.*" or "v*", which keeps branches out; 0 when it is neither. */
static int anything(str s)
{
	int dots = 0;
	bool v = s.n && ch_down(s.p[0]) == 'v';

	if (v)
		s = str_from(s, 1);
	if (s.n == 0 || !is_x(s.p[0]))
		return 0;
	for (s = str_from(s, 1); s.n; s = str_from(s, 2), dots++)
		if (s.n < 2 || s.p[0] != '.' || !is_x(s.p[1]))
			return 0;
	return v || dots ? 2 : 1;
}

/* "dev-main#ref", "1.x-dev#ref": the reference is for Composer's downloads. */
static void chop_reference(str *s)
{
	size_t at = str_find(*s, '#');

	if (at == SIZE_MAX || at + 1 == s->n)
		return;
	str head = str_first(*s, at);

	if ((head.n > 4 && str_eq_nocase(str_first(head, 4), STR("dev-"))) ||
	    (head.n > 6 && str_eq_nocase(str_from(head, head.n - 6), STR(".x-dev"))))
		*s = head;
}

static enum version_verdict clause_holds(const struct composer *v, str s)
{
	str stability = STR(""), from, to;
	struct numbers n;

	if (s.n > LIMIT_VERSION_BYTES)
		return VERSION_UNSURE;
	composer_chop_alias(&s);
	if (str_find(s, ' ') == SIZE_MAX && composer_chop_stability(&s, &stability) && s.n == 0)
		s = STR("*");
	if (str_eq(stability, STR("stable")))
		stability = STR("");
	chop_reference(&s);
	if (anything(s))
		return anything(s) == 1 || !composer_is_branch(v) ? VERSION_YES : VERSION_NO;
	if (str_skip(&s, STR("~")))
		return str_starts(s, STR(">")) ? VERSION_UNSURE : tilde_holds(v, s);
	if (str_skip(&s, STR("^")))
		return caret_holds(v, s);
	if (x_range_read(&n, s))
		return x_range_holds(v, &n);
	size_t dash = str_search(s, STR(" - "));

	if (dash == SIZE_MAX)
		return comparator_holds(v, s, stability);
	from = space_trim(str_first(s, dash));
	to = space_trim(str_from(s, dash + 3));
	return hyphen_holds(v, from, to);
}

static bool parts_clauses(char c)
{
	return c == ' ' || c == ',';
}

/* One blank or comma beside a '-' parts nothing: "1.0 - 2.0". */
static bool joined_by_dash(str s, size_t at)
{
	bool single = at + 1 < s.n && !parts_clauses(s.p[at + 1]);

	return single && ((at > 0 && s.p[at - 1] == '-') || s.p[at + 1] == '-');
}

/* How far the clause at the start of s goes: not past a blank or comma, but for those behind an
 * operator and around '-' and "as". */
static size_t clause_end(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t next = i;

		if (!parts_clauses(s.p[i]) || joined_by_dash(s, i))
			continue;
		while (next < s.n && s.p[next] == ' ')
			next++;
		bool op = i > 0 && str_find(STR("=><"), s.p[i - 1]) != SIZE_MAX;

		if (op)
			i = next - (next > i);
		else if (str_starts(str_from(s, next), STR("as ")))
			i = next + 2;
		else
			return i;
		while (!op && i + 1 < s.n && s.p[i + 1] == ' ')
			i++;
	}
	return s.n;
}

static enum version_verdict list_holds(const struct composer *v, str list)
{
	enum version_verdict all = VERSION_YES;

	list = space_trim(list);
	if (list.n == 0)
		return VERSION_UNSURE;
	while (list.n) {
		size_t n = clause_end(list);

		all = verdict_and(all, clause_holds(v, str_first(list, n)));
		list = space_trim(str_from(list, n));
		if (!str_skip(&list, STR(",")))
			continue;
		list = space_trim(list);
		if (list.n == 0)
			return VERSION_UNSURE;
	}
	return all;
}

/* Here one '|' joins as "||" does. */
static enum version_verdict composer_satisfies(str version, str range)
{
	enum version_verdict any = VERSION_NO;
	struct composer v;
	bool more = true;
	str list, rest = range;

	if (!composer_read(&v, version))
		return VERSION_UNSURE;
	while (more) {
		more = str_cut(rest, '|', &list, &rest);
		if (more)
			str_skip(&rest, STR("|"));
		any = verdict_or(any, list_holds(&v, list));
	}
	return any;
}

const struct version_scheme scheme_composer = { STR_INIT("composer"), composer_compare,
						composer_satisfies };
