#include "model/os_table.h"

#define S(lit) STR_INIT(lit)

/* Systems that a feed describes. A derivative (ID_LIKE) is not its parent: its packages are
 * rebuilt, and its parent's feed would speak of versions that it never had. */
/* clang-format off */
static const struct os_row rows[] = {
	{ S("almalinux"),	   S("rpm"),	 S("AlmaLinux"),	OS_CUT_MAJOR, S("") },
	{ S("alpaquita"),	   S("apk"),	 S("Alpaquita"),	OS_CUT_WHOLE, S("") },
	{ S("alpine"),		   S("apk"),	 S("Alpine"),		OS_CUT_MINOR, S("v") },
	{ S("amzn"),		   S("rpm"),	 S("Amazon Linux"),			OS_CUT_WHOLE, S("") },
	{ S("arch"),		   S("alpm"),	 S("Arch Linux"),			OS_CUT_NONE,  S("") },
	{ S("archarm"),		   S("alpm"),	 S(""),			OS_CUT_NONE,  S("") },
	{ S("azurelinux"),	   S("rpm"),	 S("Azure Linux"),	OS_CUT_MAJOR, S("") },
	{ S("bellsoft-hardened-containers"), S("apk"), S("BellSoft Hardened Containers"), OS_CUT_WHOLE, S("") },
	{ S("centos"),		   S("rpm"),	 S("Red Hat"),		OS_CUT_MAJOR, S("enterprise_linux:") },
	{ S("centos-stream"),	   S("rpm"),	 S(""),			OS_CUT_MAJOR, S("") },
	{ S("chainguard"),	   S("apk"),	 S("Chainguard"),	OS_CUT_NONE,  S("") },
	{ S("cleanstart"),	   S("apk"),	 S("CleanStart"),	OS_CUT_NONE,  S("") },
	{ S("clnstrt"),		   S("apk"),	 S("CleanStart"),	OS_CUT_NONE,  S("") },
	{ S("debian"),		   S("deb"),	 S("Debian"),		OS_CUT_MAJOR, S("") },
	{ S("echo"),		   S("deb"),	 S("Echo"),		OS_CUT_NONE,  S("") },
	{ S("fedora"),		   S("rpm"),	 S(""),			OS_CUT_MAJOR, S("") },
	{ S("gentoo"),		   S("portage"), S(""),			OS_CUT_NONE,  S("") },
	{ S("mageia"),		   S("rpm"),	 S("Mageia"),		OS_CUT_MAJOR, S("") },
	{ S("mariner"),		   S("rpm"),	 S("Azure Linux"),	OS_CUT_MAJOR, S("") },
	{ S("minimos"),		   S("apk"),	 S("MinimOS"),		OS_CUT_NONE,  S("") },
	{ S("ol"),		   S("rpm"),	 S("Oracle Linux"),			OS_CUT_MAJOR, S("") },
	{ S("openeuler"),	   S("rpm"),	 S("openEuler"),	OS_CUT_WHOLE, S("") },
	{ S("opensuse-leap"),	   S("rpm"),	 S("openSUSE"),		OS_CUT_MINOR, S("Leap ") },
	{ S("opensuse-tumbleweed"), S("rpm"),	 S("openSUSE"),		OS_CUT_NONE,  S("Tumbleweed") },
	{ S("openwrt"),		   S("opkg"),	 S(""),			OS_CUT_WHOLE, S("") },
	{ S("photon"),		   S("rpm"),	 S("Photon OS"),	OS_CUT_MINOR, S("") },
	{ S("rhel"),		   S("rpm"),	 S("Red Hat"),		OS_CUT_MAJOR, S("enterprise_linux:") },
	{ S("rocky"),		   S("rpm"),	 S("Rocky Linux"),	OS_CUT_MAJOR, S("") },
	{ S("sled"),		   S("rpm"),	 S("SUSE"),		OS_CUT_MINOR, S("Linux Enterprise Desktop ") },
	{ S("sles"),		   S("rpm"),	 S("SUSE"),		OS_CUT_MINOR, S("Linux Enterprise Server ") },
	{ S("ubuntu"),		   S("deb"),	 S("Ubuntu"),		OS_CUT_WHOLE, S("") },
	{ S("wolfi"),		   S("apk"),	 S("Wolfi"),		OS_CUT_NONE,  S("") },
};

/* Dates as the projects publish them; Debian's with its LTS, SUSE's and Red Hat's without paid
 * extensions, Ubuntu's without Pro. */
