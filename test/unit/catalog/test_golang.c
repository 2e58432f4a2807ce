#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "elf_make.h"
#include "format/elf.h"
#include "reading.h"

extern const struct cataloger cataloger_golang;

#define MARK "0123456789abcdef"
#define LINES                                           \
	"path\texample.org/cmd\n"                       \
	"mod\texample.org\t(devel)\t\n"                 \
	"dep\tgolang.org/x/text\tv0.3.7\th1:x=\n"       \
	"dep\texample.org/fork\tv1.0.0\n"               \
	"=>\texample.org/other\tv1.0.1\th1:y=\n"        \
	"dep\texample.org/local\tv2.0.0+incompatible\n" \
	"=>\t./local\t(devel)\t\n"                      \
	"build\t-compiler=gc\n"

/* Build information as the linker writes it, at the front of `data`, which will be loaded at
 * `address`. */
static void info_put(struct buf *data, const struct elf_make *m, bool in_place, uint64_t address,
		     str version, str modules)
{
	int size = m->wide ? 8 : 4;

	buf_put(data, STR("\xff Go buildinf:"));
	buf_u8(data, (uint8_t)size);
	buf_u8(data, (uint8_t)(in_place ? 2 : m->big));
	if (in_place) {
		while (data->n < 32)
			buf_u8(data, 0);
		buf_u8(data, (uint8_t)version.n);
		buf_put(data, version);
		buf_u8(data, (uint8_t)(modules.n | 0x80));
		buf_u8(data, (uint8_t)(modules.n >> 7));
		buf_put(data, modules);
		return;
	}
	elf_put(m, data, address + 32, size);
	elf_put(m, data, address + 48, size);
	while (data->n < 32)
		buf_u8(data, 0);
	elf_put(m, data, address + 64, size);
	elf_put(m, data, version.n, size);
	while (data->n < 48)
		buf_u8(data, 0);
	elf_put(m, data, address + 64 + version.n, size);
	elf_put(m, data, modules.n, size);
	while (data->n < 64)
		buf_u8(data, 0);
	buf_put(data, version);
	buf_put(data, modules);
}

static void read_made(struct reading *r, struct elf_make *m, bool in_place, const char *version)
{
	CLEANUP(buf_free)
	struct buf data = { 0 }, file = { 0 };
	/* Where the data comes to lie depends on the headers alone. */
	elf_made(m, &file);
	buf_clear(&file);
	info_put(&data, m, in_place, ELF_MADE_BASE + m->data_at, str_of(version),
		 STR(MARK LINES MARK));
	m->data = buf_str(&data);
	str bytes = elf_made(m, &file);

	*r = (struct reading){ .arena = ARENA(1 << 20) };
	reading_run(r, &cataloger_golang, STR("usr/bin/cmd"), blob_of(bytes), STR_NONE);
}

TEST(go_programs_of_every_class_and_age_say_what_they_hold)
{
	static const char *const want[][2] = {
		{ "stdlib", "1.17.13" },
		{ "example.org", "(devel)" },
		{ "golang.org/x/text", "v0.3.7" },
		{ "example.org/other", "v1.0.1" },
		{ "example.org/local", "(devel)" },
	};

	for (int kind = 0; kind < 16; kind++) {
		CLEANUP(reading_free)
		struct reading r;
		struct elf_make m = { .wide = kind & 1,
				      .big = kind & 2,
				      .stripped = kind & 4,
				      .section = ".go.buildinfo" };

		read_made(&r, &m, kind & 8, "go1.17.13");
		CHECK(r.rc == 0 && r.evidence.packages.n == COUNT(want));
		for (size_t i = 0; i < COUNT(want); i++) {
			const struct package *p = &r.evidence.packages.v[i];

			CHECK_STR(p->name, str_of(want[i][0]));
			CHECK_STR(p->version, str_of(want[i][1]));
			CHECK_STR(p->type, STR("golang"));
			CHECK_STR(p->main_path, STR("usr/bin/cmd"));
			CHECK((p->flags & PACKAGE_MAIN_MODULE) ==
			      (i == 1 ? PACKAGE_MAIN_MODULE : 0));
		}
	}
}

