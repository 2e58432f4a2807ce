/* yarn.lock: blocks that begin without indentation. Version 1 has a syntax of its own; since
 * version 2 ("berry") it is YAML, of which Yarn writes only this much. */
#include "base/limits.h"
#include "catalog/lock.h"

struct block {
	str spec;	/* "a@^1.0", the first of the line that began it */
	str resolution; /* berry: "a@npm:1.0.3" */
	str version;
};

static str unquote(str s)
{
	s = str_trim(s);
	if (str_skip(&s, STR("\"")))
		str_chop(&s, STR("\""));
	return s;
}

/* "@scope/name@range" → both; a name has no '@' but at its front. */
static bool spec_cut(str spec, str *name, str *range)
{
	size_t at = str_find(str_from(spec, 1), '@');

	if (spec.n == 0 || at == SIZE_MAX)
		return false;
	*name = str_first(spec, at + 1);
	*range = str_from(spec, at + 2);
	return true;
}

static int block_put(struct block *b, struct catalog_out *out, struct err *e)
{
	struct block done = *b;
	str name, range, real, rest;

	*b = (struct block){ 0 };
	if (!spec_cut(done.resolution.n ? done.resolution : done.spec, &name, &range))
		return 0; /* __metadata */
	if (str_starts(range, STR("workspace:")) || str_starts(range, STR("link:")) ||
	    str_starts(range, STR("portal:")))
		return 0;
	/* An alias: "a@npm:b@^1.0" */
	if (!done.resolution.n && str_skip(&range, STR("npm:")) && spec_cut(range, &real, &rest))
		name = real;
	return lock_put(out, STR("npm"), name, done.version, e);
}

/* `"a@^1", "a@^2":` (version 1), `"a@npm:^1, a@npm:^2":` (berry) */
static str first_spec(str line)
{
	str first, rest;

	line = str_trim(line);
	str_chop(&line, STR(":"));
	str_cut(line, ',', &first, &rest);
	return unquote(first);
}

static void member_read(struct block *b, str line)
{
	const struct {
		str word;
		str *to;
	} members[] = {
		{ STR("  version"), &b->version },
		{ STR("  resolution"), &b->resolution },
	};

	for (size_t i = 0; i < COUNT(members); i++) {
		str rest = line;

		if (str_skip(&rest, members[i].word) &&
		    (str_skip(&rest, STR(":")) || str_starts(rest, STR(" "))))
			*members[i].to = unquote(rest);
	}
}

static int yarn_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	bool known = str_has(str_first(f->text, 4096), STR("# yarn lockfile v1")) ||
		     str_has(f->text, STR("__metadata:"));
	struct block b = { 0 };
	str text = f->text;

	if (!known)
		return err_set(e, ERR_UNSUPPORTED, "neither of version 1 nor of a later one");
	for (str line; str_next(&text, '\n', &line);) {
		str_chop(&line, STR("\r"));
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (line.p[0] == ' ') {
			member_read(&b, line);
			continue;
		}
		if (block_put(&b, out, e) < 0)
			return -1;
		b.spec = first_spec(line);
	}
	return block_put(&b, out, e);
}

static const char *const yarn_lock_globs[] = { "yarn.lock", "**/yarn.lock", NULL };

const struct cataloger cataloger_yarn_lock = {
	.name = STR_INIT("yarn-lock"),
	.globs = yarn_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = yarn_read,
};
