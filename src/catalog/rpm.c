/* Packages of rpm's database. What `rpm -qa` lists is listed, and so is gpg-pubkey, which is a key
 * and no software: no feed speaks of it, and nothing is found for it. */
#include "base/limits.h"
#include "catalog/catalog.h"
#include "format/rpmdb.h"
#include "format/rpmheader.h"

struct rpm_reader {
	struct catalog_out *out;
	size_t damaged;
	struct err first;
};

/* rpm prints the epoch when the package has one, even if it is 0. */
static int evr_print(str *out, const struct rpm_package *rpm, str version, str release,
		     struct arena *a, struct err *e)
{
	if (rpm->has_epoch)
		return arena_printf(out, a, e, "%u:" STR_FMT "-" STR_FMT, rpm->epoch,
				    STR_ARG(version), STR_ARG(release));
	return arena_printf(out, a, e, STR_FMT "-" STR_FMT, STR_ARG(version), STR_ARG(release));
}

/* "bash-5.1.8-9.el9.src.rpm". The file's name has no epoch: the binary's is taken, which is wrong
 * for the few sub-packages that have one of their own. */
static int source_read(struct package *p, const struct rpm_package *rpm, struct arena *a,
		       struct err *e)
{
	str file = rpm->sourcerpm, name, version, release, source;

	if (!str_chop(&file, STR(".src.rpm")) && !str_chop(&file, STR(".nosrc.rpm")))
		return 0;
	if (!str_rcut(file, '-', &file, &release) || !str_rcut(file, '-', &name, &version))
		return 0;
	if (!str_eq(name, rpm->name) && arena_str(&p->source_name, a, name, e) < 0)
		return -1;
	if (str_eq(version, rpm->version) && str_eq(release, rpm->release))
		return 0;
	if (evr_print(&source, rpm, version, release, a, e) < 0)
		return -1;
	p->source_version = source;
	return 0;
}

/* The same words come in package after package: one copy does. */
static int word_keep(str *out, const struct catalog_out *o, str last, str word, struct err *e)
{
	if (str_eq(last, word)) {
		*out = last;
		return 0;
	}
	return arena_str(out, o->arena, word, e);
}

static int package_put(struct catalog_out *out, const struct rpm_package *rpm, struct err *e)
{
	struct package_list *all = &out->evidence->packages;
	struct package none = { 0 }, *last = all->n > 0 ? &all->v[all->n - 1] : &none;
	struct package p = { .type = STR("rpm"),
			     .evidence = out->evidence->reader,
			     .layer = LAYER_NONE,
			     .owned_by = OWNED_BY_NONE };
	str licence;

	if (arena_str(&p.name, out->arena, rpm->name, e) < 0 ||
	    evr_print(&p.version, rpm, rpm->version, rpm->release, out->arena, e) < 0 ||
	    source_read(&p, rpm, out->arena, e) < 0 ||
	    word_keep(&p.arch, out, last->arch, rpm->arch, e) < 0 ||
	    word_keep(&p.vendor, out, last->vendor, rpm->vendor, e) < 0 ||
	    word_keep(&p.module, out, last->module, rpm->module, e) < 0 ||
	    vec_push(&p.paths, out->arena, e, out->evidence->path) < 0)
		return -1;
	if (rpm->licence.n > 0 && (arena_str(&licence, out->arena, rpm->licence, e) < 0 ||
				   vec_push(&p.licences, out->arena, e, licence) < 0))
		return -1;
	return catalog_add(out, &p, e);
}

static int files_own(struct catalog_out *out, const struct rpmheader *h, struct err *e)
{
	CLEANUP(rpm_files_free)
	struct rpm_files files = { 0 };
	uint32_t package = (uint32_t)out->evidence->packages.n - 1;
	int rc = rpm_files_open(&files, h, e);
	str path;

	while (rc == 0 && (rc = rpm_files_next(&path, &files, e)) > 0) {
		struct owned_path own = { .package = package };

		str_skip(&path, STR("/"));
		own.hash = hash_keyed(out->key, path);
		rc = vec_push(&out->evidence->owned, out->arena, e, own);
	}
	return rc;
}

static int header_take(struct catalog_out *out, str bytes, struct err *e)
{
	struct rpmheader h;
	struct rpm_package rpm;

	if (rpmheader_open(&h, bytes, e) < 0 || rpm_package_read(&rpm, &h, e) < 0 ||
	    package_put(out, &rpm, e) < 0)
		return -1;
	if (files_own(out, &h, e) < 0)
		return err_within(e, "files of " STR_FMT, STR_ARG(rpm.name));
	return 0;
}

/* Goes on behind a damaged package, but not without memory. */
static int database_walk(struct rpm_reader *r, struct rpmdb *db, struct err *e)
{
	str bytes;
	int rc;

	while ((rc = rpmdb_next(&bytes, db, e)) != 0) {
		if (rc > 0)
			rc = header_take(r->out, bytes, e);
		if (rc >= 0)
			continue;
		if (e->kind == ERR_NOMEM)
			return -1;
		if (r->damaged++ == 0)
			r->first = *e;
	}
	return 0;
}

