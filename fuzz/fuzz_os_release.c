#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_os_release;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_os_release, "etc/os-release", data, size);
	catalog_run(&cataloger_os_release, "etc/redhat-release", data, size);
	catalog_run(&cataloger_os_release, "etc/lsb-release", data, size);
	catalog_run(&cataloger_os_release, "etc/debian_version", data, size);
	return 0;
}
