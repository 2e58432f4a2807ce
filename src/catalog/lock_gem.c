/* Ruby: Gemfile.lock. What stands under "specs:" of GEM and GIT sections was resolved; PATH is the
 * project's own. */
#include "base/limits.h"
#include "catalog/lock.h"

/* "    name (1.2.3-x86_64-linux)": no version has a '-', a platform follows it. */
static int spec_read(struct catalog_out *out, str line, struct err *e)
{
	str name, version, release, platform;

	if (!str_cut(line, ' ', &name, &version) || !str_skip(&version, STR("(")) ||
	    !str_chop(&version, STR(")")))
		return err_set(e, ERR_CORRUPT, "a gem that is not NAME (VERSION): " STR_FMT,
			       STR_ARG(str_first(line, 64)));
	str_cut(version, '-', &release, &platform);
	return lock_put(out, STR("gem"), name, release, e);
}

static int gemfile_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	bool wanted = false, specs = false;
	str text = f->text;

	for (str line; str_next(&text, '\n', &line);) {
		str_chop(&line, STR("\r"));
		if (line.n == 0)
			continue;
		if (line.p[0] != ' ') {
			wanted = str_eq(line, STR("GEM")) || str_eq(line, STR("GIT")) ||
				 str_eq(line, STR("PLUGIN SOURCE"));
			specs = false;
		} else if (str_eq(line, STR("  specs:"))) {
			specs = wanted;
		} else if (specs && str_skip(&line, STR("    ")) && line.n && line.p[0] != ' ' &&
			   spec_read(out, line, e) < 0) {
			return -1;
		}
	}
	return 0;
}

static const char *const gemfile_lock_globs[] = { "Gemfile.lock", "**/Gemfile.lock", "gems.locked",
						  "**/gems.locked", NULL };

const struct cataloger cataloger_gemfile_lock = {
	.name = STR_INIT("gemfile-lock"),
	.globs = gemfile_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = gemfile_read,
};
