#include "match/range.h"

/* OSV schema, "affected[].ranges[].events": "0" stands before every version. */
static bool from_the_start(str introduced)
{
	return introduced.n == 0 || str_eq(introduced, STR("0"));
}

/* Yes or no to "version ORDER bound"; unsure when either is none. */
static enum version_verdict below(const struct version_scheme *s, str version, str bound,
				  bool or_equal)
{
	enum version_order o = version_compare(s, version, bound);

	if (o == VERSION_INVALID)
		return VERSION_UNSURE;
	return o == VERSION_LESS || (or_equal && o == VERSION_EQUAL) ? VERSION_YES : VERSION_NO;
}

static enum version_verdict both(enum version_verdict a, enum version_verdict b)
{
	if (a == VERSION_NO || b == VERSION_NO)
		return VERSION_NO;
	return a == VERSION_UNSURE || b == VERSION_UNSURE ? VERSION_UNSURE : VERSION_YES;
}

static enum version_verdict in_range(const struct version_scheme *s, const struct version_range *r,
				     str version)
{
	enum version_verdict v = VERSION_YES;

	if (!version_valid(s, version))
		return VERSION_UNSURE;
	if (r->fixed.n)
		v = both(v, below(s, version, r->fixed, false));
	if (r->last_affected.n)
		v = both(v, below(s, version, r->last_affected, true));
	if (r->limit.n && !str_eq(r->limit, STR("*")))
		v = both(v, below(s, version, r->limit, false));
	if (!from_the_start(r->introduced))
		v = both(v, below(s, r->introduced, version, true));
	return v;
}

static int range_words(str *out, const struct version_range *r, struct arena *a, struct err *e)
{
	bool start = from_the_start(r->introduced);
	str end = r->fixed.n ? r->fixed : r->last_affected.n ? r->last_affected : r->limit;
	const char *op = r->fixed.n || !r->last_affected.n ? "< " : "<= ";

	if (start && end.n == 0) {
		*out = STR("all versions");
		return 0;
	}
	return arena_printf(out, a, e, "%s" STR_FMT "%s%s" STR_FMT,
			    start ? "" : ">= ", STR_ARG(start ? STR_NONE : r->introduced),
			    !start && end.n ? ", " : "", end.n ? op : "", STR_ARG(end));
}

/* 1 when the version is one of those listed. */
static bool is_listed(const struct version_scheme *s, const struct str_list *versions, str version)
{
	vec_each (v, versions)
		if (str_eq(*v, version) || version_compare(s, *v, version) == VERSION_EQUAL)
			return true;
	return false;
}

int range_hit(enum version_verdict *out, str *range, const struct version_scheme *scheme,
	      const struct affected *record, str version, struct arena *a, struct err *e)
{
	enum version_verdict said = VERSION_NO;

	vec_each (r, &record->ranges) {
		enum version_verdict v = in_range(scheme, r, version);

		if (v == VERSION_YES) {
			*out = v;
			return range_words(range, r, a, e);
		}
		said = v == VERSION_UNSURE ? v : said;
	}
	if (is_listed(scheme, &record->versions, version)) {
		*out = VERSION_YES;
		return arena_printf(range, a, e, "= " STR_FMT, STR_ARG(version));
	}
	if (record->ranges.n == 0 && record->versions.n == 0) {
		*range = STR("all versions");
		said = VERSION_YES;
	}
	*out = said;
	return 0;
}
