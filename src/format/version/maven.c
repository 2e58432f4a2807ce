/* Maven's ComparableVersion: lists of numbers and qualifiers, in which '-' and each change from
 * digits to letters or back begins a list inside. Whatever is written is a version. */
#include "base/limits.h"
#include "format/version/interval.h"
#include "format/version/relation.h"
#include "format/version/scheme.h"

enum item_kind { ITEM_NONE, ITEM_NUMBER, ITEM_WORD, ITEM_LIST };

struct item {
	enum item_kind kind;
	bool digit_follows; /* then "a" means "alpha" */
	str text;
	size_t list; /* ITEM_LIST: which; it is always the last of its own list as read */
};

struct list {
	size_t first, n; /* its items, next to one another */
};

/* The items of all lists in a row; a list inside comes after the one that holds it. */
struct maven {
	struct item items[3 * LIMIT_VERSION_BYTES + 4];
	struct list lists[2 * LIMIT_VERSION_BYTES + 4];
	size_t items_n, lists_n;
};

enum { RANK_RELEASE = 5, RANK_UNKNOWN = 7 };

/* clang-format off */
static const struct {
	str word;
	int rank;
} qualifiers[] = {
	{ STR_INIT("alpha"), 0 }, { STR_INIT("beta"), 1 }, { STR_INIT("milestone"), 2 },
	{ STR_INIT("rc"), 3 }, { STR_INIT("cr"), 3 }, { STR_INIT("snapshot"), 4 },
	{ STR_INIT(""), RANK_RELEASE }, { STR_INIT("ga"), RANK_RELEASE },
	{ STR_INIT("final"), RANK_RELEASE }, { STR_INIT("release"), RANK_RELEASE },
	{ STR_INIT("sp"), 6 },
};
/* clang-format on */

static int word_rank(const struct item *i)
{
	if (i->digit_follows && i->text.n == 1) {
		switch (ch_down(i->text.p[0])) {
		case 'a':
			return 0;
		case 'b':
			return 1;
		case 'm':
			return 2;
		default:
			break;
		}
	}
	for (size_t q = 0; q < COUNT(qualifiers); q++)
		if (str_eq_nocase(qualifiers[q].word, i->text))
			return qualifiers[q].rank;
	return RANK_UNKNOWN;
}

static void add(struct maven *m, struct item item)
{
	m->items[m->items_n++] = item;
	m->lists[m->lists_n - 1].n++;
}

/* Begins the list inside, as the last item of the current one. */
static void deepen(struct maven *m)
{
	add(m, (struct item){ .kind = ITEM_LIST, .list = m->lists_n });
	m->lists[m->lists_n++] = (struct list){ m->items_n, 0 };
}

/* ".X" counts as "-X", where X is a word that a digit or the end follows. */
static void deepen_for_word(struct maven *m)
{
	if (m->lists[m->lists_n - 1].n > 0)
		deepen(m);
}

static void add_text(struct maven *m, str text, bool number, bool digit_follows)
{
	add(m, (struct item){ number ? ITEM_NUMBER : ITEM_WORD, digit_follows, text, 0 });
}

static bool item_is_null(const struct maven *m, const struct item *i)
{
	switch (i->kind) {
	case ITEM_NUMBER:
		return number_is_zero(i->text);
	case ITEM_WORD:
		return word_rank(i) == RANK_RELEASE;
	case ITEM_LIST:
		return m->lists[i->list].n == 0;
	default:
		return true;
	}
}

/* Drops what means nothing from the end, also from before the list inside. */
static void trim_list(struct maven *m, struct list *l)
{
	for (size_t i = l->n; i-- > 0;) {
		struct item *item = &m->items[l->first + i];

		if (item_is_null(m, item)) {
			memmove(item, item + 1, (l->n - i - 1) * sizeof(*item));
			l->n--;
		} else if (item->kind != ITEM_LIST) {
			break;
		}
	}
}

static void maven_read(struct maven *m, str s)
{
	bool digit = false;
	size_t start = 0;

	m->items_n = 0;
	m->lists_n = 1;
	m->lists[0] = (struct list){ 0, 0 };
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		str text = str_sub(s, start, i - start);

		if (c == '.' || c == '-') {
			add_text(m, text.n ? text : STR("0"), text.n == 0 || digit, false);
			start = i + 1;
			if (c == '-')
				deepen(m);
			continue;
		}
		if (ch_digit(c) != digit && text.n) {
			if (!digit)
				deepen_for_word(m);
			add_text(m, text, digit, !digit);
			start = i;
			deepen(m);
		}
		digit = ch_digit(c);
	}
	if (s.n > start && !digit)
		deepen_for_word(m);
	if (s.n > start)
		add_text(m, str_from(s, start), digit, false);
	for (size_t l = m->lists_n; l-- > 0;)
		trim_list(m, &m->lists[l]);
}

