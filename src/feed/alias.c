#include "base/limits.h"
#include "feed/builder_rows.h"

struct node {
	str name;
	uint32_t up;   /* union-find */
	uint32_t size; /* of its group, at the root */
};

struct alias_set {
	struct node *nodes; /* sorted by name */
	size_t n;
	uint32_t *order; /* node numbers, by group and name */
	uint32_t *start; /* of a root's group in order */
	const struct pair_list *edges;
	size_t at;
};

static int pair_cmp(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;
	int c = str_cmp(p->a, q->a);

	return c ? c : str_cmp(p->b, q->b);
}

void pairs_sort(struct pair_list *list)
{
	size_t kept = 0;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), pair_cmp);
	for (size_t i = 0; i < list->n; i++)
		if (kept == 0 || pair_cmp(&list->v[i], &list->v[kept - 1]) != 0)
			list->v[kept++] = list->v[i];
	list->n = kept;
}

static uint32_t root_of(struct node *nodes, uint32_t i)
{
	while (nodes[i].up != i)
		i = nodes[i].up = nodes[nodes[i].up].up;
	return i;
}

static void join(struct node *nodes, uint32_t i, uint32_t k)
{
	i = root_of(nodes, i);
	k = root_of(nodes, k);
	if (i == k)
		return;
	/* The lower number is the root, whatever the order of the edges. */
	nodes[MAX(i, k)].up = MIN(i, k);
	nodes[MIN(i, k)].size += nodes[MAX(i, k)].size;
}

static uint32_t node_find(const struct alias_set *set, str name)
{
	size_t low = 0, high = set->n;

	while (low + 1 < high) {
		size_t mid = (low + high) / 2;

		if (str_cmp(set->nodes[mid].name, name) <= 0)
			low = mid;
		else
			high = mid;
	}
	return (uint32_t)low;
}

/* Lists each group's members behind one another, in order of their names. */
static void groups_lay(struct alias_set *set)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < set->n; i++)
		if (root_of(set->nodes, i) == i) {
			set->start[i] = at;
			at += set->nodes[i].size;
		}
	for (uint32_t i = 0; i < set->n; i++)
		set->order[set->start[root_of(set->nodes, i)]++] = i;
	for (uint32_t i = 0; i < set->n; i++)
		if (root_of(set->nodes, i) == i)
			set->start[i] -= set->nodes[i].size;
}

static int edges_double(struct pair_list *edges, struct arena *a, struct err *e)
{
	size_t n = edges->n;

	for (size_t i = 0; i < n; i++) {
		struct pair back = { edges->v[i].b, edges->v[i].a };

		if (vec_push(edges, a, e, back) < 0)
			return -1;
	}
	pairs_sort(edges);
	return 0;
}

int alias_set_new(struct alias_set **out, struct pair_list *edges, struct arena *a, struct err *e)
{
	struct alias_set *set = arena_new(a, struct alias_set);

	if (edges_double(edges, a, e) < 0)
		return -1;
	if (!set)
		return err_nomem(e);
	set->edges = edges;
	set->nodes = arena_array(a, struct node, edges->n + 1);
	set->order = arena_array(a, uint32_t, edges->n + 1);
	set->start = arena_array(a, uint32_t, edges->n + 1);
	if (!set->nodes || !set->order || !set->start)
		return err_nomem(e);
	for (size_t i = 0; i < edges->n; i++)
		if (set->n == 0 || !str_eq(set->nodes[set->n - 1].name, edges->v[i].a)) {
			set->nodes[set->n] = (struct node){ edges->v[i].a, (uint32_t)set->n, 1 };
			set->n++;
		}
	vec_each (edge, edges)
		join(set->nodes, node_find(set, edge->a), node_find(set, edge->b));
	groups_lay(set);
	*out = set;
	return 0;
}

/* A group that swallowed too much is not believed: its members keep what feeds said of them by
 * name. */
static int direct_names(struct str_list *members, const struct alias_set *set, str name,
			struct arena *a, struct err *e)
{
	struct pair probe = { name, STR_NONE };
	size_t low = 0, high = set->edges->n;
	bool self = false;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (pair_cmp(&set->edges->v[mid], &probe) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < set->edges->n && str_eq(set->edges->v[low].a, name); low++) {
		if (!self && str_cmp(name, set->edges->v[low].b) < 0) {
			self = true;
			if (vec_push(members, a, e, name) < 0)
				return -1;
		}
		if (vec_push(members, a, e, set->edges->v[low].b) < 0)
			return -1;
	}
	return self ? 0 : vec_push(members, a, e, name);
}

int alias_set_next(str *name, struct str_list *members, struct alias_set *set, struct arena *a,
		   struct err *e)
{
	if (set->at == set->n)
		return 0;
	uint32_t i = (uint32_t)set->at++, root = root_of(set->nodes, i);

	*name = set->nodes[i].name;
	members->n = 0;
	if (set->nodes[root].size > LIMIT_ALIAS_GROUP)
		return direct_names(members, set, *name, a, e) < 0 ? -1 : 1;
	for (uint32_t k = 0; k < set->nodes[root].size; k++)
		if (vec_push(members, a, e, set->nodes[set->order[set->start[root] + k]].name) < 0)
			return -1;
	return 1;
}
