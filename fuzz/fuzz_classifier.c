#include "catalog/classifier.h"
#include "catalog_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct cataloger cataloger_classifier;

/* The first two bytes pick a rule, the others are the file; its path is the first of the rule's,
 * stars taken as they stand. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[256];

	if (size < 2)
		return 0;
	const struct classifier *rule = &classifiers[(data[0] | data[1] << 8) % classifiers_n];

	snprintf(path, sizeof(path), "usr%s", rule->paths[0] + 2);
	for (char *p = path; *p; p++)
		*p = *p == '*' || *p == '?' ? '1' : *p;
	catalog_run(&cataloger_classifier, path, data + 2, size - 2);
	return 0;
}
