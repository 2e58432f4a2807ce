/* Each file of test/data/catalog/cases is a reader, a path, the bytes of that path, and what the
 * reader must say of them:
 *
 *	reader NAME
 *	path PATH
 *	--- content
 *	--- expect
 *	package TYPE NAME VERSION ARCH SOURCE SOURCE-VERSION   ("-" for empty)
 *	licence, vendor, module WORDS		of the package above
 *	owns INDEX PATH
 *	owner NAME
 *	grants LICENCE				of the owner, one by one
 *	os ID VERSION CODENAME
 *	error KIND WORDS-IN-ITS-TEXT
 */
#include <dirent.h>

#include "base/buf.h"
#include "reading.h"
#include "tap.h"

struct expectation {
	struct reading *r;
	size_t packages, owned, granted;
	bool error;
};

static int file_read(struct buf *out, const char *dir, const char *name)
{
	char path[1024];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		return -1;
	do {
		char *room = buf_room(out, 65536);

		n = room ? fread(room, 1, 65536, f) : 0;
		out->n += n;
	} while (n > 0);
	fclose(f);
	return out->failed ? -1 : 0;
}

static str word(str *line)
{
	str w = STR_NONE;

	str_next(line, ' ', &w);
	return str_eq(w, STR("-")) ? STR_NONE : w;
}

static bool package_is(const struct package *p, str line)
{
	return str_eq(p->type, word(&line)) && str_eq(p->name, word(&line)) &&
	       str_eq(p->version, word(&line)) && str_eq(p->arch, word(&line)) &&
	       str_eq(p->source_name, word(&line)) && str_eq(p->source_version, word(&line));
}

static bool os_is(const struct os *os, str line)
{
	return str_eq(os->id, word(&line)) && str_eq(os->version_id, word(&line)) &&
	       str_eq(os->codename, word(&line));
}

static bool line_holds(struct expectation *x, str line)
{
	const struct evidence *ev = &x->r->evidence;
	const struct package *last = x->packages ? &ev->packages.v[x->packages - 1] : NULL;
	str key = word(&line);
	uint32_t index;

	if (str_eq(key, STR("package")))
		return x->packages < ev->packages.n &&
		       package_is(&ev->packages.v[x->packages++], line);
	if (str_eq(key, STR("licence")))
		return last && last->licences.n > 0 && str_eq(last->licences.v[0], line);
	if (str_eq(key, STR("vendor")))
		return last && str_eq(last->vendor, line);
	if (str_eq(key, STR("module")))
		return last && str_eq(last->module, line);
	if (str_eq(key, STR("owns"))) {
		const struct owned_path *own = &ev->owned.v[x->owned];

		return x->owned++ < ev->owned.n && str_u32(word(&line), &index) &&
		       own->package == index && own->hash == hash_keyed(HASH_KEY_NONE, line);
	}
	if (str_eq(key, STR("owner")))
		return str_eq(ev->owner, line);
	if (str_eq(key, STR("grants")))
		return x->granted < ev->licences.n && str_eq(ev->licences.v[x->granted++], line);
	if (str_eq(key, STR("os")))
		return os_is(&ev->os, line);
	if (str_eq(key, STR("name")))
		return str_eq(ev->os.name, line);
	if (str_eq(key, STR("error"))) {
		x->error = true;
		return x->r->rc < 0 && str_eq(word(&line), str_of(err_kind_word(x->r->err.kind))) &&
		       str_has(str_of(x->r->err.text), line);
	}
	return false;
}

static bool all_holds(struct reading *r, str expect)
{
	struct expectation x = { .r = r };

	for (str line; str_next(&expect, '\n', &line);) {
		if (line.n > 0 && !line_holds(&x, line)) {
			printf("#   not so: " STR_FMT "\n", STR_ARG(line));
			return false;
		}
	}
	if (r->rc < 0 && !x.error)
		printf("#   error: %s\n", r->err.text);
	return x.error == (r->rc < 0) && x.packages == r->evidence.packages.n &&
	       x.owned == r->evidence.owned.n && x.granted == r->evidence.licences.n;
}

/* Cuts the case; false when it is not one. */
static bool case_cut(str text, str *reader, str *path, str *content, str *expect)
{
	const str mark = STR("--- content\n"), mark2 = STR("--- expect\n");
	size_t at = str_search(text, mark), to = str_search(text, mark2);
	str head = text;

	if (at == SIZE_MAX || to == SIZE_MAX || to < at)
		return false;
	str_next(&head, '\n', reader);
	str_next(&head, '\n', path);
	*content = str_sub(text, at + mark.n, to - at - mark.n);
	*expect = str_from(text, to + mark2.n);
	return str_skip(reader, STR("reader ")) && str_skip(path, STR("path "));
}

static bool case_holds(str text, uint64_t fail_at, bool *over)
{
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(8 << 20) };
	str reader, path, content, expect;
	const struct cataloger *row;

	if (!case_cut(text, &reader, &path, &content, &expect))
		return false;
	row = reading_row(reader, path, content);
	if (!row)
		return false;
	r.arena.fail_at = fail_at;
	reading_run(&r, row, path, blob_of(content), content);
	if (fail_at == 0)
		return all_holds(&r, expect);
	*over = r.arena.count < fail_at;
	return *over || (r.rc < 0 && r.err.kind == ERR_NOMEM);
}

static int cases_run(bool failing)
{
	char dir[512];
	int n = 0, bad = 0;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/catalog/cases", getenv("PLIMSOLL_TEST_DATA"));
	d = opendir(dir);
	for (struct dirent *ent; d && (ent = readdir(d));) {
		CLEANUP(buf_free)
		struct buf text = BUF(16 << 20);
		bool over = false, ok = true;

		if (ent->d_name[0] == '.')
			continue;
		ok = file_read(&text, dir, ent->d_name) == 0;
		if (!failing)
			ok = ok && case_holds(buf_str(&text), 0, &over);
		for (uint64_t at = 1; failing && ok && !over; at++)
			ok = case_holds(buf_str(&text), at, &over);
		if (!ok)
			printf("# %s\n", ent->d_name);
		bad += !ok;
		n++;
	}
	if (d)
		closedir(d);
	return n > 0 ? bad : -1;
}

TEST(every_case_is_read_as_it_says)
{
	CHECK(cases_run(false) == 0);
}

TEST(every_allocation_may_fail)
{
	CHECK(cases_run(true) == 0);
}

TEST_MAIN
