#include "catalog/catalog.h"

#include <assert.h>
#include <pthread.h>

/* clang-format off */
extern const struct cataloger cataloger_os_release;
extern const struct cataloger cataloger_dpkg_status;
extern const struct cataloger cataloger_dpkg_files;
extern const struct cataloger cataloger_opkg_status;
extern const struct cataloger cataloger_copyright;
extern const struct cataloger cataloger_apk;
extern const struct cataloger cataloger_npm;
extern const struct cataloger cataloger_python;
extern const struct cataloger cataloger_python_egg;
extern const struct cataloger cataloger_golang;
extern const struct cataloger cataloger_rpm;
extern const struct cataloger cataloger_rpm_wal;
extern const struct cataloger cataloger_rpm_manifest;
extern const struct cataloger cataloger_pacman_desc;
extern const struct cataloger cataloger_pacman_files;
extern const struct cataloger cataloger_portage;
extern const struct cataloger cataloger_chisel;
extern const struct cataloger cataloger_conda;
extern const struct cataloger cataloger_java;
extern const struct cataloger cataloger_cargo;
extern const struct cataloger cataloger_gem;
extern const struct cataloger cataloger_otp;
extern const struct cataloger cataloger_cran;
extern const struct cataloger cataloger_luarocks;
extern const struct cataloger cataloger_hackage;
extern const struct cataloger cataloger_cpan;
extern const struct cataloger cataloger_swift_resolved;
extern const struct cataloger cataloger_conan_lock;
extern const struct cataloger cataloger_composer;
extern const struct cataloger cataloger_composer_lock;
extern const struct cataloger cataloger_nuget;
extern const struct cataloger cataloger_nuget_lock;
extern const struct cataloger cataloger_cargo_lock;
extern const struct cataloger cataloger_python_lock;
extern const struct cataloger cataloger_julia_manifest;
extern const struct cataloger cataloger_npm_lock;
extern const struct cataloger cataloger_yarn_lock;
extern const struct cataloger cataloger_pnpm_lock;
extern const struct cataloger cataloger_pub_lock;
extern const struct cataloger cataloger_requirements;
extern const struct cataloger cataloger_pipfile;
extern const struct cataloger cataloger_go_mod;
extern const struct cataloger cataloger_gemfile_lock;
extern const struct cataloger cataloger_gradle_lock;
extern const struct cataloger cataloger_mix_lock;
extern const struct cataloger cataloger_nix;
extern const struct cataloger cataloger_snap;
extern const struct cataloger cataloger_snap_debs;
extern const struct cataloger cataloger_flatpak;
extern const struct cataloger cataloger_homebrew;
extern const struct cataloger cataloger_bottlerocket;
extern const struct cataloger cataloger_bitnami;
extern const struct cataloger cataloger_classifier;

static const struct cataloger *const catalogers[] = {
	&cataloger_os_release,
	&cataloger_dpkg_status,
	&cataloger_dpkg_files,
	&cataloger_opkg_status,
	&cataloger_copyright,
	&cataloger_apk,
	&cataloger_npm,
	&cataloger_python,
	&cataloger_python_egg,
	&cataloger_golang,
	&cataloger_rpm,
	&cataloger_rpm_wal,
	&cataloger_rpm_manifest,
	&cataloger_pacman_desc,
	&cataloger_pacman_files,
	&cataloger_portage,
	&cataloger_chisel,
	&cataloger_conda,
	&cataloger_java,
	&cataloger_cargo,
	&cataloger_gem,
	&cataloger_otp,
	&cataloger_cran,
	&cataloger_luarocks,
	&cataloger_hackage,
	&cataloger_cpan,
	&cataloger_swift_resolved,
	&cataloger_conan_lock,
	&cataloger_composer,
	&cataloger_composer_lock,
	&cataloger_nuget,
	&cataloger_nuget_lock,
	&cataloger_cargo_lock,
	&cataloger_python_lock,
	&cataloger_julia_manifest,
	&cataloger_npm_lock,
	&cataloger_yarn_lock,
	&cataloger_pnpm_lock,
	&cataloger_pub_lock,
	&cataloger_requirements,
	&cataloger_pipfile,
	&cataloger_go_mod,
	&cataloger_gemfile_lock,
	&cataloger_gradle_lock,
	&cataloger_mix_lock,
	&cataloger_nix,
	&cataloger_snap,
	&cataloger_snap_debs,
	&cataloger_flatpak,
	&cataloger_homebrew,
	&cataloger_bottlerocket,
	&cataloger_bitnami,
	&cataloger_classifier,
};
/* clang-format on */

/* False when the characters behind a pattern's last star differ: this is asked for millions of
 * paths and is nearly always enough. */
