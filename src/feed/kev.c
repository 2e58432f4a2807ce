/* CISA's catalogue of known exploited vulnerabilities
 * (known_exploited_vulnerabilities_schema.json). */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/json.h"

struct kev_entry {
	str id, due, ransomware;
};

struct kev {
	str released, entries;
};

/* clang-format off */
static const struct json_field entry_fields[] = {
	{ JSON_FIELD("cveID", JSON_AS_STR, struct kev_entry, id), .required = true },
	{ JSON_FIELD("dueDate", JSON_AS_STR, struct kev_entry, due), .required = true },
	{ JSON_FIELD("knownRansomwareCampaignUse", JSON_AS_STR, struct kev_entry, ransomware) },
};
static const struct json_table entry_table = {
	"KEV entry", entry_fields, COUNT(entry_fields), sizeof(struct kev_entry), false,
};
static const struct json_field kev_fields[] = {
	{ JSON_FIELD("dateReleased", JSON_AS_STR, struct kev, released), .required = true },
	{ JSON_FIELD("vulnerabilities", JSON_AS_RAW, struct kev, entries), .required = true },
};
static const struct json_table kev_table = {
	"KEV catalogue", kev_fields, COUNT(kev_fields), sizeof(struct kev), false,
};
/* clang-format on */

static int entry_put(struct feed_sink *s, str raw, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 * MIB);
	struct cve_risk risk = risk_none();
	struct kev_entry x = { 0 };

	if (json_object_whole(&x, raw, &entry_table, &a, e) < 0)
		return -1;
	risk.kev = true;
	risk.kev_due = x.due;
	risk.ransomware = str_eq_nocase(x.ransomware, STR("Known"));
	return sink_risk(s, x.id, &risk, e);
}

int kev_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * MIB);
	struct kev kev = { 0 };
	struct json j;
	int r;

	if (json_object_whole(&kev, text, &kev_table, &a, e) < 0)
		return -1;
	sink_date(s, kev.released);
	json_init(&j, kev.entries, &a);
	if (json_enter_array(&j, e) < 0)
		return -1;
	for (size_t i = 0; (r = json_array_next(&j, e)) > 0; i++) {
		char where[64];
		struct err why;
		str raw;

		if (json_skip(&raw, &j, e) < 0)
			return -1;
		snprintf(where, sizeof(where), "vulnerabilities[%zu]", i);
		sink_begin(s);
		if (entry_put(s, raw, &why) == 0)
			sink_keep(s);
		else
			sink_refuse(s, str_of(where), &why);
	}
	return r;
}
