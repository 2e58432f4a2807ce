/* Lock files in YAML: pnpm-lock.yaml (lockfileVersion 5 to 9) and Dart's pubspec.lock. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/yaml.h"

/* One member of "packages" while it is read; strs are copies in `arena`, emptied for each. */
struct entry {
	struct arena arena;
	str key, name, version, source;
};

static void entry_free(struct entry *en)
{
	arena_free(&en->arena);
}

static int entry_begin(struct entry *en, str key, struct err *e)
{
	arena_free(&en->arena);
	*en = (struct entry){ .arena = ARENA(LIMIT_SMALL_FILE_BYTES) };
	return arena_str(&en->key, &en->arena, key, e);
}

static int member_read(struct entry *en, str member, str value, struct err *e)
{
	if (str_eq(member, STR("name")))
		return arena_str(&en->name, &en->arena, value, e);
	if (str_eq(member, STR("version")))
		return arena_str(&en->version, &en->arena, value, e);
	if (str_eq(member, STR("source")))
		return arena_str(&en->source, &en->arena, value, e);
	return 0;
}

struct walk {
	struct catalog_out *out;
	struct lock_open open;
	int (*put)(struct walk *w, const struct entry *en, struct err *e);
};

/* Calls w->put for each member of the mapping "packages". */
static int packages_walk(struct walk *w, str text, struct err *e)
{
	CLEANUP(yaml_walk_freep)
	struct yaml_walk *y = NULL;
	CLEANUP(entry_free)
	struct entry en = { 0 };
	struct yaml_item it;
	bool pending = false;
	int r;

	if (yaml_walk_open(&y, text, e) < 0)
		return -1;
	while ((r = yaml_walk_next(&it, y, e)) > 0) {
		bool inside = it.depth >= 2 && str_eq(it.keys[0], STR("packages"));

		if (inside && it.depth == 2) {
			if ((pending && w->put(w, &en, e) < 0) ||
			    entry_begin(&en, it.keys[1], e) < 0)
				return -1;
			pending = true;
		} else if (inside && it.depth == 3 && it.kind == YAML_SCALAR &&
			   member_read(&en, it.keys[2], it.value, e) < 0) {
			return -1;
		}
	}
	if (r < 0)
		return -1;
	if (pending && w->put(w, &en, e) < 0)
		return -1;
	return lock_open_say(&w->open, w->out, e);
}

/* "@s/a/1.0" → "@s/a", "a/1.0" → "a": where the name ends that stands before a '/'. */
static size_t name_end(str key)
{
	size_t at = str_find(key, '/'), more;

	if (!str_starts(key, STR("@")) || at == SIZE_MAX)
		return at;
	more = str_find(str_from(key, at + 1), '/');
	return more == SIZE_MAX ? SIZE_MAX : at + 1 + more;
}

/* Version 5: "/a/1.0_peer@2"; 6: "/a@1.0(peer@2)"; 9: "a@1.0". False when there is no name: then it
 * is an address. */
static bool pnpm_key_cut(str key, str *name, str *version)
{
	bool old = str_skip(&key, STR("/"));
	size_t at = str_find(str_from(key, 1), '@'), slash;
	str tail;

	key = str_first(key, str_find(key, '('));
	at = at == SIZE_MAX ? SIZE_MAX : at + 1;
	slash = name_end(key);
	if (old && slash < at) /* a later '@' is a peer's */
		at = slash;
	if (at >= key.n || slash < at)
		return false;
	*name = str_first(key, at);
	str_cut(str_from(key, at + 1), '_', version, &tail);
	return true;
}

static int pnpm_put(struct walk *w, const struct entry *en, struct err *e)
{
	str name = STR_NONE, version = STR_NONE;

	if (pnpm_key_cut(en->key, &name, &version) && version.n && ch_digit(version.p[0]))
		return lock_put(w->out, STR("npm"), name, version, e);
	/* From elsewhere: name and version are said inside, as far as the key does not. */
	if (str_has(en->key, STR("file:")) || str_has(en->key, STR("link:")))
		return 0;
	name = en->name.n ? en->name : name;
	if (name.n == 0 || en->version.n == 0)
		lock_open_note(&w->open, en->key);
	return lock_put(w->out, STR("npm"), name, en->version, e);
}

static int pnpm_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct walk w = { .out = out,
			  .open = { .why = "packages without a release" },
			  .put = pnpm_put };

	return packages_walk(&w, f->text, e);
}

static const char *const pnpm_globs[] = { "pnpm-lock.yaml", "**/pnpm-lock.yaml", NULL };

const struct cataloger cataloger_pnpm_lock = {
	.name = STR_INIT("pnpm-lock"),
	.globs = pnpm_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = pnpm_read,
};

/* The SDK's own packages and those of the project have no release. */
static int pub_put(struct walk *w, const struct entry *en, struct err *e)
{
	if (str_eq(en->source, STR("sdk")) || str_eq(en->source, STR("path")))
		return 0;
	return lock_put(w->out, STR("pub"), en->key, en->version, e);
}

static int pub_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct walk w = { .out = out, .put = pub_put };

	return packages_walk(&w, f->text, e);
}

static const char *const pub_globs[] = { "pubspec.lock", "**/pubspec.lock", NULL };

const struct cataloger cataloger_pub_lock = {
	.name = STR_INIT("pub-lock"),
	.globs = pub_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = pub_read,
};
