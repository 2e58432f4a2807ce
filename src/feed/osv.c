#include "feed/osv.h"

#include "base/limits.h"
#include "feed/osv_affected.h"
#include "feed/parse.h"
#include "feed/word.h"

#define OSV_RECORD_ARENA (64 * MIB)

struct osv_record {
	str id, summary, details, published, modified, withdrawn;
	struct str_list aliases, upstream, related, references;
	struct cvss_list cvss;
	str severity_word; /* the distribution's, in `severity` */
	str database_word; /* database_specific.severity */
	str affected;
};

static int read_severity(void *out, struct json *j, struct err *e)
{
	struct osv_record *x = out;

	/* The publisher is told by the id, which may stand behind: filled in later. */
	return osv_severity_read(&x->cvss, &x->severity_word, x->id, j, e);
}

struct osv_reference {
	str url;
};

static const struct json_field reference_fields[] = {
	{ JSON_FIELD("url", JSON_AS_STR, struct osv_reference, url), .required = true },
};
static const struct json_table reference_table = {
	"reference", reference_fields, COUNT(reference_fields), sizeof(struct osv_reference), false,
};

static int read_reference(void *out, struct json *j, struct err *e)
{
	struct osv_record *x = out;
	struct osv_reference ref = { 0 };

	if (json_object(&ref, j, &reference_table, e) < 0)
		return -1;
	return vec_push(&x->references, j->arena, e, ref.url);
}

static int read_database(void *out, struct json *j, struct err *e)
{
	struct osv_record *x = out;
	str key;
	int r = json_peek(j, e);

	if (r < 0)
		return -1;
	if (r != JSON_OBJECT)
		return json_skip(NULL, j, e);
	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&key, j, e)) > 0) {
		if (!str_eq(key, STR("severity")))
			continue;
		r = json_peek(j, e);
		if (r < 0 || (r == JSON_STRING && json_str(&x->database_word, j, e) < 0))
			return -1;
	}
	return r;
}

/* clang-format off */
static const struct json_field osv_fields[] = {
	{ JSON_FIELD("id", JSON_AS_STR, struct osv_record, id), .required = true },
	{ JSON_FIELD("summary", JSON_AS_STR, struct osv_record, summary) },
	{ JSON_FIELD("details", JSON_AS_STR, struct osv_record, details) },
	{ JSON_FIELD("published", JSON_AS_STR, struct osv_record, published) },
	{ JSON_FIELD("modified", JSON_AS_STR, struct osv_record, modified) },
	{ JSON_FIELD("withdrawn", JSON_AS_STR, struct osv_record, withdrawn) },
	{ JSON_FIELD("aliases", JSON_AS_STRS, struct osv_record, aliases) },
	{ JSON_FIELD("upstream", JSON_AS_STRS, struct osv_record, upstream) },
	{ JSON_FIELD("related", JSON_AS_STRS, struct osv_record, related) },
	{ JSON_FIELD("affected", JSON_AS_RAW, struct osv_record, affected) },
	{ .name = STR_INIT("references"), .as = JSON_AS_EACH, .read = read_reference },
	{ .name = STR_INIT("severity"), .as = JSON_AS_CALL, .read = read_severity },
	{ .name = STR_INIT("database_specific"), .as = JSON_AS_CALL, .read = read_database },
};
static const struct json_table osv_table = {
	"OSV record", osv_fields, COUNT(osv_fields), sizeof(struct osv_record), false,
};
/* clang-format on */

/* UBUNTU-CVE-2024-1 and the like are a distribution's view of that CVE: one vulnerability. */
static str cve_inside(str id)
{
	size_t at = str_search(id, STR("-CVE-"));

	return at == SIZE_MAX || at == 0 ? STR_NONE : str_from(id, at + 1);
}

/* Ids are typed by hand in places: " CVE-2026-1 " is seen. */
static void ids_trim(const struct str_list *ids)
{
	vec_each (id, ids)
		*id = str_trim(*id);
}

static int names_sort_out(struct advisory *out, const struct osv_record *in, struct arena *a,
			  struct err *e)
{
	str cve = cve_inside(in->id);
	/* Some publishers list what an erratum repairs as `related` (AlmaLinux, older Red Hat and
	 * SUSE records), where `upstream` is the word now. */
	bool erratum = word_is_erratum(in->id);

	ids_trim(&in->aliases);
	ids_trim(&in->upstream);
	ids_trim(&in->related);
	out->aliases = in->aliases;
	if (cve.n && vec_push(&out->aliases, a, e, cve) < 0)
		return -1;
	vec_each (id, &in->upstream)
		if (!str_eq(*id, cve) && vec_push(&out->upstream, a, e, *id) < 0)
			return -1;
	vec_each (id, &in->related) {
		bool repaired = erratum && str_starts(*id, STR("CVE-"));

		if (!str_eq(*id, cve) &&
		    vec_push(repaired ? &out->upstream : &out->related, a, e, *id) < 0)
			return -1;
	}
	return 0;
}

/* Where there is no summary, the text's first line is the title. */
static str title_of(const struct osv_record *x)
{
	str text = str_trim(x->details);

	if (x->summary.n)
		return x->summary;
	return str_trim(str_first(text, MIN(str_find(text, '\n'), text.n)));
}

static int record_put(struct feed_sink *s, const struct osv_record *x, struct osv_whole *whole,
		      struct arena *a, struct err *e)
{
	struct advisory out = {
		.id = x->id,
		.title = title_of(x),
		.details = x->details,
		.severity = severity_of(whole->severity_word),
		.published = x->published,
		.modified = x->modified,
		.references = x->references,
		.malicious = str_starts(x->id, STR("MAL-")),
	};

	out.cvss = *whole->cvss;
	if (names_sort_out(&out, x, a, e) < 0)
		return -1;
	return sink_advisory(s, &out, e);
}

static int osv_record_put(struct feed_sink *s, str text, str *id, struct arena *a, struct err *e)
{
	struct osv_record x = { 0 };
	struct osv_whole whole = { .cvss = &x.cvss };
	int put;

	if (json_object_whole(&x, text, &osv_table, a, e) < 0)
		return -1;
	*id = x.id;
	if (x.withdrawn.n) {
		sink_drop(s, DROP_WITHDRAWN, x.id, NULL);
		return 0;
	}
	vec_each (c, &x.cvss)
		c->source = osv_publisher(x.id);
	whole.id = x.id;
	whole.severity_word = x.severity_word.n ? x.severity_word : x.database_word;
	put = osv_affected_put(s, x.affected, &whole, a, e);
	if (put < 0 || (put && record_put(s, &x, &whole, a, e) < 0))
		return -1;
	if (put)
		sink_keep(s);
	else
		sink_drop(s, whole.git_only ? DROP_GIT_ONLY : DROP_NO_PACKAGE, x.id, NULL);
	return 0;
}

void osv_record_parse(struct feed_sink *s, str text, str name)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(OSV_RECORD_ARENA);
	struct err e;
	str id = name;

	sink_begin(s);
	if (osv_record_put(s, text, &id, &a, &e) < 0)
		sink_refuse(s, name.n ? name : id, &e);
}

int osv_parse(struct feed_sink *s, str text, struct err *e)
{
	osv_record_parse(s, text, STR_NONE);
	return 0;
}
