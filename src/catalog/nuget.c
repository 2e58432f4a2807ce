/* .NET: the dependencies that are published beside a program (APP.deps.json, "libraries"), among
 * them those of a runtime it brings along, and packages.lock.json of a project. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "catalog/lock.h"
#include "format/json.h"

struct library {
	str type;
};

static const struct json_field fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct library, type) },
};

static const struct json_table table = {
	"library", fields, COUNT(fields), sizeof(struct library), .closed = false,
};

/* "NAME/VERSION"; a runtime that was published with the program is a package by another name. */
static int library_put(struct catalog_out *out, str key, str type, struct err *e)
{
	struct package p = { .type = STR("nuget") };

	if (str_eq(type, STR("runtimepack")))
		str_skip(&key, STR("runtimepack."));
	else if (!str_eq(type, STR("package")))
		return 0; /* the program itself, and projects built with it */
	if (!str_cut(key, '/', &p.name, &p.version) || p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a library that is not NAME/VERSION");
	return artefact_put(out, &p, e);
}

static int libraries_read(void *libraries, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str key;

	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		struct library lib = { 0 };

		if (json_object(&lib, j, &table, e) < 0 ||
		    library_put(j->context, key, lib.type, e) < 0)
			return -1;
	}
	return r;
}

struct deps {
	str libraries; /* handed on one by one */
};

static const struct json_field deps_fields[] = {
	{ JSON_FIELD("libraries", JSON_AS_CALL, struct deps, libraries), .read = libraries_read },
};

static const struct json_table deps_table = {
	"deps.json", deps_fields, COUNT(deps_fields), sizeof(struct deps), .closed = false,
};

static int json_whole(struct catalog_out *out, const struct catalog_file *f,
		      const struct json_table *t, struct err *e)
{
	struct deps deps;
	str text = f->text;
	struct json j;

	str_skip(&text, STR("\xef\xbb\xbf"));
	json_init(&j, text, out->arena);
	j.context = out;
	return json_object(&deps, &j, t, e) < 0 ? -1 : json_end(&j, e);
}

static int nuget_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return json_whole(out, f, &deps_table, e);
}

static const char *const globs[] = { "**.deps.json", NULL };

const struct cataloger cataloger_nuget = {
	.name = STR_INIT("dotnet-deps"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = nuget_read,
};

/* packages.lock.json: framework → name → { type, resolved }. */

struct locked {
	str type, resolved;
};

static const struct json_field locked_fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct locked, type) },
	{ JSON_FIELD("resolved", JSON_AS_STR, struct locked, resolved) },
};

static const struct json_table locked_table = {
	"dependency", locked_fields, COUNT(locked_fields), sizeof(struct locked), .closed = false,
};

static int framework_read(struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str key;

	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		struct package p = { .type = STR("nuget") };
		struct locked lock = { 0 };

		if (json_object(&lock, j, &locked_table, e) < 0)
			return -1;
		p.name = key;
		p.version = lock.resolved;
		if (p.name.n && p.version.n && !str_eq_nocase(lock.type, STR("Project")) &&
		    artefact_put(j->context, &p, e) < 0)
			return -1;
	}
	return r;
}

static int frameworks_read(void *dependencies, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str key;

	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0)
		if (framework_read(j, e) < 0)
			return -1;
	return r;
}

static const struct json_field lock_fields[] = {
	{ JSON_FIELD("dependencies", JSON_AS_CALL, struct deps, libraries), .required = true,
	  .read = frameworks_read },
};

static const struct json_table lock_table = {
	"lock file", lock_fields, COUNT(lock_fields), sizeof(struct deps), .closed = false,
};

static int nuget_lock_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return json_whole(out, f, &lock_table, e);
}

static const char *const lock_globs[] = { "packages.lock.json", "**/packages.lock.json", NULL };

const struct cataloger cataloger_nuget_lock = {
	.name = STR_INIT("nuget-lock"),
	.globs = lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = nuget_lock_read,
};
