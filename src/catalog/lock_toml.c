/* Lock files in TOML: tables of packages, one [[element]] each, with name and version. What has no
 * release behind it, because it lies in the project itself, is not listed. */
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/toml.h"

/* One package while its table is read. */
struct entry {
	bool open;
	str name, version;
	bool local, sourced;
};

/* How a tool writes its packages. */
struct dialect {
	str type;
	str table;		  /* [[table]] that begins one */
	bool named_by_table;	  /* [[table.NAME]] instead of a member "name" */
	bool source_needed;	  /* without a "source" it is a part of the project */
	const char *const *local; /* members that say that it is, NULL-ended */
};

static int entry_put(struct entry *en, const struct dialect *d, struct catalog_out *out,
		     struct err *e)
{
	struct entry done = *en;

	*en = (struct entry){ 0 };
	if (!done.open || done.local || (d->source_needed && !done.sourced))
		return 0;
	return lock_put(out, d->type, done.name, done.version, e);
}

/* The name behind "deps." of [[deps.NAME]]; before version 2, of [[NAME]]. */
static bool table_begins(str *name, const struct dialect *d, const struct toml_item *item)
{
	*name = STR_NONE;
	if (!d->named_by_table)
		return item->kind == TOML_ELEMENT && str_eq(item->table, d->table);
	*name = item->table;
	if (str_skip(name, d->table))
		str_skip(name, STR("."));
	return item->kind == TOML_ELEMENT && name->n > 0 && str_find(*name, '.') == SIZE_MAX;
}

static bool is_local(const struct dialect *d, str key, str value)
{
	for (const char *const *l = d->local; l && *l; l++) {
		str member, wanted;

		/* "source.type=directory": the member with that value; else the member at all */
		if (!str_cut(str_of(*l), '=', &member, &wanted))
			wanted = value;
		if (str_eq(key, member) && str_eq(value, wanted))
			return true;
	}
	return false;
}

/* A member of the element, or of a table right below it: [package.source] is "source". */
static int member_read(struct entry *en, const struct dialect *d, const struct toml_item *item,
		       struct arena *a, struct err *e)
{
	str key = item->key, below = item->table;

	if (!en->open)
		return 0;
	if (!d->named_by_table && str_skip(&below, d->table) && str_skip(&below, STR(".")) &&
	    arena_printf(&key, a, e, STR_FMT "." STR_FMT, STR_ARG(below), STR_ARG(item->key)) < 0)
		return -1;
	if (str_eq(key, STR("source")) || str_starts(key, STR("source.")))
		en->sourced = true;
	if (is_local(d, key, item->value))
		en->local = true;
	if (item->kind != TOML_STRING)
		return 0;
	if (str_eq(key, STR("name")) && !d->named_by_table)
		en->name = item->value;
	else if (str_eq(key, STR("version")))
		en->version = item->value;
	return 0;
}

static int item_read(struct entry *en, const struct dialect *d, const struct toml_item *item,
		     struct catalog_out *out, struct arena *a, struct err *e)
{
	str name, below = item->table;

	if (item->kind == TOML_STRING || item->kind == TOML_OTHER)
		return member_read(en, d, item, a, e);
	if (table_begins(&name, d, item)) {
		if (entry_put(en, d, out, e) < 0 || arena_str(&en->name, a, name, e) < 0)
			return -1;
		en->open = true;
		return 0;
	}
	/* [package.source] is still of this package; anything else is not. */
	if (!d->named_by_table && str_skip(&below, d->table) && str_starts(below, STR(".")))
		return 0;
	return entry_put(en, d, out, e);
}

static int toml_read(struct catalog_out *out, const struct catalog_file *f, const struct dialect *d,
		     struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(2 * LIMIT_LOCK_FILE_BYTES);
	struct entry en = { 0 };
	struct toml_item item;
	struct toml t;
	int r;

	toml_init(&t, f->text, &a);
	while ((r = toml_next(&item, &t, e)) > 0)
		if (item_read(&en, d, &item, out, &a, e) < 0)
			return -1;
	/* The last one of a damaged file may not be whole. */
	return r < 0 ? -1 : entry_put(&en, d, out, e);
}

static const struct dialect cargo = {
	.type = STR_INIT("cargo"),
	.table = STR_INIT("package"),
	.source_needed = true,
};

static int cargo_lock_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return toml_read(out, f, &cargo, e);
}

static const char *const cargo_lock_globs[] = { "Cargo.lock", "**/Cargo.lock", NULL };

const struct cataloger cataloger_cargo_lock = {
	.name = STR_INIT("cargo-lock"),
	.globs = cargo_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = cargo_lock_read,
};

/* poetry.lock, uv.lock, pdm.lock */
static const char *const python_local[] = {
	"source.type=directory",
	"source.virtual",
	"source.editable",
	"source.directory",
	"editable",
	"path",
	"directory.path",
	NULL,
};

static const struct dialect python = {
	.type = STR_INIT("pypi"),
	.table = STR_INIT("package"),
	.local = python_local,
};

/* pylock.toml (PEP 751) */
static const struct dialect pylock = {
	.type = STR_INIT("pypi"),
	.table = STR_INIT("packages"),
	.local = python_local,
};

static int python_lock_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return toml_read(out, f, str_ends(f->path, STR(".toml")) ? &pylock : &python, e);
}

static const char *const python_lock_globs[] = { "poetry.lock", "**/poetry.lock", "uv.lock",
						 "**/uv.lock",	"pdm.lock",	  "**/pdm.lock",
						 "pylock.toml", "**/pylock.toml", NULL };

const struct cataloger cataloger_python_lock = {
	.name = STR_INIT("python-lock"),
	.globs = python_lock_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = python_lock_read,
};

static const char *const julia_local[] = { "path", NULL };

static const struct dialect julia = {
	.type = STR_INIT("julia"),
	.table = STR_INIT("deps"),
	.named_by_table = true,
	.local = julia_local,
};

static int julia_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	return toml_read(out, f, &julia, e);
}

static const char *const julia_manifest_globs[] = { "Manifest.toml", "**/Manifest.toml", NULL };

const struct cataloger cataloger_julia_manifest = {
	.name = STR_INIT("julia-manifest"),
	.globs = julia_manifest_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = julia_read,
};
