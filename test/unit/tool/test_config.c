#include "tool/config.h"

#include <unistd.h>

#include "base/limits.h"
#include "tap.h"

TEST(keys_have_scalars_or_lists)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct config c;
	struct err e;

	CHECK(config_parse(&c, STR("a: b\n# note\nlist: [x, 'y z']\nn: 7\n"), &a, &e) == 0);
	CHECK(c.n == 3);
	CHECK_STR(c.v[0].key, STR("a"));
	CHECK_STR(c.v[0].values.v[0], STR("b"));
	CHECK(c.v[1].line == 3);
	CHECK(c.v[1].values.n == 2);
	CHECK_STR(c.v[1].values.v[1], STR("y z"));
	CHECK_STR(c.v[2].values.v[0], STR("7"));
}

TEST(nothing_is_a_fine_configuration)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct config c;
	struct err e;

	CHECK(config_parse(&c, STR(""), &a, &e) == 0 && c.n == 0);
	CHECK(config_parse(&c, STR("# only words\n"), &a, &e) == 0 && c.n == 0);
	CHECK(config_parse(&c, STR("---\n"), &a, &e) == 0 && c.n == 0);
	CHECK(config_parse(&c, STR("{}\n"), &a, &e) == 0 && c.n == 0);
}

TEST(what_is_not_a_flat_mapping_is_refused_with_its_line)
{
	static const struct {
		str text, says;
	} cases[] = {
		{ STR_INIT("a: 1\na: 2\n"), STR_INIT("line 2: \"a\" stands there twice") },
		{ STR_INIT("- a\n"), STR_INIT("line 1:") },
		{ STR_INIT("word\n"), STR_INIT("line 1:") },
		{ STR_INIT("a: 1\nb:\n  c: d\n"), STR_INIT("line 3:") },
		{ STR_INIT("a: [[x]]\n"), STR_INIT("line 1:") },
		{ STR_INIT("a: [{x: y}]\n"), STR_INIT("line 1:") },
		{ STR_INIT("a: &n 1\nb: *n\n"), STR_INIT("anchors") },
		{ STR_INIT("a: &n [1]\n"), STR_INIT("anchors") },
		{ STR_INIT("&n {a: 1}\n"), STR_INIT("anchors") },
		{ STR_INIT("a: *n\n"), STR_INIT("aliases") },
		{ STR_INIT("a: 1\n--- \nb: 2\n"), STR_INIT("a second document") },
		{ STR_INIT("a: 'x\n"), STR_INIT("line") },
		{ STR_INIT("a: \"x\\0y\"\n"), STR_INIT("NUL") },
		{ STR_INIT("? [a, b]\n: c\n"), STR_INIT("line 1:") },
		{ STR_INIT("'': c\n"), STR_INIT("a key is missing") },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct config c;
		struct err e = { 0 };

		CHECK(config_parse(&c, cases[i].text, &a, &e) == -1);
		CHECK(e.kind == ERR_USAGE);
		CHECK(str_has(str_of(e.text), cases[i].says));
	}
}

TEST(every_allocation_may_fail)
{
	for (uint64_t at = 1; at < 100; at++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct config c;
		struct err e;

		a.fail_at = at;
		int r = config_parse(&c, STR("a: b\nlist: [x, y, z]\n"), &a, &e);

		CHECK(r == 0 || e.kind == ERR_NOMEM);
		if (r == 0)
			return;
	}
	CHECK(!"it never succeeded");
}

TEST(a_file_over_the_limit_is_refused_and_a_missing_one_is_none)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(4 * MIB);
	char path[] = "/tmp/plimsoll-test-XXXXXX";
	int fd = mkstemp(path);
	struct err e;
	str text;

	CHECK(fd >= 0 && ftruncate(fd, LIMIT_SMALL_FILE_BYTES) == 0);
	CHECK(config_load(&text, path, &a, &e) == 1);
	CHECK(text.n == LIMIT_SMALL_FILE_BYTES);
	CHECK(ftruncate(fd, LIMIT_SMALL_FILE_BYTES + 1) == 0);
	CHECK(config_load(&text, path, &a, &e) == -1);
	CHECK(e.kind == ERR_LIMIT);
	close(fd);
	unlink(path);
	CHECK(config_load(&text, path, &a, &e) == 0);
	CHECK(config_load(&text, "/", &a, &e) == -1);
}

TEST_MAIN