static bool tail_fits(str pattern, str path)
{
	while (pattern.n && path.n) {
		char c = pattern.p[--pattern.n];

		if (c == '*' || c == '?')
			return true;
		if (c != path.p[--path.n])
			return false;
	}
	return path.n == 0;
}

enum {
	PATTERNS = 1024,
	ROWS = 64,
	BY_STAR = 256, /* the list of patterns that end in a star */
	HEADS = 4096,  /* lists of patterns by how the file's name begins */
};

_Static_assert(COUNT(catalogers) <= ROWS, "a set of rows is one word");

/* All patterns of all rows: a path is held against the few whose file's name begins as its own
 * does, and, of those that leave that open, against the few that end as it does. Made once from the
 * table above, then only read. */
struct dispatch {
	struct path_pattern {
		str glob;
		str head;	    /* of the file's name; at least two characters, or empty */
		uint16_t row, next; /* next: its place in patterns + 1, or 0 */
	} patterns[PATTERNS];
	size_t n;
	uint16_t by_head[HEADS];
	uint16_t first[BY_STAR + 1];
	uint64_t any; /* rows that go by content alone */
};

static struct dispatch dispatch;

static size_t head_place(str name)
{
	return ((size_t)name.p[0] & 63) << 6 | ((size_t)name.p[1] & 63);
}

/* What the name of each file begins with that the pattern fits; empty when less than two
 * characters, or when a star may stand for slashes there. */
static str head_of(str glob)
{
	str name = str_base(glob);
	size_t n = 0;

	while (n < name.n && name.p[n] != '*' && name.p[n] != '?')
		n++;
	return n < 2 || str_has(name, STR("**")) ? STR_NONE : str_first(name, n);
}

static void pattern_add(const char *glob, size_t row)
{
	str s = str_of(glob), head = head_of(s);
	char last = s.n ? s.p[s.n - 1] : '\0';
	uint16_t *first = &dispatch.first[last == '*' || last == '?' ? BY_STAR : (uint8_t)last];

	if (head.n)
		first = &dispatch.by_head[head_place(head)];
	assert(dispatch.n < PATTERNS);
	dispatch.patterns[dispatch.n] = (struct path_pattern){ s, head, (uint16_t)row, *first };
	*first = (uint16_t)++dispatch.n;
}

static void dispatch_make(void)
{
	for (size_t i = 0; i < COUNT(catalogers); i++) {
		if (!catalogers[i]->globs)
			dispatch.any |= (uint64_t)1 << i;
		for (const char *const *g = catalogers[i]->globs; g && *g; g++)
			pattern_add(*g, i);
	}
}

/* "**" and a slash stand for no directory, too: a program may lie in the root. */
static bool pattern_fits(str glob, str path)
{
	if (str_glob(glob, path))
		return true;
	return str_skip(&glob, STR("**/")) && str_glob(glob, path);
}

/* The last character of the head first: many heads begin with "lib". */
static bool head_fits(str head, str name)
{
	if (!head.n)
		return true;
	return name.n >= head.n && name.p[head.n - 1] == head.p[head.n - 1] &&
	       str_starts(name, head);
}

static uint64_t rows_of(uint16_t first, str path, str name)
{
	uint64_t rows = 0;

	for (uint16_t at = first; at; at = dispatch.patterns[at - 1].next) {
		const struct path_pattern *p = &dispatch.patterns[at - 1];

		if (head_fits(p->head, name) && tail_fits(p->glob, path) &&
		    pattern_fits(p->glob, path))
			rows |= (uint64_t)1 << p->row;
	}
	return rows;
}

size_t catalog_candidates(const struct cataloger **out, size_t most, str path, uint64_t size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t n = 0;

	pthread_once(&once, dispatch_make);
	/* Nothing goes by the content of a file that has none. */
	uint64_t rows = size ? dispatch.any : 0;

	str name = str_base(path);

	rows |= rows_of(dispatch.first[BY_STAR], path, name);
	if (path.n)
		rows |= rows_of(dispatch.first[(uint8_t)path.p[path.n - 1]], path, name);
	if (name.n >= 2)
		rows |= rows_of(dispatch.by_head[head_place(name)], path, name);
	for (; rows && n < most; rows &= rows - 1)
		out[n++] = catalogers[__builtin_ctzll(rows)];
	return n;
}

bool catalog_is_project(str reader)
{
	for (size_t i = 0; i < COUNT(catalogers); i++)
		if (str_eq(catalogers[i]->name, reader))
			return catalogers[i]->scope == CATALOG_PROJECT;
	return false;
}

int catalog_add(struct catalog_out *out, const struct package *p, struct err *e)
{
	return vec_push(&out->evidence->packages, out->arena, e, *p);
}
