#include "tap.h"

#include "reading.h"
#include "zip_make.h"

extern const struct cataloger cataloger_python_egg;

static void read_egg(struct reading *r, struct zip_make *m, uint64_t fail_at)
{
	*r = (struct reading){ .arena = ARENA(1 << 20) };
	r->arena.fail_at = fail_at;
	reading_run(r, &cataloger_python_egg, STR("site-packages/six-1.2-py3.egg"),
		    blob_of(zip_made(m, STR(""))), STR_NONE);
}

TEST(a_zipped_egg_is_read)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(reading_free)
	struct reading r;

	zip_add(&m, "six.py", STR("pass"), true);
	zip_add(&m, "EGG-INFO/PKG-INFO", STR("Name: six\nVersion: 1.2\nLicense: MIT\n"), true);
	read_egg(&r, &m, 0);
	CHECK(r.rc == 0 && r.evidence.packages.n == 1);
	CHECK_STR(r.evidence.packages.v[0].name, STR("six"));
	CHECK_STR(r.evidence.packages.v[0].version, STR("1.2"));
	CHECK(reading_row(STR("python-egg"), STR("site-packages/six-1.2-py3.egg"),
			  buf_str(&m.bytes)) == &cataloger_python_egg);
}

TEST(an_egg_without_metadata_is_an_error)
{
	CLEANUP(zip_make_free)
	struct zip_make m = { 0 };
	CLEANUP(reading_free)
	struct reading r;

	zip_add(&m, "six.py", STR("pass"), true);
	read_egg(&r, &m, 0);
	CHECK(r.rc == -1 && r.err.kind == ERR_CORRUPT);
}

TEST(every_allocation_of_the_egg_reader_may_fail)
{
	uint64_t n = 1;

	for (bool over = false; !over; n++) {
		CLEANUP(zip_make_free)
		struct zip_make m = { 0 };
		CLEANUP(reading_free)
		struct reading r;

		zip_add(&m, "EGG-INFO/PKG-INFO", STR("Name: six\nVersion: 1.2\nLicense: MIT\n"),
			true);
		read_egg(&r, &m, n);
		over = r.arena.count < n;
		CHECK(over ? r.rc == 0 : r.rc < 0 && r.err.kind == ERR_NOMEM);
	}
	CHECK(n > 4);
}

TEST_MAIN
