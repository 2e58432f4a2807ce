/* From several records to findings: names, errata, trackers, and what stays unmatched. */
#include "match/match.h"
#include "match/candidate.h"
#include "tap.h"
#include "unit/match/fake.h"

#define BELOW(version_)                                                                  \
	{                                                                                \
		.v = (struct version_range[]){ { .fixed = STR_INIT(version_) } }, .n = 1 \
	}
#define SETUP                            \
	CLEANUP(arena_free)              \
	struct arena a = ARENA(1 << 20); \
	struct err e = { 0 };            \
	struct match_output out
#define MATCH(...) \
	match_packages(&out, &(struct match_input){ .inventory = &inv, __VA_ARGS__ }, &a, &e)

static struct os debian = { .id = STR_INIT("debian"),
			    .version_id = STR_INIT("12"),
			    .path = STR_INIT("etc/os-release") };

static struct package package(const char *type, const char *name, const char *version)
{
	return (struct package){ .type = str_of(type),
				 .name = str_of(name),
				 .version = str_of(version),
				 .layer = LAYER_NONE,
				 .owned_by = OWNED_BY_NONE };
}

static struct affected record(const char *id, const char *feed, const char *ecosystem,
			      const char *name)
{
	return (struct affected){ .id = str_of(id),
				  .feed = str_of(feed),
				  .ecosystem = str_of(ecosystem),
				  .name = str_of(name),
				  .by_source = str_starts(str_of(ecosystem), STR("Debian")) };
}

static const struct reason *reason_of(const struct match_output *out, enum reason_code code)
{
	vec_each (r, &out->reasons)
		if (r->code == code)
			return r;
	return NULL;
}

TEST(names_of_one_vulnerability_make_one_finding_named_by_its_cve)
{
	SETUP;
	struct range_list below2 = BELOW("2.0.0"), below3 = BELOW("3.0.0");
	struct affected records[] = { record("GHSA-xxxx", "osv/npm", "npm", "x"),
				      record("CVE-2021-9", "other", "npm", "x") };
	struct package p = package("npm", "x", "1.0.0");
	struct inventory inv = { .packages = { &p, 1, 1 } };
	struct fake fake = { .records = records,
			     .nrecords = 2,
			     .same = { "CVE-2021-10", "CVE-2021-9", "GHSA-xxxx" },
			     .kev = "CVE-2021-10" };
	struct lookup data = fake_lookup(&fake);

	records[0].ranges = below3;
	records[1].ranges = below2;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1);
	struct finding *f = &out.findings.v[0];

	CHECK_STR(f->id, STR("CVE-2021-9"));
	CHECK(f->aliases.n == 2);
	CHECK_STR(f->aliases.v[0], STR("CVE-2021-10"));
	CHECK(f->fixed.n == 2);
	CHECK_STR(f->fixed.v[0], STR("2.0.0"));
	CHECK_STR(f->fixed.v[1], STR("3.0.0"));
	CHECK(f->risk.kev);
	CHECK(f->status == STATUS_FIXED);
}

TEST(an_erratum_is_a_finding_for_each_vulnerability_it_repairs)
{
	SETUP;
	str up[] = { STR("CVE-2023-2"), STR("CVE-2023-1") };
	struct affected r = record("DSA-1-1", "osv/Debian", "Debian:12", "x");
	struct advisory ad = { .id = STR("DSA-1-1"),
			       .feed = STR("osv/Debian"),
			       .upstream = { up, 2, 2 } };
	struct package p = package("deb", "x", "1.0-1");
	struct inventory inv = { .os = debian, .packages = { &p, 1, 1 } };
	struct fake fake = { .records = &r, .nrecords = 1, .advisories = &ad, .nadvisories = 1 };
	struct lookup data = fake_lookup(&fake);

	r.ranges = (struct range_list)BELOW("2.0-1");
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 2);
	CHECK_STR(out.findings.v[0].id, STR("CVE-2023-1"));
	CHECK_STR(out.findings.v[1].id, STR("CVE-2023-2"));
	CHECK_STR(out.findings.v[0].aliases.v[0], STR("DSA-1-1"));
}

