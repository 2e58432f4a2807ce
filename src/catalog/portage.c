/* Portage's database: var/db/pkg/CATEGORY/NAME-VERSION/CONTENTS, a line a file (PMS, "VDB"). What
 * the package is stands in the path. */
#include "base/limits.h"
#include "catalog/catalog.h"

/* Where the version begins: behind the last '-' that a digit follows. Names may not end in what
 * looks like a version (PMS 3.1.2). */
static size_t version_at(str pf)
{
	for (size_t i = pf.n - 1; pf.n > 1 && i > 0; i--)
		if (pf.p[i - 1] == '-' && ch_digit(pf.p[i]))
			return i;
	return SIZE_MAX;
}

static int package_put(struct catalog_out *out, str path, struct err *e)
{
	str folder = str_dir(path), pf = str_base(folder), category = str_base(str_dir(folder));
	size_t at = version_at(pf);
	struct package p = { .type = STR("ebuild"),
			     .evidence = out->evidence->reader,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };

	if (at == SIZE_MAX || at < 2)
		return err_set(e, ERR_CORRUPT, "its folder is not called NAME-VERSION");
	if (arena_printf(&p.name, out->arena, e, STR_FMT "/" STR_FMT, STR_ARG(category),
			 STR_ARG(str_first(pf, at - 1))) < 0 ||
	    arena_str(&p.version, out->arena, str_from(pf, at), e) < 0 ||
	    vec_push(&p.paths, out->arena, e, out->evidence->path) < 0)
		return -1;
	return catalog_add(out, &p, e);
}

/* "dir PATH", "obj PATH MD5 MTIME", "sym PATH -> TARGET MTIME"; paths may have blanks. */
static bool line_path(str *path, str line)
{
	str rest = line, tail;
	size_t arrow;

	if (str_skip(&rest, STR("dir "))) {
		*path = rest;
	} else if (str_skip(&rest, STR("obj "))) {
		if (!str_rcut(rest, ' ', &rest, &tail) || !str_rcut(rest, ' ', path, &tail))
			return false;
	} else if (str_skip(&rest, STR("sym "))) {
		arrow = str_search(rest, STR(" -> "));
		if (arrow == SIZE_MAX)
			return false;
		*path = str_first(rest, arrow);
	} else if (str_skip(&rest, STR("fif ")) || str_skip(&rest, STR("dev "))) {
		*path = rest;
	} else {
		return false;
	}
	return str_skip(path, STR("/"));
}

static int portage_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	str text = f->text, path;
	size_t number = 0, damaged = 0;

	if (package_put(out, f->path, e) < 0)
		return -1;
	for (str line; str_next(&text, '\n', &line);) {
		struct owned_path own = { 0 };

		number++;
		if (line.n == 0)
			continue;
		if (!line_path(&path, line)) {
			if (damaged++ == 0)
				(void)err_set(e, ERR_CORRUPT, "line %zu: not a file's", number);
			continue;
		}
		own.hash = hash_keyed(out->key, path);
		if (vec_push(&out->evidence->owned, out->arena, e, own) < 0)
			return -1;
	}
	return damaged > 0 ? -1 : 0;
}

static const char *const portage_globs[] = { "var/db/pkg/*/*/CONTENTS", NULL };

const struct cataloger cataloger_portage = {
	.name = STR_INIT("portage-contents"),
	.globs = portage_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = portage_read,
};
