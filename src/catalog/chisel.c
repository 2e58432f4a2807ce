/* Chisel's manifest of a root that was cut out of Ubuntu's packages, which has no dpkg database:
 * zstd around "jsonwall", an object a line, the first of which counts them all. */
#include "base/buf.h"
#include "base/limits.h"
#include "catalog/catalog.h"
#include "format/json.h"
#include "format/zstd.h"

enum { SCRATCH_MOST = 2 << 20 };

struct wall_line {
	str jsonwall, kind, name, version, arch, path;
	struct str_list slices;
	uint64_t count;
};

static const struct json_field wall_fields[] = {
	{ JSON_FIELD("jsonwall", JSON_AS_STR, struct wall_line, jsonwall) },
	{ JSON_FIELD("count", JSON_AS_U64, struct wall_line, count) },
	{ JSON_FIELD("kind", JSON_AS_STR, struct wall_line, kind) },
	{ JSON_FIELD("name", JSON_AS_STR, struct wall_line, name) },
	{ JSON_FIELD("version", JSON_AS_STR, struct wall_line, version) },
	{ JSON_FIELD("arch", JSON_AS_STR, struct wall_line, arch) },
	{ JSON_FIELD("path", JSON_AS_STR, struct wall_line, path) },
	{ JSON_FIELD("slices", JSON_AS_STRS, struct wall_line, slices) },
};

static const struct json_table wall_table = {
	.noun = "line",
	.fields = wall_fields,
	.n = COUNT(wall_fields),
	.size = sizeof(struct wall_line),
};

struct wall {
	struct catalog_out *out;
	struct map packages; /* name → its number + 1, as a pointer */
	uint64_t lines, count;
	struct arena scratch; /* what a line's JSON needs, forgotten now and then */
};

static int inflate(struct buf *to, const struct blob *b, struct err *e)
{
	CLEANUP(buf_free)
	struct buf packed = BUF(LIMIT_TEXT_FILE_BYTES);
	CLEANUP(zstd_closep)
	struct zstd *z = NULL;
	struct memory_stream under;
	char *room = buf_room(&packed, (size_t)b->size);
	struct stream *s;
	int rc;

	if (!room)
		return err_nomem(e);
	if (blob_read(b, 0, room, (size_t)b->size, e) < 0)
		return -1;
	memory_stream_init(&under, (str){ room, (size_t)b->size });
	if (zstd_open(&z, &under.s, LIMIT_TEXT_FILE_BYTES, e) < 0)
		return -1;
	s = zstd_bytes(z);
	while ((rc = stream_fill(s, e)) > 0) {
		buf_put(to, s->window);
		stream_take(s, s->window.n);
	}
	return rc < 0 ? -1 : buf_check(to, e);
}

static int package_put(struct wall *w, const struct wall_line *l, struct err *e)
{
	struct arena *a = w->out->arena;
	struct package p = { .type = STR("deb"),
			     .evidence = w->out->evidence->reader,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };

	if (l->name.n == 0 || l->version.n == 0)
		return err_set(e, ERR_CORRUPT, "a package without name or version");
	if (arena_str(&p.name, a, l->name, e) < 0 || arena_str(&p.version, a, l->version, e) < 0 ||
	    arena_str(&p.arch, a, l->arch, e) < 0 ||
	    vec_push(&p.paths, a, e, w->out->evidence->path) < 0 || catalog_add(w->out, &p, e) < 0)
		return -1;
	return map_put(&w->packages, a, p.name, (void *)(uintptr_t)w->out->evidence->packages.n, e);
}

/* A slice is called PACKAGE_SLICE; of several that share a file the first owns it. Packages come
 * before paths, since the lines are sorted. */
static int path_put(struct wall *w, const struct wall_line *l, struct err *e)
{
	struct owned_path own = { 0 };
	str name, slice, path = l->path;
	uintptr_t number;

	if (l->slices.n == 0 || !str_cut(l->slices.v[0], '_', &name, &slice))
		return 0;
	number = (uintptr_t)map_get(&w->packages, name);
	if (number == 0)
		return err_set(e, ERR_CORRUPT, "a file of " STR_FMT ", which is not listed",
			       STR_ARG(name));
	str_skip(&path, STR("/"));
	str_chop(&path, STR("/"));
	own.hash = hash_keyed(w->out->key, path);
	own.package = (uint32_t)(number - 1);
	return vec_push(&w->out->evidence->owned, w->out->arena, e, own);
}

static int line_take(struct wall *w, str text, struct err *e)
{
	struct wall_line l = { 0 };

	if (w->scratch.used > SCRATCH_MOST / 2)
		arena_free(&w->scratch);
	if (json_object_whole(&l, text, &wall_table, &w->scratch, e) < 0)
		return -1;
	if (w->lines++ == 0) {
		w->count = l.count;
		return str_starts(l.jsonwall, STR("1."))
			       ? 0
			       : err_set(e, ERR_UNSUPPORTED, "not a jsonwall of version 1");
	}
	if (str_eq(l.kind, STR("package")))
		return package_put(w, &l, e);
	return str_eq(l.kind, STR("path")) ? path_put(w, &l, e) : 0;
}

static int wall_read(struct wall *w, str text, struct err *e)
{
	for (str line; str_next(&text, '\n', &line);)
		if (line.n > 0 && line_take(w, line, e) < 0)
			return err_within(e, "line %llu", (unsigned long long)w->lines);
	if (w->lines == 0 || w->lines != w->count)
		return err_set(e, ERR_CORRUPT, "%llu lines of %llu", (unsigned long long)w->lines,
			       (unsigned long long)w->count);
	return 0;
}

static int chisel_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(LIMIT_TEXT_FILE_BYTES);
	struct wall w = { .out = out, .scratch = ARENA(SCRATCH_MOST) };
	int rc = inflate(&text, &f->content, e);

	if (rc == 0)
		rc = wall_read(&w, buf_str(&text), e);
	arena_free(&w.scratch);
	if (rc < 0)
		return -1;
	if (out->evidence->packages.n == 0)
		return 0;
	return reason_add(out->reasons, out->arena, e, REASON_UNSUPPORTED, out->evidence->path,
			  "chisel names no source packages: what a feed says of a source of "
			  "another name is not found");
}

static const char *const chisel_globs[] = { "var/lib/chisel/manifest.wall",
					    "usr/lib/chisel/manifest.wall", NULL };

const struct cataloger cataloger_chisel = {
	.name = STR_INIT("chisel-manifest"),
	.globs = chisel_globs,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = chisel_read,
};