TEST(the_debian_tracker_outweighs_its_errata)
{
	SETUP;
	str up[] = { STR("CVE-2023-1"), STR("CVE-2023-2") };
	struct affected records[] = { record("CVE-2023-1", "debian", "Debian:12", "x"),
				      record("DSA-1-1", "osv/Debian", "Debian:12", "x") };
	struct advisory ad = { .id = STR("DSA-1-1"),
			       .feed = STR("osv/Debian"),
			       .upstream = { up, 2, 2 } };
	struct package p = package("deb", "x", "1.0-1");
	struct inventory inv = { .os = debian, .packages = { &p, 1, 1 } };
	struct fake fake = {
		.records = records, .nrecords = 2, .advisories = &ad, .nadvisories = 1
	};
	struct lookup data = fake_lookup(&fake);

	records[0].status = STATUS_NOT_AFFECTED;
	records[1].ranges = (struct range_list)BELOW("2.0-1");
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1);
	CHECK_STR(out.findings.v[0].id, STR("CVE-2023-2"));
}

TEST(withdrawn_advisories_find_nothing)
{
	SETUP;
	struct affected r = record("GHSA-1", "osv/npm", "npm", "x");
	struct advisory ad = { .id = STR("GHSA-1"),
			       .feed = STR("osv/npm"),
			       .withdrawn = STR("2024-01-01T00:00:00Z") };
	struct package p = package("npm", "x", "1.0.0");
	struct inventory inv = { .packages = { &p, 1, 1 } };
	struct fake fake = { .records = &r, .nrecords = 1, .advisories = &ad, .nadvisories = 1 };
	struct lookup data = fake_lookup(&fake);

	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 0);
	CHECK(out.assessed == 1);
}

TEST(malicious_packages_are_critical_malware)
{
	SETUP;
	struct affected r = record("MAL-2024-1", "osv/npm", "npm", "x");
	struct advisory ad = { .id = STR("MAL-2024-1"), .feed = STR("osv/npm"), .malicious = true };
	struct package p = package("npm", "x", "1.0.0");
	struct inventory inv = { .packages = { &p, 1, 1 } };
	struct fake fake = { .records = &r, .nrecords = 1, .advisories = &ad, .nadvisories = 1 };
	struct lookup data = fake_lookup(&fake);

	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1);
	CHECK(out.findings.v[0].kind == FINDING_MALWARE);
	CHECK(out.findings.v[0].severity == SEVERITY_CRITICAL);
}

TEST(what_the_system_owns_is_not_matched_twice)
{
	SETUP;
	struct affected records[] = { record("CVE-2023-1", "osv/PyPI", "PyPI", "jinja2"),
				      record("CVE-2023-2", "debian", "Debian:12", "jinja2") };
	struct package p[] = { package("deb", "jinja2", "1.0-1"),
			       package("pypi", "jinja2", "1.0") };
	struct inventory inv = { .os = debian, .packages = { p, 2, 2 } };
	struct fake fake = { .records = records, .nrecords = 2 };
	struct lookup data = fake_lookup(&fake);

	p[1].owned_by = 0;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1 && out.findings.v[0].package == 0);
	/* a third party's package is in no feed, so what it brought must be looked at */
	p[0].flags = PACKAGE_THIRD_PARTY;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1 && out.findings.v[0].package == 1);
	CHECK(reason_of(&out, REASON_THIRD_PARTY)->count == 1);
	/* and so must it where the system itself has no feed */
	p[0].flags = 0;
	fake.nrecords = 1;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 1 && out.findings.v[0].package == 1);
	CHECK(reason_of(&out, REASON_FEED_MISSING)->count == 1);
}

