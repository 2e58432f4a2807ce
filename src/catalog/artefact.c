#include "catalog/artefact.h"

#include "base/limits.h"

static int copy(str *s, struct arena *a, struct err *e)
{
	return s->n ? arena_str(s, a, *s, e) : 0;
}

int artefact_put(struct catalog_out *out, struct package *p, struct err *e)
{
	struct arena *a = out->arena;

	if (p->name.n > LIMIT_VERSION_BYTES || p->version.n > LIMIT_VERSION_BYTES)
		return err_set(e, ERR_LIMIT, "a name or version of more than %d bytes",
			       LIMIT_VERSION_BYTES);
	if (copy(&p->name, a, e) < 0 || copy(&p->version, a, e) < 0 ||
	    copy(&p->main_path, a, e) < 0 || vec_push(&p->paths, a, e, out->evidence->path) < 0)
		return -1;
	vec_each (licence, &p->licences) {
		if (copy(licence, a, e) < 0)
			return -1;
	}
	p->evidence = out->evidence->reader;
	p->layer = LAYER_NONE;
	p->owned_by = OWNED_BY_NONE;
	return catalog_add(out, p, e);
}
