/* Python: requirements files as pip reads them, of which only exact pins tell a version, and
 * Pipfile.lock, which has nothing else. */
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/json.h"

static bool is_name(char c)
{
	return ch_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* "name[extra] == 1.2.3 ; marker": name and version when it is pinned. */
static bool pin_cut(str line, str *name, str *version)
{
	size_t n = 0;
	str head, tail;

	while (n < line.n && is_name(line.p[n]))
		n++;
	*name = str_first(line, n);
	line = str_trim(str_from(line, n));
	if (str_skip(&line, STR("[")) && str_cut(line, ']', &head, &tail))
		line = str_trim(tail);
	str_cut(line, ';', &head, &tail);
	line = str_trim(head);
	if (str_skip(&line, STR("("))) /* the form of old metadata */
		str_chop(&line, STR(")"));
	if (!str_skip(&line, STR("===")) && !str_skip(&line, STR("==")))
		return false;
	*version = str_trim(line);
	return n > 0 && version->n > 0 && str_find(*version, '*') == SIZE_MAX &&
	       str_find(*version, ',') == SIZE_MAX && str_find(*version, ' ') == SIZE_MAX;
}

struct requirements {
	struct catalog_out *out;
	struct lock_open open, elsewhere;
};

/* Options that name further requirements; others only say where from. */
static bool is_include(str line)
{
	static const str words[] = { STR_INIT("-r"), STR_INIT("--requirement"),
				     STR_INIT("-c"), STR_INIT("--constraint"),
				     STR_INIT("-e"), STR_INIT("--editable") };

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_starts(line, words[i]))
			return true;
	return false;
}

static int requirement_read(struct requirements *r, str line, struct err *e)
{
	size_t at = str_search(line, STR(" #")), option;
	str name, version;

	if (str_starts(line, STR("#")))
		return 0;
	line = str_trim(str_first(line, at));
	if (line.n == 0)
		return 0;
	if (line.p[0] == '-') {
		if (is_include(line))
			lock_open_note(&r->elsewhere, line);
		return 0;
	}
	option = str_search(line, STR(" --")); /* --hash=…, --config-settings=… */
	line = str_trim(str_first(line, option));
	if (pin_cut(line, &name, &version))
		return lock_put(r->out, STR("pypi"), name, version, e);
	lock_open_note(&r->open, line);
	return 0;
}

/* The next line, with those that it goes on in behind a backslash; options among them, hashes
 * above all, say nothing of the version. */
static int line_next(str *line, str *rest, struct arena *a, struct err *e)
{
	str part;
	bool more;

	if (!str_next(rest, '\n', line))
		return 0;
	str_chop(line, STR("\r"));
	more = str_chop(line, STR("\\"));
	while (more && str_next(rest, '\n', &part)) {
		str_chop(&part, STR("\r"));
		more = str_chop(&part, STR("\\"));
		if (!str_starts(str_trim(part), STR("--")) &&
		    arena_printf(line, a, e, STR_FMT " " STR_FMT, STR_ARG(*line), STR_ARG(part)) <
			    0)
			return -1;
	}
	return 1;
}

static int requirements_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * LIMIT_SMALL_FILE_BYTES);
	struct requirements req = {
		.out = out,
		.open = { .why = "requirements that are not pinned" },
		.elsewhere = { .why = "requirements that stand elsewhere" },
	};
	str text = f->text, line;
	int r;

	str_skip(&text, STR("\xef\xbb\xbf"));
	while ((r = line_next(&line, &text, &a, e)) > 0)
		if (requirement_read(&req, str_trim(line), e) < 0)
			return -1;
	if (r < 0 || lock_open_say(&req.open, out, e) < 0)
		return -1;
	return lock_open_say(&req.elsewhere, out, e);
}

static const char *const requirements_globs[] = { "requirements*.txt", "**/requirements*.txt",
						  "requirements/*.txt", "**/requirements/*.txt",
						  NULL };

const struct cataloger cataloger_requirements = {
	.name = STR_INIT("python-requirements"),
	.globs = requirements_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = requirements_read,
};

/* Pipfile.lock: group → name → { version: "==1.2.3" }. */

struct locked {
	str version;
};

static const struct json_field locked_fields[] = {
	{ JSON_FIELD("version", JSON_AS_STR, struct locked, version) },
};

static const struct json_table locked_table = {
	"package", locked_fields, COUNT(locked_fields), sizeof(struct locked), .closed = false,
};

static int group_read(struct requirements *req, struct json *j, struct err *e)
{
	int r = json_enter_object(j, e);
	str name;

	while (r >= 0 && (r = json_object_next(&name, j, e)) > 0) {
		struct locked l = { 0 };

		if (json_object(&l, j, &locked_table, e) < 0)
			return -1;
		if (!str_skip(&l.version, STR("==")))
			lock_open_note(&req->open, name);
		else if (lock_put(req->out, STR("pypi"), name, l.version, e) < 0)
			return -1;
	}
	return r;
}

static int pipfile_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct requirements req = { .out = out, .open = { .why = "packages without a release" } };
	struct json j;
	str group;
	int r;

	json_init(&j, f->text, out->arena);
	r = json_enter_object(&j, e);
	while (r >= 0 && (r = json_object_next(&group, &j, e)) > 0)
		if (!str_starts(group, STR("_")) && group_read(&req, &j, e) < 0)
			return -1;
	if (r < 0 || json_end(&j, e) < 0)
		return -1;
	return lock_open_say(&req.open, out, e);
}

static const char *const pipfile_globs[] = { "Pipfile.lock", "**/Pipfile.lock", NULL };

const struct cataloger cataloger_pipfile = {
	.name = STR_INIT("pipfile-lock"),
	.globs = pipfile_globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = pipfile_read,
};
