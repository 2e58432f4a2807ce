/* Gradle: gradle.lockfile and buildscript-gradle.lockfile, "GROUP:ARTIFACT:VERSION=WHERE,WHERE" a
 * line. */
#include "base/limits.h"
#include "catalog/lock.h"

static int gradle_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	str text = f->text;

	for (str line; str_next(&text, '\n', &line);) {
		str what, where, name, version;

		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || str_starts(line, STR("empty=")))
			continue;
		str_cut(line, '=', &what, &where);
		if (!str_rcut(what, ':', &name, &version) || str_find(name, ':') == SIZE_MAX)
			return err_set(e, ERR_CORRUPT, "not GROUP:ARTIFACT:VERSION: " STR_FMT,
				       STR_ARG(str_first(line, 64)));
		if (lock_put(out, STR("maven"), name, version, e) < 0)
			return -1;
	}
	return 0;
}

static const char *const gradle_lock_globs[] = { "gradle.lockfile", "**/gradle.lockfile",
						 "buildscript-gradle.lockfile",
						 "**/buildscript-gradle.lockfile", NULL };

const struct cataloger cataloger_gradle_lock = {
	.name = STR_INIT("gradle-lock"),
	.globs = gradle_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = gradle_read,
};