static const struct os_life lives[] = {
	{ S("almalinux"), S("8"),     S(""), false, S("2029-03-01") },
	{ S("almalinux"), S("9"),     S(""), false, S("2032-05-31") },
	{ S("almalinux"), S("10"),    S(""), false, S("2035-05-31") },
	{ S("alpine"),	  S("3.0"),   S(""), false, S("2016-05-01") },
	{ S("alpine"),	  S("3.1"),   S(""), false, S("2016-11-01") },
	{ S("alpine"),	  S("3.2"),   S(""), false, S("2017-05-01") },
	{ S("alpine"),	  S("3.3"),   S(""), false, S("2017-11-01") },
	{ S("alpine"),	  S("3.4"),   S(""), false, S("2018-05-01") },
	{ S("alpine"),	  S("3.5"),   S(""), false, S("2018-11-01") },
	{ S("alpine"),	  S("3.6"),   S(""), false, S("2019-05-01") },
	{ S("alpine"),	  S("3.7"),   S(""), false, S("2019-11-01") },
	{ S("alpine"),	  S("3.8"),   S(""), false, S("2020-05-01") },
	{ S("alpine"),	  S("3.9"),   S(""), false, S("2020-11-01") },
	{ S("alpine"),	  S("3.10"),  S(""), false, S("2021-05-01") },
	{ S("alpine"),	  S("3.11"),  S(""), false, S("2021-11-01") },
	{ S("alpine"),	  S("3.12"),  S(""), false, S("2022-05-01") },
	{ S("alpine"),	  S("3.13"),  S(""), false, S("2022-11-01") },
	{ S("alpine"),	  S("3.14"),  S(""), false, S("2023-05-01") },
	{ S("alpine"),	  S("3.15"),  S(""), false, S("2023-11-01") },
	{ S("alpine"),	  S("3.16"),  S(""), false, S("2024-05-23") },
	{ S("alpine"),	  S("3.17"),  S(""), false, S("2024-11-22") },
	{ S("alpine"),	  S("3.18"),  S(""), false, S("2025-05-09") },
	{ S("alpine"),	  S("3.19"),  S(""), false, S("2025-11-01") },
	{ S("alpine"),	  S("3.20"),  S(""), false, S("2026-04-01") },
	{ S("alpine"),	  S("3.21"),  S(""), false, S("2026-11-01") },
	{ S("alpine"),	  S("3.22"),  S(""), false, S("2027-05-01") },
	{ S("alpine"),	  S("3.23"),  S(""), false, S("2027-11-01") },
	{ S("amzn"),	  S("2018.03"), S(""), false, S("2023-12-31") },
	{ S("amzn"),	  S("2"),     S(""), false, S("2026-06-30") },
	{ S("amzn"),	  S("2023"),  S(""), false, S("2029-06-30") },
	{ S("azurelinux"), S("3"),    S(""), false, S("2027-08-31") },
	{ S("centos"),	  S("5"),     S(""), false, S("2017-03-31") },
	{ S("centos"),	  S("6"),     S(""), false, S("2020-11-30") },
	{ S("centos"),	  S("7"),     S(""), false, S("2024-06-30") },
	{ S("centos"),	  S("8"),     S(""), false, S("2021-12-31") },
	{ S("centos-stream"), S("8"), S(""), false, S("2024-05-31") },
	{ S("centos-stream"), S("9"), S(""), false, S("2027-05-31") },
	{ S("centos-stream"), S("10"), S(""), false, S("2030-01-01") },
	{ S("debian"),	  S("6"),     S("squeeze"),  true, S("2016-02-29") },
	{ S("debian"),	  S("7"),     S("wheezy"),   true, S("2018-05-31") },
	{ S("debian"),	  S("8"),     S("jessie"),   true, S("2020-06-30") },
	{ S("debian"),	  S("9"),     S("stretch"),  true, S("2022-06-30") },
	{ S("debian"),	  S("10"),    S("buster"),   true, S("2024-06-30") },
	{ S("debian"),	  S("11"),    S("bullseye"), true, S("2026-08-31") },
	{ S("debian"),	  S("12"),    S("bookworm"), true, S("2028-06-30") },
	{ S("debian"),	  S("13"),    S("trixie"),   true, S("2030-06-30") },
	{ S("debian"),	  S("14"),    S("forky"),    true, S("") },
	{ S("fedora"),	  S("28"),    S(""), false, S("2019-05-28") },
	{ S("fedora"),	  S("29"),    S(""), false, S("2019-11-26") },
	{ S("fedora"),	  S("30"),    S(""), false, S("2020-05-26") },
	{ S("fedora"),	  S("31"),    S(""), false, S("2020-11-24") },
	{ S("fedora"),	  S("32"),    S(""), false, S("2021-05-25") },
	{ S("fedora"),	  S("33"),    S(""), false, S("2021-11-30") },
	{ S("fedora"),	  S("34"),    S(""), false, S("2022-06-07") },
	{ S("fedora"),	  S("35"),    S(""), false, S("2022-12-13") },
	{ S("fedora"),	  S("36"),    S(""), false, S("2023-05-16") },
	{ S("fedora"),	  S("37"),    S(""), false, S("2023-12-05") },
	{ S("fedora"),	  S("38"),    S(""), false, S("2024-05-21") },
	{ S("fedora"),	  S("39"),    S(""), false, S("2024-11-26") },
	{ S("fedora"),	  S("40"),    S(""), false, S("2025-05-13") },
	{ S("fedora"),	  S("41"),    S(""), false, S("2025-12-15") },
	{ S("fedora"),	  S("42"),    S(""), false, S("2026-05-13") },
	{ S("fedora"),	  S("43"),    S(""), false, S("2026-12-09") },
	{ S("mariner"),	  S("1"),     S(""), false, S("2023-08-31") },
	{ S("mariner"),	  S("2"),     S(""), false, S("2025-07-31") },
	{ S("ol"),	  S("6"),     S(""), false, S("2021-03-31") },
	{ S("ol"),	  S("7"),     S(""), false, S("2024-12-31") },
	{ S("ol"),	  S("8"),     S(""), false, S("2029-07-31") },
	{ S("ol"),	  S("9"),     S(""), false, S("2032-06-30") },
	{ S("ol"),	  S("10"),    S(""), false, S("2035-06-30") },
	{ S("opensuse-leap"), S("42.1"), S(""), false, S("2017-05-17") },
	{ S("opensuse-leap"), S("42.2"), S(""), false, S("2018-01-26") },
	{ S("opensuse-leap"), S("42.3"), S(""), false, S("2019-07-01") },
	{ S("opensuse-leap"), S("15.0"), S(""), false, S("2019-12-03") },
	{ S("opensuse-leap"), S("15.1"), S(""), false, S("2021-02-02") },
	{ S("opensuse-leap"), S("15.2"), S(""), false, S("2022-01-04") },
	{ S("opensuse-leap"), S("15.3"), S(""), false, S("2022-12-31") },
	{ S("opensuse-leap"), S("15.4"), S(""), false, S("2023-12-07") },
	{ S("opensuse-leap"), S("15.5"), S(""), false, S("2024-12-31") },
	{ S("opensuse-leap"), S("15.6"), S(""), false, S("2026-04-30") },
	{ S("opensuse-leap"), S("16.0"), S(""), false, S("2027-10-31") },
	{ S("photon"),	  S("1.0"),   S(""), false, S("2022-02-28") },
	{ S("photon"),	  S("2.0"),   S(""), false, S("2022-12-31") },
	{ S("photon"),	  S("3.0"),   S(""), false, S("2024-03-01") },
	{ S("rhel"),	  S("5"),     S(""), false, S("2017-03-31") },
	{ S("rhel"),	  S("6"),     S(""), false, S("2020-11-30") },
	{ S("rhel"),	  S("7"),     S(""), false, S("2024-06-30") },
	{ S("rhel"),	  S("8"),     S(""), false, S("2029-05-31") },
	{ S("rhel"),	  S("9"),     S(""), false, S("2032-05-31") },
	{ S("rhel"),	  S("10"),    S(""), false, S("2035-05-31") },
	{ S("rocky"),	  S("8"),     S(""), false, S("2029-05-31") },
	{ S("rocky"),	  S("9"),     S(""), false, S("2032-05-31") },
	{ S("rocky"),	  S("10"),    S(""), false, S("2035-05-31") },
	{ S("sles"),	  S("11.4"),  S(""), false, S("2019-03-31") },
	{ S("sles"),	  S("12"),    S(""), false, S("2016-06-30") },
	{ S("sles"),	  S("12.1"),  S(""), false, S("2017-05-31") },
	{ S("sles"),	  S("12.2"),  S(""), false, S("2018-03-31") },
	{ S("sles"),	  S("12.3"),  S(""), false, S("2019-06-30") },
	{ S("sles"),	  S("12.4"),  S(""), false, S("2020-06-30") },
	{ S("sles"),	  S("12.5"),  S(""), false, S("2024-10-31") },
	{ S("sles"),	  S("15"),    S(""), false, S("2019-12-31") },
	{ S("sles"),	  S("15.1"),  S(""), false, S("2021-01-31") },
	{ S("sles"),	  S("15.2"),  S(""), false, S("2021-12-31") },
	{ S("sles"),	  S("15.3"),  S(""), false, S("2022-12-31") },
	{ S("sles"),	  S("15.4"),  S(""), false, S("2023-12-31") },
	{ S("sles"),	  S("15.5"),  S(""), false, S("2024-12-31") },
	{ S("sles"),	  S("15.6"),  S(""), false, S("2025-12-31") },
	{ S("sles"),	  S("15.7"),  S(""), false, S("2031-07-31") },
	{ S("ubuntu"),	  S("12.04"), S("precise"), true, S("2017-04-28") },
	{ S("ubuntu"),	  S("14.04"), S("trusty"),   true,  S("2019-04-25") },
	{ S("ubuntu"),	  S("16.04"), S("xenial"),   true,  S("2021-04-30") },
	{ S("ubuntu"),	  S("16.10"), S("yakkety"), false, S("2017-07-20") },
	{ S("ubuntu"),	  S("17.04"), S("zesty"), false, S("2018-01-13") },
	{ S("ubuntu"),	  S("17.10"), S("artful"), false, S("2018-07-19") },
	{ S("ubuntu"),	  S("18.04"), S("bionic"),   true,  S("2023-05-31") },
	{ S("ubuntu"),	  S("18.10"), S("cosmic"),   false, S("2019-07-18") },
	{ S("ubuntu"),	  S("19.04"), S("disco"),    false, S("2020-01-23") },
	{ S("ubuntu"),	  S("19.10"), S("eoan"),     false, S("2020-07-17") },
	{ S("ubuntu"),	  S("20.04"), S("focal"),    true,  S("2025-05-31") },
	{ S("ubuntu"),	  S("20.10"), S("groovy"),   false, S("2021-07-22") },
	{ S("ubuntu"),	  S("21.04"), S("hirsute"),  false, S("2022-01-20") },
	{ S("ubuntu"),	  S("21.10"), S("impish"),   false, S("2022-07-14") },
	{ S("ubuntu"),	  S("22.04"), S("jammy"),    true,  S("2027-06-01") },
	{ S("ubuntu"),	  S("22.10"), S("kinetic"),  false, S("2023-07-20") },
	{ S("ubuntu"),	  S("23.04"), S("lunar"),    false, S("2024-01-25") },
	{ S("ubuntu"),	  S("23.10"), S("mantic"),   false, S("2024-07-12") },
	{ S("ubuntu"),	  S("24.04"), S("noble"),    true,  S("2029-05-31") },
	{ S("ubuntu"),	  S("24.10"), S("oracular"), false, S("2025-07-10") },
	{ S("ubuntu"),	  S("25.04"), S("plucky"),   false, S("2026-01-17") },
	{ S("ubuntu"),	  S("25.10"), S("questing"), false, S("2026-07-09") },
	{ S("ubuntu"),	  S("26.04"), S("resolute"), true,  S("2031-05-29") },
};
/* clang-format on */

