#include "feed/osv_affected.h"

#include "base/limits.h"
#include "feed/key.h"

struct osv_event {
	str introduced, fixed, last_affected, limit;
};

struct osv_range {
	str type;
	VEC(struct osv_event) events;
};

struct osv_package {
	str ecosystem, name;
};

struct osv_specific {
	str severity, urgency, status, informational;
};

struct osv_affected {
	struct osv_package package;
	VEC(struct osv_range) ranges;
	struct str_list versions;
	struct osv_specific ecosystem, database;
	struct cvss_list cvss;
	str severity_word;
};

/* These objects belong to whoever publishes: a member of another type than expected is ignored. */
static int read_word(void *out, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	return kind == JSON_STRING ? json_str(out, j, e) : json_skip(NULL, j, e);
}

/* clang-format off */
static const struct json_field event_fields[] = {
	{ JSON_FIELD("introduced", JSON_AS_STR, struct osv_event, introduced) },
	{ JSON_FIELD("fixed", JSON_AS_STR, struct osv_event, fixed) },
	{ JSON_FIELD("last_affected", JSON_AS_STR, struct osv_event, last_affected) },
	{ JSON_FIELD("limit", JSON_AS_STR, struct osv_event, limit) },
};
static const struct json_table event_table = {
	"event", event_fields, COUNT(event_fields), sizeof(struct osv_event), false,
};

static const struct json_field range_fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct osv_range, type), .required = true },
	{ JSON_FIELD("events", JSON_AS_OBJECTS, struct osv_range, events), .required = true, .table = &event_table },
};
static const struct json_table range_table = {
	"range", range_fields, COUNT(range_fields), sizeof(struct osv_range), false,
};

static const struct json_field package_fields[] = {
	{ JSON_FIELD("ecosystem", JSON_AS_STR, struct osv_package, ecosystem), .required = true },
	{ JSON_FIELD("name", JSON_AS_STR, struct osv_package, name), .required = true },
};
static const struct json_table package_table = {
	"package", package_fields, COUNT(package_fields), sizeof(struct osv_package), false,
};

static const struct json_field specific_fields[] = {
	{ JSON_FIELD("severity", JSON_AS_CALL, struct osv_specific, severity), .read = read_word },
	{ JSON_FIELD("urgency", JSON_AS_CALL, struct osv_specific, urgency), .read = read_word },
	{ JSON_FIELD("status", JSON_AS_CALL, struct osv_specific, status), .read = read_word },
	{ JSON_FIELD("informational", JSON_AS_CALL, struct osv_specific, informational), .read = read_word },
};
static const struct json_table specific_table = {
	"specific part", specific_fields, COUNT(specific_fields), sizeof(struct osv_specific), false,
};
/* clang-format on */

static int read_specific(void *out, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	return kind == JSON_OBJECT ? json_object(out, j, &specific_table, e)
				   : json_skip(NULL, j, e);
}

struct osv_score {
	str type, score;
};

static const struct json_field score_fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct osv_score, type), .required = true },
	{ JSON_FIELD("score", JSON_AS_STR, struct osv_score, score), .required = true },
};
static const struct json_table score_table = {
	"severity", score_fields, COUNT(score_fields), sizeof(struct osv_score), false,
};

str osv_publisher(str id)
{
	static const struct {
		str prefix, name;
	} rows[] = {
		{ STR_INIT("GHSA-"), STR_INIT("ghsa") },
		{ STR_INIT("PYSEC-"), STR_INIT("pypa") },
		{ STR_INIT("GO-"), STR_INIT("go") },
		{ STR_INIT("RUSTSEC-"), STR_INIT("rustsec") },
		{ STR_INIT("BIT-"), STR_INIT("bitnami") },
		{ STR_INIT("UBUNTU-"), STR_INIT("ubuntu") },
		{ STR_INIT("USN-"), STR_INIT("ubuntu") },
		{ STR_INIT("DSA-"), STR_INIT("debian") },
		{ STR_INIT("DLA-"), STR_INIT("debian") },
		{ STR_INIT("DEBIAN-"), STR_INIT("debian") },
		{ STR_INIT("ALPINE-"), STR_INIT("alpine") },
		{ STR_INIT("RHSA-"), STR_INIT("redhat") },
		{ STR_INIT("RHBA-"), STR_INIT("redhat") },
		{ STR_INIT("RHEA-"), STR_INIT("redhat") },
		{ STR_INIT("RLSA-"), STR_INIT("rocky") },
		{ STR_INIT("ALSA-"), STR_INIT("almalinux") },
		{ STR_INIT("SUSE-"), STR_INIT("suse") },
		{ STR_INIT("openSUSE-"), STR_INIT("suse") },
		{ STR_INIT("DRUPAL-"), STR_INIT("drupal") },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_starts(id, rows[i].prefix))
			return rows[i].name;
	return STR("vendor");
}

