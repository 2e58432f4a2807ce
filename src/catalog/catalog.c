#include "catalog/catalog.h"

/* clang-format off */
extern const struct cataloger
	cataloger_os_release,
	cataloger_dpkg_status,
	cataloger_dpkg_files,
	cataloger_opkg_status,
	cataloger_apk;

static const struct cataloger *const catalogers[] = {
	&cataloger_os_release,
	&cataloger_dpkg_status,
	&cataloger_dpkg_files,
	&cataloger_opkg_status,
	&cataloger_apk,
};
/* clang-format on */

static bool row_wants(const struct cataloger *row, str path)
{
	if (!row->globs)
		return true;
	for (const char *const *g = row->globs; *g; g++)
		if (str_glob(str_of(*g), path))
			return true;
	return false;
}

size_t catalog_candidates(const struct cataloger **out, size_t most, str path, uint64_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNT(catalogers) && n < most; i++)
		if (row_wants(catalogers[i], path))
			out[n++] = catalogers[i];
	return n;
}

int catalog_add(struct catalog_out *out, const struct package *p, struct err *e)
{
	return vec_push(&out->evidence->packages, out->arena, e, *p);
}
