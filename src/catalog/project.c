#include "catalog/project.h"

#include "catalog/catalog.h"

static bool is_project(const struct inventory *inv)
{
	static const str system_types[] = {
		STR_INIT("deb"),  STR_INIT("rpm"),    STR_INIT("apk"),
		STR_INIT("alpm"), STR_INIT("ebuild"), STR_INIT("opkg")
	};

	if (inv->os.id.n)
		return false;
	package_each (p, inv)
		for (size_t i = 0; i < COUNT(system_types); i++)
			if (str_eq(p->type, system_types[i]))
				return false;
	return true;
}

/* A file that none but readers of projects are asked about. */
static bool is_project_file(str path)
{
	const struct cataloger *rows[64];
	size_t n = catalog_candidates(rows, COUNT(rows), path, 1), project = 0;

	for (size_t i = 0; i < n; i++) {
		if (!rows[i]->globs)
			continue; /* by content, which a lock file does not have */
		if (rows[i]->scope != CATALOG_PROJECT)
			return false;
		project++;
	}
	return project > 0;
}

static bool same_thing(const struct package *a, const struct package *b)
{
	return str_eq(a->type, b->type) && str_eq(a->name, b->name) &&
	       str_eq(a->version, b->version);
}

/* The installed package that a lock file's also is, or NULL. Equal ones stand side by side. */
static struct package *installed_as(const struct inventory *inv, size_t i)
{
	struct package *p = inv->packages.v;
	size_t first = i;

	while (first > 0 && same_thing(&p[first - 1], &p[i]))
		first--;
	for (size_t k = first; k < inv->packages.n && same_thing(&p[k], &p[i]); k++)
		if (!catalog_is_project(p[k].evidence))
			return &p[k];
	return NULL;
}

/* Tells the installed package, when there is one, that the lock file names it too. */
static int joined(const struct inventory *inv, size_t i, struct arena *a, struct err *e)
{
	struct package *same = installed_as(inv, i);
	struct str_list paths = { 0 };

	if (!same)
		return 0;
	vec_each (path, &same->paths)
		if (vec_push(&paths, a, e, *path) < 0)
			return -1;
	vec_each (path, &inv->packages.v[i].paths)
		if (vec_push(&paths, a, e, *path) < 0)
			return -1;
	same->paths = paths;
	return 1;
}

/* Drops what lock files say: all of it, or what is installed anyway. */
static int drop_packages(struct inventory *inv, bool all, struct arena *a, struct err *e)
{
	uint32_t *place = arena_array(a, uint32_t, inv->packages.n + 1), n = 0;

	if (!place)
		return err_nomem(e);
	for (size_t i = 0; i < inv->packages.n; i++) {
		int gone = catalog_is_project(inv->packages.v[i].evidence);

		if (gone && !all)
			gone = joined(inv, i, a, e);
		if (gone < 0)
			return -1;
		place[i] = gone ? OWNED_BY_NONE : n;
		n += !gone;
	}
	for (size_t i = 0; i < inv->packages.n; i++)
		if (place[i] != OWNED_BY_NONE)
			inv->packages.v[place[i]] = inv->packages.v[i];
	inv->packages.n = n;
	package_each (p, inv)
		if (p->owned_by != OWNED_BY_NONE)
			p->owned_by = place[p->owned_by];
	return 0;
}

static void drop_reasons(struct inventory *inv)
{
	size_t n = 0;

	for (size_t i = 0; i < inv->reasons.n; i++) {
		const struct reason *r = &inv->reasons.v[i];

		if (r->code == REASON_LAYER_UNREADABLE || !is_project_file(r->where))
			inv->reasons.v[n++] = *r;
	}
	inv->reasons.n = n;
}

int project_settle(struct inventory *inv, bool is_directory, struct arena *a, struct err *e)
{
	bool all = !is_directory || !is_project(inv);

	if (all)
		drop_reasons(inv);
	return drop_packages(inv, all, a, e);
}
