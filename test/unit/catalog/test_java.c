#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "catalog/java_id.h"
#include "reading.h"
#include "zip_make.h"

extern const struct cataloger cataloger_java;

#define PROPERTIES(g, a, v) "#Generated\r\ngroupId=" g "\r\nartifactId=" a "\r\nversion = " v "\r\n"
#define SPRING                                                                                  \
	"Manifest-Version: 1.0\r\nImplementation-Title: spring-core\r\nImplementation-Vers\r\n" \
	" ion: 5.3.9\r\nAutomatic-Module-Name: spring.core\r\n\r\nName: x\r\nBundle-Version: 9\r\n"

static void read_bytes_as(struct reading *r, const char *path, str bytes, uint64_t fail_at)
{
	*r = (struct reading){ .arena = ARENA(8 << 20) };
	r->arena.fail_at = fail_at;
	reading_run(r, &cataloger_java, str_of(path), blob_of(bytes), STR_NONE);
}

static bool has(const struct reading *r, size_t i, const char *name, const char *version,
		const char *place)
{
	const struct package *p = &r->evidence.packages.v[i];

	if (i >= r->evidence.packages.n)
		return false;
	if (str_eq(p->name, str_of(name)) && str_eq(p->version, str_of(version)) &&
	    str_eq(p->main_path, str_of(place)))
		return true;
	printf("# " STR_FMT " " STR_FMT " " STR_FMT "\n", STR_ARG(p->name), STR_ARG(p->version),
	       STR_ARG(p->main_path));
	return false;
}

TEST(a_shaded_jar_lists_every_artifact_it_holds)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(reading_free)
	struct reading r;

	zip_add(&m, "META-INF/MANIFEST.MF", STR(SPRING), true);
	zip_add(&m, "META-INF/maven/a/b/pom.properties", STR(PROPERTIES("a", "b", "1.0")), true);
	zip_add(&m, "META-INF/maven/a/b/pom.xml", STR("not read"), true);
	zip_add(&m, "META-INF/maven/c/d/pom.properties", STR(PROPERTIES("c", "d", "2.0")), false);
	zip_add(&m, "META-INF/maven/e/f/pom.properties", STR(PROPERTIES("e", "f", "${v}")), false);
	zip_add(&m, "META-INF/maven/g/h/pom.xml",
		STR("<project xmlns='x'><parent><groupId>g</groupId><version>3</version></parent>"
		    "<artifactId> h </artifactId><dependencies><dependency><version>9</version>"
		    "</dependency></dependencies></project>"),
		true);
	read_bytes_as(&r, "opt/b.jar", zip_made(&m, STR("")), 0);
	CHECK(r.rc == 0 && r.evidence.packages.n == 3 && r.reasons.n == 0);
	CHECK(has(&r, 0, "a:b", "1.0", "opt/b.jar"));
	CHECK(has(&r, 1, "c:d", "2.0", "opt/b.jar"));
	CHECK(has(&r, 2, "g:h", "3", "opt/b.jar"));
}

TEST(jars_in_jars_are_read_stored_and_packed)
{
	CLEANUP(zip_make_free)
	struct zip_make inner = { 0 }, middle = { 0 }, outer = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	CLEANUP(buf_free)
	struct buf script = { 0 };

	zip_add(&inner, "META-INF/MANIFEST.MF", STR(SPRING), true);
	str spring = zip_made(&inner, STR(""));

	zip_add(&middle, "lib/spring-core-5.3.9.jar", spring, false);
	zip_add(&middle, "META-INF/MANIFEST.MF", STR("Implementation-Version: 7\n"), false);
	str war = zip_made(&middle, STR(""));

	zip_add(&outer, "first.war", war, false);
	zip_add(&outer, "second.war", war, true);
	buf_putz(&script, "#!/bin/sh\n");
	buf_put(&script, zip_made(&outer, STR("")));
	read_bytes_as(&r, "app.ear", buf_str(&script), 0);
	CHECK(r.rc == 0 && r.evidence.packages.n == 4);
	CHECK(has(&r, 0, "org.springframework:spring-core", "5.3.9",
		  "app.ear!/first.war!/lib/spring-core-5.3.9.jar"));
	CHECK(has(&r, 1, "first", "7", "app.ear!/first.war"));
	CHECK(has(&r, 2, "org.springframework:spring-core", "5.3.9",
		  "app.ear!/second.war!/lib/spring-core-5.3.9.jar"));
	CHECK(r.reasons.n == 1 && r.reasons.v[0].code == REASON_UNOWNED_PROGRAM);
	CHECK_STR(r.reasons.v[0].where, STR("app.ear"));
}