/* CentOS and CentOS Stream call themselves by one ID, and only the name tells them apart. */
static str os_key(const struct os *os)
{
	if (str_eq(os->id, STR("centos")) && str_has(os->name, STR("Stream")))
		return STR("centos-stream");
	return os->id;
}

const struct os_row *os_lookup(const struct os *os)
{
	str id = os_key(os);

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(rows[i].id, id))
			return &rows[i];
	return NULL;
}

static const struct os_life *life_of_codename(str id, str codename)
{
	for (size_t i = 0; codename.n > 0 && i < COUNT(lives); i++)
		if (str_eq(lives[i].id, id) && str_eq(lives[i].codename, codename))
			return &lives[i];
	return NULL;
}

static str version_cut(str version, enum os_cut cut)
{
	str head, tail, minor, rest;

	if (cut == OS_CUT_NONE)
		return STR_NONE;
	if (cut == OS_CUT_WHOLE || !str_cut(version, '.', &head, &tail))
		return version;
	if (cut == OS_CUT_MAJOR)
		return head;
	str_cut(tail, '.', &minor, &rest);
	return str_first(version, head.n + 1 + minor.n);
}

str os_release_name(const struct os *os)
{
	const struct os_row *row = os_lookup(os);
	const struct os_life *life;

	if (!row)
		return os->version_id;
	if (str_eq(row->id, STR("alpine")) && str_has(os->version_id, STR("_alpha")))
		return STR("edge");
	if (os->version_id.n > 0)
		return version_cut(os->version_id, row->cut);
	/* Debian's testing and unstable have a code name only; sid has no number at all. */
	life = life_of_codename(row->id, os->codename);
	return life ? life->release : STR_NONE;
}

