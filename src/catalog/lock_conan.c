/* Conan: conan.lock. Version 2 lists references in "requires" and its kin; version 1 has a graph
 * whose nodes have one each. What is only used for building is listed, too. */
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/json.h"

/* "NAME/VERSION[@USER/CHANNEL][#REVISION[%TIME]]"; a user or path without a version is the
 * project's own. */
static int reference_put(struct catalog_out *out, str reference, struct err *e)
{
	str name, version;

	reference = str_first(reference, str_find(reference, '#'));
	reference = str_first(reference, str_find(reference, '@'));
	if (!str_cut(reference, '/', &name, &version))
		return 0;
	return lock_put(out, STR("conan"), name, version, e);
}

static int reference_read(void *list, struct json *j, struct err *e)
{
	str reference;

	return json_str(&reference, j, e) < 0 ? -1 : reference_put(j->context, reference, e);
}

struct node {
	str ref;
};

static const struct json_field node_fields[] = {
	{ JSON_FIELD("ref", JSON_AS_STR, struct node, ref) },
};

static const struct json_table node_table = {
	"node", node_fields, COUNT(node_fields), sizeof(struct node), .closed = false,
};

static int nodes_read(void *nodes, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str number;

	while (r >= 0 && (r = json_object_next(&number, j, e)) > 0) {
		struct node n = { 0 };

		if (json_object(&n, j, &node_table, e) < 0 ||
		    reference_put(j->context, n.ref, e) < 0)
			return -1;
	}
	return r;
}

struct file {
	str list; /* handed on one by one */
};

static const struct json_field graph_fields[] = {
	{ JSON_FIELD("nodes", JSON_AS_CALL, struct file, list), .read = nodes_read },
};

static const struct json_table graph_table = {
	"graph", graph_fields, COUNT(graph_fields), sizeof(struct file), .closed = false,
};

static const struct json_field fields[] = {
	{ JSON_FIELD("requires", JSON_AS_EACH, struct file, list), .read = reference_read },
	{ JSON_FIELD("build_requires", JSON_AS_EACH, struct file, list), .read = reference_read },
	{ JSON_FIELD("python_requires", JSON_AS_EACH, struct file, list), .read = reference_read },
	{ JSON_FIELD("graph_lock", JSON_AS_OBJECT, struct file, list), .table = &graph_table },
};

static const struct json_table table = {
	"conan.lock", fields, COUNT(fields), sizeof(struct file), .closed = false,
};

static int conan_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct file file;
	struct json j;

	json_init(&j, f->text, out->arena);
	j.context = out;
	return json_object(&file, &j, &table, e) < 0 ? -1 : json_end(&j, e);
}

static const char *const globs[] = { "conan.lock", "**/conan.lock", NULL };

const struct cataloger cataloger_conan_lock = {
	.name = STR_INIT("conan-lock"),
	.globs = globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = conan_read,
};
