/* Go: the requirements in go.mod, which since Go 1.17 names all modules that a build may use.
 * go.sum is not read: it also has modules that were only looked at. */
#include "base/limits.h"
#include "base/map.h"
#include "catalog/lock.h"

struct module {
	str path, version;
	str by, by_version; /* what stands for it; a directory has no version */
	bool replaced;
};

struct go_mod {
	struct catalog_out *out;
	struct arena *arena;
	VEC(struct module) required;
	VEC(struct module) replaced;
};

static str word_next(str *rest)
{
	str word = STR_NONE;

	*rest = str_trim(*rest);
	if (str_skip(rest, STR("\""))) {
		str_cut(*rest, '"', &word, rest);
		return word;
	}
	while (word.n == 0 && str_next(rest, ' ', &word))
		;
	return word;
}

static int require_read(struct go_mod *m, str rest, struct err *e)
{
	struct module mod = { .path = word_next(&rest) };

	mod.version = word_next(&rest);
	if (mod.path.n == 0 || mod.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a requirement that is not PATH VERSION");
	return vec_push(&m->required, m->arena, e, mod);
}

/* PATH [VERSION] => PATH [VERSION] */
static int replace_read(struct go_mod *m, str rest, struct err *e)
{
	size_t arrow = str_search(rest, STR("=>"));
	str left = str_first(rest, arrow), right = str_from(rest, arrow + 2);
	struct module mod = { .path = word_next(&left), .version = word_next(&left) };

	if (arrow == SIZE_MAX)
		return err_set(e, ERR_CORRUPT, "a replacement without =>");
	mod.by = word_next(&right);
	mod.by_version = word_next(&right);
	return vec_push(&m->replaced, m->arena, e, mod);
}

static const struct {
	str word;
	int (*read)(struct go_mod *m, str rest, struct err *e);
} directives[] = {
	{ STR_INIT("require"), require_read },
	{ STR_INIT("replace"), replace_read },
};

static int directive_read(struct go_mod *m, str word, str rest, struct err *e)
{
	for (size_t i = 0; i < COUNT(directives); i++)
		if (str_eq(word, directives[i].word))
			return directives[i].read(m, rest, e);
	return 0;
}

static int lines_read(struct go_mod *m, str text, struct err *e)
{
	str block = STR_NONE; /* the directive whose ( … ) is open */

	for (str line; str_next(&text, '\n', &line);) {
		int r = 0;

		line = str_trim(str_first(line, str_search(line, STR("//"))));
		if (line.n == 0)
			continue;
		if (block.n && str_eq(line, STR(")"))) {
			block = STR_NONE;
		} else if (block.n) {
			r = directive_read(m, block, line, e);
		} else {
			str rest = line, word = word_next(&rest);

			if (str_eq(str_trim(rest), STR("(")))
				block = word;
			else
				r = directive_read(m, word, rest, e);
		}
		if (r < 0)
			return -1;
	}
	return 0;
}

static int module_put(struct go_mod *m, struct module mod, const struct map *replaced,
		      struct err *e)
{
	const struct module *r = map_get(replaced, mod.path);

	if (!r || (r->version.n && !str_eq(r->version, mod.version)))
		return lock_put(m->out, STR("golang"), mod.path, mod.version, e);
	/* A directory is a part of the project. */
	return lock_put(m->out, STR("golang"), r->by, r->by_version, e);
}

static int go_mod_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * LIMIT_SMALL_FILE_BYTES);
	struct go_mod m = { .out = out, .arena = &a };
	struct map replaced = { 0 };
	char *text = arena_alloc(&a, f->text.n);

	if (!text)
		return err_nomem(e);
	/* Tabs separate words as blanks do. */
	for (size_t i = 0; i < f->text.n; i++)
		text[i] = f->text.p[i] == '\t' ? ' ' : f->text.p[i];
	if (lines_read(&m, (str){ text, f->text.n }, e) < 0)
		return -1;
	vec_each (r, &m.replaced)
		if (map_put(&replaced, &a, r->path, r, e) < 0)
			return -1;
	vec_each (mod, &m.required)
		if (module_put(&m, *mod, &replaced, e) < 0)
			return -1;
	return 0;
}

static const char *const go_mod_globs[] = { "go.mod", "**/go.mod", NULL };

const struct cataloger cataloger_go_mod = {
	.name = STR_INIT("go-mod"),
	.globs = go_mod_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = go_mod_read,
};