TEST(go_versions_are_told_as_advisories_write_them)
{
	static const char *const rows[][2] = {
		{ "go1.22.3", "1.22.3" },
		{ "go1.21rc2", "1.21rc2" },
		{ "go1.20.4 X:nocoverageredesign", "1.20.4" },
		{ "go1.19.8", "1.19.8" },
		{ "go1.21.5 (Red Hat 1.21.5-1.el9)", "1.21.5" },
		{ "devel go1.23-0a1b2c Mon Jan 1", "devel go1.23-0a1b2c Mon Jan 1" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(reading_free)
		struct reading r;
		struct elf_make m = { .wide = true, .section = ".go.buildinfo" };

		read_made(&r, &m, true, rows[i][0]);
		CHECK(r.rc == 0 && r.evidence.packages.n > 0);
		CHECK_STR(r.evidence.packages.v[0].version, str_of(rows[i][1]));
	}
}

TEST(a_program_that_is_not_go_has_no_modules)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(1 << 20) };
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct elf_make m = { .wide = true, .section = ".data", .data = STR("not Go") };

	reading_run(&r, &cataloger_golang, STR("bin/ls"), blob_of(elf_made(&m, &b)), STR_NONE);
	CHECK(r.rc == 0 && r.evidence.packages.n == 0);
}

static int read_raw(struct reading *r, const struct elf_make *like, str data, uint64_t fail_at)
{
	CLEANUP(buf_free)
	struct buf file = { 0 };
	struct elf_make m = *like;

	m.data = data;
	*r = (struct reading){ .arena = ARENA(1 << 20) };
	r->arena.fail_at = fail_at;
	str bytes = elf_made(&m, &file);

	reading_run(r, &cataloger_golang, STR("x"), blob_of(bytes), STR_NONE);
	return r->rc;
}

TEST(broken_build_information_is_an_error)
{
	static const struct elf_make m = { .wide = true, .section = ".go.buildinfo" };
	static const struct {
		str data;
		enum err_kind kind;
	} rows[] = {
		{ STR_INIT("\xff Go buildinf:\x08\x02"), ERR_CORRUPT },
		{ STR_INIT("\xff Go buildinf:\x08\x02................"), ERR_CORRUPT },
		{ STR_INIT("\xff Go buildinf:\x08\x02................\x05go1"), ERR_CORRUPT },
		{ STR_INIT("\xff Go buildinf:\x07\x01................"), ERR_CORRUPT },
		{ STR_INIT("\xff Go buildinf:\x08\x01................"), ERR_CORRUPT },
		{ STR_INIT("\xff Go buildinf:\x08\x02................\xff\xff\xff\x7f."),
		  ERR_LIMIT },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(reading_free)
		struct reading r;

		CHECK(read_raw(&r, &m, rows[i].data, 0) == -1);
		/* Behind the data come the names of sections, so a length may still be found. */
		CHECK(r.err.kind == rows[i].kind && r.evidence.packages.n == 0);
	}
}

TEST(every_allocation_of_the_go_reader_may_fail)
{
	static const struct elf_make m = { .wide = true, .section = ".go.buildinfo" };
	CLEANUP(buf_free)
	struct buf data = { 0 };
	uint64_t n = 1;

	info_put(&data, &m, true, 0, STR("go1.20"), STR(MARK LINES MARK));
	for (bool over = false; !over; n++) {
		CLEANUP(reading_free)
		struct reading r;
		int rc = read_raw(&r, &m, buf_str(&data), n);

		over = r.arena.count < n;
		CHECK(over ? rc == 0 : rc < 0 && r.err.kind == ERR_NOMEM);
	}
	CHECK(n > 5);
}

TEST_MAIN
