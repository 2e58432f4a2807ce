/* Bitnami's list of what it put under /opt/bitnami: name → version and where it was built. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

struct component {
	str version, arch;
};

static const struct json_field component_fields[] = {
	{ JSON_FIELD("version", JSON_AS_STR, struct component, version), .required = true },
	{ JSON_FIELD("arch", JSON_AS_STR, struct component, arch) },
};

static const struct json_table component_table = {
	.noun = "component",
	.fields = component_fields,
	.n = COUNT(component_fields),
	.size = sizeof(struct component),
};

static int component_put(struct catalog_out *out, str name, struct json *j, struct err *e)
{
	struct package p = { .type = STR("bitnami"), .name = name };
	struct component c = { 0 };

	if (json_object(&c, j, &component_table, e) < 0)
		return -1;
	if (name.n == 0 || c.version.n == 0)
		return json_refuse(j, e, "a component without name or version");
	p.version = c.version;
	if (arena_str(&p.arch, out->arena, c.arch, e) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static int bitnami_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct json j;
	str name;
	int rc;

	json_init(&j, f->text, out->arena);
	if (json_enter_object(&j, e) < 0)
		return -1;
	while ((rc = json_object_next(&name, &j, e)) > 0)
		if (component_put(out, name, &j, e) < 0)
			return err_within(e, STR_FMT, STR_ARG(name));
	return rc < 0 ? -1 : json_end(&j, e);
}

static const char *const bitnami_globs[] = { "opt/bitnami/.bitnami_components.json", NULL };

const struct cataloger cataloger_bitnami = {
	.name = STR_INIT("bitnami-components"),
	.globs = bitnami_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = bitnami_read,
};
