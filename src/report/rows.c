#include "report/rows.h"

#include "base/map.h"

/* Known exploitation comes first; then how likely it is, times how bad it would be. An unknown
 * likelihood counts as a small one, so that a critical finding without EPSS is not last. */
static double weigh(const struct finding *f)
{
	static const double bad[SEVERITY_COUNT_] = {
		[SEVERITY_UNKNOWN] = 3, [SEVERITY_NEGLIGIBLE] = 0.5, [SEVERITY_LOW] = 1.5,
		[SEVERITY_MEDIUM] = 4,	[SEVERITY_HIGH] = 7,	     [SEVERITY_CRITICAL] = 10,
	};
	double likely = 0.02 + MAX(f->risk.epss, 0.0);

	if (f->kind == FINDING_MALWARE)
		return 2000;
	return (f->risk.kev ? 1000 : 0) + bad[f->severity] * likely;
}

struct gathering {
	struct row_list *rows;
	struct map by_key;   /* row number + 1 */
	struct map by_group; /* group number + 1 */
	const struct inventory *inv;
	struct arena *a;
};

static void *numbered(size_t n)
{
	return (void *)(n + 1);
}

/* The group of a package and version: its number, or -1 and *e. */
static int group_number(size_t *out, struct gathering *g, const struct row *row, struct err *e)
{
	str key;

	if (arena_printf(&key, g->a, e, STR_FMT "\n" STR_FMT "\n" STR_FMT, STR_ARG(row->type),
			 STR_ARG(row->package), STR_ARG(row->installed)) < 0)
		return -1;
	void *known = map_get(&g->by_group, key);

	*out = known ? (size_t)known - 1 : g->by_group.n;
	return known ? 0 : map_put(&g->by_group, g->a, key, numbered(*out), e);
}

static int name_package(struct gathering *g, size_t row, str name, struct err *e)
{
	struct row *r = &g->rows->v[row];

	if (str_eq(name, r->package))
		return 0;
	vec_each (n, &r->packages)
		if (str_eq(*n, name))
			return 0;
	return vec_push(&r->packages, g->a, e, name);
}

static struct row row_for(const struct finding *f, const struct package *p)
{
	struct row row = { .f = f, .weight = weigh(f) };

	if (p) {
		row.package = f->by_source ? f->matched_name : p->name;
		row.type = p->type;
		row.installed =
			f->by_source && p->source_version.n ? p->source_version : p->version;
	}
	return row;
}

static int gather(struct gathering *g, const struct finding *f, struct err *e)
{
	const struct package *p =
		f->package < g->inv->packages.n ? &g->inv->packages.v[f->package] : NULL;
	struct row row = row_for(f, p);
	str key;

	if (group_number(&row.group, g, &row, e) < 0 ||
	    arena_printf(&key, g->a, e, "%zu\n%s\n" STR_FMT, row.group, finding_kind_word(f->kind),
			 STR_ARG(f->id)) < 0)
		return -1;
	void *known = map_get(&g->by_key, key);
	size_t at = known ? (size_t)known - 1 : g->rows->n;

	if (!known && (map_put(&g->by_key, g->a, key, numbered(at), e) < 0 ||
		       vec_push(g->rows, g->a, e, row) < 0))
		return -1;
	return p ? name_package(g, at, p->name, e) : 0;
}

static int cmp_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->f->severity != y->f->severity)
		return x->f->severity > y->f->severity ? -1 : 1;
	int r = str_cmp(x->package, y->package);

	r = r ? r : str_cmp(x->f->id, y->f->id);
	r = r ? r : str_cmp(x->installed, y->installed);
	return r ? r : str_cmp(x->type, y->type);
}

static int cmp_grouped(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return cmp_rows(a, b);
}

/* Numbers the groups anew, in the order of their weightiest rows, and brings rows together. */
static int sort_rows(struct row_list *rows, size_t groups, struct arena *a, struct err *e)
{
	size_t *renamed = arena_array(a, size_t, groups);
	size_t next = 1;

	if (!renamed)
		return err_nomem(e);
	if (rows->n == 0)
		return 0;
	qsort(rows->v, rows->n, sizeof(*rows->v), cmp_rows);
	vec_each (r, rows) {
		if (renamed[r->group] == 0)
			renamed[r->group] = next++;
		r->group = renamed[r->group];
	}
	qsort(rows->v, rows->n, sizeof(*rows->v), cmp_grouped);
	return 0;
}

int rows_of(struct row_list *out, size_t *suppressed, const struct report *r, struct arena *a,
	    struct err *e)
{
	struct gathering g = { .rows = out, .inv = r->inventory, .a = a };

	*suppressed = 0;
	vec_each (f, &r->findings) {
		if (f->suppressed_by.n)
			++*suppressed;
		else if (gather(&g, f, e) < 0)
			return -1;
	}
	return sort_rows(out, g.by_group.n, a, e);
}
