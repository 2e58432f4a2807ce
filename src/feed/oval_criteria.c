#include "feed/oval_criteria.h"

#include "base/limits.h"

struct result {
	VEC(struct oval_condition) conditions; /* one of them must hold; none: no matter */
	struct oval_rows rows;
};

struct evaluation {
	const struct oval_facts *f;
	struct arena *a;
};

static int evaluate(struct result *out, const struct evaluation *v, const struct oval_node *n,
		    struct err *e);

static str either(str a, str b)
{
	return a.n ? a : b;
}

/* What both ask; false when they exclude one another. */
static bool join(struct oval_condition *out, const struct oval_condition *a,
		 const struct oval_condition *b)
{
	if ((a->platform.n && b->platform.n && !str_eq(a->platform, b->platform)) ||
	    (a->module.n && b->module.n && !str_eq(a->module, b->module)))
		return false;
	*out = (struct oval_condition){
		.platform = either(a->platform, b->platform),
		.module = either(a->module, b->module),
		.arch = either(a->arch, b->arch),
		.pro = a->pro || b->pro,
	};
	return true;
}

/* "Module nodejs:18 is enabled", "Oracle Linux arch is x86_64", "Red Hat Enterprise Linux 9 is
 * installed": publishers say it in the comment alone. */
static int condition_leaf(struct result *out, const struct oval_node *n, struct arena *a,
			  struct err *e)
{
	struct oval_condition c = { 0 };
	str s = str_trim(n->comment);
	size_t at;

	if (str_skip(&s, STR("Module ")) && str_chop(&s, STR(" is enabled")))
		c.module = s;
	else if ((at = str_search(s, STR(" arch is "))) != SIZE_MAX)
		c.arch = str_from(s, at + sizeof(" arch is ") - 1);
	else if (str_chop(&s, STR(" is installed")))
		c.platform = s;
	else
		return 0;
	return vec_push(&out->conditions, a, e, c);
}

/* "(aarch64|x86_64)" → "aarch64|x86_64" */
static str arch_words(str pattern)
{
	(void)str_skip(&pattern, STR("^"));
	(void)str_chop(&pattern, STR("$"));
	if (str_skip(&pattern, STR("(")))
		(void)str_chop(&pattern, STR(")"));
	return str_eq(pattern, STR(".*")) ? STR_NONE : pattern;
}

static int leaf(struct result *out, const struct evaluation *v, const struct oval_node *n,
		struct err *e)
{
	const struct oval_test *test = map_get(&v->f->tests, n->test);
	const struct str_list *names = test ? oval_names(v->f, test->object) : NULL;
	struct oval_row row = { .when.pro = str_has(n->comment, STR("Ubuntu Pro")) };
	bool any = test && test->states.n == 0;

	if (n->negated || (test && test->none))
		return 0;
	for (size_t i = 0; test && i < test->states.n; i++) {
		const struct oval_state *s = map_get(&v->f->states, test->states.v[i]);

		if (!s)
			continue;
		row.when.arch = either(row.when.arch, arch_words(s->arch));
		if (s->order != OVAL_NO_ORDER) {
			row.order = s->order;
			row.version = s->version;
		}
	}
	if (!names || (row.order == OVAL_NO_ORDER && !any))
		return condition_leaf(out, n, v->a, e);
	vec_each (name, names) {
		row.name = *name;
		if (vec_push(&out->rows, v->a, e, row) < 0)
			return -1;
	}
	return 0;
}

static bool is_upper(enum oval_order o)
{
	return o == OVAL_LESS || o == OVAL_LESS_EQUAL;
}

static bool is_lower(enum oval_order o)
{
	return o == OVAL_GREATER || o == OVAL_GREATER_EQUAL;
}

/* "Later than 1.19" and "earlier than 1.20.7" of one package are one row. */
static void bounds_merge(struct oval_rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		struct oval_row *low = &rows->v[i], *high = NULL;

		for (size_t k = 0; is_lower(low->order) && k < rows->n && !high; k++)
			if (is_upper(rows->v[k].order) && str_eq(rows->v[k].name, low->name))
				high = &rows->v[k];
		if (!high)
			continue;
		high->low = low->version;
		high->low_order = low->order;
		low->name = STR_NONE;
	}
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].name.n)
			rows->v[n++] = rows->v[i];
	rows->n = n;
}

