#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_pacman_desc;
extern const struct cataloger cataloger_pacman_files;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	catalog_run(&cataloger_pacman_desc, "var/lib/pacman/local/a-1-1/desc", data, size);
	catalog_run(&cataloger_pacman_files, "var/lib/pacman/local/a-1-1/files", data, size);
	return 0;
}
