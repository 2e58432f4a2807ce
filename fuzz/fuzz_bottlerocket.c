#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_bottlerocket;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_bottlerocket, "usr/share/bottlerocket/application-inventory.json",
		    data, size);
	return 0;
}