TEST(an_inner_jar_that_cannot_be_read_is_a_reason)
{
	static const struct {
		const char *name;
		uint16_t flags, method;
		enum reason_code code;
	} rows[] = {
		{ "no zip", 0, 0, REASON_UNREADABLE },
		{ "encrypted", 1, 0, REASON_UNSUPPORTED },
		{ "bzip2", 0, 12, REASON_UNSUPPORTED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(zip_make_free)
		struct zip_make m = { .flags = rows[i].flags, .method = rows[i].method };
		CLEANUP(reading_free)
		struct reading r;

		zip_add(&m, "x-1.jar", STR("nothing"), false);
		read_bytes_as(&r, "a-2.war", zip_made(&m, STR("")), 0);
		CHECK(r.rc == 0 && has(&r, 0, "a", "2", "a-2.war"));
		CHECK(r.reasons.n == 1 && r.reasons.v[0].code == rows[i].code);
		CHECK_STR(r.reasons.v[0].where, STR("a-2.war!/x-1.jar"));
	}
}

TEST(archives_nest_no_deeper_than_the_limit)
{
	CLEANUP(buf_free)
	struct buf bytes = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	size_t depth;

	for (size_t i = 0; i <= LIMIT_ARCHIVE_NESTING; i++) {
		CLEANUP(zip_make_free)
		struct zip_make m = { 0 };

		zip_add(&m, "x-1.jar", buf_str(&bytes), i % 2);
		buf_clear(&bytes);
		buf_put(&bytes, zip_made(&m, STR("")));
	}
	read_bytes_as(&r, "x-1.jar", buf_str(&bytes), 0);
	depth = r.evidence.packages.n;
	CHECK(r.rc == 0 && depth == LIMIT_ARCHIVE_NESTING);
	CHECK(r.reasons.n == 1 && r.reasons.v[0].code == REASON_TOO_LARGE);
}

TEST(a_packed_inner_archive_beyond_the_memory_limit_is_a_reason)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(buf_free)
	struct buf big = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	char *room = buf_room(&big, LIMIT_ARCHIVE_MEMORY + 1);

	CHECK(room);
	memset(room, 0, LIMIT_ARCHIVE_MEMORY + 1);
	big.n = LIMIT_ARCHIVE_MEMORY + 1;
	zip_add(&m, "x.jar", buf_str(&big), true);
	read_bytes_as(&r, "a-1.jar", zip_made(&m, STR("")), 0);
	CHECK(r.rc == 0 && r.reasons.n == 1 && r.reasons.v[0].code == REASON_TOO_LARGE);
}

TEST(inner_archives_inflate_no_more_than_the_limit_in_all)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(buf_free)
	struct buf big = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	size_t size = LIMIT_ARCHIVE_MEMORY - MIB, n = LIMIT_ARCHIVE_INFLATED / size + 1;
	char *room = buf_room(&big, size), name[32];

	CHECK(room);
	memset(room, 0, size);
	big.n = size;
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%zu.jar", i);
		zip_add(&m, name, buf_str(&big), true);
	}
	read_bytes_as(&r, "a-1.jar", zip_made(&m, STR("")), 0);
	CHECK(r.rc == 0 && r.reasons.n == n);
	CHECK(r.reasons.v[n - 2].code == REASON_UNREADABLE);
	CHECK(r.reasons.v[n - 1].code == REASON_TOO_LARGE);
}

TEST(inner_archives_with_endless_names_are_a_reason)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	char name[LIMIT_PATH_BYTES + 8];

	memset(name, 'x', sizeof(name));
	memcpy(name + sizeof(name) - 5, ".jar", 5);
	zip_add(&m, name, STR(""), false);
	read_bytes_as(&r, "a-1.jar", zip_made(&m, STR("")), 0);
	CHECK(r.rc == 0 && r.reasons.n == 1 && r.reasons.v[0].code == REASON_TOO_LARGE);
}

TEST(more_poms_than_the_limit_is_a_reason)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(reading_free)
	struct reading r;
	char name[64];

	for (int i = 0; i <= LIMIT_JAR_POMS; i++) {
		snprintf(name, sizeof(name), "META-INF/maven/g/%d/pom.xml", i);
		zip_add(&m, name, STR("<project/>"), false);
	}
	read_bytes_as(&r, "a-1.jar", zip_made(&m, STR("")), 0);
	CHECK(r.rc == 0 && r.reasons.n == 1 && r.reasons.v[0].code == REASON_TOO_LARGE);
}

TEST(what_is_no_archive_is_an_error)
{
	CLEANUP(reading_free)
	struct reading r, empty;

	read_bytes_as(&r, "x-1.jar", STR("version https://git-lfs"), 0);
	CHECK(r.rc == -1 && r.err.kind == ERR_CORRUPT && r.evidence.packages.n == 0);
	read_bytes_as(&empty, "x-1.jar", STR(""), 0);
	CHECK(empty.rc == 0 && empty.evidence.packages.n == 0);
}

