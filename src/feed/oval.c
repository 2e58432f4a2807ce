/* OVAL definitions (OVAL Language 5.11) of Debian, Ubuntu, Red Hat, Rocky, Oracle, SUSE and Azure
 * Linux. The document is read twice: what definitions refer to stands behind them. One definition
 * is held at a time. */
#include "base/limits.h"
#include "feed/oval_criteria.h"
#include "feed/oval_platform.h"
#include "feed/parse.h"
#include "feed/word.h"
#include "format/xml.h"

#define FACTS_BYTES (1 * GIB)

struct resolution {
	str state;
	str component;
};

/* A definition while it is read. */
struct definition {
	str id, class, title, description, severity, from;
	str published, modified;
	struct str_list platforms, cves, errata;
	struct cvss_list cvss;
	struct str_list links;
	VEC(struct resolution) resolutions;
	str state;  /* of the resolution that is open */
	str vector; /* of the `cve` that is open */
	struct oval_node *top, *at;
};

struct oval {
	struct feed_sink *s;
	struct oval_facts facts;
	struct arena facts_arena, a; /* a: one definition's */
	struct definition d;
	bool open;
	bool failed; /* the definition that is open cannot be kept: why says it */
	struct err why;
};

static void oval_end(struct oval *o)
{
	arena_free(&o->facts_arena);
	arena_free(&o->a);
}

static int push_once(struct str_list *list, str s, struct arena *a, struct err *e)
{
	vec_each (x, list)
		if (str_eq(*x, s))
			return 0;
	if (list->n >= LIMIT_ADVISORY_NAMES)
		return err_set(e, ERR_LIMIT, "more than %d names", LIMIT_ADVISORY_NAMES);
	return vec_push(list, a, e, s);
}

static int attribute(str *out, const char *const *attributes, const char *name, struct oval *o,
		     struct err *e)
{
	return arena_str(out, &o->a, xml_attribute(attributes, name), e);
}

static bool is_node(str name)
{
	return str_eq(name, STR("criteria")) || str_eq(name, STR("criterion")) ||
	       str_eq(name, STR("extend_definition"));
}

static int node_open(struct oval *o, str name, const char *const *attributes, struct err *e)
{
	struct definition *d = &o->d;
	struct oval_node *n = arena_new(&o->a, struct oval_node);

	if (!n)
		return err_nomem(e);
	n->up = d->at;
	n->operator= str_eq(xml_attribute(attributes, "operator"), STR("OR")) ? OVAL_OR : OVAL_AND;
	n->negated = str_eq(xml_attribute(attributes, "negate"), STR("true"));
	if (attribute(&n->comment, attributes, "comment", o, e) < 0 ||
	    attribute(&n->test, attributes, "test_ref", o, e) < 0)
		return -1;
	if (str_eq(name, STR("extend_definition"))) {
		n->test = STR("another definition"); /* what it asks stands in the comment */
		(void)str_chop(&n->comment, STR("."));
	} else if (str_eq(name, STR("criterion")) && !n->test.n) {
		return err_set(e, ERR_CORRUPT, "a criterion without test_ref");
	}
	if (!d->at && d->top)
		return err_set(e, ERR_CORRUPT, "more than one tree of criteria");
	if (!d->at)
		d->top = n;
	else if (!d->at->first)
		d->at->first = d->at->last = n;
	else
		d->at->last = d->at->last->next = n;
	d->at = n;
	return 0;
}

static int reference(struct oval *o, const char *const *attributes, struct err *e)
{
	struct definition *d = &o->d;
	str id, url;

	if (attribute(&id, attributes, "ref_id", o, e) < 0 ||
	    attribute(&url, attributes, "ref_url", o, e) < 0)
		return -1;
	id = str_trim(id);
	if (url.n && vec_push(&d->links, &o->a, e, url) < 0)
		return -1;
	if (str_starts(id, STR("CVE-")))
		return push_once(&d->cves, id, &o->a, e);
	return word_is_erratum(id) ? push_once(&d->errata, id, &o->a, e) : 0;
}

