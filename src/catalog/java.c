/* Java archives, and those inside them. Each artifact that Maven recorded in one is listed (a
 * shaded archive has several); an archive without such records is known by its manifest or its
 * name.
 *
 * A stored inner archive is read where it lies; a packed one is inflated into memory first, within
 * a budget that all levels share. */
#include "base/limits.h"
#include "base/map.h"
#include "catalog/artefact.h"
#include "catalog/java_id.h"
#include "format/zip.h"

enum {
	MANIFEST_HEAD = 64 << 10, /* its main section lies within */
};

struct java_reader {
	struct catalog_out *out;
	size_t memory_left;	/* for directories and inflated archives, at one time */
	uint64_t inflated_left; /* for inflated archives, in all */
};

/* One archive on the way down. */
struct java_archive {
	struct zip zip;
	struct arena arena;  /* until the archive is done */
	struct map recorded; /* folders that have a pom.properties: their pom.xml is not needed */
	str name;	     /* "a.war!/WEB-INF/lib/b.jar" */
	unsigned depth;
	size_t packages; /* put so far for this archive itself */
};

static int archive_read(struct java_reader *r, const struct blob *content, str name, unsigned depth,
			struct err *e);

static bool is_archive(str name)
{
	static const char *const endings[] = { ".jar", ".war", ".ear", ".par", ".sar",
					       ".nar", ".jpi", ".hpi", ".kar", ".rar" };

	for (size_t i = 0; i < COUNT(endings); i++)
		if (str_ends(name, str_of(endings[i])))
			return true;
	return false;
}

/* Says that a part could not be read, and why. -1 only when even that cannot be said, or when
 * there is no memory left for anything. */
static int part_failed(struct java_reader *r, str archive, str part, const struct err *why,
		       struct err *e)
{
	static const struct {
		enum err_kind kind;
		enum reason_code code;
	} rows[] = {
		{ ERR_LIMIT, REASON_TOO_LARGE },
		{ ERR_UNSUPPORTED, REASON_UNSUPPORTED },
	};
	enum reason_code code = REASON_UNREADABLE;
	str where;

	if (why->kind == ERR_NOMEM) {
		*e = *why;
		return -1;
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].kind == why->kind)
			code = rows[i].code;
	if (arena_printf(&where, r->out->arena, e, STR_FMT "%s" STR_FMT, STR_ARG(archive),
			 part.n ? "!/" : "", STR_ARG(part)) < 0)
		return -1;
	return reason_add(r->out->reasons, r->out->arena, e, code, where, "%s", why->text);
}

static int package_put(struct java_reader *r, struct java_archive *ja, const struct java_id *id,
		       struct err *e)
{
	struct arena *a = r->out->arena;
	struct package p = { .type = STR("maven"),
			     .name = id->artifact,
			     .version = id->version,
			     .main_path = ja->name };

	if (id->group.n && arena_printf(&p.name, a, e, STR_FMT ":" STR_FMT, STR_ARG(id->group),
					STR_ARG(id->artifact)) < 0)
		return -1;
	if (id->licence.n && vec_push(&p.licences, a, e, id->licence) < 0)
		return -1;
	ja->packages++;
	return artefact_put(r->out, &p, e);
}

/* Coordinates without a version are completed from the archive's name, if it is about them. */
static bool id_complete(struct java_id *id, str name)
{
	struct java_id file;

	java_id_file_name(&file, name);
	if (id->version.n == 0 && str_eq(file.artifact, id->artifact))
		id->version = file.version;
	return id->group.n && id->artifact.n && id->version.n;
}

static int properties_put(struct java_reader *r, struct java_archive *ja,
			  const struct zip_entry *en, struct err *e)
{
	struct java_id id;
	str text;

	if (zip_read(&text, &ja->zip, en, LIMIT_SMALL_FILE_BYTES, &ja->arena, e) < 0)
		return -1;
	java_id_properties(&id, text);
	return id_complete(&id, ja->name) ? package_put(r, ja, &id, e) : 0;
}

static int pom_put(struct java_reader *r, struct java_archive *ja, const struct zip_entry *en,
		   struct err *e)
{
	struct java_id id;
	str text;

	if (zip_read(&text, &ja->zip, en, LIMIT_SMALL_FILE_BYTES, &ja->arena, e) < 0 ||
	    java_id_pom(&id, text, &ja->arena, e) < 0)
		return -1;
	return id_complete(&id, ja->name) ? package_put(r, ja, &id, e) : 0;
}

/* The first bytes of an entry, up to `most`. */
static int head_read(str *out, struct java_archive *ja, const struct zip_entry *en, size_t most,
		     struct err *e)
{
	CLEANUP(zip_stream_freep)
	struct zip_stream *zs = NULL;
	size_t n = (size_t)MIN(en->size, (uint64_t)most);
	char *to = arena_alloc(&ja->arena, n);

	if (!to)
		return err_nomem(e);
	if (zip_stream_open(&zs, &ja->zip, en, e) < 0 ||
	    stream_read(zip_stream_bytes(zs), to, n, e) < 0)
		return -1;
	*out = (str){ to, n };
	return 0;
}

/* Puts the archive by its manifest and name; says so when they tell nothing. */
static int manifest_put(struct java_reader *r, struct java_archive *ja, struct err *e)
{
	struct java_id file, id;
	struct zip_entry en;
	str text = STR_NONE;
	struct err why;

	java_id_file_name(&file, ja->name);
	if (zip_find(&en, &ja->zip, STR("META-INF/MANIFEST.MF")) &&
	    head_read(&text, ja, &en, MANIFEST_HEAD, &why) < 0 &&
	    part_failed(r, ja->name, en.name, &why, e) < 0)
		return -1;
	if (java_id_manifest(&id, text, &file, &ja->arena, e) < 0)
		return -1;
	if (id.version.n)
		return package_put(r, ja, &id, e);
	return reason_add(r->out->reasons, r->out->arena, e, REASON_UNOWNED_PROGRAM, ja->name,
			  "a Java archive that does not say what it is");
}