TEST(every_allocation_of_the_java_reader_may_fail)
{
	CLEANUP(zip_make_free)
	struct zip_make inner = { 0 }, outer = { 0 };
	uint64_t n = 1;

	zip_add(&inner, "META-INF/maven/a/b/pom.properties", STR(PROPERTIES("a", "b", "1.0")),
		true);
	zip_add(&inner, "META-INF/maven/a/c/pom.xml", STR("<broken"), true);
	zip_add(&outer, "lib/b-1.jar", zip_made(&inner, STR("")), true);
	zip_add(&outer, "META-INF/MANIFEST.MF", STR("Bundle-License: MIT\n"), true);
	str bytes = zip_made(&outer, STR(""));

	for (bool over = false; !over; n++) {
		CLEANUP(reading_free)
		struct reading r;

		read_bytes_as(&r, "a-1.war", bytes, n);
		over = r.arena.count < n;
		CHECK(over ? r.rc == 0 : r.rc < 0 && r.err.kind == ERR_NOMEM);
	}
	CHECK(n > 5);
}

TEST(file_names_tell_artifact_and_version)
{
	static const char *const rows[][3] = {
		{ "log4j-1.2-api-2.17.1.jar", "log4j-1.2-api", "2.17.1" },
		{ "guava-30.1-jre.jar", "guava", "30.1-jre" },
		{ "a/b/netty-all-4.1.66.Final.jar", "netty-all", "4.1.66.Final" },
		{ "thing-1.0-20210101.123456-1.jar", "thing", "1.0-20210101.123456-1" },
		{ "x-2.0.0-beta-3.jar", "x", "2.0.0-beta-3" },
		{ "x-1.0-SNAPSHOT.war", "x", "1.0-SNAPSHOT" },
		{ "kafka_2.13-3.0.0.jar", "kafka_2.13", "3.0.0" },
		{ "app.jar", "app", "" },
		{ "-1.jar", "-1", "" },
		{ "x-.jar", "x-", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct java_id id;

		java_id_file_name(&id, str_of(rows[i][0]));
		CHECK_STR(id.artifact, str_of(rows[i][1]));
		CHECK_STR(id.version, str_of(rows[i][2]));
	}
}

TEST(manifests_tell_what_file_names_do_not)
{
	static const struct {
		const char *file, *text, *group, *artifact, *version;
	} rows[] = {
		{ "app.jar", SPRING, "org.springframework", "spring-core", "5.3.9" },
		{ "bcprov-jdk15on-1.68.jar", "Bundle-Version: 1.68.0\n", "org.bouncycastle",
		  "bcprov-jdk15on", "1.68" },
		{ "lib.jar", "Bundle-SymbolicName: org.x.lib;singleton:=true\nBundle-Version: 3\n",
		  "org.x.lib", "lib", "3" },
		{ "my-lib.jar", "Bundle-SymbolicName: org.x.my-lib\rSpecification-Version: 4\r",
		  "org.x", "my-lib", "4" },
		{ "y-1.jar", "Implementation-Vendor-Id: org.y\nImplementation-Version: 1 b2\n",
		  "org.y", "y", "1" },
		{ "git.hpi", "Short-Name: git\nPlugin-Version: 5.0 (private)\nGroup-Id: org.j\n",
		  "org.j", "git", "5.0" },
		{ "z.jar", "Implementation-Version: ${version}\nImplementation-Title: A Title\n",
		  "", "z", "" },
		{ "z.jar", "", "", "z", "" },
		{ "hibernate-core-5.6.15.Final.jar", "", "org.hibernate", "hibernate-core",
		  "5.6.15.Final" },
		{ "hibernate-core-6.2.0.Final.jar", "", "org.hibernate.orm", "hibernate-core",
		  "6.2.0.Final" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 16);
		struct java_id file, id;
		struct err e;

		java_id_file_name(&file, str_of(rows[i].file));
		CHECK(java_id_manifest(&id, str_of(rows[i].text), &file, &a, &e) == 0);
		CHECK_STR(id.group, str_of(rows[i].group));
		CHECK_STR(id.artifact, str_of(rows[i].artifact));
		CHECK_STR(id.version, str_of(rows[i].version));
	}
}

TEST(a_pom_with_a_document_type_or_broken_is_refused)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 16);
	struct java_id id;
	struct err e;

	CHECK(java_id_pom(&id, STR("<!DOCTYPE p [<!ENTITY a 'x'>]><project>&a;</project>"), &a,
			  &e) == -1 &&
	      e.kind == ERR_UNSUPPORTED);
	CHECK(java_id_pom(&id, STR("<project><version>1</project>"), &a, &e) == -1 &&
	      e.kind == ERR_CORRUPT);
	CHECK(java_id_pom(&id,
			  STR("<project><groupId>a&amp;b</groupId><version>${x}</version>"
			      "</project>"),
			  &a, &e) == 0);
	CHECK_STR(id.group, STR("a&b"));
	CHECK(id.version.n == 0);
}

TEST_MAIN
