/* Arch Linux's security tracker, all.json: [ { name, packages, status, severity, affected, fixed,
 * issues } ]; a group gathers vulnerabilities of one state of a package. */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/json.h"

struct avg {
	str name, status, severity, type, affected, fixed;
	struct str_list packages, issues;
};

/* clang-format off */
static const struct json_field avg_fields[] = {
	{ JSON_FIELD("name", JSON_AS_STR, struct avg, name), .required = true },
	{ JSON_FIELD("packages", JSON_AS_STRS, struct avg, packages), .required = true },
	{ JSON_FIELD("status", JSON_AS_STR, struct avg, status), .required = true },
	{ JSON_FIELD("severity", JSON_AS_STR, struct avg, severity) },
	{ JSON_FIELD("type", JSON_AS_STR, struct avg, type) },
	{ JSON_FIELD("affected", JSON_AS_STR, struct avg, affected) },
	{ JSON_FIELD("fixed", JSON_AS_STR, struct avg, fixed) },
	{ JSON_FIELD("issues", JSON_AS_STRS, struct avg, issues) },
};
static const struct json_table avg_table = {
	"group", avg_fields, COUNT(avg_fields), sizeof(struct avg), false,
};
/* clang-format on */

static enum fix_status status_of(str word)
{
	if (str_eq(word, STR("Fixed")))
		return STATUS_FIXED;
	if (str_eq(word, STR("Not affected")))
		return STATUS_NOT_AFFECTED;
	return str_eq(word, STR("Unknown")) ? STATUS_UNDER_INVESTIGATION : STATUS_AFFECTED;
}

/* 1 put, 0 when it names no package, -1. */
static int avg_put(struct feed_sink *s, const struct avg *x, struct arena *a, struct err *e)
{
	const struct version_range range = { .introduced = STR("0"), .fixed = x->fixed };
	struct affected out = {
		.id = x->name,
		.ecosystem = STR("Arch Linux"),
		.status = status_of(x->status),
		.status_word = x->status,
		.severity = severity_of(x->severity),
		.severity_text = x->severity,
		.where = x->name,
	};
	const struct advisory adv = {
		.id = x->name,
		.title = x->type,
		.upstream = x->issues,
		.severity = out.severity,
	};

	if (out.status == STATUS_FIXED && !x->fixed.n)
		return err_set(e, ERR_CORRUPT, "fixed, and no version says where");
	if (out.status != STATUS_NOT_AFFECTED && vec_push(&out.ranges, a, e, range) < 0)
		return -1;
	vec_each (name, &x->packages) {
		out.name = *name;
		if (sink_affected(s, &out, e) < 0)
			return -1;
	}
	if (!x->packages.n)
		return 0;
	return sink_advisory(s, &adv, e) < 0 ? -1 : 1;
}

static void avg_read(struct feed_sink *s, str raw, size_t number)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * MIB);
	struct avg x = { 0 };
	struct err why;
	char where[64];
	int r = -1;

	snprintf(where, sizeof(where), "[%zu]", number);
	sink_begin(s);
	if (json_object_whole(&x, raw, &avg_table, &a, &why) == 0)
		r = avg_put(s, &x, &a, &why);
	if (r < 0)
		sink_refuse(s, str_of(where), &why);
	else if (r == 0)
		sink_drop(s, DROP_NO_PACKAGE, str_of(where), NULL);
	else
		sink_keep(s);
}

int arch_parse(struct feed_sink *s, str text, struct err *e)
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
		avg_read(s, raw, i);
	}
	return r < 0 ? -1 : json_end(&j, e);
}
