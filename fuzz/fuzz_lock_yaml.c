#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_pnpm_lock;
extern const struct cataloger cataloger_pub_lock;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_pnpm_lock, "pnpm-lock.yaml", data, size);
	catalog_run(&cataloger_pub_lock, "pubspec.lock", data, size);
	return 0;
}
