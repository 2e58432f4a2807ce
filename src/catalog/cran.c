/* R: the DESCRIPTION of each package in a library (Debian control format). "Built" is put there by
 * the installation; a file without it is a source package's. */
#include "base/limits.h"
#include "catalog/artefact.h"

static int cran_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("cran") };
	str text = f->text, licence = STR_NONE, built = STR_NONE;
	const struct {
		str name;
		str *to;
	} fields[] = {
		{ STR("Package"), &p.name },
		{ STR("Version"), &p.version },
		{ STR("License"), &licence },
		{ STR("Built"), &built },
	};

	for (str line; str_next(&text, '\n', &line);) {
		str name, value;

		if (line.n == 0 || ch_blank(line.p[0]) || !str_cut(line, ':', &name, &value))
			continue;
		for (size_t i = 0; i < COUNT(fields); i++)
			if (str_eq(name, fields[i].name))
				*fields[i].to = str_trim(value);
	}
	if (built.n == 0)
		return 0;
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "an installed package without a %s",
			       p.name.n ? "Version" : "Package");
	if (licence.n && vec_push(&p.licences, out->arena, e, licence) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static const char *const globs[] = {
	"**/library/*/DESCRIPTION",	  "**/site-library/*/DESCRIPTION",
	"**/*-library/*/*/DESCRIPTION", /* a user's: R/x86_64-pc-linux-gnu-library/4.2/ */
	"**/renv/library/**/DESCRIPTION", NULL,
};

const struct cataloger cataloger_cran = {
	.name = STR_INIT("r-description"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = cran_read,
};
