#include "match/ecosystem.h"

#include "model/os_table.h"

/* clang-format off */
static const struct row {
	const char *type;
	const char *osv;	/* NULL: the system's */
	const char *scheme;
} rows[] = {
	{ "deb",	NULL,		"deb" },
	{ "rpm",	NULL,		"rpm" },
	{ "apk",	NULL,		"apk" },
	{ "alpm",	NULL,		"alpm" },
	{ "ebuild",	NULL,		"portage" },
	{ "opkg",	NULL,		"opkg" },
	{ "npm",	"npm",		"npm" },
	{ "pypi",	"PyPI",		"pep440" },
	{ "gem",	"RubyGems",	"gem" },
	{ "maven",	"Maven",	"maven" },
	{ "golang",	"Go",		"golang" },
	{ "cargo",	"crates.io",	"cargo" },
	{ "nuget",	"NuGet",	"nuget" },
	{ "composer",	"Packagist",	"composer" },
	{ "pub",	"Pub",		"pub" },
	{ "hex",	"Hex",		"hex" },
	{ "cran",	"CRAN",		"cran" },
	{ "conan",	"ConanCenter",	"semver" },
	{ "bitnami",	"Bitnami",	"bitnami" },
	{ "generic",	"Bitnami",	"bitnami" },	/* by the name that the feed has for it */
	{ "swift",	"SwiftURL",	"semver" },
	{ "hackage",	"Hackage",	"cran" }, /* lists of numbers, compared as lists, too */
	{ "julia",	"Julia",	"semver" },
};
/* clang-format on */

static const struct row *row_of(str type)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(type, str_of(rows[i].type)))
			return &rows[i];
	return NULL;
}

/* Of the names with data that start with `name`: itself, and those that go on behind a ':'. */
static int add_feeds(struct ecosystem *out, str name, const struct lookup *data, struct arena *a,
		     struct err *e)
{
	struct str_list found = { 0 };

	if (!data)
		return 0;
	if (data->ecosystems(data->ctx, &found, name, a, e) < 0)
		return -1;
	vec_each (f, &found) {
		str rest = str_from(*f, name.n);
		/* "Debian" is no release, and all of them would be as good as none */
		bool longer = rest.n && rest.p[0] == ':' &&
			      (!out->is_os || str_find(name, ':') != SIZE_MAX);

		if ((rest.n == 0 || longer) && vec_push(&out->feeds, a, e, *f) < 0)
			return -1;
	}
	return 0;
}

static int fill_os(struct ecosystem *out, const struct row *row, const struct os *os,
		   const struct lookup *data, struct arena *a, struct err *e)
{
	const struct os_row *system = os_lookup(os);
	struct str_list names = { 0 };

	if (!system || !str_eq(system->scheme, str_of(row->scheme)))
		return 0;
	if (os_ecosystems(&names, os, a, e) < 0)
		return -1;
	if (names.n)
		out->name = names.v[0];
	vec_each (n, &names)
		if (add_feeds(out, *n, data, a, e) < 0)
			return -1;
	return 0;
}

int ecosystem_of(struct ecosystem *out, str type, const struct os *os, const struct lookup *data,
		 struct arena *a, struct err *e)
{
	const struct row *row = row_of(type);

	*out = (struct ecosystem){ .type = type, .name = type };
	if (!row)
		return 0;
	out->scheme = version_scheme_find(str_of(row->scheme));
	out->is_os = !row->osv;
	if (out->is_os)
		return fill_os(out, row, os, data, a, e);
	out->name = str_of(row->osv);
	return add_feeds(out, out->name, data, a, e);
}