/* "9.3/CVSS:3.1/AV:N/…": the score, then the vector. */
static int cve_open(struct oval *o, const char *const *attributes, struct err *e)
{
	static const char *const names[] = { "cvss3", "cvss_vector", "cvss2" };
	str s = STR_NONE;

	for (size_t i = 0; i < COUNT(names) && !s.n; i++)
		s = xml_attribute(attributes, names[i]);
	if (s.n && ch_digit(s.p[0]))
		s = str_from(s, MIN(str_find(s, '/'), s.n - 1) + 1);
	return arena_str(&o->d.vector, &o->a, s, e);
}

/* A day, or a moment, in RFC 3339. */
static int date(str *out, str text, struct oval *o, struct err *e)
{
	if (text.n == 10)
		return arena_printf(out, &o->a, e, STR_FMT "T00:00:00Z", STR_ARG(text));
	return text.n >= 19 ? arena_printf(out, &o->a, e, STR_FMT "Z", STR_ARG(str_first(text, 19)))
			    : 0;
}

static int part_open(struct oval *o, str name, const char *const *attributes, struct err *e)
{
	struct definition *d = &o->d;

	if (is_node(name))
		return node_open(o, name, attributes, e);
	if (str_eq(name, STR("reference")))
		return reference(o, attributes, e);
	if (str_eq(name, STR("cve")))
		return cve_open(o, attributes, e);
	if (str_eq(name, STR("issued")))
		return date(&d->published, xml_attribute(attributes, "date"), o, e);
	if (str_eq(name, STR("updated")))
		return date(&d->modified, xml_attribute(attributes, "date"), o, e);
	if (str_eq(name, STR("advisory")))
		return attribute(&d->from, attributes, "from", o, e);
	if (str_eq(name, STR("resolution")))
		return attribute(&d->state, attributes, "state", o, e);
	return 0;
}

static int cve_close(struct oval *o, str text, struct err *e)
{
	struct definition *d = &o->d;
	bool nvd = str_ends(text, STR(" at NVD"));
	str id = str_first(text, MIN(str_find(text, ' '), text.n));
	struct cvss c = { nvd ? STR("nvd") : STR("vendor"), d->vector, -1 };

	if (d->vector.n && vec_push(&d->cvss, &o->a, e, c) < 0)
		return -1;
	if (!str_starts(id, STR("CVE-")))
		return 0;
	return arena_str(&id, &o->a, id, e) < 0 ? -1 : push_once(&d->cves, id, &o->a, e);
}

static int component(struct oval *o, str text, struct err *e)
{
	struct resolution r = { .state = o->d.state };

	if (arena_str(&r.component, &o->a, text, e) < 0)
		return -1;
	return vec_push(&o->d.resolutions, &o->a, e, r);
}

static int part_close(struct oval *o, str name, str text, struct err *e)
{
	struct definition *d = &o->d;
	str word;

	text = str_trim(text);
	if (is_node(name)) {
		d->at = d->at ? d->at->up : NULL;
		return 0;
	}
	if (str_eq(name, STR("title")) && !d->title.n)
		return arena_str(&d->title, &o->a, text, e);
	if (str_eq(name, STR("description")) && !d->description.n)
		return arena_str(&d->description, &o->a, text, e);
	if (str_eq(name, STR("severity")) && !d->severity.n)
		return arena_str(&d->severity, &o->a, text, e);
	if (str_eq(name, STR("advisory_date")))
		return date(&d->published, text, o, e);
	if (str_eq(name, STR("cve")))
		return cve_close(o, text, e);
	if (str_eq(name, STR("component")) && d->state.n)
		return component(o, text, e);
	if (!str_eq(name, STR("platform")))
		return 0;
	return arena_str(&word, &o->a, text, e) < 0 ? -1 : push_once(&d->platforms, word, &o->a, e);
}

