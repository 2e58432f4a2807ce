/* usr/share/doc/PACKAGE/copyright of Debian and what came of it: the licences' short names where
 * it is machine-readable (copyright-format 1.0), and otherwise the texts of common-licenses that it
 * points to. Prose that names no text gives nothing: it is not guessed at. */
#include "base/limits.h"
#include "catalog/catalog.h"

struct licence_set {
	struct catalog_out *out;
	struct map seen;
};

static int licence_add(struct licence_set *set, str name, struct err *e)
{
	struct arena *a = set->out->arena;
	str kept;

	if (name.n == 0 || name.n > LIMIT_VERSION_BYTES || map_get(&set->seen, name))
		return 0;
	if (arena_str(&kept, a, name, e) < 0 || map_put(&set->seen, a, kept, set, e) < 0)
		return -1;
	return vec_push(&set->out->evidence->licences, a, e, kept);
}

static bool field_is(str line, str name, str *value)
{
	str head;

	if (!str_cut(line, ':', &head, value) || !str_eq_nocase(head, name))
		return false;
	*value = str_trim(*value);
	return true;
}

/* The first paragraph says which format the file has. */
static bool is_machine_readable(str text)
{
	str value;

	for (str line; str_next(&text, '\n', &line);) {
		if (str_trim(line).n == 0)
			return false;
		if (field_is(line, STR("Format"), &value) ||
		    field_is(line, STR("Format-Specification"), &value))
			return true;
	}
	return false;
}

static int fields_read(struct licence_set *set, str text, struct err *e)
{
	str value;

	for (str line; str_next(&text, '\n', &line);)
		if (field_is(line, STR("License"), &value) && licence_add(set, value, e) < 0)
			return -1;
	return 0;
}

static bool in_name(char c)
{
	return ch_alnum(c) || c == '.' || c == '+' || c == '-';
}

static int references_read(struct licence_set *set, str text, struct err *e)
{
	const str folder = STR("/usr/share/common-licenses/");

	for (size_t at; (at = str_search(text, folder)) != SIZE_MAX;) {
		size_t n = 0;
		str name;

		text = str_from(text, at + folder.n);
		while (n < text.n && in_name(text.p[n]))
			n++;
		name = str_first(text, n);
		while (str_chop(&name, STR("."))) {}
		if (licence_add(set, name, e) < 0)
			return -1;
	}
	return 0;
}

static int copyright_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct licence_set set = { .out = out };
	str name = str_base(str_dir(f->path));

	if (arena_str(&out->evidence->owner, out->arena, name, e) < 0)
		return -1;
	return is_machine_readable(f->text) ? fields_read(&set, f->text, e)
					    : references_read(&set, f->text, e);
}

static const char *const copyright_globs[] = { "usr/share/doc/*/copyright", NULL };

const struct cataloger cataloger_copyright = {
	.name = STR_INIT("debian-copyright"),
	.globs = copyright_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = copyright_read,
};
