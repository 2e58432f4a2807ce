/* PHP: what Composer has put under vendor/, as it writes it there: a list in version 1, an object
 * with that list in version 2. composer.lock of a project has the same packages in two lists. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "catalog/lock.h"
#include "format/json.h"

/* A word or a list of words. */
static int licence_read(void *out, struct json *j, struct err *e)
{
	struct str_list *list = out;
	int kind = json_peek(j, e), r;
	str word;

	if (kind < 0)
		return -1;
	if (kind == JSON_STRING)
		return json_str(&word, j, e) < 0 ? -1 : vec_push(list, j->arena, e, word);
	if (kind != JSON_ARRAY)
		return json_skip(NULL, j, e);
	r = json_enter_array(j, e);
	while (r >= 0 && (r = json_array_next(j, e)) > 0) {
		kind = json_peek(j, e);
		if (kind < 0 || (kind == JSON_STRING && (json_str(&word, j, e) < 0 ||
							 vec_push(list, j->arena, e, word) < 0)))
			return -1;
	}
	return r;
}

/* clang-format off */
static const struct json_field fields[] = {
	{ JSON_FIELD("name",	JSON_AS_STR,  struct package, name), .required = true },
	{ JSON_FIELD("version",	JSON_AS_STR,  struct package, version), .required = true },
	{ JSON_FIELD("license",	JSON_AS_CALL, struct package, licences), .read = licence_read },
};
/* clang-format on */

static const struct json_table table = {
	"package", fields, COUNT(fields), sizeof(struct package), .closed = false,
};

static int package_put(void *packages, struct json *j, struct err *e)
{
	struct package p = { .type = STR("composer") };

	if (json_object(&p, j, &table, e) < 0)
		return -1;
	if (p.name.n == 0 || p.version.n == 0)
		return json_refuse(j, e, "a package without name or version");
	return artefact_put(j->context, &p, e);
}

struct lists {
	str packages, dev; /* handed on package by package */
};

static const struct json_field list_fields[] = {
	{ JSON_FIELD("packages", JSON_AS_EACH, struct lists, packages), .required = true,
	  .read = package_put },
	/* In installed.json "dev" is a flag, and all that is installed stands in one list. */
	{ JSON_FIELD("packages-dev", JSON_AS_EACH, struct lists, dev), .read = package_put },
};

static const struct json_table list_table = {
	"list of packages", list_fields, COUNT(list_fields), sizeof(struct lists), .closed = false,
};

static int composer_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct lists lists;
	struct json j;
	int kind, r;

	json_init(&j, f->text, out->arena);
	j.context = out;
	kind = json_peek(&j, e);
	if (kind < 0)
		return -1;
	if (kind != JSON_ARRAY)
		return json_object(&lists, &j, &list_table, e) < 0 ? -1 : json_end(&j, e);
	r = json_enter_array(&j, e);
	while (r >= 0 && (r = json_array_next(&j, e)) > 0)
		if (package_put(NULL, &j, e) < 0)
			return -1;
	return r < 0 ? -1 : json_end(&j, e);
}

static const char *const globs[] = {
	"composer/installed.json",
	"**/composer/installed.json",
	NULL,
};

const struct cataloger cataloger_composer = {
	.name = STR_INIT("composer-installed"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = composer_read,
};

static const char *const lock_globs[] = { "composer.lock", "**/composer.lock", NULL };

const struct cataloger cataloger_composer_lock = {
	.name = STR_INIT("composer-lock"),
	.globs = lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = composer_read,
};
