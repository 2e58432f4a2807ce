/* The system's identity: os-release(5) and its elders. */
#include "catalog/os_release.h"

#include "base/buf.h"
#include "base/limits.h"
#include "catalog/catalog.h"

struct identity {
	struct os *os;
	struct arena *arena;
	str text;
};

/* The value of an assignment as a shell reads it (os-release(5): quotes as in POSIX, nothing is
 * expanded): single quotes keep all, double ones and none let a backslash quote. */
static int value_unquote(str *out, str raw, struct arena *a, struct err *e)
{
	char quote = 0, *to = arena_alloc(a, raw.n + 1);
	size_t n = 0;

	if (!to)
		return err_nomem(e);
	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (quote != 0 && c == quote)
			quote = 0;
		else if (quote == 0 && ch_blank(c))
			break;
		else if (c == '\\' && quote != '\'' && i + 1 < raw.n)
			to[n++] = raw.p[++i];
		else
			to[n++] = c;
	}
	*out = (str){ to, n };
	return 0;
}

static int str_down(str *s, struct arena *a, struct err *e)
{
	char *to = arena_alloc(a, s->n + 1);

	if (!to)
		return err_nomem(e);
	for (size_t i = 0; i < s->n; i++)
		to[i] = ch_down(s->p[i]);
	*s = (str){ to, s->n };
	return 0;
}

struct assignment {
	str name;
	size_t at; /* in struct os */
};

static const struct assignment os_release_names[] = {
	{ STR_INIT("ID"), offsetof(struct os, id) },
	{ STR_INIT("VERSION_ID"), offsetof(struct os, version_id) },
	{ STR_INIT("VERSION_CODENAME"), offsetof(struct os, codename) },
	{ STR_INIT("PRETTY_NAME"), offsetof(struct os, name) },
	{ STR_INIT("ID_LIKE"), offsetof(struct os, id_like) },
	{ STR_NONE, 0 },
};

static const struct assignment lsb_release_names[] = {
	{ STR_INIT("DISTRIB_ID"), offsetof(struct os, id) },
	{ STR_INIT("DISTRIB_RELEASE"), offsetof(struct os, version_id) },
	{ STR_INIT("DISTRIB_CODENAME"), offsetof(struct os, codename) },
	{ STR_INIT("DISTRIB_DESCRIPTION"), offsetof(struct os, name) },
	{ STR_NONE, 0 },
};

/* Of a name that comes twice the last counts, as in a shell. */
static int assignments_read(struct identity *in, const struct assignment *names, struct err *e)
{
	str rest = in->text;
	size_t found = 0;

	for (str line; str_next(&rest, '\n', &line);) {
		str name, raw;

		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || !str_cut(line, '=', &name, &raw))
			continue;
		found++;
		for (const struct assignment *as = names; as->name.n > 0; as++) {
			str *to = (str *)((char *)in->os + as->at);

			if (str_eq(as->name, name) && value_unquote(to, raw, in->arena, e) < 0)
				return -1;
		}
	}
	if (found == 0 && in->text.n > 0)
		return err_set(e, ERR_CORRUPT, "not one NAME=VALUE");
	return str_down(&in->os->id, in->arena, e);
}

static int os_release_parse(struct identity *in, struct err *e)
{
	return assignments_read(in, os_release_names, e);
}

static int lsb_release_parse(struct identity *in, struct err *e)
{
	return assignments_read(in, lsb_release_names, e);
}

static str first_line(str text)
{
	str line = STR_NONE;

	str_next(&text, '\n', &line);
	return str_trim(line);
}

static int alpine_parse(struct identity *in, struct err *e)
{
	in->os->id = STR("alpine");
	return arena_str(&in->os->version_id, in->arena, first_line(in->text), e);
}

/* "12.5", or "trixie/sid" before a release has its number. Ubuntu ships it too, so that it counts
 * less than lsb-release. */
static int debian_parse(struct identity *in, struct err *e)
{
	str line = first_line(in->text), head, tail;

	in->os->id = STR("debian");
	if (line.n > 0 && ch_digit(line.p[0])) {
		str_cut(line, '.', &head, &tail);
		return arena_str(&in->os->version_id, in->arena, head, e);
	}
	str_cut(line, '/', &head, &tail);
	return arena_str(&in->os->codename, in->arena, head, e);
}

