/* The rows of test/data/classifiers/NAME.tsv: a path, the bytes there (with \xNN and \\), and the
 * product and version that they must be taken for, or "-" for none. */
#include <dirent.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/limits.h"
#include "catalog/classifier.h"
#include "reading.h"
#include "tap.h"

extern const struct cataloger cataloger_classifier;

static bool seen[1000]; /* rules that a row has met */

static void file_read(struct buf *out, const char *dir, const char *name)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	for (size_t n = 1; f && n > 0;) {
		char *room = buf_room(out, 65536);

		n = room ? fread(room, 1, 65536, f) : 0;
		out->n += n;
	}
	if (f)
		fclose(f);
}

static int nibble(char c)
{
	return ch_digit(c) ? c - '0' : ch_down(c) - 'a' + 10;
}

static void unescape(struct buf *out, str s)
{
	buf_clear(out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\') {
			buf_putc(out, s.p[i]);
		} else if (i + 3 < s.n && s.p[i + 1] == 'x') {
			buf_putc(out, (char)(nibble(s.p[i + 2]) << 4 | nibble(s.p[i + 3])));
			i += 3;
		} else {
			buf_putc(out, s.p[++i]);
		}
	}
}

static void note_rule(str name)
{
	for (size_t i = 0; i < classifiers_n; i++)
		if (str_eq(classifiers[i].name, name))
			seen[i] = true;
}

static bool said(const struct reading *r, str want)
{
	str name, version;

	if (str_eq(want, STR("-")))
		return r->evidence.packages.n == 0;
	str_cut(want, ' ', &name, &version);
	note_rule(name);
	if (r->evidence.packages.n != 1)
		return false;
	const struct package *p = &r->evidence.packages.v[0];

	return str_eq(p->type, STR("generic")) && str_eq(p->name, name) &&
	       str_eq(p->version, version);
}

static bool row_holds(str line)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(1 << 20) };
	CLEANUP(buf_free)
	struct buf bytes = BUF(1 << 20);
	str path, text, want;

	if (!str_next(&line, '\t', &path) || !str_next(&line, '\t', &text) ||
	    !str_next(&line, '\t', &want))
		return false;
	unescape(&bytes, text);
	if (reading_row(STR(CLASSIFIER_READER), path, buf_str(&bytes)) != &cataloger_classifier)
		return str_eq(want, STR("-"));
	reading_run(&r, &cataloger_classifier, path, blob_of(buf_str(&bytes)), STR_NONE);
	if (r.rc == 0 && said(&r, want))
		return true;
	for (size_t i = 0; i < r.evidence.packages.n; i++)
		printf("#   said: " STR_FMT " " STR_FMT "\n",
		       STR_ARG(r.evidence.packages.v[i].name),
		       STR_ARG(r.evidence.packages.v[i].version));
	return false;
}

static size_t rows_run(const char *dir, const char *name, size_t *bad)
{
	CLEANUP(buf_free)
	struct buf text = BUF(16 << 20);
	size_t n = 0;

	file_read(&text, dir, name);
	str rest = buf_str(&text);

	for (str line; str_next(&rest, '\n', &line);) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		n++;
		if (row_holds(line))
			continue;
		printf("#   %s: " STR_FMT "\n", name, STR_ARG(line));
		(*bad)++;
	}
	return n;
}

TEST(every_row_is_taken_for_what_it_is)
{
	char dir[512];
	size_t n = 0, bad = 0;

	snprintf(dir, sizeof(dir), "%s/classifiers", getenv("PLIMSOLL_TEST_DATA"));
	DIR *d = opendir(dir);

	for (struct dirent *ent; d && (ent = readdir(d));)
		if (ent->d_name[0] != '.')
			n += rows_run(dir, ent->d_name, &bad);
	if (d)
		closedir(d);
	CHECK(n >= classifiers_n);
	CHECK(bad == 0);
}

TEST(every_rule_has_a_row)
{
	size_t missing = 0;

	for (size_t i = 0; i < classifiers_n; i++) {
		if (seen[i])
			continue;
		printf("#   " STR_FMT "\n", STR_ARG(classifiers[i].name));
		missing++;
	}
	CHECK(missing == 0);
}

/* A file behind a descriptor is read in windows: the version may lie across two of them. */
TEST(a_version_is_found_wherever_it_lies_in_a_large_file)
{
	static const str text = STR_INIT("\0nginx version: nginx/1.25.1\n\0");
	const uint64_t size = 3 << 20;

	for (uint64_t at = (256 << 10) - 1100; at < (256 << 10) + 40; at += 17) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(1 << 20) };
		CLEANUP(fd_closep)
		int fd = memfd_create("large", 0);
		struct err e;

		CHECK(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
		CHECK(fd_write_at(fd, at, text, &e) == 0);
		reading_run(&r, &cataloger_classifier, STR("usr/sbin/nginx"),
			    (struct blob){ .fd = fd, .size = size }, STR_NONE);
		CHECK(r.rc == 0);
		CHECK(r.evidence.packages.n == 1);
		CHECK_STR(r.evidence.packages.v[0].version, STR("1.25.1"));
	}
}

TEST(feeds_get_three_numbers)
{
	static const char *const rows[][2] = {
		{ "1.20.0", "1.20.0" },
		{ "15.4", "15.4.0" },
		{ "1.8.0_392-b08", "8.0.392" },
		{ "11.0.17+8-LTS", "11.0.17" },
		{ "17", "17.0.0" },
		{ "2.7.7p221", "2.7.7" },
		{ "3.12.0rc1", "3.12.0rc1" },
		{ "15beta4", "15beta4" },
		{ "3.12.0a7", "3.12.0a7" },
		{ "7.2-rc3", "7.2-rc3" },
		{ "1.21.4.1", "1.21.4" },
		{ "", "" },
	};
	char room[80], tiny[4];

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_STR(classifier_feed_version(str_of(rows[i][0]), room, sizeof(room)),
			  str_of(rows[i][1]));
	CHECK_STR(classifier_feed_version(STR("15.4"), tiny, sizeof(tiny)), STR("15.4"));
}

TEST(a_match_in_a_known_product_names_its_feed)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(1 << 20) };

	reading_run(&r, &cataloger_classifier, STR("usr/sbin/httpd"),
		    blob_of(STR("\0Apache/2.4.49 (Unix)\0")), STR_NONE);
	CHECK(r.rc == 0 && r.evidence.packages.n == 1);
	CHECK_STR(r.evidence.packages.v[0].source_name, STR("apache"));
	CHECK_STR(r.evidence.packages.v[0].source_version, STR("2.4.49"));
}

TEST(every_allocation_may_fail)
{
	bool over = false;

	for (uint64_t at = 1; !over; at++) {
		CLEANUP(reading_free)
		struct reading r = { .arena = ARENA(1 << 20) };

		r.arena.fail_at = at;
		reading_run(&r, &cataloger_classifier, STR("usr/sbin/httpd"),
			    blob_of(STR("\0Apache/2.4.49 (Unix)\0")), STR_NONE);
		over = r.arena.count < at;
		CHECK(over || (r.rc < 0 && r.err.kind == ERR_NOMEM));
	}
}

TEST_MAIN