/* The erratum, for definitions of repairs; else the vulnerability. */
static str id_of(const struct definition *d)
{
	str word = str_first(d->title, MIN(str_find(d->title, ' '), d->title.n));

	(void)str_chop(&word, STR(":"));
	if (str_eq(d->class, STR("patch")) && d->errata.n)
		return d->errata.v[0];
	if (word_is_erratum(word) || str_starts(word, STR("CVE-")))
		return word;
	return d->cves.n && !str_eq(d->class, STR("patch")) ? d->cves.v[0] : d->id;
}

static str title_of(const struct definition *d, str id)
{
	str s = d->title;

	if (!str_skip(&s, id))
		return s;
	(void)str_skip(&s, STR(":"));
	s = str_trim(s);
	(void)str_skip(&s, STR("--"));
	return str_trim(s);
}

static const struct resolution *resolution_of(const struct definition *d, str name)
{
	vec_each (r, &d->resolutions) {
		str component = r->component;
		size_t at = str_rfind(component, '/'); /* "nodejs:18/nodejs" */

		if (str_eq(str_from(component, at == SIZE_MAX ? 0 : at + 1), name))
			return r;
	}
	return NULL;
}

/* 1 when the row says something of a version, 0, -1. */
static int range_set(struct affected *out, const struct oval_row *row, const struct definition *d,
		     struct arena *a, struct err *e)
{
	struct version_range range = { .introduced = row->low.n ? row->low : STR("0") };
	const struct resolution *r;

	switch (row->order) {
	case OVAL_LESS:
		out->status = STATUS_FIXED;
		range.fixed = row->version;
		break;
	case OVAL_LESS_EQUAL:
		out->status = STATUS_AFFECTED;
		range.last_affected = row->version;
		break;
	case OVAL_GREATER:
	case OVAL_GREATER_EQUAL:
		out->status = STATUS_AFFECTED;
		if (!str_starts(row->version, STR("0:0")))
			range.introduced = row->version;
		break;
	default:
		r = resolution_of(d, row->name);
		if (!r)
			return 0;
		out->status_word = r->state;
		out->status = word_fix_status(r->state);
	}
	return vec_push(&out->ranges, a, e, range) < 0 ? -1 : 1;
}

/* One row on one system. 1 put, 0, -1. */
static int row_put(struct oval *o, const struct oval_row *row, str words, struct map *seen,
		   struct err *e)
{
	struct definition *d = &o->d;
	struct oval_platform platform;
	str feed = str_of(o->s->name), key;
	size_t at = str_rfind(feed, '/');
	struct affected out = {
		.id = id_of(d),
		.name = row->name,
		.severity_text = d->severity,
		.severity = severity_of(d->severity),
		.module = row->when.module,
		.arch = row->when.arch,
		.where = d->id,
	};
	int r = oval_platform_of(&platform, words, row->when.pro,
				 str_from(feed, at == SIZE_MAX ? feed.n : at + 1), &o->a, e);

	out.ecosystem = platform.ecosystem;
	out.by_source = platform.by_source;
	if (r < 0 || !out.ecosystem.n)
		return r;
	r = range_set(&out, row, d, &o->a, e);
	if (r <= 0)
		return r;
	if (arena_printf(&key, &o->a, e,
			 STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT,
			 STR_ARG(out.ecosystem), STR_ARG(out.name), STR_ARG(row->version),
			 STR_ARG(row->low), STR_ARG(out.arch), STR_ARG(out.module)) < 0)
		return -1;
	if (map_get(seen, key))
		return 1;
	return map_put(seen, &o->a, key, d, e) < 0 || sink_affected(o->s, &out, e) < 0 ? -1 : 1;
}

/* On the system that the criteria name, else on those of the definition, else on the publisher's.
 */
static int row_everywhere(struct oval *o, const struct oval_row *row, struct map *seen,
			  struct err *e)
{
	struct definition *d = &o->d;
	int put = 0;

	if (row->when.platform.n)
		put = row_put(o, row, row->when.platform, seen, e);
	if (put)
		return put;
	vec_each (platform, &d->platforms) {
		int r = row_put(o, row, *platform, seen, e);

		if (r < 0)
			return -1;
		put += r;
	}
	return put || !d->from.n ? put : row_put(o, row, d->from, seen, e);
}

