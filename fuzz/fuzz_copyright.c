#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_copyright;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_copyright, "usr/share/doc/x/copyright", data, size);
	return 0;
}
