/* Python: the metadata that installers leave beside a distribution (PyPA "Core metadata": headers
 * as in e-mail, up to the first empty line). The name stays as written there, as pip lists it. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/zip.h"

struct metadata {
	str name, version;
	str licence, expression;
	struct str_list classified;
};

static const struct {
	str name;
	size_t at;
} fields[] = {
	{ STR_INIT("Name"), offsetof(struct metadata, name) },
	{ STR_INIT("Version"), offsetof(struct metadata, version) },
	{ STR_INIT("License"), offsetof(struct metadata, licence) },
	{ STR_INIT("License-Expression"), offsetof(struct metadata, expression) },
};

static int header_read(struct metadata *m, str name, str value, struct arena *a, struct err *e)
{
	str path, last;

	for (size_t i = 0; i < COUNT(fields); i++) {
		str *field = (str *)((char *)m + fields[i].at);

		if (str_eq_nocase(name, fields[i].name) && field->n == 0)
			*field = value;
	}
	/* "License :: OSI Approved :: MIT License" */
	if (!str_eq_nocase(name, STR("Classifier")) || !str_skip(&value, STR("License :: ")) ||
	    str_eq(value, STR("OSI Approved")))
		return 0;
	if (!str_rcut(value, ':', &path, &last))
		last = value;
	return vec_push(&m->classified, a, e, str_trim(last));
}

static int headers_read(struct metadata *m, str text, struct arena *a, struct err *e)
{
	str_skip(&text, STR("\xef\xbb\xbf"));
	for (str line; str_next(&text, '\n', &line);) {
		str name, value;

		str_chop(&line, STR("\r"));
		if (line.n == 0)
			return 0;
		if (line.p[0] == ' ' || line.p[0] == '\t' || !str_cut(line, ':', &name, &value))
			continue;
		if (header_read(m, str_trim(name), str_trim(value), a, e) < 0)
			return -1;
	}
	return 0;
}

/* What is declared best: an SPDX expression, else classifiers, else a short word. */
static int licences_choose(struct package *p, const struct metadata *m, struct arena *a,
			   struct err *e)
{
	str word = m->expression.n ? m->expression : m->licence;

	if (m->expression.n == 0 && m->classified.n > 0) {
		p->licences = m->classified;
		return 0;
	}
	if (word.n == 0 || str_eq_nocase(word, STR("UNKNOWN")))
		return 0;
	return vec_push(&p->licences, a, e, word);
}

static int metadata_read(struct catalog_out *out, str text, struct err *e)
{
	struct package p = { .type = STR("pypi") };
	struct metadata m = { 0 };

	if (headers_read(&m, text, out->arena, e) < 0)
		return -1;
	if (m.name.n == 0 || m.version.n == 0)
		return err_set(e, ERR_CORRUPT, "metadata without a %s",
			       m.name.n ? "Version" : "Name");
	p.name = m.name;
	p.version = m.version;
	if (licences_choose(&p, &m, out->arena, e) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static int python_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return metadata_read(out, f->text, e);
}

static const char *const globs[] = {
	"**.dist-info/METADATA", "**.egg-info/PKG-INFO", "**EGG-INFO/PKG-INFO", "**.egg-info", NULL,
};

const struct cataloger cataloger_python = {
	.name = STR_INIT("python-metadata"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = python_read,
};

/* An egg that was installed without being unpacked: a zip archive. */
static int egg_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(2 * LIMIT_ZIP_LIST_BYTES);
	struct zip_entry en;
	struct zip z;
	str text;

	if (zip_open(&z, &f->content, &a, e) < 0)
		return -1;
	if (!zip_find(&en, &z, STR("EGG-INFO/PKG-INFO")))
		return err_set(e, ERR_CORRUPT, "an egg without EGG-INFO/PKG-INFO");
	if (zip_read(&text, &z, &en, LIMIT_SMALL_FILE_BYTES, &a, e) < 0)
		return -1;
	return metadata_read(out, text, e);
}

static bool egg_claims(str path, str head)
{
	return str_starts(head, STR("PK\3\4"));
}

static const char *const egg_globs[] = { "**.egg", NULL };

const struct cataloger cataloger_python_egg = {
	.name = STR_INIT("python-egg"),
	.globs = egg_globs,
	.claims = egg_claims,
	.limit = UINT64_MAX,
	.read = egg_read,
};
