#include "feed/home.h"

#include "feed/key.h"

#define OSV_HOME    "https://osv-vulnerabilities.storage.googleapis.com/"
#define ALPINE_HOME "https://secdb.alpinelinux.org/"

/* clang-format off */
static const struct feed fixed[] = {
	{
		.name = STR_INIT("debian"), .format = FORMAT_DEBIAN,
		.url = STR_INIT("https://security-tracker.debian.org/tracker/data/json"),
		.path = STR_INIT("debian/json.gz"), .other = STR_INIT("debian/json"),
		.licence = STR_INIT("MIT"),
	},
	{
		.name = STR_INIT("kev"), .format = FORMAT_KEV,
		.url = STR_INIT("https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"),
		.path = STR_INIT("kev/known_exploited_vulnerabilities.json"),
		.licence = STR_INIT("CC0-1.0"),
	},
	{
		.name = STR_INIT("epss"), .format = FORMAT_EPSS,
		.url = STR_INIT("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"),
		.path = STR_INIT("epss/epss_scores-current.csv.gz"),
		.licence = STR_INIT("free use with attribution to FIRST"),
	},
	{
		.name = STR_INIT("cvss"), .format = FORMAT_CVSS, .mirror_only = true,
		.path = STR_INIT("cve/cvss.csv.gz"),
		.licence = STR_INIT("CC0-1.0 and CVE terms of use"),
	},
	{
		.name = STR_INIT("cve"), .format = FORMAT_CVE5_ZIP, .mirror_only = true,
		.path = STR_INIT("cve/cves.zip"),
		.licence = STR_INIT("CC0-1.0 and CVE terms of use"),
	},
	{
		.name = STR_INIT("rocky/8"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://dl.rockylinux.org/pub/oval/org.rockylinux.rlsa-8.xml.bz2"),
		.path = STR_INIT("rocky/org.rockylinux.rlsa-8.xml.bz2"),
		.licence = STR_INIT("BSD-3-Clause"),
	},
	{
		.name = STR_INIT("rocky/9"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://dl.rockylinux.org/pub/oval/org.rockylinux.rlsa-9.xml.bz2"),
		.path = STR_INIT("rocky/org.rockylinux.rlsa-9.xml.bz2"),
		.licence = STR_INIT("BSD-3-Clause"),
	},
	{
		.name = STR_INIT("rocky/10"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://dl.rockylinux.org/pub/oval/org.rockylinux.rlsa-10.xml.bz2"),
		.path = STR_INIT("rocky/org.rockylinux.rlsa-10.xml.bz2"),
		.licence = STR_INIT("BSD-3-Clause"),
	},
	{
		.name = STR_INIT("redhat/oval/6"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.redhat.com/security/data/oval/com.redhat.rhsa-RHEL6.xml.bz2"),
		.path = STR_INIT("redhat/oval/com.redhat.rhsa-RHEL6.xml.bz2"),
		.licence = STR_INIT("CC-BY-4.0"),
	},
	{
		.name = STR_INIT("redhat/oval/7"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.redhat.com/security/data/oval/com.redhat.rhsa-RHEL7.xml.bz2"),
		.path = STR_INIT("redhat/oval/com.redhat.rhsa-RHEL7.xml.bz2"),
		.licence = STR_INIT("CC-BY-4.0"),
	},
	{
		.name = STR_INIT("redhat/oval/8"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.redhat.com/security/data/oval/com.redhat.rhsa-RHEL8.xml.bz2"),
		.path = STR_INIT("redhat/oval/com.redhat.rhsa-RHEL8.xml.bz2"),
		.licence = STR_INIT("CC-BY-4.0"),
	},
	{
		.name = STR_INIT("redhat/oval/9"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.redhat.com/security/data/oval/com.redhat.rhsa-RHEL9.xml.bz2"),
		.path = STR_INIT("redhat/oval/com.redhat.rhsa-RHEL9.xml.bz2"),
		.licence = STR_INIT("CC-BY-4.0"),
	},
	{
		.name = STR_INIT("azurelinux/2.0"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/cbl-mariner-2.0-oval.xml"),
		.path = STR_INIT("azurelinux/cbl-mariner-2.0-oval.xml.bz2"),
		.licence = STR_INIT("MIT"),
		.other = STR_INIT("azurelinux/cbl-mariner-2.0-oval.xml"),
	},
	{
		.name = STR_INIT("azurelinux/3.0"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/azurelinux-3.0-oval.xml"),
		.path = STR_INIT("azurelinux/azurelinux-3.0-oval.xml.bz2"),
		.licence = STR_INIT("MIT"),
		.other = STR_INIT("azurelinux/azurelinux-3.0-oval.xml"),
	},
	{
		.name = STR_INIT("oracle"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"),
		.path = STR_INIT("oracle/linux/com.oracle.elsa-all.xml.bz2"),
		.licence = STR_INIT("see linux.oracle.com/security"),
	},
	{
		.name = STR_INIT("suse/suse.linux.enterprise.server.12"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.server.12.xml.gz"),
		.path = STR_INIT("suse/oval/suse.linux.enterprise.server.12.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/suse.linux.enterprise.server.15"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.server.15.xml.gz"),
		.path = STR_INIT("suse/oval/suse.linux.enterprise.server.15.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/suse.linux.enterprise.16-affected"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.16-affected.xml.gz"),
		.path = STR_INIT("suse/oval/suse.linux.enterprise.16-affected.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/opensuse.leap.15.5"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/opensuse.leap.15.5.xml.gz"),
		.path = STR_INIT("suse/oval/opensuse.leap.15.5.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/opensuse.leap.15.6"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/opensuse.leap.15.6.xml.gz"),
		.path = STR_INIT("suse/oval/opensuse.leap.15.6.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/opensuse.leap.16.0"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/opensuse.leap.16.0.xml.gz"),
		.path = STR_INIT("suse/oval/opensuse.leap.16.0.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("suse/opensuse.tumbleweed"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://ftp.suse.com/pub/projects/security/oval/opensuse.tumbleweed.xml.gz"),
		.path = STR_INIT("suse/oval/opensuse.tumbleweed.xml.gz"),
		.licence = STR_INIT("see suse.com/support/security/oval"),
	},
	{
		.name = STR_INIT("ubuntu-usn/jammy"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://security-metadata.canonical.com/oval/com.ubuntu.jammy.usn.oval.xml.bz2"),
		.path = STR_INIT("ubuntu/oval/com.ubuntu.jammy.usn.oval.xml.bz2"),
		.licence = STR_INIT("GPL-3.0"),
		.on_request = true,
	},
	{
		.name = STR_INIT("ubuntu-usn/noble"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://security-metadata.canonical.com/oval/com.ubuntu.noble.usn.oval.xml.bz2"),
		.path = STR_INIT("ubuntu/oval/com.ubuntu.noble.usn.oval.xml.bz2"),
		.licence = STR_INIT("GPL-3.0"),
	},
	{
		.name = STR_INIT("debian-oval/bullseye"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.debian.org/security/oval/oval-definitions-bullseye.xml.bz2"),
		.path = STR_INIT("debian/oval/oval-definitions-bullseye.xml.bz2"),
		.licence = STR_INIT("MIT"),
		.on_request = true,
	},
	{
		.name = STR_INIT("debian-oval/bookworm"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.debian.org/security/oval/oval-definitions-bookworm.xml.bz2"),
		.path = STR_INIT("debian/oval/oval-definitions-bookworm.xml.bz2"),
		.licence = STR_INIT("MIT"),
		.on_request = true,
	},
	{
		.name = STR_INIT("debian-oval/trixie"), .format = FORMAT_OVAL, .optional = true,
		.url = STR_INIT("https://www.debian.org/security/oval/oval-definitions-trixie.xml.bz2"),
		.path = STR_INIT("debian/oval/oval-definitions-trixie.xml.bz2"),
		.licence = STR_INIT("MIT"),
		.on_request = true,
	},
	{
		.name = STR_INIT("wolfi"), .format = FORMAT_SECDB, .optional = true,
		.url = STR_INIT("https://packages.wolfi.dev/os/security.json"),
		.path = STR_INIT("wolfi/security.json"),
		.licence = STR_INIT("CC-BY-NC-ND-4.0: not redistributable"),
		.other = STR_INIT("wolfi/os/security.json"),
	},
	{
		.name = STR_INIT("chainguard"), .format = FORMAT_SECDB, .optional = true,
		.url = STR_INIT("https://packages.cgr.dev/chainguard/security.json"),
		.path = STR_INIT("chainguard/security.json"),
		.licence = STR_INIT("CC-BY-NC-ND-4.0: not redistributable"),
	},
	{
		.name = STR_INIT("arch"), .format = FORMAT_ARCH, .optional = true,
		.url = STR_INIT("https://security.archlinux.org/all.json"),
		.path = STR_INIT("arch/all.json"),
		.licence = STR_INIT("MIT"),
		.other = STR_INIT("arch/advisory.json"),
	},
	{
		.name = STR_INIT("photon/3.0"), .format = FORMAT_PHOTON, .optional = true,
		.url = STR_INIT("https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon3.0.json"),
		.path = STR_INIT("photon/cve/cve_data_photon3.0.json"),
		.licence = STR_INIT("see the publisher"),
	},
	{
		.name = STR_INIT("photon/4.0"), .format = FORMAT_PHOTON, .optional = true,
		.url = STR_INIT("https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon4.0.json"),
		.path = STR_INIT("photon/cve/cve_data_photon4.0.json"),
		.licence = STR_INIT("see the publisher"),
	},
	{
		.name = STR_INIT("photon/5.0"), .format = FORMAT_PHOTON, .optional = true,
		.url = STR_INIT("https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon5.0.json"),
		.path = STR_INIT("photon/cve/cve_data_photon5.0.json"),
		.licence = STR_INIT("see the publisher"),
	},
	{
		.name = STR_INIT("amazon/2"), .format = FORMAT_UPDATEINFO, .optional = true,
		.url = STR_INIT("https://alas.aws.amazon.com/"),
		.path = STR_INIT("amazon/updateinfo_2.xml.gz"),
		.licence = STR_INIT("see alas.aws.amazon.com"),
		.mirror_only = true, /* repositories name it by its digest */
	},
	{
		.name = STR_INIT("amazon/2023"), .format = FORMAT_UPDATEINFO, .optional = true,
		.url = STR_INIT("https://alas.aws.amazon.com/"),
		.path = STR_INIT("amazon/updateinfo_2023.xml.gz"),
		.licence = STR_INIT("see alas.aws.amazon.com"),
		.mirror_only = true, /* repositories name it by its digest */
	},
};

/* Alpine's branches with a secdb of their own; those to come are asked for and may be missing. */
static const char *const alpine_branches[] = {
	"v3.10", "v3.11", "v3.12", "v3.13", "v3.14", "v3.15", "v3.16", "v3.17", "v3.18", "v3.19",
	"v3.20", "v3.21", "v3.22", "v3.23", "v3.24", "v3.25", "edge",
};
static const char *const alpine_repositories[] = { "main", "community" };

static const struct {
	str ecosystem, licence;
} osv_licences[] = {
	{ STR_INIT("AlmaLinux"), STR_INIT("MIT") },
	{ STR_INIT("Alpine"), STR_INIT("CC-BY-SA-4.0") },
	{ STR_INIT("Bitnami"), STR_INIT("Apache-2.0") },
	{ STR_INIT("Chainguard"), STR_INIT("CC-BY-NC-ND-4.0") },
	{ STR_INIT("Debian"), STR_INIT("MIT") },
	{ STR_INIT("GitHub Actions"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Go"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Hex"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Kubernetes"), STR_INIT("Apache-2.0") },
	{ STR_INIT("Maven"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("NuGet"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("OSS-Fuzz"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Packagist"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Pub"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("PyPI"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Red Hat"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Rocky Linux"), STR_INIT("BSD-3-Clause") },
	{ STR_INIT("RubyGems"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("SwiftURL"), STR_INIT("CC-BY-4.0") },
	{ STR_INIT("Ubuntu"), STR_INIT("CC-BY-SA-4.0") },
	{ STR_INIT("Wolfi"), STR_INIT("CC-BY-NC-ND-4.0") },
	{ STR_INIT("crates.io"), STR_INIT("CC0-1.0 and CC-BY-4.0") },
	{ STR_INIT("npm"), STR_INIT("CC-BY-4.0") },
};
/* clang-format on */

str osv_licence(str ecosystem)
{
	for (size_t i = 0; i < COUNT(osv_licences); i++)
		if (str_eq(osv_licences[i].ecosystem, ecosystem))
			return osv_licences[i].licence;
	return STR("see the records' own database");
}

static int alpine_add(struct feed_list *out, const char *branch, const char *repository,
		      struct arena *a, struct err *e)
{
	struct feed f = {
		.format = FORMAT_SECDB,
		.licence = STR("CC-BY-SA-4.0"),
		.optional = true,
	};

	if (arena_printf(&f.name, a, e, "alpine/%s/%s", branch, repository) < 0 ||
	    arena_printf(&f.path, a, e, "alpine/%s/%s.json", branch, repository) < 0 ||
	    arena_printf(&f.url, a, e, ALPINE_HOME "%s/%s.json", branch, repository) < 0)
		return -1;
	return vec_push(out, a, e, f);
}

int feeds_fixed(struct feed_list *out, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < COUNT(fixed); i++)
		if (vec_push(out, a, e, fixed[i]) < 0)
			return -1;
	for (size_t i = 0; i < COUNT(alpine_branches); i++)
		for (size_t k = 0; k < COUNT(alpine_repositories); k++)
			if (alpine_add(out, alpine_branches[i], alpine_repositories[k], a, e) < 0)
				return -1;
	return 0;
}

/* A name becomes part of paths and URLs: letters, digits, and the few marks that names have. */
static bool is_plain(str name)
{
	if (!name.n || name.n > 64 || name.p[0] == '.' || name.p[0] == ' ')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!ch_alnum(name.p[i]) && !memchr("._- ", name.p[i], 4))
			return false;
	return true;
}

static int url_of(str *out, str ecosystem, struct arena *a, struct err *e)
{
	struct buf b = BUF(4 * KIB);
	int r;

	buf_putz(&b, OSV_HOME);
	for (size_t i = 0; i < ecosystem.n; i++)
		if (ecosystem.p[i] == ' ')
			buf_putz(&b, "%20");
		else
			buf_putc(&b, ecosystem.p[i]);
	buf_putz(&b, "/all.zip");
	r = buf_check(&b, e) < 0 ? -1 : arena_str(out, a, buf_str(&b), e);
	buf_free(&b);
	return r;
}

int feeds_osv(struct feed_list *out, str ecosystems, struct arena *a, struct err *e)
{
	for (str line; str_next(&ecosystems, '\n', &line);) {
		struct feed f = { .format = FORMAT_OSV_ZIP };

		line = str_trim(line);
		if (!line.n || line.n != ecosystem_base(line).n)
			continue;
		if (!is_plain(line))
			return err_set(e, ERR_CORRUPT, "\"" STR_FMT "\" is no ecosystem's name",
				       STR_ARG(line));
		f.licence = osv_licence(line);
		if (arena_printf(&f.name, a, e, "osv/" STR_FMT, STR_ARG(line)) < 0 ||
		    arena_printf(&f.path, a, e, "osv/" STR_FMT "/all.zip", STR_ARG(line)) < 0 ||
		    url_of(&f.url, line, a, e) < 0 || vec_push(out, a, e, f) < 0)
			return -1;
	}
	return 0;
}
