/* One package as rpm's database stores it: an index of tags and a store of their values
 * (rpm's docs, "format_header"): big endian, no magic. */
#pragma once

#include "base/buf.h"

/* clang-format off */
enum rpm_tag {
	RPM_NAME	    = 1000,
	RPM_VERSION	    = 1001,
	RPM_RELEASE	    = 1002,
	RPM_EPOCH	    = 1003,
	RPM_VENDOR	    = 1011,
	RPM_LICENSE	    = 1014,
	RPM_ARCH	    = 1022,
	RPM_OLDFILENAMES    = 1027,
	RPM_SOURCERPM	    = 1044,
	RPM_DIRINDEXES	    = 1116,
	RPM_BASENAMES	    = 1117,
	RPM_DIRNAMES	    = 1118,
	RPM_MODULARITYLABEL = 5096,
};
/* clang-format on */

struct rpmheader {
	str index, store;
};

/* The bytes of one header → *out, borrowed; ERR_CORRUPT unless its two counts fill them. */
int rpmheader_open(struct rpmheader *out, str bytes, struct err *e) MUST_CHECK;

/* A tag's only or first string; a tag's first number. 1, 0 when the header has no such tag, -1 and
 * *e when its value lies outside the store or is of another type. */
int rpmheader_string(str *out, const struct rpmheader *h, enum rpm_tag tag,
		     struct err *e) MUST_CHECK;
int rpmheader_number(uint32_t *out, const struct rpmheader *h, enum rpm_tag tag,
		     struct err *e) MUST_CHECK;

/* What is asked of every package; empty where the header says nothing, but name, version and
 * release are always there. */
struct rpm_package {
	str name, version, release, arch, sourcerpm, vendor, licence, module;
	bool has_epoch;
	uint32_t epoch;
};

int rpm_package_read(struct rpm_package *out, const struct rpmheader *h, struct err *e) MUST_CHECK;

/* Its files, one after another, as `rpm -ql` lists them. Borrows the header. */
struct rpm_files {
	str names, indexes; /* what is left of the base names and directory numbers */
	uint32_t left;
	uint64_t budget; /* bytes of paths that may still be made */
	bool whole;	 /* names are paths already (OLDFILENAMES) */
	struct buf dirs; /* str[] */
	struct buf path;
};

/* Call rpm_files_free whatever it says. */
int rpm_files_open(struct rpm_files *out, const struct rpmheader *h, struct err *e) MUST_CHECK;
/* The next path, valid until the next call: 1, 0, or -1 and *e. */
int rpm_files_next(str *path, struct rpm_files *f, struct err *e) MUST_CHECK;
void rpm_files_free(struct rpm_files *f);
