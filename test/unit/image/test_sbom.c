#include "image/sbom.h"

#include "base/limits.h"
#include "model/purl.h"
#include "tap.h"

#include <fcntl.h>

#define SETUP                             \
	CLEANUP(arena_free)               \
	struct arena a = ARENA(64 << 20); \
	struct err e = { 0 };             \
	struct sbom s

/* The seeds of fuzz_sbom: as trivy and syft write. */
static str document(const char *name, struct arena *a)
{
	char path[4096], *bytes = arena_alloc(a, 1 << 16);

	snprintf(path, sizeof(path), "%s/fuzz/corpus/sbom/%s", getenv("PLIMSOLL_SOURCE"), name);
	FILE *f = fopen(path, "r");

	if (!f || !bytes)
		abort();
	size_t n = fread(bytes, 1, 1 << 16, f);

	fclose(f);
	return (str){ bytes, n };
}

static size_t reasons_of(const struct sbom *s, enum reason_code code)
{
	size_t n = 0;

	vec_each (r, &s->inventory.reasons)
		n += r->code == code ? r->count : 0;
	return n;
}

TEST(trivys_components_become_packages_and_the_rest_is_counted)
{
	SETUP;

	CHECK(sbom_read(&s, document("trivy.json", &a), &a, &e) == 0);
	CHECK_STR(s.inventory.os.id, STR("rhel"));
	CHECK_STR(s.inventory.os.version_id, STR("8.6"));
	CHECK(s.inventory.packages.n == 2);
	const struct package *y = &s.inventory.packages.v[0], *git = &s.inventory.packages.v[1];

	CHECK_STR(y->name, STR("org.x:y"));
	CHECK(y->paths.n == 1);
	CHECK_STR(y->paths.v[0], STR("a/y.jar"));
	CHECK_STR(git->version, STR("1:2.31.1-2.el8"));
	CHECK_STR(git->source_name, STR("gitsrc"));
	CHECK_STR(git->source_version, STR("1:2.31.1-2.el8"));
	CHECK_STR(git->arch, STR("x86_64"));
	CHECK(git->layer == 0 && s.described.image.layers.n == 1);
	CHECK_STR(s.described.image.name, STR("app:1"));
	CHECK(reasons_of(&s, REASON_UNSUPPORTED) == 1);
	CHECK(reasons_of(&s, REASON_UNREADABLE) == 1);
	CHECK(reasons_of(&s, REASON_UNOWNED_PROGRAM) == 1);
}

TEST(syfts_packages_keep_their_names_and_tell_the_system)
{
	SETUP;

	CHECK(sbom_read(&s, document("syft.spdx.json", &a), &a, &e) == 0);
	CHECK_STR(s.inventory.os.id, STR("debian"));
	CHECK_STR(s.inventory.os.version_id, STR("11"));
	CHECK(s.inventory.packages.n == 3);
	CHECK_STR(s.inventory.packages.v[0].name, STR("libc6"));
	CHECK_STR(s.inventory.packages.v[0].source_name, STR("glibc"));
	CHECK_STR(s.inventory.packages.v[0].vendor, STR("D <d@x>"));
	CHECK_STR(s.inventory.packages.v[1].name, STR("@a/b"));
	CHECK_STR(s.inventory.packages.v[2].name, STR("Django_Allauth"));
	CHECK(reasons_of(&s, REASON_VERSION_UNREADABLE) == 1);
}

TEST(an_answer_comes_back_as_it_was_sent_and_a_cut_one_is_refused)
{
	SETUP;
	CLEANUP(buf_free)
	struct buf wire = { 0 };
	struct sbom back;

	CHECK(sbom_read(&s, document("trivy.json", &a), &a, &e) == 0);
	CHECK(sbom_write(&wire, &s, &e) == 0);
	CHECK(sbom_wire_read(&back, buf_str(&wire), &a, &e) == 0);
	CHECK(back.inventory.packages.n == 2 && back.inventory.reasons.n == s.inventory.reasons.n);
	CHECK(back.inventory.packages.v[1].layer == 0);
	for (size_t n = 0; n < wire.n; n++)
		CHECK(sbom_wire_read(&back, str_first(buf_str(&wire), n), &a, &e) == -1);
}

