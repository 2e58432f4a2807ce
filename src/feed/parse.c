#include "feed/parse.h"

int feed_parse(struct feed_sink *s, enum feed_format format, str bytes, struct err *e)
{
	static int (*const readers[FORMAT_COUNT_])(struct feed_sink *, str, struct err *) = {
		[FORMAT_OSV_ZIP] = osv_zip_parse, [FORMAT_OSV] = osv_parse,
		[FORMAT_DEBIAN] = debian_parse,	  [FORMAT_SECDB] = secdb_parse,
		[FORMAT_KEV] = kev_parse,	  [FORMAT_EPSS] = epss_parse,
		[FORMAT_CVSS] = cvss_parse,	  [FORMAT_CVE5_ZIP] = cve5_zip_parse,
		[FORMAT_OVAL] = oval_parse,	  [FORMAT_ARCH] = arch_parse,
		[FORMAT_PHOTON] = photon_parse,	  [FORMAT_UPDATEINFO] = updateinfo_parse,
	};

	if (format >= FORMAT_COUNT_ || !readers[format])
		return err_set(e, ERR_UNSUPPORTED, "no reader for feed format %d", format);
	if (readers[format](s, bytes, e) < 0)
		return -1;
	return sink_close(s, e);
}