const struct os_life *os_life(const struct os *os)
{
	str release = os_release_name(os), id = os_key(os);

	for (size_t i = 0; release.n > 0 && i < COUNT(lives); i++)
		if (str_eq(lives[i].id, id) && str_eq(lives[i].release, release))
			return &lives[i];
	return NULL;
}

bool os_is_eol(const struct os *os, str today)
{
	const struct os_life *life = os_life(os);

	return life && life->eol.n > 0 && str_cmp(str_first(today, 10), life->eol) > 0;
}

/* Ubuntu's names carry ":LTS", and fixes behind a contract stand in an ecosystem of their own. A
 * release that the table does not know is long-lived when it is an April's of an even year. */
static int ubuntu_ecosystems(struct str_list *out, const struct os *os, struct arena *a,
			     struct err *e)
{
	const struct os_life *life = os_life(os);
	str release = os_release_name(os), name;
	uint32_t year = 0;
	bool lts = life ? life->lts
			: str_ends(release, STR(".04")) &&
				   str_u32(str_first(release, str_find(release, '.')), &year) &&
				   year % 2 == 0;

	if (arena_printf(&name, a, e, "Ubuntu:" STR_FMT "%s", STR_ARG(release), lts ? ":LTS" : "") <
		    0 ||
	    vec_push(out, a, e, name) < 0)
		return -1;
	if (!lts)
		return 0;
	if (arena_printf(&name, a, e, "Ubuntu:Pro:" STR_FMT ":LTS", STR_ARG(release)) < 0)
		return -1;
	return vec_push(out, a, e, name);
}

