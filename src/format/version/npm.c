/* node-semver, not loose: versions, and ranges of '^', '~', x, hyphens and comparators. */
#include "base/limits.h"
#include "format/version/relation.h"
#include "format/version/scheme.h"
#include "format/version/semver.h"

#define NPM_NUMBER_MOST STR("9007199254740991") /* Number.MAX_SAFE_INTEGER */

enum { NPM_VERSION_BYTES = 256, NPM_DIGITS_EXACT = 15 };

static bool safe(str number)
{
	return number_cmp(number, NPM_NUMBER_MOST) <= 0;
}

static bool npm_read(struct semver *out, str s)
{
	if (s.n > NPM_VERSION_BYTES)
		return false;
	s = space_trim(s);
	str_skip(&s, STR("v"));
	return semver_read(out, s) && safe(out->major) && safe(out->minor) && safe(out->patch);
}

/* The number that JavaScript makes of a pre-release's digits: rounded once they are many. */
static double rounded(str digits)
{
	char z[NPM_VERSION_BYTES + 1];

	digits = str_first(digits, NPM_VERSION_BYTES);
	memcpy(z, digits.p, digits.n);
	z[digits.n] = '\0';
	return strtod(z, NULL);
}

static int npm_identifier_cmp(str a, str b)
{
	if (a.n <= NPM_DIGITS_EXACT || b.n <= NPM_DIGITS_EXACT || !number_is(a) || !number_is(b))
		return semver_cmp_pre(a, b);
	double x = rounded(a), y = rounded(b);
	return (x > y) - (x < y);
}

