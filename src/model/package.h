/* What is inside an image: packages, the system they belong to, and what could not be read. */
#pragma once

#include "model/digest.h"
#include "model/reason.h"

struct str_list VEC_BODY(str);

#define OWNED_BY_NONE UINT32_MAX
#define LAYER_NONE    UINT32_MAX

/* One installed package or artefact. `type` is the purl type: deb apk rpm npm pypi golang maven …
 * `name` and `version` are what its own package manager prints: "@scope/name" for npm,
 * "group:artifact" for Maven, the module path for Go, "epoch:version-release" for rpm and deb. */
struct package {
	str type;
	str name;
	str version;
	str arch;	    /* empty when it has none */
	str source_name;    /* deb, rpm, apk origin; empty when it is the same as name */
	str source_version; /* empty when it is the same as version */
	str purl_extra;	    /* further purl qualifiers, "k=v&k=v", already encoded */
	str module;	    /* rpm modularity label, else empty */
	str vendor;	    /* rpm Vendor, dpkg Origin or Maintainer's word: tells third parties */
	str main_path;	    /* go: path of the binary; maven: the jar inside the jar, "a.war!/b.jar" */
	struct str_list licences; /* as declared */
	struct str_list paths;	  /* where it was found: evidence first; not all its files */
	str evidence;		  /* which reader said so: "dpkg-status", "go-buildinfo", … */
	uint32_t layer;		  /* index of the layer that brought it, or LAYER_NONE */
	uint32_t owned_by;	  /* index of the OS package that owns its files, or OWNED_BY_NONE */
	uint32_t flags;		  /* PACKAGE_… */
};

enum {
	PACKAGE_THIRD_PARTY = 1, /* not the distribution's own: its feed does not speak of it */
	PACKAGE_MAIN_MODULE = 2, /* go: the program itself, not a dependency */
};

struct package_list VEC_BODY(struct package);

#define package_each(p, inv)                                                                       \
	for (struct package *p = (inv)->packages.v;                                                \
	     (inv)->packages.n > 0 && p < (inv)->packages.v + (inv)->packages.n; p++)

/* Which system the packages belong to, by os-release and its elders. Empty when there is none. */
struct os {
	str id;		/* "debian", "alpine", "rhel", … lower case */
	str version_id; /* "12", "3.19.1", "9.4"; empty for rolling ones */
	str codename;	/* "bookworm" */
	str name;	/* PRETTY_NAME */
	str id_like;
	str path; /* the file that said so */
};

struct inventory {
	struct os os;
	struct package_list packages;
	struct reason_list reasons;
};

/* The package URL (purl-spec, PURL-TYPES): type, namespace, name, version, qualifiers, each
 * percent-encoded as its type wants. `os` gives namespace and distro for deb, apk and rpm. */
int package_purl(str *out, const struct package *p, const struct os *os, struct arena *a,
		 struct err *e) MUST_CHECK;
/* Order of lists in reports: type, name, version, arch, first path. */
int package_cmp(const struct package *a, const struct package *b);