TEST(every_allocation_may_fail)
{
	CLEANUP(arena_free)
	struct arena held = ARENA(1 << 20);
	str text = document("trivy.json", &held);
	uint64_t at = 1;

	for (int r = -1; r < 0; at++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(64 << 20);
		struct err e;
		struct sbom s;

		a.fail_at = at;
		r = sbom_read(&s, text, &a, &e);
		CHECK(r == 0 || e.kind == ERR_NOMEM);
	}
	CHECK(at > 10);
}

TEST(documents_of_other_kinds_and_versions_are_refused)
{
	static const char *const texts[] = {
		"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"/>",
		"SPDXVersion: SPDX-2.3\n",
		"{}",
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"9.0\"}",
		"{\"spdxVersion\":\"SPDX-3.0\"}",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		SETUP;

		CHECK(sbom_read(&s, str_of(texts[i]), &a, &e) == -1);
		CHECK(e.kind == ERR_UNSUPPORTED);
	}
}

TEST(components_nest_no_deeper_than_their_limit)
{
	for (unsigned depth = LIMIT_SBOM_NESTING; depth <= LIMIT_SBOM_NESTING + 1; depth++) {
		SETUP;
		CLEANUP(buf_free)
		struct buf b = { 0 };

		buf_putz(&b, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\"");
		for (unsigned i = 0; i < depth; i++)
			buf_putz(&b, ",\"components\":[{\"name\":\"x\"");
		for (unsigned i = 0; i < depth; i++)
			buf_putz(&b, "}]");
		buf_putz(&b, "}");
		CHECK(sbom_read(&s, buf_str(&b), &a, &e) == (depth == LIMIT_SBOM_NESTING ? 0 : -1));
		CHECK(depth == LIMIT_SBOM_NESTING || e.kind == ERR_LIMIT);
	}
}

static const struct {
	const char *purl, *type, *name, *version, *source, *source_version, *extra;
} purls[] = {
	/* clang-format off */
	{ "pkg:deb/debian/git@1:2.39?arch=amd64&upstream=gitsrc%401:2.38", "deb", "git", "1:2.39", "gitsrc", "1:2.38", "" },
	{ "pkg:deb/debian/git@2.39?epoch=1", "deb", "git", "1:2.39", "", "", "" },
	{ "pkg:rpm/fedora/a@1-2?epoch=0&upstream=b-c-1-2.src.rpm", "rpm", "a", "1-2", "b-c", "", "" },
	{ "pkg:alpine/musl@1.2", "apk", "musl", "1.2", "", "", "" },
	{ "pkg:golang/github.com/a/b@v1#sub/c", "golang", "github.com/a/b", "v1", "", "", "" },
	{ "pkg:npm/%40a/b@1?vcs_url=x%20y", "npm", "@a/b", "1", "", "", "vcs_url=x%20y" },
	{ "pkg:npm/@a/b", "npm", "@a/b", "", "", "", "" },
	{ "pkg://Maven/g.h/a@1", "maven", "g.h:a", "1", "", "", "" },
	/* clang-format on */
};

TEST(purls_of_all_makers_are_read)
{
	for (size_t i = 0; i < COUNT(purls); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(64 << 10);
		struct package p;
		struct err e;
		str distro, space;

		CHECK(purl_read(&p, &distro, &space, str_of(purls[i].purl), &a, &e) == 0);
		CHECK_STR(p.type, str_of(purls[i].type));
		CHECK_STR(p.name, str_of(purls[i].name));
		CHECK_STR(p.version, str_of(purls[i].version));
		CHECK_STR(p.source_name, str_of(purls[i].source));
		CHECK_STR(p.source_version, str_of(purls[i].source_version));
		CHECK_STR(p.purl_extra, str_of(purls[i].extra));
	}
}

TEST(what_is_no_purl_is_refused)
{
	static const char *const none[] = { "",	      "npm/a@1",     "pkg:npm",	      "pkg:npm/",
					    "pkg:/a", "pkg:npm/a%2", "pkg:npm/a%zz@1" };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct package p;
	struct err e;
	str distro, space;
	char longest[LIMIT_PURL_BYTES + 1];

	for (size_t i = 0; i < COUNT(none); i++)
		CHECK(purl_read(&p, &distro, &space, str_of(none[i]), &a, &e) == -1);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "pkg:npm/", 8);
	CHECK(purl_read(&p, &distro, &space, (str){ longest, LIMIT_PURL_BYTES }, &a, &e) == 0);
	CHECK(purl_read(&p, &distro, &space, (str){ longest, LIMIT_PURL_BYTES + 1 }, &a, &e) == -1);
	CHECK(e.kind == ERR_LIMIT);
}

TEST_MAIN
