/* The Nix store: one directory a package, nix/store/HASH-NAME-VERSION. Its database lists the same
 * paths and those of whoever built the image; what lies in the image counts. */
#include "base/limits.h"
#include "catalog/artefact.h"

enum { HASH = 32 }; /* characters of a store path's hash */

/* What a derivation of several outputs calls them (nixpkgs, "Multiple-output packages"), at the
 * end of the name; "out" has none. */
static const str outputs[] = {
	STR_INIT("bin"),  STR_INIT("dev"),    STR_INIT("lib"),	  STR_INIT("libgcc"),
	STR_INIT("man"),  STR_INIT("doc"),    STR_INIT("info"),	  STR_INIT("devdoc"),
	STR_INIT("dist"), STR_INIT("devman"), STR_INIT("static"), STR_INIT("debug"),
	STR_INIT("data"), STR_INIT("tools"),  STR_INIT("getent"), STR_INIT("terminfo"),
};

static bool hash_skip(str *name)
{
	if (name->n <= HASH + 1 || name->p[HASH] != '-')
		return false;
	for (size_t i = 0; i < HASH; i++)
		if (!ch_digit(name->p[i]) && !ch_lower(name->p[i]))
			return false;
	*name = str_from(*name, HASH + 1);
	return true;
}

/* As nix-env does: the version begins behind the first dash that no letter follows. */
static bool version_cut(str whole, str *name, str *version)
{
	for (size_t i = 1; i + 1 < whole.n; i++) {
		if (whole.p[i] != '-' || ch_alpha(whole.p[i + 1]))
			continue;
		*name = str_first(whole, i);
		*version = str_from(whole, i + 1);
		return true;
	}
	return false;
}

static int output_chop(struct package *p, struct arena *a, struct err *e)
{
	str head, last;

	if (!str_rcut(p->version, '-', &head, &last) || head.n == 0)
		return 0;
	for (size_t i = 0; i < COUNT(outputs); i++) {
		if (!str_eq(outputs[i], last))
			continue;
		p->version = head;
		return arena_printf(&p->purl_extra, a, e, "output=" STR_FMT, STR_ARG(last));
	}
	return 0;
}

static int nix_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("nix") };
	str whole = str_base(f->path);

	/* Without a version it is a source, a script or a set of links, and no package. */
	if (!hash_skip(&whole) || !version_cut(whole, &p.name, &p.version))
		return 0;
	if (output_chop(&p, out->arena, e) < 0)
		return -1;
	return artefact_put(out, &p, e);
}

static const char *const nix_globs[] = { "nix/store/*", NULL };

const struct cataloger cataloger_nix = {
	.name = STR_INIT("nix-store"),
	.globs = nix_globs,
	.directory = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = nix_read,
};
