/* Haskell: what is registered with GHC, a file a package in package.conf.d/ (Cabal's
 * InstalledPackageInfo: "field: value", the value on the next line when it does not fit). */
#include "base/limits.h"
#include "catalog/artefact.h"

static int hackage_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("hackage") };
	str text = f->text, licence = STR_NONE, *open = NULL;
	const struct {
		str name;
		str *to;
	} fields[] = {
		{ STR("name"), &p.name },
		{ STR("package-name"), &p.name }, /* a library within a package */
		{ STR("version"), &p.version },
		{ STR("license"), &licence },
	};

	for (str line; str_next(&text, '\n', &line);) {
		str name, value;

		if (line.n && ch_blank(line.p[0])) {
			if (open && open->n == 0)
				*open = str_trim(line);
			continue;
		}
		open = NULL;
		if (!str_cut(line, ':', &name, &value))
			continue;
		for (size_t i = 0; i < COUNT(fields); i++)
			if (str_eq_nocase(str_trim(name), fields[i].name)) {
				open = fields[i].to;
				*open = str_trim(value);
			}
	}
	if (p.name.n == 0 || p.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a registration without a %s",
			       p.name.n ? "version" : "name");
	if (licence.n && vec_push(&p.licences, out->arena, e, licence) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static const char *const globs[] = {
	"**/package.conf.d/*.conf",
	"**/.cabal/**/package.db/*.conf",
	NULL,
};

const struct cataloger cataloger_hackage = {
	.name = STR_INIT("ghc-package"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = hackage_read,
};
