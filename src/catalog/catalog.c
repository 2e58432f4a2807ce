#include "catalog/catalog.h"

/* clang-format off */
extern const struct cataloger cataloger_os_release;
extern const struct cataloger cataloger_dpkg_status;
extern const struct cataloger cataloger_dpkg_files;
extern const struct cataloger cataloger_opkg_status;
extern const struct cataloger cataloger_apk;
extern const struct cataloger cataloger_npm;
extern const struct cataloger cataloger_python;
extern const struct cataloger cataloger_python_egg;
extern const struct cataloger cataloger_golang;
extern const struct cataloger cataloger_rpm;
extern const struct cataloger cataloger_rpm_wal;
extern const struct cataloger cataloger_rpm_manifest;
extern const struct cataloger cataloger_java;

static const struct cataloger *const catalogers[] = {
	&cataloger_os_release,
	&cataloger_dpkg_status,
	&cataloger_dpkg_files,
	&cataloger_opkg_status,
	&cataloger_apk,
	&cataloger_npm,
	&cataloger_python,
	&cataloger_python_egg,
	&cataloger_golang,
	&cataloger_rpm,
	&cataloger_rpm_wal,
	&cataloger_rpm_manifest,
	&cataloger_java,
};
/* clang-format on */

/* False when the characters behind a pattern's last star differ: this is asked for millions of
 * paths and is nearly always enough. */
static bool tail_fits(str pattern, str path)
{
	while (pattern.n && path.n) {
		char c = pattern.p[--pattern.n];

		if (c == '*' || c == '?')
			return true;
		if (c != path.p[--path.n])
			return false;
	}
	return path.n == 0;
}

static bool row_wants(const struct cataloger *row, str path)
{
	if (!row->globs)
		return true;
	for (const char *const *g = row->globs; *g; g++)
		if (tail_fits(str_of(*g), path) && str_glob(str_of(*g), path))
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
