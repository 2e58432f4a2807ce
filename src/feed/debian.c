/* The Debian security tracker's JSON: { package: { id: { description, releases: { codename: {
 * status, fixed_version, urgency, nodsa, nodsa_reason } } } } }; packages are source packages. */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/json.h"

struct tracker_release {
	str status, fixed_version, urgency, nodsa, nodsa_reason;
	bool has_reason;
};

struct tracker_entry {
	str description;
	str releases;
};

static int read_reason(void *out, struct json *j, struct err *e)
{
	struct tracker_release *x = out;

	x->has_reason = true;
	return json_str(&x->nodsa_reason, j, e);
}

/* clang-format off */
static const struct json_field release_fields[] = {
	{ JSON_FIELD("status", JSON_AS_STR, struct tracker_release, status), .required = true },
	{ JSON_FIELD("fixed_version", JSON_AS_STR, struct tracker_release, fixed_version) },
	{ JSON_FIELD("urgency", JSON_AS_STR, struct tracker_release, urgency) },
	{ JSON_FIELD("nodsa", JSON_AS_STR, struct tracker_release, nodsa) },
	{ .name = STR_INIT("nodsa_reason"), .as = JSON_AS_CALL, .read = read_reason },
};
static const struct json_table release_table = {
	"release", release_fields, COUNT(release_fields), sizeof(struct tracker_release), false,
};

static const struct json_field entry_fields[] = {
	{ JSON_FIELD("description", JSON_AS_STR, struct tracker_entry, description) },
	{ JSON_FIELD("releases", JSON_AS_RAW, struct tracker_entry, releases), .required = true },
};
static const struct json_table entry_table = {
	"tracker entry", entry_fields, COUNT(entry_fields), sizeof(struct tracker_entry), false,
};

/* Debian releases have numbers in OSV's names; what has none yet keeps its code name. */
static const struct {
	str codename, number;
} releases[] = {
	{ STR_INIT("jessie"), STR_INIT("8") },	  { STR_INIT("stretch"), STR_INIT("9") },
	{ STR_INIT("buster"), STR_INIT("10") },	  { STR_INIT("bullseye"), STR_INIT("11") },
	{ STR_INIT("bookworm"), STR_INIT("12") }, { STR_INIT("trixie"), STR_INIT("13") },
	{ STR_INIT("forky"), STR_INIT("14") },	  { STR_INIT("duke"), STR_INIT("15") },
};
/* clang-format on */

static str release_number(str codename)
{
	for (size_t i = 0; i < COUNT(releases); i++)
		if (str_eq(releases[i].codename, codename))
			return releases[i].number;
	return codename;
}

/* "ignored" and "postponed" are decisions; a plain "no DSA" leaves the repair to a point release.
 */
static enum fix_status open_status(const struct tracker_release *x)
{
	if (str_eq(x->urgency, STR("end-of-life")))
		return STATUS_END_OF_LIFE;
	if (str_eq(x->nodsa_reason, STR("ignored")))
		return STATUS_WILL_NOT_FIX;
	return x->nodsa.n || x->has_reason ? STATUS_FIX_DEFERRED : STATUS_AFFECTED;
}

static int status_set(struct affected *out, const struct tracker_release *x, struct arena *a,
		      struct err *e)
{
	struct version_range range = { .introduced = STR("0") };

	out->status_word = x->status;
	if (str_eq(x->status, STR("resolved"))) {
		/* "0": no version in this release ever was affected. */
		bool never = str_eq(x->fixed_version, STR("0"));

		if (!x->fixed_version.n)
			return err_set(e, ERR_CORRUPT, "resolved without fixed_version");
		out->status = never ? STATUS_NOT_AFFECTED : STATUS_FIXED;
		range.fixed = x->fixed_version;
		return never ? 0 : vec_push(&out->ranges, a, e, range);
	}
	if (str_eq(x->status, STR("undetermined")))
		out->status = STATUS_UNDER_INVESTIGATION;
	else if (str_eq(x->status, STR("open")))
		out->status = open_status(x);
	else
		return err_set(e, ERR_CORRUPT, "status \"" STR_FMT "\" is not known",
			       STR_ARG(x->status));
	if (x->nodsa_reason.n)
		out->status_word = x->nodsa_reason;
	else if (x->nodsa.n || x->has_reason)
		out->status_word = STR("no-dsa");
	return vec_push(&out->ranges, a, e, range);
}

/* "medium**": the tracker's own guess; the word counts all the same. */
static enum severity urgency_of(str word)
{
	while (str_chop(&word, STR("*")))
		;
	return severity_of(word);
}

static int release_put(struct feed_sink *s, struct affected *out, str codename, struct json *j,
		       struct err *e)
{
	struct tracker_release x = { 0 };

	if (json_object(&x, j, &release_table, e) < 0)
		return -1;
	if (status_set(out, &x, j->arena, e) < 0 ||
	    arena_printf(&out->ecosystem, j->arena, e, "Debian:" STR_FMT,
			 STR_ARG(release_number(codename))) < 0 ||
	    arena_printf(&out->where, j->arena, e, STR_FMT " " STR_FMT " " STR_FMT,
			 STR_ARG(out->name), STR_ARG(out->id), STR_ARG(codename)) < 0)
		return -1;
	out->severity_text = x.urgency;
	out->severity = urgency_of(x.urgency);
	return sink_affected(s, out, e);
}

/* The tracker repeats the text at the start of the title's place: its first line is the title. */
static int entry_put(struct feed_sink *s, str package, str id, str raw, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 * MIB);
	struct tracker_entry x = { 0 };
	struct advisory adv = { .id = id };
	struct json j;
	str codename;
	int r, put = 0;

	if (json_object_whole(&x, raw, &entry_table, &a, e) < 0)
		return -1;
	json_init(&j, x.releases, &a);
	if (json_enter_object(&j, e) < 0)
		return -1;
	for (; (r = json_object_next(&codename, &j, e)) > 0; put++) {
		struct affected out = { .id = id, .name = package, .by_source = true };

		if (release_put(s, &out, codename, &j, e) < 0)
			return err_within(e, STR_FMT, STR_ARG(codename));
	}
	if (r < 0 || !put)
		return r;
	adv.title = str_first(x.description, MIN(str_find(x.description, '\n'), x.description.n));
	adv.details = x.description;
	return sink_advisory(s, &adv, e) < 0 ? -1 : 1;
}

static int package_put(struct feed_sink *s, str package, struct json *j, struct err *e)
{
	str id, raw;
	int r;

	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&id, j, e)) > 0) {
		char where[256];
		struct err why;

		if (json_skip(&raw, j, e) < 0)
			return -1;
		snprintf(where, sizeof(where), STR_FMT " " STR_FMT, STR_ARG(package), STR_ARG(id));
		sink_begin(s);
		r = entry_put(s, package, id, raw, &why);
		if (r < 0)
			sink_refuse(s, str_of(where), &why);
		else if (r == 0)
			sink_drop(s, DROP_NO_PACKAGE, str_of(where), NULL);
		else
			sink_keep(s);
	}
	return r;
}

int debian_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(256 * MIB);
	struct json j;
	str package;
	int r;

	json_init(&j, text, &a);
	if (json_enter_object(&j, e) < 0)
		return -1;
	while ((r = json_object_next(&package, &j, e)) > 0)
		if (package_put(s, package, &j, e) < 0)
			return -1;
	return r < 0 ? -1 : json_end(&j, e);
}
