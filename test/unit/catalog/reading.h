/* Runs a cataloger's row over bytes, as a layer would. */
#pragma once

#include "catalog/catalog.h"

struct reading {
	struct arena arena;
	struct evidence evidence;
	struct reason_list reasons;
	struct err err;
	int rc;
};

static inline void reading_free(struct reading *r)
{
	arena_free(&r->arena);
}

/* The row of this name that wants the path; NULL when none does. */
static inline const struct cataloger *reading_row(str name, str path, str content)
{
	const struct cataloger *rows[32];
	size_t n = catalog_candidates(rows, COUNT(rows), path, content.n);

	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i]->name, name) &&
		    (!rows[i]->claims || rows[i]->claims(path, str_first(content, CATALOG_HEAD))))
			return rows[i];
	return NULL;
}

static inline void reading_run(struct reading *r, const struct cataloger *row, str path,
			       struct blob content, str text)
{
	struct catalog_file f = { path, content.size, 0644, content, text };
	struct catalog_out out = { .evidence = &r->evidence, .reasons = &r->reasons, .arena = &r->arena };

	r->evidence = (struct evidence){ .path = path, .reader = row->name };
	r->rc = row->read(&out, &f, &r->err);
}
