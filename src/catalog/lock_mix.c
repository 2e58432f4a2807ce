/* Elixir: mix.lock, an Elixir map with a package a line:
 *
 *	"jason": {:hex, :jason, "1.4.1", "…", [:mix], …},
 */
#include "base/limits.h"
#include "catalog/lock.h"

static bool quoted_next(str *rest, str *out)
{
	str before;

	return str_cut(*rest, '"', &before, rest) && str_cut(*rest, '"', out, rest);
}

static int mix_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct lock_open elsewhere = { .why = "packages from repositories" };
	str text = f->text;

	for (str line; str_next(&text, '\n', &line);) {
		str name, version, atom;

		line = str_trim(line);
		if (!str_starts(line, STR("\"")) || !quoted_next(&line, &name))
			continue;
		str_skip(&line, STR(":"));
		line = str_trim(line);
		if (!str_skip(&line, STR("{:hex,"))) {
			lock_open_note(&elsewhere, name);
			continue;
		}
		/* The package may be another than the application that it is. */
		line = str_trim(line);
		if (!str_skip(&line, STR(":")) || !str_cut(line, ',', &atom, &line) ||
		    !quoted_next(&line, &version))
			return err_set(e, ERR_CORRUPT, "a package without a version: " STR_FMT,
				       STR_ARG(str_first(name, 64)));
		atom = str_trim(atom);
		if (str_skip(&atom, STR("\"")))
			str_chop(&atom, STR("\""));
		if (lock_put(out, STR("hex"), atom, version, e) < 0)
			return -1;
	}
	return lock_open_say(&elsewhere, out, e);
}

static const char *const mix_lock_globs[] = { "mix.lock", "**/mix.lock", NULL };

const struct cataloger cataloger_mix_lock = {
	.name = STR_INIT("mix-lock"),
	.globs = mix_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = mix_read,
};
