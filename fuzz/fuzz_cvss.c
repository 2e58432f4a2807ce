/* CVSS vectors: a score in its range, or none; the same for the same metrics. */
#include "model/cvss.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	str vector = { (const char *)data, size };
	int tenths = cvss_base(vector);

	if (tenths < -1 || tenths > 100)
		abort();
	if (tenths >= 0 && cvss_version_of(vector) == CVSS_NONE)
		abort();
	if ((tenths < 0) != (cvss_severity(vector) == SEVERITY_UNKNOWN))
		abort();
	return 0;
}
