#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_gem;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_gem, "specifications/x.gemspec", data, size);
	return 0;
}
