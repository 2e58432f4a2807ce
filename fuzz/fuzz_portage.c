/* The first line is the package's folder: names come from the image too. */
#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_portage;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str rest = { (const char *)data, size }, folder = STR_NONE;
	char path[256];

	str_next(&rest, '\n', &folder);
	snprintf(path, sizeof(path), "var/db/pkg/%.*s/CONTENTS", (int)MIN(folder.n, (size_t)200),
		 folder.p ? folder.p : "");
	catalog_run(&cataloger_portage, path, (const uint8_t *)rest.p, rest.n);
	return 0;
}
