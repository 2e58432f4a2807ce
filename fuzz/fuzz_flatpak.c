#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_flatpak;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_flatpak,
		    "var/lib/flatpak/app/a/x86_64/stable/c/export/share/metainfo/a.metainfo.xml",
		    data, size);
	return 0;
}
