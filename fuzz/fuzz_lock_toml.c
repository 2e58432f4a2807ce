#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_cargo_lock;
extern const struct cataloger cataloger_python_lock;
extern const struct cataloger cataloger_julia_manifest;

/* All dialects read the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_cargo_lock, "Cargo.lock", data, size);
	catalog_run(&cataloger_python_lock, "poetry.lock", data, size);
	catalog_run(&cataloger_python_lock, "pylock.toml", data, size);
	catalog_run(&cataloger_julia_manifest, "Manifest.toml", data, size);
	return 0;
}
