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

static int drop_packages(struct inventory *inv, struct arena *scratch, struct err *e)
{
	uint32_t *place = arena_array(scratch, uint32_t, inv->packages.n + 1), n = 0;

	if (!place)
		return err_nomem(e);
	for (size_t i = 0; i < inv->packages.n; i++) {
		bool gone = catalog_is_project(inv->packages.v[i].evidence);

		place[i] = gone ? OWNED_BY_NONE : n;
		if (!gone)
			inv->packages.v[n++] = inv->packages.v[i];
	}
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

int project_settle(struct inventory *inv, bool is_directory, struct arena *scratch, struct err *e)
{
	if (is_directory && is_project(inv))
		return 0;
	drop_reasons(inv);
	return drop_packages(inv, scratch, e);
}