TEST(without_data_every_package_is_counted_as_unmatched)
{
	SETUP;
	struct package p[] = { package("deb", "a", "1"), package("deb", "b", "1"),
			       package("npm", "c", "1.0.0") };
	struct inventory inv = { .os = debian, .packages = { p, 3, 3 } };

	CHECK(MATCH(.data = NULL) == 0);
	CHECK(out.assessed == 0);
	CHECK(out.reasons.n == 2);
	CHECK(out.reasons.v[0].code == REASON_FEED_MISSING && out.reasons.v[0].count == 2);
	CHECK_STR(out.reasons.v[0].where, STR("Debian:12"));
	CHECK(out.reasons.v[1].count == 1);
	CHECK(coverage_of(&out.reasons, out.assessed) == COVERAGE_NONE);
}

TEST(an_unknown_system_is_said_once_and_does_not_hide_the_rest)
{
	SETUP;
	struct affected r = record("CVE-2023-1", "osv/npm", "npm", "c");
	struct package p[] = { package("deb", "a", "1"), package("deb", "b", "1"),
			       package("npm", "c", "1.0.0") };
	struct inventory inv = { .os = { .id = STR("tinfoil"), .path = STR("etc/os-release") },
				 .packages = { p, 3, 3 } };
	struct fake fake = { .records = &r, .nrecords = 1 };
	struct lookup data = fake_lookup(&fake);

	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.reasons.n == 1);
	CHECK(out.reasons.v[0].code == REASON_OS_UNKNOWN && out.reasons.v[0].count == 2);
	CHECK(out.findings.n == 1);
	CHECK(coverage_of(&out.reasons, out.assessed) == COVERAGE_PARTIAL);
	inv.packages.n = 2;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(coverage_of(&out.reasons, out.assessed) == COVERAGE_NONE);
}

TEST(nothing_at_all_is_no_gap_but_a_system_without_a_database_is)
{
	SETUP;
	struct inventory inv = { 0 };
	struct fake fake = { 0 };
	struct lookup data = fake_lookup(&fake);

	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.reasons.n == 0);
	CHECK(coverage_of(&out.reasons, out.assessed) == COVERAGE_FULL);
	inv.os = debian;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(reason_of(&out, REASON_UNREADABLE));
	inv.os = (struct os){ .id = STR("tinfoil") };
	CHECK(MATCH(.data = &data) == 0);
	CHECK(reason_of(&out, REASON_OS_UNKNOWN));
}

