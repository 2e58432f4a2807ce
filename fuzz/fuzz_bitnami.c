#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_bitnami;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_bitnami, "opt/bitnami/.bitnami_components.json", data, size);
	return 0;
}
