#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_dpkg_status;
extern const struct cataloger cataloger_dpkg_files;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_dpkg_status, "var/lib/dpkg/status", data, size);
	catalog_run(&cataloger_dpkg_files, "var/lib/dpkg/info/x.list", data, size);
	catalog_run(&cataloger_dpkg_files, "var/lib/dpkg/status.d/x.md5sums", data, size);
	return 0;
}
