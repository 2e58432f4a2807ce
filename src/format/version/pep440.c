/* PEP 440 as the Python library `packaging` reads it; texts of before the PEP are no versions. */
#include "base/limits.h"
#include "format/version/relation.h"
#include "format/version/scheme.h"

struct pep440 {
	str epoch, release;
	char pre; /* 'a', 'b', 'r', or 0 */
	bool post, dev;
	str pre_n, post_n, dev_n; /* empty counts as 0 */
	str local;		  /* empty when there is none */
};

/* str.strip() and \s take these as blank, too. */
static bool blank(char c)
{
	return space_is(c) || (c >= 0x1c && c <= 0x1f);
}

static str strip(str s)
{
	while (s.n && blank(s.p[0]))
		s = str_from(s, 1);
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static bool separator(char c)
{
	return c == '-' || c == '_' || c == '.';
}

static void skip_separator(str *s)
{
	if (s->n && separator(s->p[0]))
		*s = str_from(*s, 1);
}

static bool skip_nocase(str *s, str word)
{
	if (!str_eq_nocase(str_first(*s, word.n), word))
		return false;
	*s = str_from(*s, word.n);
	return true;
}

struct pep440_word {
	str text;
	char kind;
};

/* clang-format off */
static const struct pep440_word words[] = { /* longer before what they start with */
	{ STR_INIT("alpha"), 'a' }, { STR_INIT("a"), 'a' }, { STR_INIT("beta"), 'b' },
	{ STR_INIT("b"), 'b' }, { STR_INIT("preview"), 'r' }, { STR_INIT("pre"), 'r' },
	{ STR_INIT("rc"), 'r' }, { STR_INIT("c"), 'r' },
	{ STR_INIT("post"), 'p' }, { STR_INIT("rev"), 'p' }, { STR_INIT("r"), 'p' },
	{ STR_INIT("dev"), 'd' },
};
/* clang-format on */

/* [-_.]?word[-_.]?N?, where word is one of `kinds`: its kind, or 0 and nothing is taken. */
static char take_word(str *s, str kinds, str *number)
{
	str rest = *s;

	if (rest.n == 0)
		return 0;
	skip_separator(&rest);
	for (size_t i = 0; i < COUNT(words); i++) {
		if (str_find(kinds, words[i].kind) == SIZE_MAX ||
		    !skip_nocase(&rest, words[i].text))
			continue;
		skip_separator(&rest);
		*number = number_take(&rest);
		*s = rest;
		return words[i].kind;
	}
	return 0;
}

/* "-1" by itself is a post-release. */
static bool take_implicit_post(str *s, str *number)
{
	str rest = *s;

	if (!str_skip(&rest, STR("-")))
		return false;
	*number = number_take(&rest);
	if (number->n == 0)
		return false;
	*s = rest;
	return true;
}

static bool local_ok(str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (ch_alnum(s.p[i]))
			run++;
		else if (!separator(s.p[i]) || run == 0)
			return false;
		else
			run = 0;
	}
	return run > 0;
}

/* N(.N)*, leaving alone a dot that no digit follows. */
static str take_release(str *s)
{
	str rest = *s, after = *s;

	while (number_take(&rest).n) {
		after = rest;
		if (!str_skip(&rest, STR(".")))
			break;
	}
	str release = str_first(*s, s->n - after.n);
	*s = after;
	return release;
}

/* Epoch and release, which are what a prefix like "1.2.*" may hold. */
static bool take_head(struct pep440 *v, str *s)
{
	*v = (struct pep440){ .epoch = STR("0") };
	skip_nocase(s, STR("v"));
	str rest = *s, epoch = number_take(&rest);

	if (epoch.n && str_skip(&rest, STR("!"))) {
		v->epoch = epoch;
		*s = rest;
	}
	v->release = take_release(s);
	return v->release.n > 0;
}

static bool pep440_read(struct pep440 *v, str s)
{
	s = strip(s);
	if (!take_head(v, &s))
		return false;
	v->pre = take_word(&s, STR("abr"), &v->pre_n);
	v->post = take_implicit_post(&s, &v->post_n) || take_word(&s, STR("p"), &v->post_n);
	v->dev = take_word(&s, STR("d"), &v->dev_n);
	if (str_skip(&s, STR("+"))) {
		v->local = s;
		return local_ok(s);
	}
	return s.n == 0;
}

/* Missing numbers count as 0. */
static int release_cmp(str a, str b)
{
	str x, y;

	while (a.n || b.n) {
		str_cut(a, '.', &x, &a);
		str_cut(b, '.', &y, &b);
		int d = number_cmp(x, y);

		if (d)
			return d;
	}
	return 0;
}