/* One vector of one publisher is kept once. */
static int cvss_add(struct cvss_list *list, str source, str vector, struct arena *a, struct err *e)
{
	struct cvss c = { source, vector, -1 };

	vec_each (have, list)
		if (str_eq(have->vector, vector) && str_eq(have->source, source))
			return 0;
	return vec_push(list, a, e, c);
}

int osv_severity_read(struct cvss_list *cvss, str *word, str id, struct json *j, struct err *e)
{
	int r = json_peek(j, e);

	if (r < 0)
		return -1;
	if (r == JSON_NULL)
		return json_null(j, e);
	if (json_enter_array(j, e) < 0)
		return -1;
	while ((r = json_array_next(j, e)) > 0) {
		struct osv_score score = { 0 };

		if (json_object(&score, j, &score_table, e) < 0)
			return -1;
		if (!str_starts(score.type, STR("CVSS_")))
			*word = score.score;
		else if (cvss_add(cvss, osv_publisher(id), score.score, j->arena, e) < 0)
			return -1;
	}
	return r;
}

static int read_severity(void *out, struct json *j, struct err *e)
{
	struct osv_affected *x = out;
	const struct osv_whole *whole = j->context;

	return osv_severity_read(&x->cvss, &x->severity_word, whole->id, j, e);
}

/* clang-format off */
static const struct json_field affected_fields[] = {
	{ JSON_FIELD("package", JSON_AS_OBJECT, struct osv_affected, package), .table = &package_table },
	{ JSON_FIELD("ranges", JSON_AS_OBJECTS, struct osv_affected, ranges), .table = &range_table },
	{ JSON_FIELD("versions", JSON_AS_STRS, struct osv_affected, versions) },
	{ JSON_FIELD("ecosystem_specific", JSON_AS_CALL, struct osv_affected, ecosystem), .read = read_specific },
	{ JSON_FIELD("database_specific", JSON_AS_CALL, struct osv_affected, database), .read = read_specific },
	{ .name = STR_INIT("severity"), .as = JSON_AS_CALL, .offset = 0, .read = read_severity },
};
static const struct json_table affected_table = {
	"affected part", affected_fields, COUNT(affected_fields), sizeof(struct osv_affected), false,
};
/* clang-format on */

/* Events pair up in the order in which they stand: `introduced` opens, `fixed` or `last_affected`
 * closes. Where several close one opening, or nothing does, each gives a range from that opening:
 * the union is the widest reading, so that disorder upstream hides nothing. */
static int ranges_add(struct range_list *out, const struct osv_range *range, struct arena *a,
		      struct err *e)
{
	struct version_range open = { 0 };
	bool opened = false, closed = true;
	str limit = STR_NONE;

	vec_each (event, &range->events)
		if (event->limit.n && !str_eq(event->limit, STR("*")))
			limit = event->limit;
	vec_each (event, &range->events) {
		if (event->introduced.n) {
			if (!closed && vec_push(out, a, e, open) < 0)
				return -1;
			open = (struct version_range){ .introduced = event->introduced,
						       .limit = limit };
			opened = true;
			closed = false;
		}
		if (!event->fixed.n && !event->last_affected.n)
			continue;
		if (!opened)
			return err_set(e, ERR_CORRUPT, "a range ends before it begins");
		struct version_range whole = open;

		whole.fixed = event->fixed;
		whole.last_affected = event->fixed.n ? STR_NONE : event->last_affected;
		closed = true;
		if (vec_push(out, a, e, whole) < 0)
			return -1;
	}
	return closed ? 0 : vec_push(out, a, e, open);
}

