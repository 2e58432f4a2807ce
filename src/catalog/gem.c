/* Ruby: the specification of each installed gem. RubyGems writes a line for itself on top of it,
 * so that it need not run the file: "# stub: NAME VERSION PLATFORM PATHS". Specifications that a
 * distribution or an old RubyGems wrote may have none; then the assignments are read as far as they
 * are plain strings. */
#include "base/limits.h"
#include "catalog/artefact.h"

struct gem {
	str name, version, platform;
	struct str_list licences;
};

/* The next plain string literal of a line: "…", '…' or %q<…>. False when there is none. */
static bool literal_next(str *line, str *out)
{
	for (size_t i = 0; i < line->n; i++) {
		char quote = line->p[i];
		str rest = str_from(*line, i + 1);

		if (quote == '%' && str_skip(&rest, STR("q<")))
			quote = '>';
		else if (quote != '"' && quote != '\'')
			continue;
		if (!str_cut(rest, quote, out, line))
			return false;
		return str_find(*out, '\\') == SIZE_MAX && !str_has(*out, STR("#{"));
	}
	return false;
}

/* "s.name = …": any variable's `member`. */
static bool assigns(str line, str member, str *value)
{
	str left, variable, name;

	return str_cut(line, '=', &left, value) && str_cut(str_trim(left), '.', &variable, &name) &&
	       str_eq(name, member);
}

/* A value that is nothing but a literal, or a version made of one; what Ruby would have to compute
 * is not known. */
static bool is_plain(str value)
{
	value = str_trim(value);
	str_skip(&value, STR("Gem::Version.new("));
	return str_starts(value, STR("\"")) || str_starts(value, STR("'")) ||
	       str_starts(value, STR("%q<"));
}

static int assignment_read(struct gem *g, str line, struct arena *a, struct err *e)
{
	static const struct {
		str name;
		size_t at;
	} fields[] = {
		{ STR_INIT("name"), offsetof(struct gem, name) },
		{ STR_INIT("version"), offsetof(struct gem, version) },
		{ STR_INIT("platform"), offsetof(struct gem, platform) },
	};
	str value, word;

	for (size_t i = 0; i < COUNT(fields); i++) {
		str *field = (str *)((char *)g + fields[i].at);

		if (field->n == 0 && assigns(line, fields[i].name, &value) && is_plain(value) &&
		    literal_next(&value, &word))
			*field = word;
	}
	if (assigns(line, STR("licenses"), &value) || assigns(line, STR("license"), &value))
		while (literal_next(&value, &word))
			if (word.n && vec_push(&g->licences, a, e, word) < 0)
				return -1;
	return 0;
}

static void stub_read(struct gem *g, str stub)
{
	str_next(&stub, ' ', &g->name);
	str_next(&stub, ' ', &g->version);
	str_next(&stub, ' ', &g->platform);
}

static int gem_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct package p = { .type = STR("gem") };
	struct gem g = { 0 };
	str text = f->text;

	for (str line; str_next(&text, '\n', &line);) {
		line = str_trim(line);
		if (g.name.n == 0 && str_skip(&line, STR("# stub: ")))
			stub_read(&g, line);
		else if (assignment_read(&g, line, out->arena, e) < 0)
			return -1;
	}
	if (g.name.n == 0 || g.version.n == 0)
		return err_set(e, ERR_CORRUPT, "a specification whose %s is not a plain string",
			       g.name.n ? "version" : "name");
	p.name = g.name;
	p.version = g.version;
	p.licences = g.licences;
	if (g.platform.n && !str_eq(g.platform, STR("ruby")) &&
	    g.platform.n < LIMIT_VERSION_BYTES &&
	    arena_printf(&p.purl_extra, out->arena, e, "platform=" STR_FMT, STR_ARG(g.platform)) <
		    0)
		return -1;
	return artefact_put(out, &p, e);
}

static const char *const globs[] = {
	"**/specifications/*.gemspec",
	"specifications/*.gemspec",
	"**/specifications/default/*.gemspec",
	"specifications/default/*.gemspec",
	NULL,
};

const struct cataloger cataloger_gem = {
	.name = STR_INIT("gem-specification"),
	.globs = globs,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = gem_read,
};