/* A development release of the release itself comes before all its pre-releases. */
static int pre_rank(const struct pep440 *v)
{
	if (v->pre)
		return v->pre;
	return !v->post && v->dev ? 0 : 127;
}

static int maybe_number_cmp(bool has_a, str a, bool has_b, str b)
{
	return has_a && has_b ? number_cmp(a, b) : (int)has_a - (int)has_b;
}

static str take_segment(str *s)
{
	size_t n = 0;

	while (n < s->n && !separator(s->p[n]))
		n++;
	str segment = str_first(*s, n);
	*s = str_from(*s, n + 1);
	return segment;
}

static int nocase_cmp(str a, str b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		int d = ch_down(a.p[i]) - ch_down(b.p[i]);

		if (d)
			return d;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int local_cmp(str a, str b)
{
	while (a.n && b.n) {
		str x = take_segment(&a), y = take_segment(&b);
		bool m = number_is(x), n = number_is(y);
		int d = m && n ? number_cmp(x, y) : m != n ? (int)m - (int)n : nocase_cmp(x, y);

		if (d)
			return d;
	}
	return (a.n > 0) - (b.n > 0);
}

/* All but the local part. */
static int public_cmp(const struct pep440 *a, const struct pep440 *b)
{
	int d = number_cmp(a->epoch, b->epoch);

	if (d == 0)
		d = release_cmp(a->release, b->release);
	if (d == 0)
		d = pre_rank(a) - pre_rank(b);
	if (d == 0)
		d = number_cmp(a->pre_n, b->pre_n);
	if (d == 0)
		d = maybe_number_cmp(a->post, a->post_n, b->post, b->post_n);
	if (d == 0 && a->dev != b->dev)
		d = a->dev ? -1 : 1;
	return d ? d : number_cmp(a->dev_n, b->dev_n);
}

static int full_cmp(const struct pep440 *a, const struct pep440 *b)
{
	int d = public_cmp(a, b);

	return d ? d : local_cmp(a->local, b->local);
}

static enum version_order pep440_compare(str a, str b)
{
	struct pep440 x, y;

	if (!pep440_read(&x, a) || !pep440_read(&y, b))
		return VERSION_INVALID;
	return order_of(full_cmp(&x, &y));
}

static bool same_base(const struct pep440 *a, const struct pep440 *b)
{
	return number_cmp(a->epoch, b->epoch) == 0 && release_cmp(a->release, b->release) == 0;
}

/* The first `parts` numbers of the prefix are those of v, whose missing ones are 0. */
static bool has_prefix(const struct pep440 *v, const struct pep440 *prefix, size_t parts)
{
	str a = v->release, b = prefix->release, x, y;

	if (number_cmp(v->epoch, prefix->epoch) != 0)
		return false;
	for (size_t i = 0; i < parts; i++) {
		str_cut(a, '.', &x, &a);
		str_cut(b, '.', &y, &b);
		if (number_cmp(x, y) != 0)
			return false;
	}
	return true;
}

static size_t release_parts(str release)
{
	size_t n = 1;

	for (size_t i = 0; i < release.n; i++)
		n += release.p[i] == '.';
	return n;
}

/* clang-format off */
enum { OP_COMPATIBLE = REL_OWN, OP_SAME = REL_OWN << 1 };

static const struct relation_word operators[] = {
	{ STR_INIT("==="), OP_SAME }, { STR_INIT("~="), OP_COMPATIBLE },
	{ STR_INIT("=="), REL_EQ }, { STR_INIT("!="), REL_NE }, { STR_INIT("<="), REL_LE },
	{ STR_INIT(">="), REL_GE }, { STR_INIT("<"),  REL_LT }, { STR_INIT(">"),  REL_GT },
};
/* clang-format on */

/* "== 1.2.*" */
static enum version_verdict prefix_holds(const struct pep440 *v, str text)
{
	struct pep440 prefix;

	text = str_first(text, text.n - 2);
	if (!take_head(&prefix, &text) || text.n)
		return VERSION_UNSURE;
	return has_prefix(v, &prefix, release_parts(prefix.release)) ? VERSION_YES : VERSION_NO;
}

static enum version_verdict equal_holds(const struct pep440 *v, str text)
{
	struct pep440 bound;

	if (str_ends(text, STR(".*")))
		return prefix_holds(v, text);
	if (!pep440_read(&bound, text))
		return VERSION_UNSURE;
	int d = bound.local.n ? full_cmp(v, &bound) : public_cmp(v, &bound);
	return d == 0 ? VERSION_YES : VERSION_NO;
}

/* '<' leaves out the pre-releases of its own bound, '>' the post-releases and local builds. */
static bool ordered_holds(const struct pep440 *v, unsigned op, const struct pep440 *bound)
{
	bool pre = v->pre || v->dev, bound_pre = bound->pre || bound->dev;

	if (op == REL_LE)
		return public_cmp(v, bound) <= 0;
	if (op == REL_GE)
		return public_cmp(v, bound) >= 0;
	if (op == REL_LT)
		return full_cmp(v, bound) < 0 && (bound_pre || !pre || !same_base(v, bound));
	return full_cmp(v, bound) > 0 && !(v->post && !bound->post && same_base(v, bound)) &&
	       !(v->local.n && same_base(v, bound));
}

static enum version_verdict clause_holds(const struct pep440 *v, unsigned op, str text)
{
	struct pep440 bound;

	if (op == REL_EQ)
		return equal_holds(v, text);
	if (op == REL_NE)
		return verdict_not(equal_holds(v, text));
	if (!pep440_read(&bound, text) || bound.local.n)
		return VERSION_UNSURE;
	if (op != OP_COMPATIBLE)
		return ordered_holds(v, op, &bound) ? VERSION_YES : VERSION_NO;
	size_t parts = release_parts(bound.release);
	if (parts < 2)
		return VERSION_UNSURE;
	return public_cmp(v, &bound) >= 0 && has_prefix(v, &bound, parts - 1) ? VERSION_YES
									      : VERSION_NO;
}

struct normal {
	size_t n;
	char text[2 * LIMIT_VERSION_BYTES + 64]; /* "1a" grows to "1a0" */
};

static void put(struct normal *out, str s)
{
	for (size_t i = 0; i < s.n && out->n < sizeof(out->text); i++)
		out->text[out->n++] = separator(s.p[i]) ? '.' : ch_down(s.p[i]);
}

static void put_number(struct normal *out, str digits)
{
	while (digits.n > 1 && digits.p[0] == '0')
		digits = str_from(digits, 1);
	put(out, digits.n ? digits : STR("0"));
}

/* "1.02" and local parts: the numbers among them lose their zeros. */
static void put_dotted(struct normal *out, str s)
{
	for (bool more = s.n > 0; more;) {
		str part = take_segment(&s);

		if (number_is(part))
			put_number(out, part);
		else
			put(out, part);
		more = s.n > 0;
		if (more)
			put(out, STR("."));
	}
}

static void put_word(struct normal *out, bool has, str word, str number)
{
	if (!has)
		return;
	put(out, word);
	put_number(out, number);
}

static str normal_form(struct normal *out, const struct pep440 *v)
{
	out->n = 0;
	if (!number_is_zero(v->epoch)) {
		put_number(out, v->epoch);
		put(out, STR("!"));
	}
	put_dotted(out, v->release);
	put_word(out, v->pre == 'a', STR("a"), v->pre_n);
	put_word(out, v->pre == 'b', STR("b"), v->pre_n);
	put_word(out, v->pre == 'r', STR("rc"), v->pre_n);
	put_word(out, v->post, STR(".post"), v->post_n);
	put_word(out, v->dev, STR(".dev"), v->dev_n);
	if (v->local.n)
		put(out, STR("+"));
	put_dotted(out, v->local);
	return (str){ out->text, out->n };
}

/* "=== text" compares texts: the version's in its normal form. */
static enum version_verdict same_holds(const struct pep440 *v, str text)
{
	struct normal normal;

	if (text.n == 0)
		return VERSION_UNSURE;
	return str_eq_nocase(normal_form(&normal, v), text) ? VERSION_YES : VERSION_NO;
}

static enum version_verdict pep440_satisfies(str version, str range)
{
	static const struct relation_rules rules = { operators, COUNT(operators), 0, NULL };
	enum version_verdict all = VERSION_YES;
	struct pep440 v;

	if (!pep440_read(&v, version))
		return VERSION_UNSURE;
	for (str clause; str_next(&range, ',', &clause);) {
		clause = strip(clause);
		if (clause.n == 0)
			continue;
		unsigned op = relation_take(&clause, &rules);

		clause = strip(clause);
		if (op == 0)
			return VERSION_UNSURE;
		all = verdict_and(all, op == OP_SAME ? same_holds(&v, clause)
						     : clause_holds(&v, op, clause));
	}
	return all;
}

const struct version_scheme scheme_pep440 = { STR_INIT("pep440"), pep440_compare,
					      pep440_satisfies };