/* Ubuntu's words for a release where nothing is fixed (ubuntu-cve-tracker README, "status"). */
static enum fix_status status_of(str word)
{
	static const struct {
		str word;
		enum fix_status status;
	} rows[] = {
		{ STR_INIT("needed"), STATUS_AFFECTED },
		{ STR_INIT("pending"), STATUS_AFFECTED },
		{ STR_INIT("deferred"), STATUS_FIX_DEFERRED },
		{ STR_INIT("ignored"), STATUS_WILL_NOT_FIX },
		{ STR_INIT("needs-triage"), STATUS_UNDER_INVESTIGATION },
		{ STR_INIT("released"), STATUS_FIXED },
		{ STR_INIT("not-affected"), STATUS_NOT_AFFECTED },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(rows[i].word, word))
			return rows[i].status;
	return STATUS_AFFECTED;
}

static void status_set(struct affected *out, const struct osv_affected *in)
{
	out->status_word = in->ecosystem.status;
	out->status = status_of(in->ecosystem.status);
	vec_each (range, &out->ranges)
		if (range->fixed.n)
			out->status = STATUS_FIXED;
	if (str_eq(in->ecosystem.urgency, STR("end-of-life")))
		out->status = STATUS_END_OF_LIFE;
}

/* The part's own word, then the vector; the whole record's word is for all its parts. */
static void severity_set(struct affected *out, const struct osv_affected *in,
			 const struct osv_whole *whole)
{
	const str words[] = { in->severity_word, in->ecosystem.severity, in->database.severity,
			      in->ecosystem.urgency, whole->severity_word };

	for (size_t i = 0; i < COUNT(words) && !out->severity_text.n; i++)
		out->severity_text = words[i];
	out->severity = severity_of(out->severity_text);
	if (!out->severity_text.n && in->cvss.n)
		out->severity_text = in->cvss.v[0].vector;
}

/* 1 put, 0 when there is no version of a package in it, -1. */
static int part_put(struct feed_sink *s, const struct osv_affected *in, struct osv_whole *whole,
		    size_t number, struct arena *a, struct err *e)
{
	struct affected out = {
		.id = whole->id,
		.ecosystem = ecosystem_canonical(in->package.ecosystem),
		.name = in->package.name,
		.by_source = ecosystem_by_source(in->package.ecosystem),
		.versions = in->versions,
		.informational = in->database.informational,
	};

	vec_each (c, &in->cvss)
		if (cvss_add(whole->cvss, c->source, c->vector, a, e) < 0)
			return -1;
	vec_each (range, &in->ranges)
		if (str_eq(range->type, STR("GIT")))
			whole->git_only = true;
		else if (ranges_add(&out.ranges, range, a, e) < 0)
			return -1;
	if (!out.name.n || (!out.ranges.n && !out.versions.n))
		return 0;
	status_set(&out, in);
	severity_set(&out, in, whole);
	if (arena_printf(&out.where, a, e, STR_FMT ".json affected[%zu]", STR_ARG(whole->id),
			 number) < 0)
		return -1;
	return sink_affected(s, &out, e) < 0 ? -1 : 1;
}

int osv_affected_put(struct feed_sink *s, str raw, struct osv_whole *whole, struct arena *a,
		     struct err *e)
{
	struct json j;
	int put = 0, r;

	if (!raw.n)
		return 0;
	json_init(&j, raw, a);
	j.context = whole;
	if (json_enter_array(&j, e) < 0)
		return -1;
	for (size_t i = 0; (r = json_array_next(&j, e)) > 0; i++) {
		struct osv_affected x = { 0 };

		if (json_object(&x, &j, &affected_table, e) < 0)
			return -1;
		r = part_put(s, &x, whole, i, a, e);
		if (r < 0)
			return err_within(e, "affected[%zu]", i);
		put += r;
	}
	return r < 0 || json_end(&j, e) < 0 ? -1 : put;
}
