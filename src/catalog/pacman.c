/* pacman's local database: a folder a package, named NAME-VERSION-RELEASE, in which desc says what
 * it is and files what it owns: "%KEY%", a value a line, an empty line. */
#include "base/limits.h"
#include "catalog/catalog.h"

struct desc {
	str name, version, base, arch, packager;
	struct str_list licences;
};

static const struct {
	str key;
	size_t at;
} fields[] = {
	{ STR_INIT("%NAME%"), offsetof(struct desc, name) },
	{ STR_INIT("%VERSION%"), offsetof(struct desc, version) },
	{ STR_INIT("%BASE%"), offsetof(struct desc, base) },
	{ STR_INIT("%ARCH%"), offsetof(struct desc, arch) },
	{ STR_INIT("%PACKAGER%"), offsetof(struct desc, packager) },
};

static bool is_key(str line)
{
	return line.n > 2 && line.p[0] == '%' && line.p[line.n - 1] == '%';
}

static int value_take(struct desc *d, str key, str line, struct arena *a, struct err *e)
{
	str value;

	if (arena_str(&value, a, line, e) < 0)
		return -1;
	if (str_eq(key, STR("%LICENSE%")))
		return vec_push(&d->licences, a, e, value);
	for (size_t i = 0; i < COUNT(fields); i++)
		if (str_eq(fields[i].key, key))
			*(str *)((char *)d + fields[i].at) = value;
	return 0;
}

static int desc_parse(struct desc *d, str text, struct arena *a, struct err *e)
{
	str key = STR_NONE;

	for (str line; str_next(&text, '\n', &line);) {
		if (line.n == 0)
			key = STR_NONE;
		else if (key.n == 0 && is_key(line))
			key = line;
		else if (key.n > 0 && value_take(d, key, line, a, e) < 0)
			return -1;
	}
	if (d->name.n == 0 || d->version.n == 0)
		return err_set(e, ERR_CORRUPT, "a package without %%NAME%% or %%VERSION%%");
	return 0;
}

static int pacman_desc_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct desc d = { 0 };
	struct package p = { .type = STR("alpm"),
			     .evidence = out->evidence->reader,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };

	if (desc_parse(&d, f->text, out->arena, e) < 0 ||
	    vec_push(&p.paths, out->arena, e, out->evidence->path) < 0)
		return -1;
	p.name = d.name;
	p.version = d.version;
	p.arch = d.arch;
	p.vendor = d.packager;
	p.licences = d.licences;
	if (!str_eq(d.base, d.name))
		p.source_name = d.base;
	return catalog_add(out, &p, e);
}

/* "gcc-libs-13.2.1-5" → "gcc-libs". */
static bool folder_name(str *out, str path)
{
	str folder = str_base(str_dir(path)), rest, part;

	return str_rcut(folder, '-', &rest, &part) && str_rcut(rest, '-', out, &part) && out->n > 0;
}

static int pacman_files_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	str text = f->text, key = STR_NONE, name;

	if (!folder_name(&name, f->path))
		return err_set(e, ERR_CORRUPT, "its folder is not called NAME-VERSION-RELEASE");
	if (arena_str(&out->evidence->owner, out->arena, name, e) < 0)
		return -1;
	for (str line; str_next(&text, '\n', &line);) {
		struct owned_path own = { 0 };

		if (line.n == 0 || (key.n == 0 && is_key(line))) {
			key = line;
			continue;
		}
		if (!str_eq(key, STR("%FILES%")))
			continue;
		str_chop(&line, STR("/"));
		own.hash = hash_keyed(out->key, line);
		if (vec_push(&out->evidence->owned, out->arena, e, own) < 0)
			return -1;
	}
	return 0;
}

static const char *const pacman_desc_globs[] = { "var/lib/pacman/local/*/desc", NULL };
static const char *const pacman_files_globs[] = { "var/lib/pacman/local/*/files", NULL };

const struct cataloger cataloger_pacman_desc = {
	.name = STR_INIT("pacman-desc"),
	.globs = pacman_desc_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = pacman_desc_read,
};

const struct cataloger cataloger_pacman_files = {
	.name = STR_INIT("pacman-files"),
	.globs = pacman_files_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = pacman_files_read,
};
