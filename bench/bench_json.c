/* How fast JSON is walked: megabytes a second, for the files given on the line, or for a text made
 * here that looks like advisories. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/vec.h"
#include "format/json.h"
#include "format/json_write.h"

struct range {
	str introduced, fixed;
};

struct advisory {
	str id, summary, modified;
	VEC(str) aliases;
	VEC(struct range) ranges;
};

/* clang-format off */
static const struct json_field range_fields[] = {
	{ JSON_FIELD("introduced", JSON_AS_STR, struct range, introduced) },
	{ JSON_FIELD("fixed",	   JSON_AS_STR, struct range, fixed) },
};
static const struct json_table range_table = {
	"range", range_fields, COUNT(range_fields), sizeof(struct range), .closed = false,
};
static const struct json_field advisory_fields[] = {
	{ JSON_FIELD("id",	 JSON_AS_STR,	  struct advisory, id), .required = true },
	{ JSON_FIELD("summary",	 JSON_AS_STR,	  struct advisory, summary) },
	{ JSON_FIELD("modified", JSON_AS_STR,	  struct advisory, modified) },
	{ JSON_FIELD("aliases",	 JSON_AS_STRS,	  struct advisory, aliases) },
	{ JSON_FIELD("ranges",	 JSON_AS_OBJECTS, struct advisory, ranges), .table = &range_table },
};
static const struct json_table advisory_table = {
	"advisory", advisory_fields, COUNT(advisory_fields), sizeof(struct advisory), .closed = false,
};
/* clang-format on */

static void put_advisory(struct json_writer *w, size_t i)
{
	char id[32];

	snprintf(id, sizeof(id), "CVE-2024-%05zu", i);
	json_put_object(w, NULL);
	json_put_str(w, "id", str_of(id));
	json_put_str(w, "modified", STR("2024-05-17T11:22:33Z"));
	json_put_array(w, "aliases");
	json_put_str(w, NULL, STR("GHSA-abcd-efgh-ijkl"));
	json_put_end(w);
	json_put_str(
		w, "summary",
		STR("A crafted archive makes the decoder read beyond the buffer, which may\n"
		    "disclose memory or end the process; only callers of the \"old\" interface "
		    "are affected, in versions up to and including the one named below"));
	json_put_array(w, "ranges");
	for (size_t k = 0; k < 2; k++) {
		json_put_object(w, NULL);
		json_put_str(w, "introduced", STR("0"));
		json_put_str(w, "fixed", STR("1.2.3"));
		json_put_end(w);
	}
	json_put_end(w);
	json_put_object(w, "database_specific");
	json_put_double(w, "score", 9.8);
	json_put_bool(w, "reviewed", true);
	json_put_null(w, "withdrawn");
	json_put_end(w);
	json_put_end(w);
}

static int read_all(str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	struct json j;
	int r;

	json_init(&j, text, &a);
	r = json_enter_array(&j, e);
	while (r >= 0 && (r = json_array_next(&j, e)) > 0) {
		struct advisory adv = { 0 };

		if (a.used > 1 << 20)
			arena_free(&a);
		if (json_object(&adv, &j, &advisory_table, e) < 0)
			return -1;
	}
	return r < 0 ? -1 : json_end(&j, e);
}

static int skip_all(str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(256 << 20);
	struct json j;

	json_init(&j, text, &a);
	return json_end(&j, e);
}

static void measure(const char *what, str text, int (*walk)(str text, struct err *e))
{
	int64_t best = INT64_MAX;
	struct err e;

	for (int i = 0; i < 5; i++) {
		int64_t start = clock_ticks();

		if (walk(text, &e) < 0) {
			printf("%s: %s\n", what, e.text);
			return;
		}
		best = MIN(best, clock_ticks() - start);
	}
	printf("%-50s %8.1f MB %8.0f MB/s\n", what, (double)text.n / 1e6,
	       (double)text.n * 1e3 / (double)best);
}

static void measure_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size == 0)
		return;
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		return;
	measure(path, (str){ p, (size_t)st.st_size }, skip_all);
	if (*(char *)p == '[')
		measure("  the same, read by table", (str){ p, (size_t)st.st_size }, read_all);
	munmap(p, (size_t)st.st_size);
}

int main(int argc, char **argv)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };

	for (int i = 1; i < argc; i++)
		measure_file(argv[i]);
	if (argc > 1)
		return 0;
	for (int indented = 0; indented < 2; indented++) {
		struct json_writer w;

		buf_clear(&b);
		json_writer_init(&w, &b, indented);
		json_put_array(&w, NULL);
		for (size_t i = 0; i < 60000; i++)
			put_advisory(&w, i);
		json_put_end(&w);
		measure(indented ? "advisories, indented, skipped" : "advisories, compact, skipped",
			buf_str(&b), skip_all);
	}
	measure("advisories, indented, read by table", buf_str(&b), read_all);
	return 0;
}
