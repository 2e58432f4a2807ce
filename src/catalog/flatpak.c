/* Flatpak's applications: AppStream metadata that each installation exports. The first release
 * named is the newest (AppStream specification, "releases"), which is what was installed. */
#include "base/limits.h"
#include "catalog/artefact.h"

/* Goes behind the next comment, or to the end. */
static void comment_skip(str *text)
{
	size_t end = str_search(*text, STR("-->"));

	*text = end == SIZE_MAX ? STR_NONE : str_from(*text, end + 3);
}

/* The next start tag: what stands in its angle brackets; *text goes on behind it. */
static bool tag_next(str *tag, str *text)
{
	for (size_t at; (at = str_find(*text, '<')) != SIZE_MAX;) {
		size_t end;

		*text = str_from(*text, at + 1);
		if (str_starts(*text, STR("!--"))) {
			comment_skip(text);
			continue;
		}
		end = str_find(*text, '>');
		if (end == SIZE_MAX)
			return false;
		*tag = str_first(*text, end);
		*text = str_from(*text, end + 1);
		if (tag->n > 0 && (ch_alpha(tag->p[0])))
			return true;
	}
	return false;
}

static bool tag_is(str tag, str name)
{
	return str_skip(&tag, name) && (tag.n == 0 || ch_blank(tag.p[0]) || tag.p[0] == '/');
}

/* A value in quotes behind " NAME=". */
static str attribute(str tag, str name)
{
	str value, rest;

	for (size_t at; (at = str_search(tag, name)) != SIZE_MAX;) {
		bool begins = at > 0 && ch_blank(tag.p[at - 1]);

		tag = str_from(tag, at + name.n);
		if (!begins || tag.n < 3 || tag.p[0] != '=' ||
		    (tag.p[1] != '"' && tag.p[1] != '\''))
			continue;
		return str_cut(str_from(tag, 2), tag.p[1], &value, &rest) ? value : STR_NONE;
	}
	return STR_NONE;
}

static int flatpak_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("flatpak") };
	str text = f->text, rest;

	for (str tag; (p.name.n == 0 || p.version.n == 0) && tag_next(&tag, &text);) {
		if (p.name.n == 0 && tag_is(tag, STR("id"))) {
			str_cut(text, '<', &p.name, &rest);
			p.name = str_trim(p.name);
		} else if (p.version.n == 0 && tag_is(tag, STR("release"))) {
			p.version = str_trim(attribute(tag, STR("version")));
		}
	}
	str_chop(&p.name, STR(".desktop"));
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "an application without name or version");
	return artefact_put(out, &p, e);
}

static const char *const flatpak_globs[] = {
	"**/flatpak/app/**/export/share/metainfo/*.metainfo.xml",
	"**/flatpak/app/**/export/share/metainfo/*.appdata.xml",
	"**/flatpak/app/**/export/share/appdata/*.appdata.xml", NULL
};

const struct cataloger cataloger_flatpak = {
	.name = STR_INIT("flatpak-metainfo"),
	.globs = flatpak_globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = flatpak_read,
};
