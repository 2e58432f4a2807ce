/* dpkg's status file (deb-control(5), dpkg(1) "Information about packages"), its file lists, and
 * opkg's status, which has the same form.
 *
 * A package counts as installed in every state but not-installed and config-files: dpkg-query -W
 * lists the latter too, but nothing of such a package is left except what its user edited. */
#include "base/limits.h"
#include "catalog/catalog.h"

struct stanza {
	size_t line; /* of its first field; 0: nothing read yet */
	str package, status, version, arch, source, origin, maintainer;
};

static const struct {
	str name;
	size_t at;
} fields[] = {
	{ STR_INIT("Package"), offsetof(struct stanza, package) },
	{ STR_INIT("Status"), offsetof(struct stanza, status) },
	{ STR_INIT("Version"), offsetof(struct stanza, version) },
	{ STR_INIT("Architecture"), offsetof(struct stanza, arch) },
	{ STR_INIT("Source"), offsetof(struct stanza, source) },
	{ STR_INIT("Origin"), offsetof(struct stanza, origin) },
	{ STR_INIT("Maintainer"), offsetof(struct stanza, maintainer) },
};

struct status_reader {
	struct catalog_out *out;
	str type, evidence;
	struct stanza stanza;
	size_t line, stanzas, damaged;
	struct err first; /* what is wrong with the first damaged part */
};

static void damage(struct status_reader *r, size_t line, const char *what)
{
	if (r->damaged++ == 0)
		(void)err_set(&r->first, ERR_CORRUPT, "line %zu: %s", line, what);
}

/* "want flag state"; distroless leaves the field out. */
static bool status_installed(str status)
{
	str rest, state;

	if (status.n == 0)
		return true;
	if (!str_rcut(status, ' ', &rest, &state))
		state = status;
	return !str_eq(state, STR("not-installed")) && !str_eq(state, STR("config-files"));
}

/* "name" or "name (version)". */
static int source_read(struct package *p, str source, struct arena *a, struct err *e)
{
	str name, version;

	if (str_cut(source, '(', &name, &version))
		str_chop(&version, STR(")"));
	name = str_trim(name);
	version = str_trim(version);
	if (name.n > 0 && !str_eq(name, p->name) && arena_str(&p->source_name, a, name, e) < 0)
		return -1;
	if (version.n > 0 && !str_eq(version, p->version))
		return arena_str(&p->source_version, a, version, e);
	return 0;
}

static int stanza_add(struct status_reader *r, struct err *e)
{
	const struct stanza *s = &r->stanza;
	struct arena *a = r->out->arena;
	str vendor = s->origin.n > 0 ? s->origin : s->maintainer;
	struct package p = { .type = r->type,
			     .evidence = r->evidence,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };

	if (arena_str(&p.name, a, s->package, e) < 0 ||
	    arena_str(&p.version, a, s->version, e) < 0 || arena_str(&p.arch, a, s->arch, e) < 0 ||
	    arena_str(&p.vendor, a, vendor, e) < 0 || source_read(&p, s->source, a, e) < 0 ||
	    vec_push(&p.paths, a, e, r->out->evidence->path) < 0)
		return -1;
	return catalog_add(r->out, &p, e);
}

static int stanza_end(struct status_reader *r, struct err *e)
{
	size_t line = r->stanza.line;
	int rc = 0;

	if (line == 0)
		return 0;
	r->stanzas++;
	if (r->stanza.package.n == 0)
		damage(r, line, "a stanza without Package");
	else if (!status_installed(r->stanza.status))
		rc = 0;
	else if (r->stanza.version.n == 0)
		damage(r, line, "an installed package without Version");
	else
		rc = stanza_add(r, e);
	r->stanza = (struct stanza){ 0 };
	return rc;
}

/* Field names count in any case; of one that comes twice the first counts. */
static void field_take(struct status_reader *r, str name, str value)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		str *to = (str *)((char *)&r->stanza + fields[i].at);

		if (str_eq_nocase(fields[i].name, name) && to->n == 0)
			*to = str_trim(value);
	}
}

