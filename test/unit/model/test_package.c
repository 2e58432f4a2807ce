#include "tap.h"

#include "model/image.h"

static const struct os debian = { .id = STR_INIT("debian"), .version_id = STR_INIT("12") };
static const struct os rhel = { .id = STR_INIT("rhel"), .version_id = STR_INIT("9.4") };
static const struct os wolfi = { .id = STR_INIT("wolfi") };
static const struct os none;

#define P(type_, name_, version_, ...)                                                           \
	{                                                                                        \
		.type = STR_INIT(type_), .name = STR_INIT(name_), .version = STR_INIT(version_), \
		__VA_ARGS__                                                                      \
	}

static const struct purl_row {
	struct package p;
	const struct os *os;
	const char *purl;
} purls[] = {
	/* clang-format off */
	{ P("deb", "libc6", "2.36-9+deb12u4", .arch = STR_INIT("amd64"), .source_name = STR_INIT("glibc")), &debian,
	  "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc" },
	{ P("deb", "git", "1:2.39.5-0+deb12u1", .source_version = STR_INIT("1:2.39.5")), &debian,
	  "pkg:deb/debian/git@1:2.39.5-0%2Bdeb12u1?distro=debian-12&upstream=git%401:2.39.5" },
	{ P("rpm", "dbus-libs", "1:1.12.20-8.el9", .arch = STR_INIT("x86_64"), .source_name = STR_INIT("dbus"),
	    .source_version = STR_INIT("1:1.12.20-8.el9"), .purl_extra = STR_INIT("modularity=a%3Ab")), &rhel,
	  "pkg:rpm/redhat/dbus-libs@1.12.20-8.el9?arch=x86_64&distro=rhel-9.4&epoch=1&modularity=a%3Ab&"
	  "upstream=dbus-1.12.20-8.el9.src.rpm" },
	{ P("apk", "musl", "1.2.4_git20230717-r4", .arch = STR_INIT("x86_64")), &wolfi,
	  "pkg:apk/wolfi/musl@1.2.4_git20230717-r4?arch=x86_64&distro=wolfi" },
	{ P("deb", "x", "1~rc1"), &none, "pkg:deb/x@1~rc1" },
	{ P("npm", "@angular/animation", "12.3.1"), &debian, "pkg:npm/%40angular/animation@12.3.1" },
	{ P("npm", "foobar", "12.3.1"), &none, "pkg:npm/foobar@12.3.1" },
	{ P("pypi", "Django_Allauth", "12.23"), &none, "pkg:pypi/django-allauth@12.23" },
	{ P("golang", "github.com/Gorilla/context", "v1.1.2"), &none, "pkg:golang/github.com/gorilla/context@v1.1.2" },
	{ P("golang", "stdlib", "1.21.3"), &none, "pkg:golang/stdlib@1.21.3" },
	{ P("maven", "org.apache.commons:io", "1.3.4", .purl_extra = STR_INIT("type=zip&classifier=dist")), &none,
	  "pkg:maven/org.apache.commons/io@1.3.4?classifier=dist&type=zip" },
	{ P("maven", "unknown", ""), &none, "pkg:maven/unknown" },
	{ P("gem", "jruby-launcher", "1.1.2", .purl_extra = STR_INIT("platform=java")), &none,
	  "pkg:gem/jruby-launcher@1.1.2?platform=java" },
	{ P("composer", "Guzzlehttp/Promises", "2.0.2"), &none, "pkg:composer/guzzlehttp/promises@2.0.2" },
	{ P("cargo", "rand", "0.7.2"), &none, "pkg:cargo/rand@0.7.2" },
	{ P("nuget", "EnterpriseLibrary.Common", "6.0.1304"), &none, "pkg:nuget/EnterpriseLibrary.Common@6.0.1304" },
	{ P("generic", "a b/c", "1 0?#"), &none, "pkg:generic/a%20b%2Fc@1%200%3F%23" },
	/* clang-format on */
};

TEST(purls_are_written_as_their_types_want)
{
	for (size_t i = 0; i < COUNT(purls); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(64 << 10);
		struct err e;
		str purl;

		CHECK(package_purl(&purl, &purls[i].p, purls[i].os, &a, &e) == 0);
		CHECK_STR(purl, str_of(purls[i].purl));
	}
}

TEST(a_purl_without_memory_is_an_error)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	struct err e;
	str purl;

	a.fail_at = 1;
	CHECK(package_purl(&purl, &purls[0].p, &debian, &a, &e) == -1 && e.kind == ERR_NOMEM);
}

TEST(packages_are_ordered_by_type_name_version_arch_and_path)
{
	str path_a[] = { STR("a") }, path_b[] = { STR("b") };
	struct package order[] = {
		P("apk", "z", "9"),
		P("deb", "a", "1", .arch = STR_INIT("amd64")),
		P("deb", "a", "1", .arch = STR_INIT("i386")),
		P("deb", "a", "2"),
		P("deb", "b", "1"),
		P("deb", "b", "1", .paths = { path_a, 1, 1 }),
		P("deb", "b", "1", .paths = { path_b, 1, 1 }),
	};

	for (size_t i = 0; i < COUNT(order); i++)
		for (size_t k = 0; k < COUNT(order); k++) {
			int r = package_cmp(&order[i], &order[k]);

			CHECK((r < 0) == (i < k) && (r > 0) == (i > k));
		}
}

static const struct fit_row {
	const char *have, *want;
	bool fits;
} fits[] = {
	{ "linux/amd64", "linux/amd64", true },	       { "linux/amd64", "linux/arm64", false },
	{ "linux/x86_64", "linux/amd64", true },       { "linux/aarch64", "linux/arm64", true },
	{ "linux/arm64", "linux/arm64/v8", true },     { "linux/arm64/v8", "linux/arm64", true },
	{ "linux/arm64/v9", "linux/arm64/v8", false }, { "linux/arm/v6", "linux/arm", true },
	{ "linux/arm/v6", "linux/arm/v7", false },     { "windows/amd64", "linux/amd64", false },
	{ "linux/armv7l", "linux/arm/v7", true },      { "linux/amd64/v3", "linux/amd64", true },
	{ "linux/amd64", "linux/amd64/v2", false },    { "unknown/unknown", "linux/amd64", false },
};

TEST(platforms_fit_by_their_meaning_not_their_spelling)
{
	for (size_t i = 0; i < COUNT(fits); i++) {
		struct platform have, want;
		struct err e;

		CHECK(platform_parse(&have, str_of(fits[i].have), &e) == 0);
		CHECK(platform_parse(&want, str_of(fits[i].want), &e) == 0);
		CHECK(platform_fits(&have, &want) == fits[i].fits);
	}
}

TEST(what_is_no_platform_is_refused)
{
	static const char *const bad[] = { "",	      "linux",	    "linux/",	   "/amd64",
					   "linux//", "linux/arm/", "linux/a/b/c", "li nux/amd64" };
	struct platform p;
	struct err e;

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(platform_parse(&p, str_of(bad[i]), &e) == -1 && e.kind == ERR_USAGE);
	struct platform here = platform_here();

	CHECK_STR(here.os, STR("linux"));
	CHECK(here.arch.n > 0);
}

TEST_MAIN