static int rpm_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(rpmdb_freep)
	struct rpmdb *db = NULL;
	struct rpm_reader r = { .out = out };

	if (rpmdb_open(&db, &f->content, e) < 0 || database_walk(&r, db, e) < 0)
		return -1;
	if (r.damaged == 0)
		return 0;
	*e = r.first;
	if (r.damaged > 1)
		return err_within(e, "%s, %zu damaged parts, the first", rpmdb_kind(db), r.damaged);
	return err_within(e, "%s", rpmdb_kind(db));
}

/* What a transaction wrote there, rpm would see; this reader sees the database file alone. */
static int rpm_wal_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	uint64_t count = 0;

	if (f->content.size == 0)
		return 0;
	if (rpmdb_wal_count(&count, &f->content, e) < 0)
		return -1;
	if (count == 0)
		return 0;
	return err_set(e, ERR_UNSUPPORTED,
		       "%llu transactions of rpmdb.sqlite stand only in its log and are not read",
		       (unsigned long long)count);
}

/* container-manifest-2 of CBL-Mariner's and Azure Linux's images without rpm: per package NAME,
 * VERSION-RELEASE, two times, VENDOR, EPOCH or "(none)", size, ARCH, epoch or 0, SOURCERPM. */
enum manifest_column {
	MANIFEST_NAME,
	MANIFEST_EVR,
	MANIFEST_VENDOR = 4,
	MANIFEST_EPOCH,
	MANIFEST_ARCH = 7,
	MANIFEST_SOURCE = 9,
	MANIFEST_COLUMNS,
};

static int manifest_line(struct catalog_out *out, str line, struct err *e)
{
	str c[MANIFEST_COLUMNS] = { 0 };
	struct rpm_package rpm = { 0 };
	size_t n = 0;

	while (n < MANIFEST_COLUMNS && str_next(&line, '\t', &c[n]))
		n++;
	rpm.name = c[MANIFEST_NAME];
	rpm.vendor = c[MANIFEST_VENDOR];
	rpm.arch = c[MANIFEST_ARCH];
	rpm.sourcerpm = str_trim(c[MANIFEST_SOURCE]);
	rpm.has_epoch = str_u32(c[MANIFEST_EPOCH], &rpm.epoch);
	if (n < MANIFEST_COLUMNS || rpm.name.n == 0 ||
	    !str_rcut(c[MANIFEST_EVR], '-', &rpm.version, &rpm.release))
		return err_set(e, ERR_CORRUPT, "not a package's");
	return package_put(out, &rpm, e);
}

static int rpm_manifest_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct err first = { 0 };
	str rest = f->text;
	size_t number = 0;

	for (str line; str_next(&rest, '\n', &line);) {
		number++;
		if (str_trim(line).n == 0 || manifest_line(out, line, e) == 0)
			continue;
		if (e->kind == ERR_NOMEM)
			return -1;
		if (first.kind == ERR_NONE) {
			(void)err_within(e, "line %zu", number);
			first = *e;
		}
	}
	if (first.kind == ERR_NONE)
		return 0;
	*e = first;
	return -1;
}

/* clang-format off */
static const char *const rpm_globs[] = {
	"var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/share/rpm/rpmdb.sqlite",
	"var/lib/rpm/Packages.db",  "usr/lib/sysimage/rpm/Packages.db",	 "usr/share/rpm/Packages.db",
	"var/lib/rpm/Packages",	    "usr/lib/sysimage/rpm/Packages",	 "usr/share/rpm/Packages",
	NULL,
};

static const char *const rpm_wal_globs[] = {
	"var/lib/rpm/rpmdb.sqlite-wal", "usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
	"usr/share/rpm/rpmdb.sqlite-wal", NULL,
};

static const char *const rpm_manifest_globs[] = {
	"var/lib/rpmmanifest/container-manifest-2", NULL,
};
/* clang-format on */

const struct cataloger cataloger_rpm = {
	.name = STR_INIT("rpm-database"),
	.globs = rpm_globs,
	.limit = LIMIT_RPM_DATABASE_BYTES,
	.read = rpm_read,
};

const struct cataloger cataloger_rpm_wal = {
	.name = STR_INIT("rpm-wal"),
	.globs = rpm_wal_globs,
	.limit = LIMIT_RPM_DATABASE_BYTES,
	.read = rpm_wal_read,
};

const struct cataloger cataloger_rpm_manifest = {
	.name = STR_INIT("rpm-manifest"),
	.globs = rpm_manifest_globs,
	.whole = true,
	.limit = LIMIT_TEXT_FILE_BYTES,
	.read = rpm_manifest_read,
};
