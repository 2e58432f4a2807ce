/* The formats in which feeds come: bytes in, records into a sink. No I/O: the bytes are those of
 * one file as upstream gives it, uncompressed unless the format is an archive. */
#pragma once

#include "feed/sink.h"

enum feed_format {
	FORMAT_OSV_ZIP, /* all.zip: one OSV record a file */
	FORMAT_OSV,	/* one OSV record */
	FORMAT_DEBIAN,	/* security-tracker JSON */
	FORMAT_SECDB,	/* Alpine's */
	FORMAT_KEV,
	FORMAT_EPSS,
	FORMAT_CVSS, /* cve,cvss_version,vector,base_score,source */
	FORMAT_CVE5_ZIP,
	FORMAT_OVAL,
	FORMAT_ARCH,
	FORMAT_PHOTON,
	FORMAT_UPDATEINFO, /* of dnf's repositories: Amazon Linux */
	FORMAT_COUNT_,
};

/* Reads the whole file and closes the sink. 0, or -1 and *e when the file as a whole cannot be
 * read; records that cannot be are counted by the sink and cost nothing else. */
int feed_parse(struct feed_sink *s, enum feed_format format, str bytes, struct err *e) MUST_CHECK;

/* One reader a format, in a file of its own: */
int osv_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int osv_zip_parse(struct feed_sink *s, str zip, struct err *e) MUST_CHECK;
int debian_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int secdb_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int kev_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int epss_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int cvss_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int arch_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int photon_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int updateinfo_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int oval_parse(struct feed_sink *s, str text, struct err *e) MUST_CHECK;
int cve5_zip_parse(struct feed_sink *s, str zip, struct err *e) MUST_CHECK;
