/* npm: the package.json of each installed package, which is what `npm ls` and Node itself read.
 * Only those right below a node_modules count; others are a package's own tests and examples. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

/* A str, or nothing when the value is of another kind: npm does not mind, and the file is then not
 * a package's. */
static int str_or_skip(void *out, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	return kind == JSON_STRING ? json_str(out, j, e) : json_skip(NULL, j, e);
}

static int licence_add(struct str_list *list, str word, struct arena *a, struct err *e)
{
	return word.n ? vec_push(list, a, e, word) : 0;
}

/* The old form: { "type": "MIT", "url": … }. */
static int licence_object(struct str_list *list, struct json *j, struct err *e)
{
	str key, word = STR_NONE;
	int r = json_enter_object(j, e);

	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0)
		if (str_eq(key, STR("type")) && str_or_skip(&word, j, e) < 0)
			return -1;
	return r < 0 ? -1 : licence_add(list, word, j->arena, e);
}

static int licence_read(void *out, struct json *j, struct err *e)
{
	str word = STR_NONE;
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	if (kind == JSON_OBJECT)
		return licence_object(out, j, e);
	if (str_or_skip(&word, j, e) < 0)
		return -1;
	return licence_add(out, word, j->arena, e);
}

/* "licenses", older still: one, or a list. */
static int licences_read(void *out, struct json *j, struct err *e)
{
	int kind = json_peek(j, e), r;

	if (kind < 0)
		return -1;
	if (kind != JSON_ARRAY)
		return licence_read(out, j, e);
	r = json_enter_array(j, e);
	while (r >= 0 && (r = json_array_next(j, e)) > 0)
		if (licence_read(out, j, e) < 0)
			return -1;
	return r;
}

/* clang-format off */
static const struct json_field fields[] = {
	{ JSON_FIELD("name",	 JSON_AS_CALL, struct package, name), .read = str_or_skip },
	{ JSON_FIELD("version",	 JSON_AS_CALL, struct package, version), .read = str_or_skip },
	{ JSON_FIELD("license",	 JSON_AS_CALL, struct package, licences), .read = licence_read },
	{ JSON_FIELD("licenses", JSON_AS_CALL, struct package, licences), .read = licences_read },
};
/* clang-format on */

static const struct json_table table = {
	"package.json", fields, COUNT(fields), sizeof(struct package), .closed = false,
};

static int npm_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("npm") };
	str text = f->text;
	struct json j;

	str_skip(&text, STR("\xef\xbb\xbf"));
	json_init(&j, text, out->arena);
	j.repeats = true; /* as JavaScript: the last one counts */
	if (json_object(&p, &j, &table, e) < 0 || json_end(&j, e) < 0)
		return -1;
	/* Half of a package's files are such: { "type": "module" }. */
	if (p.name.n == 0 || p.version.n == 0)
		return 0;
	return artefact_put(out, &p, e);
}

static const char *const globs[] = {
	"node_modules/*/package.json",
	"**/node_modules/*/package.json",
	"node_modules/@*/*/package.json",
	"**/node_modules/@*/*/package.json",
	NULL,
};

const struct cataloger cataloger_npm = {
	.name = STR_INIT("npm-package"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = npm_read,
};
