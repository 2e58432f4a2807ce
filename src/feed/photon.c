/* Photon OS, cve_data_photonN.json: [ { cve_id, pkg, cve_score, aff_ver, res_ver, status } ]. The
 * release stands in the feed's name alone: "photon/5.0". */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/json.h"
#include "model/cvss.h"

struct photon {
	str cve, package, fixed, status;
	double score;
};

/* clang-format off */
static const struct json_field photon_fields[] = {
	{ JSON_FIELD("cve_id", JSON_AS_STR, struct photon, cve), .required = true },
	{ JSON_FIELD("pkg", JSON_AS_STR, struct photon, package), .required = true },
	{ JSON_FIELD("cve_score", JSON_AS_DOUBLE, struct photon, score) },
	{ JSON_FIELD("res_ver", JSON_AS_STR, struct photon, fixed) },
	{ JSON_FIELD("status", JSON_AS_STR, struct photon, status) },
};
static const struct json_table photon_table = {
	"entry", photon_fields, COUNT(photon_fields), sizeof(struct photon), false,
};
/* clang-format on */

static int entry_put(struct feed_sink *s, const struct photon *x, struct arena *a, struct err *e)
{
	str release = str_of(s->name);
	size_t at = str_rfind(release, '/');
	bool fixed = x->fixed.n && !str_eq(x->fixed, STR("NA"));
	struct version_range range = { .introduced = STR("0") };
	struct advisory adv = { .id = x->cve };
	struct affected out = {
		.id = x->cve,
		.name = x->package,
		.by_source = true,
		.status = fixed ? STATUS_FIXED : STATUS_AFFECTED,
		.status_word = x->status,
		.severity = x->score > 0
				    ? cvss_rating(CVSS_31, (int)(MIN(x->score, 10.0) * 10 + 0.5))
				    : SEVERITY_UNKNOWN,
	};

	if (str_eq(x->status, STR("Not Affected")))
		out.status = STATUS_NOT_AFFECTED;
	if (fixed)
		range.fixed = x->fixed;
	if (out.status != STATUS_NOT_AFFECTED && vec_push(&out.ranges, a, e, range) < 0)
		return -1;
	if (arena_printf(&out.ecosystem, a, e, "Photon OS:" STR_FMT,
			 STR_ARG(str_from(release, at == SIZE_MAX ? 0 : at + 1))) < 0 ||
	    arena_printf(&out.where, a, e, STR_FMT " " STR_FMT, STR_ARG(x->cve),
			 STR_ARG(x->package)) < 0)
		return -1;
	return sink_affected(s, &out, e) < 0 ? -1 : sink_advisory(s, &adv, e);
}

static void entry_read(struct feed_sink *s, str raw, size_t number)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 * MIB);
	struct photon x = { 0 };
	struct err why;
	char where[64];

	snprintf(where, sizeof(where), "[%zu]", number);
	sink_begin(s);
	if (json_object_whole(&x, raw, &photon_table, &a, &why) < 0 ||
	    entry_put(s, &x, &a, &why) < 0)
		sink_refuse(s, str_of(where), &why);
	else
		sink_keep(s);
}

int photon_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * MIB);
	struct json j;
	str raw;
	int r;

	json_init(&j, text, &a);
	if (json_enter_array(&j, e) < 0)
		return -1;
	for (size_t i = 0; (r = json_array_next(&j, e)) > 0; i++) {
		if (json_skip(&raw, &j, e) < 0)
			return -1;
		entry_read(s, raw, i);
	}
	return r < 0 ? -1 : json_end(&j, e);
}
