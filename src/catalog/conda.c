/* conda: one file a package, PREFIX/conda-meta/NAME-VERSION-BUILD.json. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

struct conda_record {
	str name, version, licence;
	struct str_list files;
};

static const struct json_field conda_fields[] = {
	{ JSON_FIELD("name", JSON_AS_STR, struct conda_record, name), .required = true },
	{ JSON_FIELD("version", JSON_AS_STR, struct conda_record, version), .required = true },
	{ JSON_FIELD("license", JSON_AS_STR, struct conda_record, licence) },
	{ JSON_FIELD("files", JSON_AS_STRS, struct conda_record, files) },
};

static const struct json_table conda_table = {
	.noun = "package",
	.fields = conda_fields,
	.n = COUNT(conda_fields),
	.size = sizeof(struct conda_record),
};

/* They are named from the environment's folder on. */
static int files_own(struct catalog_out *out, str prefix, const struct str_list *files,
		     struct err *e)
{
	CLEANUP(buf_free)
	struct buf path = BUF(2 * LIMIT_TEXT_FILE_BYTES);

	vec_each (file, files) {
		struct owned_path own = { 0 };

		buf_clear(&path);
		buf_put(&path, prefix);
		if (prefix.n > 0)
			buf_putc(&path, '/');
		buf_put(&path, *file);
		if (buf_check(&path, e) < 0)
			return -1;
		own.hash = hash_keyed(out->key, buf_str(&path));
		if (vec_push(&out->evidence->owned, out->arena, e, own) < 0)
			return -1;
	}
	return 0;
}

static int conda_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct conda_record r = { 0 };
	struct package p = { .type = STR("conda") };
	str prefix = str_dir(str_dir(f->path));

	if (json_object_whole(&r, f->text, &conda_table, out->arena, e) < 0)
		return -1;
	if (r.name.n == 0 || r.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a package without name or version");
	p.name = r.name;
	p.version = r.version;
	if (r.licence.n > 0 && vec_push(&p.licences, out->arena, e, r.licence) < 0)
		return -1;
	if (artefact_put(out, &p, e) < 0)
		return -1;
	return files_own(out, prefix, &r.files, e);
}

static const char *const conda_globs[] = { "**/conda-meta/*.json", "conda-meta/*.json", NULL };

const struct cataloger cataloger_conda = {
	.name = STR_INIT("conda-meta"),
	.globs = conda_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = conda_read,
};
