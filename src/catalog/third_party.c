#include "catalog/third_party.h"

/* rpm: the Vendor that a system's own packages bear, or a part of it. Its builders set it on every
 * package, so that one with another Vendor, or none, came from elsewhere. EPEL bears Fedora's. */
static const struct {
	str id, vendor;
} own_vendors[] = {
	{ STR_INIT("almalinux"), STR_INIT("AlmaLinux") },
	{ STR_INIT("amzn"), STR_INIT("Amazon") },
	{ STR_INIT("azurelinux"), STR_INIT("Microsoft Corporation") },
	{ STR_INIT("centos"), STR_INIT("CentOS") },
	{ STR_INIT("centos"), STR_INIT("Red Hat") },
	{ STR_INIT("fedora"), STR_INIT("Fedora Project") },
	{ STR_INIT("mageia"), STR_INIT("Mageia") },
	{ STR_INIT("mariner"), STR_INIT("Microsoft Corporation") },
	{ STR_INIT("ol"), STR_INIT("Oracle America") },
	{ STR_INIT("openeuler"), STR_INIT("openeuler") },
	{ STR_INIT("opensuse-leap"), STR_INIT("SUSE") },
	{ STR_INIT("opensuse-tumbleweed"), STR_INIT("SUSE") },
	{ STR_INIT("photon"), STR_INIT("VMware") },
	{ STR_INIT("photon"), STR_INIT("Broadcom") },
	{ STR_INIT("rhel"), STR_INIT("Red Hat") },
	{ STR_INIT("rocky"), STR_INIT("Rocky") },
	{ STR_INIT("sled"), STR_INIT("SUSE L") },
	{ STR_INIT("sles"), STR_INIT("SUSE L") },
};

/* deb: no field tells Debian's own packages by itself, so that others are told one by one: by a
 * part of Origin or Maintainer. */
static const str foreign_makers[] = {
	STR_INIT("nodesource"),
	STR_INIT("Docker <support@docker.com>"),
	STR_INIT("NGINX Packaging"),
	STR_INIT("@nginx.com"),
	STR_INIT("Microsoft"),
	STR_INIT("dotnetpackages@dotnetfoundation.org"),
	STR_INIT("Google Cloud CLI"),
	STR_INIT("gc-team@google.com"),
	STR_INIT("chromium-dev@chromium.org"),
	STR_INIT("HashiCorp"),
	STR_INIT("@hashicorp.com"),
	STR_INIT("MongoDB Packaging"),
	STR_INIT("@mongodb.com"),
	STR_INIT("@elastic.co"),
	STR_INIT("Elasticsearch"),
	STR_INIT("@percona.com"),
	STR_INIT("MariaDB Developers"),
	STR_INIT("MySQL Release Engineering"),
	STR_INIT("Datadog"),
	STR_INIT("@grafana.com"),
	STR_INIT("Yarn Developers"),
	STR_INIT("@gitlab.com"),
	STR_INIT("cudatools@nvidia.com"),
	STR_INIT("@adoptium.net"),
	STR_INIT("@azul.com"),
	STR_INIT("@confluent.io"),
	STR_INIT("@influxdata.com"),
	STR_INIT("packages@clickhouse.com"),
	STR_INIT("Kubernetes Authors"),
	STR_INIT("LLVM snapshot"),
	STR_INIT("deb.sury.org"),
	STR_INIT("@cloudflare.com"),
};

/* deb: by a part of the version; `id` when it is foreign on one system only. */
static const struct {
	str id, part;
} foreign_versions[] = {
	{ STR_INIT(""), STR_INIT("nodesource") },   { STR_INIT(""), STR_INIT("pgdg") },
	{ STR_INIT(""), STR_INIT("deb.sury.org") }, { STR_INIT(""), STR_INIT("~ppa") },
	{ STR_INIT("debian"), STR_INIT("ubuntu") }, { STR_INIT("debian"), STR_INIT("+rpt") },
};

static bool rpm_foreign(const struct package *p, str id)
{
	bool known = false;

	if (str_eq(p->name, STR("gpg-pubkey")))
		return false;
	for (size_t i = 0; i < COUNT(own_vendors); i++) {
		if (!str_eq(own_vendors[i].id, id))
			continue;
		if (str_has(p->vendor, own_vendors[i].vendor))
			return false;
		known = true;
	}
	return known;
}

static bool deb_foreign(const struct package *p, str id)
{
	if (!str_eq(id, STR("debian")) && !str_eq(id, STR("ubuntu")))
		return false;
	for (size_t i = 0; i < COUNT(foreign_makers); i++)
		if (str_has(p->vendor, foreign_makers[i]))
			return true;
	for (size_t i = 0; i < COUNT(foreign_versions); i++)
		if ((foreign_versions[i].id.n == 0 || str_eq(foreign_versions[i].id, id)) &&
		    str_has(p->version, foreign_versions[i].part))
			return true;
	return false;
}

void third_party_mark(struct inventory *inv)
{
	str id = inv->os.id;

	package_each (p, inv) {
		bool foreign = str_eq(p->type, STR("rpm"))   ? rpm_foreign(p, id)
			       : str_eq(p->type, STR("deb")) ? deb_foreign(p, id)
							     : false;

		if (foreign)
			p->flags |= PACKAGE_THIRD_PARTY;
	}
}