/* How redhat-release and its kin begin, and what os-release calls the same. */
static const struct {
	str begins, id;
} release_lines[] = {
	{ STR_INIT("Red Hat Enterprise Linux"), STR_INIT("rhel") },
	{ STR_INIT("CentOS"), STR_INIT("centos") },
	{ STR_INIT("Fedora"), STR_INIT("fedora") },
	{ STR_INIT("AlmaLinux"), STR_INIT("almalinux") },
	{ STR_INIT("Rocky Linux"), STR_INIT("rocky") },
	{ STR_INIT("Oracle Linux"), STR_INIT("ol") },
	{ STR_INIT("Amazon Linux"), STR_INIT("amzn") },
	{ STR_INIT("Scientific Linux"), STR_INIT("scientific") },
	{ STR_INIT("Photon"), STR_INIT("photon") },
	{ STR_INIT("VMware Photon"), STR_INIT("photon") },
	{ STR_INIT("CBL-Mariner"), STR_INIT("mariner") },
	{ STR_INIT("Microsoft Azure Linux"), STR_INIT("azurelinux") },
	{ STR_INIT("Azure Linux"), STR_INIT("azurelinux") },
	{ STR_INIT("openEuler"), STR_INIT("openeuler") },
	{ STR_INIT("Mageia"), STR_INIT("mageia") },
	{ STR_INIT("openSUSE Leap"), STR_INIT("opensuse-leap") },
	{ STR_INIT("SUSE Linux Enterprise Server"), STR_INIT("sles") },
};

/* The first word that begins with a digit. */
static str number_in(str line)
{
	for (str word; str_next(&line, ' ', &word);)
		if (word.n > 0 && ch_digit(word.p[0]))
			return word;
	return STR_NONE;
}

/* "Rocky Linux release 9.3 (Blue Onyx)". */
static int release_line_parse(struct identity *in, struct err *e)
{
	str line = first_line(in->text);

	if (arena_str(&in->os->name, in->arena, line, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(release_lines); i++) {
		if (!str_starts(line, release_lines[i].begins))
			continue;
		in->os->id = release_lines[i].id;
		return arena_str(&in->os->version_id, in->arena, number_in(line), e);
	}
	return 0; /* a system that we have no name for; the words stay in os.name */
}

/* clang-format off */
static const struct {
	const char *path;
	int priority;
	int (*parse)(struct identity *in, struct err *e);
} sources[] = {
	{ "etc/os-release",	    OS_PRIORITY_MOST, os_release_parse },
	{ "usr/lib/os-release",	     90, os_release_parse },
	{ "etc/alpine-release",	     80, alpine_parse },
	{ "etc/centos-release",	     70, release_line_parse },
	{ "etc/oracle-release",	     70, release_line_parse },
	{ "etc/rocky-release",	     70, release_line_parse },
	{ "etc/almalinux-release",   70, release_line_parse },
	{ "etc/fedora-release",	     70, release_line_parse },
	{ "etc/mariner-release",     70, release_line_parse },
	{ "etc/azurelinux-release",  70, release_line_parse },
	{ "etc/photon-release",	     70, release_line_parse },
	{ "etc/openEuler-release",   70, release_line_parse },
	{ "etc/redhat-release",	     60, release_line_parse },
	{ "etc/system-release",	     50, release_line_parse },
	{ "etc/SuSE-release",	     50, release_line_parse },
	{ "etc/lsb-release",	     40, lsb_release_parse },
	{ "etc/debian_version",	     30, debian_parse },
};

static const char *const os_globs[] = {
	"etc/*-release", "usr/lib/os-release", "etc/debian_version", NULL,
};
/* clang-format on */

int os_priority(str path)
{
	for (size_t i = 0; i < COUNT(sources); i++)
		if (str_eq(str_of(sources[i].path), path))
			return sources[i].priority;
	return 0;
}

static bool is_source(str path, str head)
{
	return os_priority(path) > 0;
}

static int os_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct os os = { 0 };
	struct identity in = { .os = &os, .arena = out->arena, .text = f->text };

	for (size_t i = 0; i < COUNT(sources); i++) {
		if (!str_eq(str_of(sources[i].path), f->path))
			continue;
		if (sources[i].parse(&in, e) < 0)
			return -1;
		os.path = out->evidence->path;
		out->evidence->os = os;
	}
	return 0;
}

const struct cataloger cataloger_os_release = {
	.name = STR_INIT("os-release"),
	.globs = os_globs,
	.claims = is_source,
	.whole = true,
	.limit = LIMIT_SMALL_FILE_BYTES,
	.read = os_read,
};
