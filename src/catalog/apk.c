/* apk's database of installed packages, version 2 (apk-package(5), "PKGINFO" and "index"): a line
 * is a letter, ':' and a value; an empty line ends a package. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/catalog.h"

struct apk_reader {
	struct catalog_out *out;
	size_t line, begins; /* number of the line; where the package began, or 0 */
	size_t packages, damaged;
	size_t owned_before; /* how many paths earlier packages own */
	str name, version, arch, licence, origin;
	str dir; /* of the files that follow */
	struct buf path;
	struct err first;
};

static void damage(struct apk_reader *r, size_t line, const char *what)
{
	if (r->damaged++ == 0)
		(void)err_set(&r->first, ERR_CORRUPT, "line %zu: %s", line, what);
}

static int package_put(struct apk_reader *r, struct err *e)
{
	struct arena *a = r->out->arena;
	struct package p = { .type = STR("apk"),
			     .evidence = r->out->evidence->reader,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };
	str licence;

	if (arena_str(&p.name, a, r->name, e) < 0 || arena_str(&p.version, a, r->version, e) < 0 ||
	    arena_str(&p.arch, a, r->arch, e) < 0 ||
	    vec_push(&p.paths, a, e, r->out->evidence->path) < 0)
		return -1;
	if (r->origin.n > 0 && !str_eq(r->origin, r->name) &&
	    arena_str(&p.source_name, a, r->origin, e) < 0)
		return -1;
	if (r->licence.n > 0 &&
	    (arena_str(&licence, a, r->licence, e) < 0 || vec_push(&p.licences, a, e, licence) < 0))
		return -1;
	return catalog_add(r->out, &p, e);
}

static int package_end(struct apk_reader *r, struct err *e)
{
	size_t begins = r->begins;
	struct owned_list *owned = &r->out->evidence->owned;
	int rc = 0;

	if (begins == 0)
		return 0;
	r->packages++;
	if (r->name.n == 0 || r->version.n == 0) {
		damage(r, begins, "a package without name (P:) or version (V:)");
		owned->n = r->owned_before;
	} else {
		rc = package_put(r, e);
	}
	r->owned_before = owned->n;
	r->begins = 0;
	r->name = r->version = r->arch = r->licence = r->origin = r->dir = STR_NONE;
	return rc;
}

static int file_own(struct apk_reader *r, str name, struct err *e)
{
	struct owned_path own = { .package = (uint32_t)r->out->evidence->packages.n };

	buf_clear(&r->path);
	buf_put(&r->path, r->dir);
	if (r->dir.n > 0)
		buf_putc(&r->path, '/');
	buf_put(&r->path, name);
	if (buf_check(&r->path, e) < 0)
		return -1;
	own.hash = hash_keyed(r->out->key, buf_str(&r->path));
	return vec_push(&r->out->evidence->owned, r->out->arena, e, own);
}

static int field_take(struct apk_reader *r, char letter, str value, struct err *e)
{
	switch (letter) {
	case 'P':
		r->name = value;
		return 0;
	case 'V':
		r->version = value;
		return 0;
	case 'A':
		r->arch = value;
		return 0;
	case 'L':
		r->licence = value;
		return 0;
	case 'o':
		r->origin = value;
		return 0;
	case 'F':
		r->dir = value;
		return 0;
	case 'R':
		return file_own(r, value, e);
	default:
		return 0;
	}
}

static int line_read(struct apk_reader *r, str line, struct err *e)
{
	r->line++;
	str_chop(&line, STR("\r"));
	if (line.n == 0)
		return package_end(r, e);
	if (r->begins == 0)
		r->begins = r->line;
	if (line.n > LIMIT_PATH_BYTES && (line.p[0] == 'F' || line.p[0] == 'R'))
		damage(r, r->line, "a path longer than any file's");
	else if (line.n < 2 || line.p[1] != ':' || !ch_alpha(line.p[0]))
		damage(r, r->line, "not a letter and ':'");
	else
		return field_take(r, line.p[0], str_from(line, 2), e);
	return 0;
}

static int apk_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(buf_free)
	struct buf path = BUF(2 * LIMIT_PATH_BYTES + 2);
	struct apk_reader r = { .out = out, .path = path };
	str rest = f->text;
	int rc = 0;

	for (str line; rc == 0 && str_next(&rest, '\n', &line);)
		rc = line_read(&r, line, e);
	if (rc == 0)
		rc = package_end(&r, e);
	path = r.path;
	if (rc < 0)
		return -1;
	if (r.damaged == 0 && r.line > 0 && r.packages == 0)
		return err_set(e, ERR_CORRUPT, "%zu lines, but not one package", r.line);
	if (r.damaged == 0)
		return 0;
	*e = r.first;
	return r.damaged > 1 ? err_within(e, "%zu damaged parts, the first", r.damaged) : -1;
}

static const char *const apk_globs[] = { "lib/apk/db/installed", "usr/lib/apk/db/installed",
					 "var/lib/apk/db/installed", NULL };
const struct cataloger cataloger_apk = {
	.name = STR_INIT("apk-installed"),
	.globs = apk_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = apk_read,
};
