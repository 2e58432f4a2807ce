/* Bottlerocket's list of what its image was built from. These were rpms, but no database knows
 * them, and no rpm distribution's feed speaks of them: they have a type of their own. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

struct application {
	str name, version, release, epoch, arch, publisher;
};

struct application_list VEC_BODY(struct application);

struct application_inventory {
	struct application_list content;
};

static const struct json_field application_fields[] = {
	{ JSON_FIELD("Name", JSON_AS_STR, struct application, name), .required = true },
	{ JSON_FIELD("Version", JSON_AS_STR, struct application, version), .required = true },
	{ JSON_FIELD("Release", JSON_AS_STR, struct application, release) },
	{ JSON_FIELD("Epoch", JSON_AS_STR, struct application, epoch) },
	{ JSON_FIELD("Architecture", JSON_AS_STR, struct application, arch) },
	{ JSON_FIELD("Publisher", JSON_AS_STR, struct application, publisher) },
};

static const struct json_table application_table = {
	.noun = "application",
	.fields = application_fields,
	.n = COUNT(application_fields),
	.size = sizeof(struct application),
};

static const struct json_field inventory_fields[] = {
	{ JSON_FIELD("Content", JSON_AS_OBJECTS, struct application_inventory, content),
	  .required = true, .table = &application_table },
};

static const struct json_table inventory_table = {
	.noun = "inventory",
	.fields = inventory_fields,
	.n = COUNT(inventory_fields),
	.size = sizeof(struct application_inventory),
};

static int application_put(struct catalog_out *out, const struct application *app, struct err *e)
{
	struct package p = { .type = STR("bottlerocket"), .name = app->name };
	bool epoch = app->epoch.n > 0 && !str_eq(app->epoch, STR("0"));

	if (app->name.n == 0 || app->version.n == 0)
		return err_set(e, ERR_CORRUPT, "an application without name or version");
	if (arena_str(&p.arch, out->arena, app->arch, e) < 0 ||
	    arena_str(&p.vendor, out->arena, app->publisher, e) < 0 ||
	    arena_printf(&p.version, out->arena, e, STR_FMT "%s" STR_FMT "%s" STR_FMT,
			 STR_ARG(epoch ? app->epoch : STR_NONE), epoch ? ":" : "",
			 STR_ARG(app->version), app->release.n ? "-" : "",
			 STR_ARG(app->release)) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static int bottlerocket_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct application_inventory all = { 0 };

	if (json_object_whole(&all, f->text, &inventory_table, out->arena, e) < 0)
		return -1;
	vec_each (app, &all.content)
		if (application_put(out, app, e) < 0)
			return -1;
	return 0;
}

static const char *const bottlerocket_globs[] = {
	"application-inventory.json", "usr/share/bottlerocket/application-inventory.json",
	"**/usr/share/bottlerocket/application-inventory.json", NULL
};

const struct cataloger cataloger_bottlerocket = {
	.name = STR_INIT("bottlerocket-inventory"),
	.globs = bottlerocket_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = bottlerocket_read,
};