static int word_cmp(const struct item *a, const struct item *b)
{
	int x = word_rank(a), y = word_rank(b);

	if (x != y || x != RANK_UNKNOWN)
		return x - y;
	for (size_t i = 0; i < a->text.n && i < b->text.n; i++) {
		unsigned char p = (unsigned char)ch_down(a->text.p[i]);
		unsigned char q = (unsigned char)ch_down(b->text.p[i]);

		if (p != q)
			return p < q ? -1 : 1;
	}
	return (a->text.n > b->text.n) - (a->text.n < b->text.n);
}

/* Against nothing at all. A list inside may hold one more, so this walks down. */
static int item_cmp_none(const struct maven *m, const struct item *item)
{
	while (item->kind == ITEM_LIST) {
		const struct list *l = &m->lists[item->list];
		const struct item *inner = NULL;

		for (size_t i = 0; i < l->n; i++) {
			const struct item *next = &m->items[l->first + i];

			if (next->kind == ITEM_LIST)
				inner = next;
			else if (item_cmp_none(m, next))
				return item_cmp_none(m, next);
		}
		if (!inner)
			return 0;
		item = inner;
	}
	if (item->kind == ITEM_NUMBER)
		return !number_is_zero(item->text);
	return word_rank(item) - RANK_RELEASE;
}

/* Maven keeps a number as an int, a long or a big one by how many digits it has, leading zeros
 * aside unless there is nothing else; the wider kind is the greater whatever it holds. */
static int number_width(str s)
{
	size_t zeros = 0;

	while (zeros < s.n && s.p[zeros] == '0')
		zeros++;
	size_t n = zeros == s.n ? s.n : s.n - zeros;

	return n <= 9 ? 0 : n <= 18 ? 1 : 2;
}

static int maven_number_cmp(str a, str b)
{
	int d = number_width(a) - number_width(b);

	return d ? d : number_cmp(a, b);
}

/* Two that are not both lists: a word is older than a list, and a list older than a number. */
static int item_cmp(const struct item *a, const struct item *b)
{
	static const int rank[] = { [ITEM_WORD] = 0, [ITEM_LIST] = 1, [ITEM_NUMBER] = 2 };

	if (a->kind != b->kind)
		return rank[a->kind] - rank[b->kind];
	return a->kind == ITEM_NUMBER ? maven_number_cmp(a->text, b->text) : word_cmp(a, b);
}

static int maven_cmp(const struct maven *a, const struct maven *b)
{
	const struct list *x = a->lists, *y = b->lists;

	for (size_t i = 0; i < x->n || i < y->n; i++) {
		const struct item *p = i < x->n ? &a->items[x->first + i] : NULL;
		const struct item *q = i < y->n ? &b->items[y->first + i] : NULL;
		int d;

		if (!p || !q) {
			d = p ? item_cmp_none(a, p) : -item_cmp_none(b, q);
		} else if (p->kind == ITEM_LIST && q->kind == ITEM_LIST) {
			x = &a->lists[p->list]; /* the last items: what follows is inside */
			y = &b->lists[q->list];
			i = SIZE_MAX;
			continue;
		} else {
			d = item_cmp(p, q);
		}
		if (d)
			return d;
	}
	return 0;
}

static enum version_order maven_compare(str a, str b)
{
	struct maven x, y;

	maven_read(&x, a);
	maven_read(&y, b);
	return order_of(maven_cmp(&x, &y));
}

static enum version_verdict maven_holds(str version, unsigned op, str bound)
{
	return relation_holds(maven_compare(version, bound), op);
}

static bool compares(str s)
{
	return s.n && str_find(STR("<>=!"), s.p[0]) != SIZE_MAX;
}

static bool has_brackets(str s)
{
	return str_find(s, ')') != SIZE_MAX || str_find(s, ']') != SIZE_MAX;
}

/* Intervals; a version alone is a recommendation, which keeps nothing out. Advisories write
 * comparators, which are read as well. */
static enum version_verdict maven_satisfies(str version, str range)
{
	const struct relation_rules rules = { relation_words, relation_words_n, 0, maven_holds };
	enum version_verdict any = VERSION_NO, r;
	str rest = space_trim(range), above = STR("");

	if (compares(rest) || str_eq(rest, STR("*")))
		return relation_list(version, rest, &rules);
	if (!interval_opens(range))
		return rest.n == 0 || has_brackets(rest) || str_find(rest, ',') != SIZE_MAX
			       ? VERSION_UNSURE
			       : VERSION_YES;
	while (interval_opens(rest)) {
		r = interval_take(version, &rest, maven_compare, &above);
		if (r == VERSION_UNSURE)
			return r;
		any = verdict_or(any, r);
		if (str_skip(&rest, STR(",")))
			rest = space_trim(rest);
	}
	return rest.n ? VERSION_UNSURE : any;
}

const struct version_scheme scheme_maven = { STR_INIT("maven"), maven_compare, maven_satisfies };