/* Some publishers name what they repair only in the text. */
static int cves_in_text(struct definition *d, struct arena *a, struct err *e)
{
	str s = d->description;
	size_t at;

	while (!d->cves.n || s.n < d->description.n) {
		at = str_search(s, STR("CVE-"));
		if (at == SIZE_MAX)
			break;
		s = str_from(s, at);
		size_t n = 4;

		while (n < s.n && (ch_digit(s.p[n]) || (n == 8 && s.p[n] == '-')))
			n++;
		if (n >= 13 && push_once(&d->cves, str_first(s, n), a, e) < 0)
			return -1;
		s = str_from(s, n);
	}
	return 0;
}

static int advisory_put(struct oval *o, struct err *e)
{
	struct definition *d = &o->d;
	struct advisory out = {
		.id = id_of(d),
		.details = d->description,
		.severity = severity_of(d->severity),
		.published = d->published,
		.modified = d->modified.n ? d->modified : d->published,
		.references = d->links,
	};

	if (!d->cves.n && cves_in_text(d, &o->a, e) < 0)
		return -1;
	out.title = title_of(d, out.id);
	if (d->cves.n <= 1) /* scores say which vulnerability they are of only by standing alone */
		out.cvss = d->cvss;
	if (str_starts(out.id, STR("CVE-")))
		out.related = d->errata;
	else
		out.upstream = d->cves;
	return sink_advisory(o->s, &out, e);
}

/* 1 stored, 0 when it speaks of no package's version, -1. */
static int definition_put(struct oval *o, struct err *e)
{
	struct oval_rows rows;
	struct map seen = { 0 };
	int put = 0;

	if (oval_rows_of(&rows, o->d.top, &o->facts, &o->a, e) < 0)
		return -1;
	vec_each (row, &rows) {
		int r = row_everywhere(o, row, &seen, e);

		if (r < 0)
			return -1;
		put += r;
	}
	if (!put)
		return 0;
	return advisory_put(o, e) < 0 ? -1 : 1;
}

static void definition_close(struct oval *o)
{
	struct err e;
	int r = -1;

	if (o->failed)
		e = o->why;
	else
		r = definition_put(o, &e);
	if (r < 0)
		sink_refuse(o->s, o->d.id, &e);
	else if (r == 0)
		sink_drop(o->s, DROP_NO_PACKAGE, o->d.id, NULL);
	else
		sink_keep(o->s);
	o->open = false;
	arena_free(&o->a);
}

static int on_begin(void *ctx, str name, const char *const *attributes, struct err *e)
{
	struct oval *o = ctx;

	if (!o->open && str_eq(name, STR("definition"))) {
		o->d = (struct definition){ 0 };
		o->open = true;
		sink_begin(o->s);
		o->failed = attribute(&o->d.id, attributes, "id", o, &o->why) < 0 ||
			    attribute(&o->d.class, attributes, "class", o, &o->why) < 0;
	} else if (o->open && !o->failed) {
		o->failed = part_open(o, name, attributes, &o->why) < 0;
	}
	(void)e;
	return 0;
}

static int on_end(void *ctx, str name, str text, struct err *e)
{
	struct oval *o = ctx;
	str when = STR_NONE;

	if (o->open && str_eq(name, STR("definition"))) {
		definition_close(o);
	} else if (o->open && !o->failed) {
		o->failed = part_close(o, name, text, &o->why) < 0;
	} else if (!o->open && str_eq(name, STR("timestamp"))) {
		if (date(&when, str_trim(text), o, e) < 0)
			return -1;
		sink_date(o->s, when);
	}
	return 0;
}

int oval_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(oval_end)
	struct oval o = { .s = s, .facts_arena = ARENA(FACTS_BYTES), .a = ARENA(64 * MIB) };
	const struct xml_handler h = { &o, on_begin, on_end };

	o.facts.a = &o.facts_arena;
	if (oval_facts_read(&o.facts, text, e) < 0)
		return -1;
	return xml_read(&h, text, e);
}