/* Into memory, when it is packed; r->memory_left goes down by what the arena took. */
static int inner_open(struct blob *out, struct java_reader *r, struct java_archive *ja,
		      const struct zip_entry *en, struct arena *a, struct err *e)
{
	int stored = zip_stored(out, &ja->zip, en, e);
	str bytes;

	if (stored != 0)
		return stored < 0 ? -1 : 0;
	if (en->size > r->memory_left || en->size > r->inflated_left)
		return err_set(e, ERR_LIMIT, "an inner archive of %llu bytes that is packed",
			       (unsigned long long)en->size);
	a->limit = r->memory_left + KIB;
	if (zip_read(&bytes, &ja->zip, en, r->memory_left, a, e) < 0)
		return -1;
	r->memory_left -= (size_t)en->size;
	r->inflated_left -= en->size;
	*out = blob_of(bytes);
	return 0;
}

static int inner_read(struct java_reader *r, struct java_archive *ja, const struct zip_entry *en,
		      struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(0);
	size_t memory = r->memory_left;
	struct blob content;
	str name;
	int rc;

	if (ja->depth + 1 >= LIMIT_ARCHIVE_NESTING)
		return err_set(e, ERR_LIMIT, "archives nested more than %d deep",
			       LIMIT_ARCHIVE_NESTING);
	if (en->name.n + ja->name.n > LIMIT_PATH_BYTES)
		return err_set(e, ERR_LIMIT, "a name of more than %d bytes", LIMIT_PATH_BYTES);
	if (arena_printf(&name, &ja->arena, e, STR_FMT "!/" STR_FMT, STR_ARG(ja->name),
			 STR_ARG(en->name)) < 0)
		return -1;
	rc = inner_open(&content, r, ja, en, &a, e);
	if (rc == 0)
		rc = archive_read(r, &content, name, ja->depth + 1, e);
	r->memory_left = memory;
	return rc;
}

/* "META-INF/maven/GROUP/ARTIFACT/FILE" */
static bool is_maven(str name, const char *file)
{
	return str_starts(name, STR("META-INF/maven/")) && str_eq(str_base(name), str_of(file));
}

static int entry_read(struct java_reader *r, struct java_archive *ja, const struct zip_entry *en,
		      struct err *e)
{
	if (is_maven(en->name, "pom.properties")) {
		if (map_put(&ja->recorded, &ja->arena, str_dir(en->name), ja, e) < 0)
			return -1;
		return properties_put(r, ja, en, e);
	}
	if (is_archive(en->name))
		return inner_read(r, ja, en, e);
	return 0;
}

/* What Maven recorded, and inner archives. */
static int entries_read(struct java_reader *r, struct java_archive *ja, struct err *e)
{
	struct zip_entry en;
	struct err why;
	size_t poms = 0;

	for (size_t at = 0; zip_next(&en, &ja->zip, &at);)
		if (entry_read(r, ja, &en, &why) < 0 &&
		    part_failed(r, ja->name, en.name, &why, e) < 0)
			return -1;
	for (size_t at = 0; zip_next(&en, &ja->zip, &at);) {
		if (!is_maven(en.name, "pom.xml") || ++poms > LIMIT_JAR_POMS)
			continue;
		if (!map_get(&ja->recorded, str_dir(en.name)) && pom_put(r, ja, &en, &why) < 0 &&
		    part_failed(r, ja->name, en.name, &why, e) < 0)
			return -1;
	}
	if (poms > LIMIT_JAR_POMS) {
		(void)err_set(&why, ERR_LIMIT, "more than %d pom.xml", LIMIT_JAR_POMS);
		return part_failed(r, ja->name, STR_NONE, &why, e);
	}
	return 0;
}

static void archive_free(struct java_archive *ja)
{
	arena_free(&ja->arena);
}

static int archive_read(struct java_reader *r, const struct blob *content, str name, unsigned depth,
			struct err *e)
{
	size_t memory = r->memory_left;
	CLEANUP(archive_free)
	struct java_archive ja = { .arena = ARENA(memory + 2 * LIMIT_SMALL_FILE_BYTES),
				   .name = name,
				   .depth = depth };
	int rc;

	if (zip_open(&ja.zip, content, &ja.arena, e) < 0)
		return -1;
	r->memory_left -= MIN(ja.arena.used, memory);
	rc = entries_read(r, &ja, e);
	if (rc == 0 && ja.packages == 0)
		rc = manifest_put(r, &ja, e);
	r->memory_left = memory;
	return rc;
}

static int java_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct java_reader r = { .out = out,
				 .memory_left = LIMIT_ARCHIVE_MEMORY,
				 .inflated_left = LIMIT_ARCHIVE_INFLATED };

	if (f->size == 0)
		return 0;
	return archive_read(&r, &f->content, f->path, 0, e);
}

static const char *const globs[] = {
	"**.jar", "**.war", "**.ear", "**.par", "**.sar", "**.nar",
	"**.jpi", "**.hpi", "**.kar", "**.rar", NULL,
};

/* .rar is a resource adapter to Java, and something else to others. */
static bool java_claims(str path, str head)
{
	return !str_ends(path, STR(".rar")) || str_starts(head, STR("PK\3\4"));
}

const struct cataloger cataloger_java = {
	.name = STR_INIT("java-archive"),
	.globs = globs,
	.claims = java_claims,
	.limit = UINT64_MAX,
	.read = java_read,
};
