/* All three stores by their magic, and the write-ahead log. */
#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_rpm;
extern const struct cataloger cataloger_rpm_wal;
extern const struct cataloger cataloger_rpm_manifest;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_rpm, "var/lib/rpm/Packages", data, size);
	catalog_run(&cataloger_rpm_wal, "var/lib/rpm/rpmdb.sqlite-wal", data, size);
	catalog_run(&cataloger_rpm_manifest, "var/lib/rpmmanifest/container-manifest-2", data,
		    size);
	return 0;
}
