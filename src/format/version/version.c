#include "format/version/version.h"

#include "base/limits.h"
#include "format/version/scheme.h"

/* clang-format off */
static const struct version_scheme *const schemes[] = {
	&scheme_deb, &scheme_rpm, &scheme_apk, &scheme_semver, &scheme_npm, &scheme_pep440,
	&scheme_gem, &scheme_maven, &scheme_golang, &scheme_cargo, &scheme_nuget,
	&scheme_composer, &scheme_pub, &scheme_hex, &scheme_cran, &scheme_alpm, &scheme_portage,
	&scheme_bitnami,
};
/* clang-format on */

const struct version_scheme *version_scheme_at(size_t i)
{
	return i < COUNT(schemes) ? schemes[i] : NULL;
}

const struct version_scheme *version_scheme_find(str name)
{
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (str_eq(schemes[i]->name, name))
			return schemes[i];
	return NULL;
}

str version_scheme_name(const struct version_scheme *s)
{
	return s->name;
}

/* No native tool takes a NUL, and none has a use for texts of this length. */
static bool readable(str text)
{
	return text.n <= LIMIT_VERSION_BYTES && str_find(text, '\0') == SIZE_MAX;
}

/* Every scheme may then count on p being a pointer. */
static str solid(str s)
{
	return s.p ? s : STR("");
}

enum version_order version_compare(const struct version_scheme *s, str a, str b)
{
	if (!readable(a) || !readable(b))
		return VERSION_INVALID;
	return s->compare(solid(a), solid(b));
}

bool version_valid(const struct version_scheme *s, str version)
{
	return version_compare(s, version, version) == VERSION_EQUAL;
}

enum version_verdict version_satisfies(const struct version_scheme *s, str version, str range)
{
	if (!readable(version) || range.n > LIMIT_VERSION_RANGE_BYTES ||
	    str_find(range, '\0') != SIZE_MAX)
		return VERSION_UNSURE;
	return s->satisfies(solid(version), solid(range));
}
