/* package-lock.json and npm-shrinkwrap.json. Version 1 has a tree of names under "dependencies",
 * version 3 a list of places under "packages", version 2 both, for old and new npm; the list says
 * more. Parts of the project itself (workspaces, links) are not listed. */
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/json.h"

struct lock_file {
	str packages, dependencies;
};

static const struct json_field fields[] = {
	{ JSON_FIELD("packages", JSON_AS_RAW, struct lock_file, packages) },
	{ JSON_FIELD("dependencies", JSON_AS_RAW, struct lock_file, dependencies) },
};

static const struct json_table table = {
	"lock file", fields, COUNT(fields), sizeof(struct lock_file), .closed = false,
};

struct place {
	str name, version;
	bool link;
};

static const struct json_field place_fields[] = {
	{ JSON_FIELD("name", JSON_AS_STR, struct place, name) },
	{ JSON_FIELD("version", JSON_AS_STR, struct place, version) },
	{ JSON_FIELD("link", JSON_AS_BOOL, struct place, link) },
};

static const struct json_table place_table = {
	"package", place_fields, COUNT(place_fields), sizeof(struct place), .closed = false,
};

/* "node_modules/a/node_modules/@b/c" → "@b/c"; empty for the project's own folders. */
static str name_of_place(str path)
{
	const str folder = STR("node_modules/");
	str name = STR_NONE;

	for (size_t at; (at = str_search(path, folder)) != SIZE_MAX;)
		name = path = str_from(path, at + folder.n);
	return name;
}

static int packages_read(struct catalog_out *out, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str path;

	while (r >= 0 && (r = json_object_next(&path, j, e)) > 0) {
		struct place p = { 0 };
		str name = name_of_place(path);

		if (json_object(&p, j, &place_table, e) < 0)
			return -1;
		/* Under an alias the package says its own name. */
		if (!p.link && name.n &&
		    lock_put(out, STR("npm"), p.name.n ? p.name : name, p.version, e) < 0)
			return -1;
	}
	return r;
}

/* A version that is no release: of a repository, an address, a file. */
static bool is_elsewhere(str version)
{
	return str_find(version, ':') != SIZE_MAX || str_find(version, '/') != SIZE_MAX;
}

/* "npm:REAL@1.2.3": another package under this name. */
static void alias_follow(str *name, str *version)
{
	str real, is;

	if (str_skip(version, STR("npm:")) && str_rcut(*version, '@', &real, &is)) {
		*name = real;
		*version = is;
	}
}

struct tree {
	struct catalog_out *out;
	struct lock_open elsewhere;
};

static int tree_read(struct tree *tree, struct json *j, struct err *e);

static int node_read(struct tree *tree, str name, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str key, version = STR_NONE;

	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		if (str_eq(key, STR("version")) && json_str(&version, j, e) < 0)
			return -1;
		if (str_eq(key, STR("dependencies")) && tree_read(tree, j, e) < 0)
			return -1;
	}
	if (r < 0)
		return -1;
	alias_follow(&name, &version);
	if (is_elsewhere(version)) {
		if (!str_starts(version, STR("file:")))
			lock_open_note(&tree->elsewhere, name);
		return 0;
	}
	return lock_put(tree->out, STR("npm"), name, version, e);
}

/* As deep as JSON may be. */
static int tree_read(struct tree *tree, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str name;

	while (r >= 0 && (r = json_object_next(&name, j, e)) > 0)
		if (node_read(tree, name, j, e) < 0)
			return -1;
	return r;
}

static int npm_lock_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct tree tree = { .out = out, .elsewhere = { .why = "packages without a release" } };
	struct lock_file file = { 0 };
	struct json j;
	str text = f->text;

	str_skip(&text, STR("\xef\xbb\xbf"));
	if (json_object_whole(&file, text, &table, out->arena, e) < 0)
		return -1;
	json_init(&j, file.packages.n ? file.packages : file.dependencies, out->arena);
	if (file.packages.n)
		return packages_read(out, &j, e);
	if (file.dependencies.n && tree_read(&tree, &j, e) < 0)
		return -1;
	return lock_open_say(&tree.elsewhere, out, e);
}

static const char *const npm_lock_globs[] = { "package-lock.json", "**/package-lock.json",
					      "npm-shrinkwrap.json", "**/npm-shrinkwrap.json",
					      NULL };

const struct cataloger cataloger_npm_lock = {
	.name = STR_INIT("npm-lock"),
	.globs = npm_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = npm_lock_read,
};
