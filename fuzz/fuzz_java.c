/* A Java archive; and the same bytes as each of the texts that one holds. */
#include "catalog_run.h"

#include "catalog/java_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_java;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	str text = { (const char *)data, size };
	struct java_id id, file;
	struct err e;

	catalog_run(&cataloger_java, "opt/a-1.jar", data, size);
	java_id_properties(&id, text);
	java_id_file_name(&file, text);
	if (java_id_manifest(&id, text, &file, &a, &e) < 0 || java_id_pom(&id, text, &a, &e) < 0)
		return 0;
	return 0;
}