TEST(module_streams_and_architectures_must_fit)
{
	SETUP;
	struct affected r = record("CVE-2023-1", "osv/AlmaLinux", "AlmaLinux:9", "nodejs");
	struct package p = package("rpm", "nodejs", "1:18.0.0-1");
	struct inventory inv = { .os = { .id = STR("almalinux"), .version_id = STR("9.4") },
				 .packages = { &p, 1, 1 } };
	struct fake fake = { .records = &r, .nrecords = 1 };
	struct lookup data = fake_lookup(&fake);
	static const struct {
		str of_record, of_package, arch_record, arch_package;
		size_t hits;
	} cases[] = {
		{ STR_INIT("nodejs:18"), STR_INIT("nodejs:18:80:abc"), .hits = 1 },
		{ STR_INIT("nodejs:1"), STR_INIT("nodejs:18:80:abc"), .hits = 0 },
		{ STR_INIT("nodejs:18"), STR_INIT(""), .hits = 0 },
		{ STR_INIT(""), STR_INIT("nodejs:18:80:abc"), .hits = 1 },
		{ .arch_record = STR_INIT("x86_64"),
		  .arch_package = STR_INIT("x86_64"),
		  .hits = 1 },
		{ .arch_record = STR_INIT("s390x"), .arch_package = STR_INIT("x86_64"), .hits = 0 },
		{ .arch_record = STR_INIT("s390x"), .arch_package = STR_INIT("noarch"), .hits = 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		r.module = cases[i].of_record;
		p.module = cases[i].of_package;
		r.arch = cases[i].arch_record;
		p.arch = cases[i].arch_package;
		CHECK(MATCH(.data = &data) == 0);
		CHECK(out.findings.n == cases[i].hits);
	}
}

TEST(the_layer_and_its_instruction_are_named)
{
	SETUP;
	struct affected r = record("CVE-2023-1", "osv/npm", "npm", "c");
	struct package p = package("npm", "c", "1.0.0");
	struct inventory inv = { .packages = { &p, 1, 1 } };
	struct layer layers[] = { { .created_by = STR("ADD base") },
				  { .created_by = STR("RUN npm install") } };
	struct image image = { .layers = { layers, 2, 2 } };
	struct fake fake = { .records = &r, .nrecords = 1 };
	struct lookup data = fake_lookup(&fake);

	p.layer = 1;
	CHECK(MATCH(.data = &data, .image = &image) == 0);
	CHECK(out.findings.v[0].layer == 1);
	CHECK_STR(out.findings.v[0].instruction, STR("RUN npm install"));
}

TEST(siblings_of_a_source_share_what_is_found_and_keep_their_own)
{
	SETUP;
	struct affected records[] = { record("CVE-2023-1", "debian", "Debian:12", "x"),
				      record("CVE-2023-2", "debian", "Debian:12", "x-doc") };
	struct package p[] = { package("deb", "x", "1.0-1"), package("deb", "x-bin", "1.0-1"),
			       package("deb", "x-doc", "1.0-1"), package("deb", "x-old", "0.9-1") };
	struct inventory inv = { .os = debian, .packages = { p, 4, 4 } };
	struct fake fake = { .records = records, .nrecords = 2 };
	struct lookup data = fake_lookup(&fake);

	for (size_t i = 1; i < 4; i++)
		p[i].source_name = STR("x");
	p[1].layer = 3;
	p[3].source_version = STR("3.0-1");
	records[0].ranges = (struct range_list)BELOW("2.0-1");
	records[1].by_source = false;
	CHECK(MATCH(.data = &data) == 0);
	CHECK(out.findings.n == 4);
	CHECK(out.findings.v[1].package == 1 && out.findings.v[1].layer == 3);
	CHECK_STR(out.findings.v[1].id, STR("CVE-2023-1"));
	CHECK(out.findings.v[3].package == 2);
	CHECK_STR(out.findings.v[3].id, STR("CVE-2023-2"));
}

TEST(names_are_ordered_by_year_and_number)
{
	CHECK(name_cmp(STR("CVE-2021-9"), STR("CVE-2021-10")) < 0);
	CHECK(name_cmp(STR("CVE-2020-99999"), STR("CVE-2021-1")) < 0);
	CHECK(name_cmp(STR("CVE-2021-1"), STR("GHSA-1")) < 0);
	CHECK(name_cmp(STR("GHSA-1"), STR("DSA-1")) < 0);
	CHECK(name_cmp(STR("CVE-2021-1"), STR("CVE-bad-1")) < 0);
	CHECK(name_cmp(STR("CVE-2021-1"), STR("CVE-2021-1")) == 0);
}

TEST(every_allocation_may_fail)
{
	struct affected r = record("CVE-2023-1", "osv/npm", "npm", "c");
	struct package p = package("npm", "c", "1.0.0");
	struct inventory inv = { .packages = { &p, 1, 1 } };
	struct fake fake = { .records = &r, .nrecords = 1 };
	struct lookup data = fake_lookup(&fake);

	for (uint64_t at = 1; at < 200; at++) {
		SETUP;
		a.fail_at = at;
		int code = MATCH(.data = &data);

		CHECK(code == 0 || e.kind == ERR_NOMEM);
		if (code == 0) {
			CHECK(out.findings.n == 1 || a.count < at);
			return;
		}
	}
	CHECK(!"it never succeeded");
}

TEST_MAIN