static int too_many(struct err *e)
{
	return err_set(e, ERR_LIMIT, "its criteria make more than %d rows", LIMIT_OVAL_ROWS);
}

/* Both sets of conditions must hold. */
static int conditions_and(struct result *out, const struct result *more, struct arena *a,
			  struct err *e)
{
	struct result both = { 0 };

	if (!more->conditions.n)
		return 0;
	if (!out->conditions.n) {
		out->conditions.v = more->conditions.v;
		out->conditions.n = more->conditions.n;
		out->conditions.cap = more->conditions.n;
		return 0;
	}
	vec_each (x, &out->conditions)
		vec_each (y, &more->conditions) {
			struct oval_condition c;

			if (!join(&c, x, y))
				continue;
			if (both.conditions.n >= LIMIT_OVAL_ROWS)
				return too_many(e);
			if (vec_push(&both.conditions, a, e, c) < 0)
				return -1;
		}
	out->conditions.v = both.conditions.v;
	out->conditions.n = both.conditions.n;
	out->conditions.cap = both.conditions.cap;
	return 0;
}

/* Rows under each of the conditions beside them. */
static int rows_under(struct result *r, struct arena *a, struct err *e)
{
	struct oval_rows under = { 0 };

	if (!r->conditions.n || !r->rows.n)
		return 0;
	vec_each (row, &r->rows)
		vec_each (c, &r->conditions) {
			struct oval_row x = *row;

			if (!join(&x.when, &row->when, c))
				continue;
			if (under.n >= LIMIT_OVAL_ROWS)
				return too_many(e);
			if (vec_push(&under, a, e, x) < 0)
				return -1;
		}
	r->rows = under;
	r->conditions.n = 0;
	return 0;
}

static int both_of(struct result *out, const struct evaluation *v, const struct oval_node *n,
		   struct err *e)
{
	for (const struct oval_node *c = n->first; c; c = c->next) {
		struct result r = { 0 };

		if (evaluate(&r, v, c, e) < 0 || conditions_and(out, &r, v->a, e) < 0)
			return -1;
		vec_each (row, &r.rows)
			if (vec_push(&out->rows, v->a, e, *row) < 0)
				return -1;
	}
	bounds_merge(&out->rows);
	return rows_under(out, v->a, e);
}

static int any_of(struct result *out, const struct evaluation *v, const struct oval_node *n,
		  struct err *e)
{
	for (const struct oval_node *c = n->first; c; c = c->next) {
		struct result r = { 0 };

		if (evaluate(&r, v, c, e) < 0)
			return -1;
		if (out->rows.n + r.rows.n > LIMIT_OVAL_ROWS)
			return too_many(e);
		vec_each (row, &r.rows)
			if (vec_push(&out->rows, v->a, e, *row) < 0)
				return -1;
		vec_each (x, &r.conditions)
			if (vec_push(&out->conditions, v->a, e, *x) < 0)
				return -1;
	}
	/* Rows beside a mere condition stand without it. */
	if (out->rows.n)
		out->conditions.n = 0;
	return 0;
}

static int evaluate(struct result *out, const struct evaluation *v, const struct oval_node *n,
		    struct err *e)
{
	if (n->test.n)
		return leaf(out, v, n, e);
	if (n->negated)
		return 0;
	return n->operator== OVAL_AND ? both_of(out, v, n, e) : any_of(out, v, n, e);
}

int oval_rows_of(struct oval_rows *out, const struct oval_node *top, const struct oval_facts *f,
		 struct arena *a, struct err *e)
{
	const struct evaluation v = { f, a };
	struct result r = { 0 };

	if (top && evaluate(&r, &v, top, e) < 0)
		return -1;
	*out = r.rows;
	return 0;
}
