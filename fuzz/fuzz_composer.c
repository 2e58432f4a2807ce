#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_composer;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_composer, "vendor/composer/installed.json", data, size);
	return 0;
}
