#include "catalog/lock.h"

#include "base/limits.h"

bool lock_claims(str path, str head)
{
	static const str folders[] = {
		STR_INIT("node_modules"),  STR_INIT("vendor"),		 STR_INIT("site-packages"),
		STR_INIT("dist-packages"), STR_INIT(".cargo"),		 STR_INIT("gems"),
		STR_INIT("deps"),	   STR_INIT("bower_components"),
	};

	path = str_dir(path);
	for (str part; str_next(&path, '/', &part);)
		for (size_t i = 0; i < COUNT(folders); i++)
			if (str_eq(part, folders[i]))
				return false;
	return true;
}

void lock_open_note(struct lock_open *o, str example)
{
	if (o->count++ == 0)
		o->example = str_first(example, 64);
}

int lock_open_say(const struct lock_open *o, struct catalog_out *out, struct err *e)
{
	if (o->count == 0)
		return 0;
	return reason_add(out->reasons, out->arena, e, REASON_UNSUPPORTED, out->evidence->path,
			  STR_FMT ": %zu %s, \"" STR_FMT "\"%s", STR_ARG(out->evidence->reader),
			  o->count, o->why, STR_ARG(o->example), o->count > 1 ? ", …" : "");
}

int lock_put(struct catalog_out *out, str type, str name, str version, struct err *e)
{
	struct package p = { .type = type, .name = name, .version = version };

	return name.n && version.n ? artefact_put(out, &p, e) : 0;
}
