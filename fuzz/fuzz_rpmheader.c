#include "base/limits.h"
#include "format/rpmheader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(rpm_files_free)
	struct rpm_files files = { 0 };
	struct rpmheader h;
	struct rpm_package p;
	struct err e = { 0 };
	str path;

	if (rpmheader_open(&h, (str){ (const char *)data, size }, &e) < 0)
		return 0;
	if (rpm_package_read(&p, &h, &e) == 0 && (p.name.n == 0 || p.version.n == 0))
		abort();
	if (rpm_files_open(&files, &h, &e) < 0)
		return 0;
	while (rpm_files_next(&path, &files, &e) > 0)
		if (path.n > 2 * LIMIT_PATH_BYTES)
			abort();
	return 0;
}
