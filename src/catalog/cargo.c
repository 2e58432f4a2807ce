/* Rust: what cargo-auditable (and distributions that build with it) puts into every program: the
 * crates it was linked from, as JSON packed with zlib in a section of its own. Crates that only ran
 * while building are not in the program and not listed. */
#include <isa-l/igzip_lib.h>

#include "base/limits.h"
#include "catalog/artefact.h"
#include "format/elf.h"
#include "format/json.h"

struct crate {
	str name, version, kind;
	bool root;
};

/* clang-format off */
static const struct json_field crate_fields[] = {
	{ JSON_FIELD("name",	JSON_AS_STR,  struct crate, name), .required = true },
	{ JSON_FIELD("version", JSON_AS_STR,  struct crate, version), .required = true },
	{ JSON_FIELD("kind",	JSON_AS_STR,  struct crate, kind) },
	{ JSON_FIELD("root",	JSON_AS_BOOL, struct crate, root) },
};
/* clang-format on */

static const struct json_table crate_table = {
	"crate", crate_fields, COUNT(crate_fields), sizeof(struct crate), .closed = false,
};

static int crate_put(void *packages, struct json *j, struct err *e)
{
	struct catalog_out *out = j->context;
	struct crate c = { 0 };

	if (json_object(&c, j, &crate_table, e) < 0)
		return -1;
	struct package p = { .type = STR("cargo"),
			     .name = c.name,
			     .version = c.version,
			     .main_path = out->evidence->path,
			     .flags = c.root ? PACKAGE_MAIN_MODULE : 0 };

	if (str_eq(c.kind, STR("build")))
		return 0;
	if (p.name.n == 0 || p.version.n == 0)
		return json_refuse(j, e, "a crate without name or version");
	return artefact_put(out, &p, e);
}

struct audit {
	str packages; /* handed on crate by crate */
};

static const struct json_field fields[] = {
	{ JSON_FIELD("packages", JSON_AS_EACH, struct audit, packages), .required = true,
	  .read = crate_put },
};

static const struct json_table table = {
	"list of crates", fields, COUNT(fields), sizeof(struct audit), .closed = false,
};

/* All of a zlib stream, checked against its Adler-32; what follows it is not looked at: linkers
 * may pad a section. */
static int inflate(str *out, str packed, struct arena *a, struct err *e)
{
	struct inflate_state *in = arena_new(a, struct inflate_state);
	char *to = arena_alloc(a, LIMIT_AUDITABLE_BYTES + 1);

	if (!in || !to)
		return err_nomem(e);
	isal_inflate_init(in);
	in->crc_flag = ISAL_ZLIB;
	in->next_in = (uint8_t *)(uintptr_t)packed.p;
	in->avail_in = (uint32_t)packed.n;
	in->next_out = (uint8_t *)to;
	in->avail_out = LIMIT_AUDITABLE_BYTES + 1;
	int r = isal_inflate(in);

	if (r == ISAL_DECOMP_OK && in->avail_out == 0)
		return err_set(e, ERR_LIMIT, "a list of crates of more than %zu bytes",
			       LIMIT_AUDITABLE_BYTES);
	if (r != ISAL_DECOMP_OK || in->block_state != ISAL_BLOCK_FINISH)
		return err_set(e, ERR_CORRUPT, "a list of crates that cannot be inflated");
	*out = (str){ to, LIMIT_AUDITABLE_BYTES + 1 - in->avail_out };
	return 0;
}

static int section_read(str *out, const struct blob *bytes, struct arena *a, struct err *e)
{
	if (bytes->size > LIMIT_SMALL_FILE_BYTES)
		return err_set(e, ERR_LIMIT, "a list of crates of %llu packed bytes",
			       (unsigned long long)bytes->size);
	char *to = arena_alloc(a, (size_t)bytes->size);

	if (!to)
		return err_nomem(e);
	if (blob_read(bytes, 0, to, (size_t)bytes->size, e) < 0)
		return -1;
	return inflate(out, (str){ to, (size_t)bytes->size }, a, e);
}

static int cargo_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(2 * LIMIT_AUDITABLE_BYTES + 2 * LIMIT_SMALL_FILE_BYTES);
	struct elf_section sec;
	struct audit audit;
	struct elf elf;
	struct json j;
	str text;
	int r = elf_open(&elf, &f->content, e);

	if (r > 0)
		r = elf_section_named(&sec, &elf, STR(".dep-v0"), e);
	if (r <= 0)
		return r;
	if (section_read(&text, &sec.bytes, &a, e) < 0)
		return -1;
	json_init(&j, text, &a);
	j.context = out;
	if (json_object(&audit, &j, &table, e) < 0 || json_end(&j, e) < 0)
		return err_within(e, ".dep-v0");
	return 0;
}

/* Programs and libraries; the section is not in objects. */
static bool cargo_claims(str path, str head)
{
	if (!str_starts(head, STR("\x7f"
				  "ELF")) ||
	    head.n < 18)
		return false;
	uint16_t type = head.p[5] == 2 ? (uint8_t)head.p[17] : (uint8_t)head.p[16];

	return type == ELF_TYPE_EXEC || type == ELF_TYPE_DYN;
}

const struct cataloger cataloger_cargo = {
	.name = STR_INIT("cargo-auditable"),
	.claims = cargo_claims,
	.limit = UINT64_MAX,
	.read = cargo_read,
};
