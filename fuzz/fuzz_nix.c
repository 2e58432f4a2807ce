#include "catalog_run.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_nix;

/* What it reads is a directory's name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[LIMIT_VERSION_BYTES * 4];

	if (size >= sizeof(path) || memchr(data, 0, size))
		return 0;
	memcpy(path, data, size);
	path[size] = '\0';
	catalog_run(&cataloger_nix, path, NULL, 0);
	return 0;
}
