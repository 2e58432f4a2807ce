#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_python, cataloger_python_egg;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_python, "x.dist-info/METADATA", data, size);
	catalog_run(&cataloger_python_egg, "x-1.egg", data, size);
	return 0;
}