static int npm_cmp_pre(str a, str b)
{
	str x, y;

	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0);
	while (a.n && b.n) {
		str_cut(a, '.', &x, &a);
		str_cut(b, '.', &y, &b);
		int d = npm_identifier_cmp(x, y);

		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

static int npm_cmp(const struct semver *a, const struct semver *b)
{
	int d = semver_cmp_core(a, b);

	return d ? d : npm_cmp_pre(a->pre, b->pre);
}

static enum version_order npm_compare(str a, str b)
{
	struct semver x, y;

	if (!npm_read(&x, a) || !npm_read(&y, b))
		return VERSION_INVALID;
	return order_of(npm_cmp(&x, &y));
}

/* A version of which parts may be missing, or 'x', 'X' or '*', which is the same. */
struct partial {
	struct semver v;
	int parts;  /* given numbers from the left, 0 to 3 */
	bool plain; /* in full, and with no more before it than one 'v' */
};

static bool x_is(str s)
{
	return s.n == 0 || str_eq(s, STR("x")) || str_eq(s, STR("X")) || str_eq(s, STR("*"));
}

static bool take_part(str *s, str *part)
{
	if (s->n && (s->p[0] == 'x' || s->p[0] == 'X' || s->p[0] == '*')) {
		*part = str_first(*s, 1);
		*s = str_from(*s, 1);
		return true;
	}
	return semver_take_number(s, part);
}

static bool partial_read_parts(struct partial *p, str s)
{
	struct semver *v = &p->v;

	if (!take_part(&s, &v->major))
		return false;
	if (s.n == 0)
		return true;
	if (!str_skip(&s, STR(".")) || !take_part(&s, &v->minor))
		return false;
	if (s.n == 0)
		return true;
	return str_skip(&s, STR(".")) && take_part(&s, &v->patch) && semver_read_tail(v, s);
}

static bool partial_read(struct partial *p, str s)
{
	size_t junk = 0;

	*p = (struct partial){ 0 };
	while (junk < s.n && (s.p[junk] == 'v' || s.p[junk] == '=' || space_is(s.p[junk])))
		junk++;
	bool plain = junk == 0 || (junk == 1 && s.p[0] == 'v');
	if (!partial_read_parts(p, str_from(s, junk)))
		return false;
	str *parts[] = { &p->v.major, &p->v.minor, &p->v.patch };
	bool open = false;

	for (size_t i = 0; i < COUNT(parts); i++) {
		open |= x_is(*parts[i]);
		if (open)
			*parts[i] = STR("0");
		else if (!safe(*parts[i]))
			return false;
		p->parts += !open;
	}
	if (p->parts < 3)
		p->v.pre = STR("");
	p->plain = plain && p->parts == 3;
	return true;
}

/* What one list of comparators has said of one version so far. */
struct npm_test {
	struct semver v;
	bool held;     /* by all comparators */
	bool limited;  /* one of them says more than "any version" */
	bool same_pre; /* one of them names a pre-release of this very tuple */
	bool bad;
};

static void need(struct npm_test *t, bool holds)
{
	t->held &= holds;
	t->limited = true;
}

static void name_pre(struct npm_test *t, const struct semver *bound)
{
	if (bound->pre.n && semver_cmp_core(&t->v, bound) == 0)
		t->same_pre = true;
}

/* v lies below the tuple that follows b's first `parts` numbers: below "1.3.0-0" for 1.2.9 cut to
 * two. The number that would be raised must be one that JavaScript can raise. */
static void need_below_next(struct npm_test *t, const struct semver *b, int parts)
{
	const str *v[] = { &t->v.major, &t->v.minor, &t->v.patch };
	const str *w[] = { &b->major, &b->minor, &b->patch };
	int d = 0;

	if (str_eq(*w[parts - 1], NPM_NUMBER_MOST))
		t->bad = true;
	for (int i = 0; i < parts && d == 0; i++)
		d = number_cmp(*v[i], *w[i]);
	need(t, d <= 0);
}

static void need_from(struct npm_test *t, const struct semver *b)
{
	static const struct semver zero = {
		STR_INIT("0"), STR_INIT("0"), STR_INIT("0"), { 0 }, { 0 }
	};

	if (npm_cmp(b, &zero) == 0) /* as good as no bound, and read so */
		return;
	need(t, npm_cmp(&t->v, b) >= 0);
	name_pre(t, b);
}

static void tilde(struct npm_test *t, str text)
{
	struct partial p;

	if (!partial_read(&p, text)) {
		t->bad = true;
		return;
	}
	if (p.parts == 0)
		return;
	need_from(t, &p.v);
	need_below_next(t, &p.v, MIN(p.parts, 2));
}

/* '^' lets everything change that is to the right of the first number that is not zero. */
static void caret(struct npm_test *t, str text)
{
	struct partial p;
	int parts = 1;

	if (!partial_read(&p, text)) {
		t->bad = true;
		return;
	}
	if (p.parts == 0)
		return;
	if (p.parts >= 2 && str_eq(p.v.major, STR("0")))
		parts = p.parts == 3 && str_eq(p.v.minor, STR("0")) ? 3 : 2;
	need_from(t, &p.v);
	need_below_next(t, &p.v, parts);
}

/* v is the pre-release of the tuple that follows b's first `parts` numbers. */
static bool before_next(const struct npm_test *t, const struct semver *b, int parts)
{
	const str *v[] = { &t->v.major, &t->v.minor, &t->v.patch };
	const str *w[] = { &b->major, &b->minor, &b->patch };
	uint64_t x = 0, y = 0;

	if (t->v.pre.n == 0 || !str_u64(*v[parts - 1], &x) || !str_u64(*w[parts - 1], &y))
		return false;
	for (int i = 0; i < parts - 1; i++)
		if (!str_eq(*v[i], *w[i]))
			return false;
	for (int i = parts; i < 3; i++)
		if (!number_is_zero(*v[i]))
			return false;
	return x == y + 1;
}

/* "<1.2", ">=1.x": the missing numbers count as "any". */
static void compare_open(struct npm_test *t, unsigned op, const struct partial *p)
{
	if (p->parts == 0) {
		if (op == REL_LT || op == REL_GT)
			need(t, false);
		return; /* any version */
	}
	if (op == REL_LT)
		need(t, semver_cmp_core(&t->v, &p->v) < 0);
	if (op == REL_GE || op == REL_EQ || op == 0)
		need_from(t, &p->v);
	if (op == REL_LE || op == REL_EQ || op == 0)
		need_below_next(t, &p->v, p->parts);
	if (op == REL_GT) {
		struct npm_test below = *t;

		below.held = true;
		need_below_next(&below, &p->v, p->parts);
		t->bad |= below.bad;
		need(t, !below.held && !before_next(t, &p->v, p->parts));
	}
}

static void comparator(struct npm_test *t, unsigned op, str text)
{
	struct partial p;

	if (text.n == 0 && op == 0)
		return;
	if (text.n > 1 && text.p[0] == '*' &&
	    ch_alnum(text.p[1])) { /* a star is dropped with its op */
		op = 0;
		text = str_from(text, 1);
		if (!partial_read(&p, text) || p.parts < 3)
			t->bad = true;
	}
	if (!partial_read(&p, text) || (p.parts == 3 && !p.plain)) {
		t->bad = true;
		return;
	}
	if (p.parts < 3) {
		compare_open(t, op, &p);
		return;
	}
	unsigned mask = op ? op : REL_EQ;

	if (op == REL_GE) {
		need_from(t, &p.v);
		return;
	}
	need(t, relation_holds(order_of(npm_cmp(&t->v, &p.v)), mask) == VERSION_YES);
	name_pre(t, &p.v);
}

/* Node splits at blanks only after it has drawn operators and versions together. */
static str take_word(str *list)
{
	size_t n = 0;

	while (n < list->n && !space_is(list->p[n]))
		n++;
	str word = str_first(*list, n);
	*list = space_trim(str_from(*list, n));
	return word;
}

static void take_comparator(struct npm_test *t, str *list)
{
	/* clang-format off */
	static const struct relation_word words[] = {
		{ STR_INIT("<="), REL_LE }, { STR_INIT(">="), REL_GE },
		{ STR_INIT("="),  REL_EQ }, { STR_INIT("<"),  REL_LT }, { STR_INIT(">"),  REL_GT },
	};
	/* clang-format on */
	static const struct relation_rules rules = { words, COUNT(words), 0, NULL };

	if (str_skip(list, STR("^"))) {
		*list = space_trim(*list);
		caret(t, take_word(list));
		return;
	}
	if (str_skip(list, STR("~"))) {
		*list = space_trim(*list);
		str_skip(list, STR(">"));
		*list = space_trim(*list);
		tilde(t, take_word(list));
		return;
	}
	unsigned op = relation_take(list, &rules);
	*list = space_trim(*list);
	comparator(t, op, take_word(list));
}

/* "1.2 - 2.3": from the lower to the end of what the upper begins with. */
static bool hyphen(struct npm_test *t, str list)
{
	struct partial low, high;
	size_t at = SIZE_MAX;

	for (size_t i = 1; i + 1 < list.n && at == SIZE_MAX; i++)
		if (list.p[i] == '-' && space_is(list.p[i - 1]) && space_is(list.p[i + 1]))
			at = i;
	if (at == SIZE_MAX || !partial_read(&low, space_trim(str_first(list, at))) ||
	    !partial_read(&high, space_trim(str_from(list, at + 1))))
		return false;
	if ((low.parts == 3 && !low.plain) || (high.parts == 3 && !high.plain))
		t->bad = true;
	if (low.parts)
		need_from(t, &low.v);
	if (high.parts == 3) {
		need(t, npm_cmp(&t->v, &high.v) <= 0);
		name_pre(t, &high.v);
	} else if (high.parts) {
		need_below_next(t, &high.v, high.parts);
	}
	return true;
}

/* *any tells of a list that lets every release in: it stands for the whole range then. */
static enum version_verdict list_holds(const struct semver *v, str list, bool *any)
{
	struct npm_test t = { .v = *v, .held = true };

	list = space_trim(list);
	if (!hyphen(&t, list))
		while (list.n)
			take_comparator(&t, &list);
	if (t.bad)
		return VERSION_UNSURE;
	*any |= !t.limited;
	return t.held && (v->pre.n == 0 || t.same_pre) ? VERSION_YES : VERSION_NO;
}

static enum version_verdict npm_satisfies(str version, str range)
{
	enum version_verdict holds = VERSION_NO;
	struct semver v;
	bool any = false;

	if (!npm_read(&v, version))
		return VERSION_UNSURE;
	for (str list; relation_next_list(&range, &list);)
		holds = verdict_or(holds, list_holds(&v, list, &any));
	return any && v.pre.n && holds == VERSION_YES ? VERSION_NO : holds;
}

const struct version_scheme scheme_npm = { STR_INIT("npm"), npm_compare, npm_satisfies };
