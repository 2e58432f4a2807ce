#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_snap, cataloger_snap_debs;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_snap, "snap/core/1/meta/snap.yaml", data, size);
	catalog_run(&cataloger_snap_debs, "snap/manifest.yaml", data, size);
	return 0;
}
