/* Snaps: what snapd has mounted, and inside of a snap the Debian packages that it was made of.
 * Their files are YAML as a machine writes it: a name a line, lists by dashes. */
#include "base/limits.h"
#include "catalog/artefact.h"

struct yaml_line {
	size_t indent;
	bool item; /* "- value" */
	str key, value;
};

static str yaml_unquote(str s)
{
	s = str_trim(s);
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		return str_sub(s, 1, s.n - 2);
	return s;
}

static bool yaml_next(struct yaml_line *out, str *text)
{
	for (str line, body; str_next(text, '\n', &line);) {
		struct yaml_line y = { 0 };

		while (y.indent < line.n && line.p[y.indent] == ' ')
			y.indent++;
		body = str_trim(line);
		if (body.n == 0 || body.p[0] == '#')
			continue;
		y.item = str_skip(&body, STR("- "));
		if (y.item || !str_cut(body, ':', &y.key, &y.value))
			y.value = body;
		y.key = yaml_unquote(y.key);
		y.value = yaml_unquote(y.value);
		*out = y;
		return true;
	}
	return false;
}

static int snap_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("snap") };
	str text = f->text;

	for (struct yaml_line y; yaml_next(&y, &text);) {
		if (y.indent > 0 || y.item)
			continue;
		if (str_eq(y.key, STR("name")))
			p.name = y.value;
		if (str_eq(y.key, STR("version")))
			p.version = y.value;
	}
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a snap without name or version");
	return artefact_put(out, &p, e);
}

/* "libc6:amd64=2.35-0ubuntu3". */
static int deb_put(struct catalog_out *out, str item, struct err *e)
{
	struct package p = { .type = STR("deb") };
	str name;

	if (!str_cut(item, '=', &name, &p.version))
		name = STR_NONE;
	if (!str_cut(name, ':', &p.name, &p.arch))
		p.name = name;
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a package without name or version");
	if (arena_str(&p.arch, out->arena, p.arch, e) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static bool lists_debs(str key)
{
	return str_eq(key, STR("packages")) || str_eq(key, STR("stage-packages")) ||
	       str_eq(key, STR("primed-stage-packages"));
}

/* Goes on behind a bad item. */
static int debs_read(struct catalog_out *out, str text, struct err *e)
{
	struct err first = { 0 };
	str key = STR_NONE;

	for (struct yaml_line y; yaml_next(&y, &text);) {
		if (!y.item) {
			key = y.key;
			continue;
		}
		if (!lists_debs(key) || deb_put(out, y.value, e) == 0)
			continue;
		if (e->kind == ERR_NOMEM)
			return -1;
		if (first.kind == ERR_NONE)
			first = *e;
	}
	if (first.kind == ERR_NONE)
		return 0;
	*e = first;
	return -1;
}

static int snap_debs_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	int rc = debs_read(out, f->text, e);

	if (rc < 0 || out->evidence->packages.n == 0)
		return rc;
	return reason_add(out->reasons, out->arena, e, REASON_UNSUPPORTED, out->evidence->path,
			  "a snap names no source packages: what a feed says of a source of "
			  "another name is not found");
}

static const char *const snap_globs[] = { "snap/*/*/meta/snap.yaml",
					  "var/lib/snapd/snap/*/*/meta/snap.yaml", "meta/snap.yaml",
					  NULL };

const struct cataloger cataloger_snap = {
	.name = STR_INIT("snap-yaml"),
	.globs = snap_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = snap_read,
};

static const char *const snap_debs_globs[] = { "usr/share/snappy/dpkg.yaml", "snap/manifest.yaml",
					       NULL };

const struct cataloger cataloger_snap_debs = {
	.name = STR_INIT("snap-debs"),
	.globs = snap_debs_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = snap_debs_read,
};
