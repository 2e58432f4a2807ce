/* Perl: what cpanm and its like leave beside what they installed, .meta/DIST-VERSION/ with
 * MYMETA.json (CPAN::Meta::Spec, version 2) and install.json. Distributions that were installed
 * otherwise leave .packlist, which has no version; Perl's own modules are the distribution's. */
#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/json.h"

/* A version may be written as a number. */
static int word_read(void *out, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	if (kind == JSON_NUMBER)
		return json_number(out, j, e);
	return kind == JSON_STRING ? json_str(out, j, e) : json_skip(NULL, j, e);
}

struct meta {
	str name, version;
	struct str_list licences;
};

/* clang-format off */
static const struct json_field fields[] = {
	{ JSON_FIELD("name",	JSON_AS_STR,  struct meta, name), .required = true },
	{ JSON_FIELD("version", JSON_AS_CALL, struct meta, version), .required = true, .read = word_read },
	{ JSON_FIELD("license", JSON_AS_STRS, struct meta, licences) },
};
/* clang-format on */

static const struct json_table table = {
	"distribution", fields, COUNT(fields), sizeof(struct meta), .closed = false,
};

static int cpan_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("cpan") };
	struct meta m = { 0 };

	if (json_object_whole(&m, f->text, &table, out->arena, e) < 0)
		return -1;
	if (m.name.n == 0 || m.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a distribution without name or version");
	p.name = m.name;
	p.version = m.version;
	p.licences = m.licences;
	return artefact_put(out, &p, e);
}

static const char *const globs[] = { "**/.meta/*/MYMETA.json", NULL };

const struct cataloger cataloger_cpan = {
	.name = STR_INIT("cpan-meta"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = cpan_read,
};