static int line_read(struct status_reader *r, str line, struct err *e)
{
	str name, value;

	r->line++;
	if (str_trim(line).n == 0)
		return stanza_end(r, e);
	if (r->stanza.line == 0)
		r->stanza.line = r->line;
	if (line.p[0] == ' ' || line.p[0] == '\t')
		return 0; /* a field goes on; none of ours does */
	if (!str_cut(line, ':', &name, &value) || name.n == 0)
		damage(r, r->line, "neither a field nor its continuation");
	else
		field_take(r, name, value);
	return 0;
}

/* Reads to the end whatever is damaged on the way, and says so then. */
static int status_read(struct catalog_out *out, str text, str type, struct err *e)
{
	struct status_reader r = { .out = out, .type = type, .evidence = out->evidence->reader };

	for (str line; str_next(&text, '\n', &line);)
		if (line_read(&r, line, e) < 0)
			return -1;
	if (stanza_end(&r, e) < 0)
		return -1;
	if (r.damaged == 0 && r.line > 0 && r.stanzas == 0)
		return err_set(e, ERR_CORRUPT, "%zu lines, but not one package", r.line);
	if (r.damaged == 0)
		return 0;
	*e = r.first;
	return r.damaged > 1 ? err_within(e, "%zu damaged parts, the first", r.damaged) : -1;
}

static int dpkg_status_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return status_read(out, f->text, STR("deb"), e);
}

static int opkg_status_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return status_read(out, f->text, STR("opkg"), e);
}

/* "0123…cdef  usr/bin/x" → the path. */
static bool sum_line_path(str *path, str line)
{
	if (line.n < 35 || line.p[32] != ' ')
		return false;
	for (size_t i = 0; i < 32; i++)
		if (!ch_digit(line.p[i]) &&
		    !(ch_down(line.p[i]) >= 'a' && ch_down(line.p[i]) <= 'f'))
			return false;
	*path = str_from(line, 34);
	return true;
}

/* info/NAME.list has a path a line; status.d/NAME.md5sums, all that distroless keeps, has sums
 * before them. NAME is the package, with ":arch" where several may be there. */
static int dpkg_files_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	bool sums = str_ends(f->path, STR(".md5sums"));
	str rest = f->text, name = str_base(f->path);
	size_t number = 0, damaged = 0;

	if (!str_chop(&name, STR(".list")))
		str_chop(&name, STR(".md5sums"));
	if (name.n == 0)
		return err_set(e, ERR_CORRUPT, "a list of no package's files");
	if (arena_str(&out->evidence->owner, out->arena, name, e) < 0)
		return -1;
	for (str line; str_next(&rest, '\n', &line);) {
		str path = line;
		struct owned_path own = { 0 };

		number++;
		if (line.n == 0 || str_eq(line, STR("/.")))
			continue;
		if (sums ? !sum_line_path(&path, line) : line.p[0] != '/') {
			if (damaged++ == 0)
				(void)err_set(e, ERR_CORRUPT, "line %zu: not a file's", number);
			continue;
		}
		if (!str_skip(&path, STR("./")))
			str_skip(&path, STR("/"));
		own.hash = hash_keyed(out->key, path);
		if (vec_push(&out->evidence->owned, out->arena, e, own) < 0)
			return -1;
	}
	return damaged > 0 ? -1 : 0;
}

static bool not_sums(str path, str head)
{
	return !str_ends(path, STR(".md5sums"));
}

static const char *const dpkg_status_globs[] = { "var/lib/dpkg/status", "var/lib/dpkg/status.d/*",
						 NULL };
const struct cataloger cataloger_dpkg_status = {
	.name = STR_INIT("dpkg-status"),
	.globs = dpkg_status_globs,
	.claims = not_sums,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = dpkg_status_read,
};

/* info/NAME.md5sums says nothing that NAME.list does not. */
static const char *const dpkg_files_globs[] = { "var/lib/dpkg/info/*.list",
						"var/lib/dpkg/status.d/*.md5sums", NULL };
const struct cataloger cataloger_dpkg_files = {
	.name = STR_INIT("dpkg-files"),
	.globs = dpkg_files_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = dpkg_files_read,
};

static const char *const opkg_status_globs[] = { "usr/lib/opkg/status", "var/lib/opkg/status",
						 "opt/lib/opkg/status", NULL };
const struct cataloger cataloger_opkg_status = {
	.name = STR_INIT("opkg-status"),
	.globs = opkg_status_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = opkg_status_read,
};