/* "15.5" is OSV's "15 SP5", and "15" or "15.0" its plain "15"; from 16 on the number stays. */
static int suse_ecosystem(str *name, const struct os_row *row, str release, struct arena *a,
			  struct err *e)
{
	str major, minor;
	uint32_t n = 0;
	bool packs = str_cut(release, '.', &major, &minor) && str_u32(major, &n) && n < 16;

	if (!packs)
		return arena_printf(name, a, e, "SUSE:" STR_FMT STR_FMT, STR_ARG(row->prefix),
				    STR_ARG(release));
	if (str_eq(minor, STR("0")))
		return arena_printf(name, a, e, "SUSE:" STR_FMT STR_FMT, STR_ARG(row->prefix),
				    STR_ARG(major));
	return arena_printf(name, a, e, "SUSE:" STR_FMT STR_FMT " SP" STR_FMT, STR_ARG(row->prefix),
			    STR_ARG(major), STR_ARG(minor));
}

/* "22.03 (LTS-SP3)" is OSV's "22.03-LTS-SP3"; the number alone does not tell the packs apart. */
static int openeuler_ecosystem(str *name, const struct os *os, str release, struct arena *a,
			       struct err *e)
{
	str head, tail, pack = STR_NONE;

	if (str_cut(os->name, '(', &head, &tail))
		str_cut(tail, ')', &pack, &tail);
	if (!str_starts(pack, STR("LTS")))
		pack = STR_NONE;
	return arena_printf(name, a, e, "openEuler:" STR_FMT "%s" STR_FMT, STR_ARG(release),
			    pack.n ? "-" : "", STR_ARG(pack));
}

int os_ecosystems(struct str_list *out, const struct os *os, struct arena *a, struct err *e)
{
	const struct os_row *row = os_lookup(os);
	str release = os_release_name(os), prefix, name;

	if (!row || row->osv.n == 0)
		return 0;
	if (str_eq(row->id, STR("ubuntu")))
		return ubuntu_ecosystems(out, os, a, e);
	prefix = str_eq(release, STR("edge")) ? STR_NONE : row->prefix;
	if (row->cut != OS_CUT_NONE && release.n == 0)
		name = row->osv; /* Debian unstable: the feed as a whole, no release */
	else if (str_eq(row->osv, STR("SUSE"))) {
		if (suse_ecosystem(&name, row, release, a, e) < 0)
			return -1;
	} else if (str_eq(row->osv, STR("openEuler"))) {
		if (openeuler_ecosystem(&name, os, release, a, e) < 0)
			return -1;
	} else if (arena_printf(&name, a, e, STR_FMT "%s" STR_FMT STR_FMT, STR_ARG(row->osv),
				prefix.n + release.n > 0 ? ":" : "", STR_ARG(prefix),
				STR_ARG(release)) < 0)
		return -1;
	return vec_push(out, a, e, name);
}
