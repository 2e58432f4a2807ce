#include "match/match.h"

#include "base/map.h"
#include "match/candidate.h"
#include "match/ecosystem.h"
#include "match/range.h"
#include "model/os_table.h"

/* Scratch memory is given back when it has grown past this. */
#define SCRATCH_KEEP ((size_t)1 << 20)
/* One package's records: linux has some ten thousand. */
#define SCRATCH_MOST ((size_t)256 << 20)

/* An ecosystem of the inventory, and its packages that could not be matched. */
struct tally {
	struct ecosystem eco;
	uint32_t missing, third_party;
};

struct matcher {
	const struct match_input *in;
	struct match_output *out;
	struct arena *a;
	struct arena scratch;
	VEC(struct tally) tallies;
	struct map sources; /* source package and version → struct memo */
};

/* What was found for one binary package, all of it by records about the source: the same for its
 * siblings. */
struct memo {
	size_t first, n; /* in the findings */
};

static void scratch_free(struct matcher *m)
{
	arena_free(&m->scratch);
}

/* The row of a package type; asked for the first time, its feeds are looked up. */
static int tally_of(struct tally **out, struct matcher *m, str type, struct err *e)
{
	struct tally t = { 0 };

	vec_each (x, &m->tallies) {
		if (!str_eq(x->eco.type, type))
			continue;
		*out = x;
		return 0;
	}
	if (ecosystem_of(&t.eco, type, &m->in->inventory->os, m->in->data, m->a, e) < 0 ||
	    vec_push(&m->tallies, m->a, e, t) < 0)
		return -1;
	*out = &m->tallies.v[m->tallies.n - 1];
	return 0;
}

static bool has_feed(const struct tally *t)
{
	return t->eco.scheme && t->eco.feeds.n;
}

/* "nodejs:18" of the record stands for "nodejs:18:8080…:context" of the package. */
static bool module_fits(const struct affected *r, const struct package *p)
{
	str rest = p->module;

	if (r->module.n == 0)
		return true;
	return str_skip(&rest, r->module) && (rest.n == 0 || rest.p[0] == ':');
}

/* "aarch64|x86_64" of the record is either. */
static bool arch_fits(const struct affected *r, const struct package *p)
{
	str rest = r->arch, one;

	if (r->arch.n == 0 || p->arch.n == 0 || str_eq(p->arch, STR("noarch")))
		return true;
	while (str_next(&rest, '|', &one))
		if (str_eq(one, p->arch))
			return true;
	return false;
}

/* What no package brought stands in the feed under that feed's own name and version, which the
 * reader put where other packages have their source; without one, no feed speaks of it. */
static bool by_feed_name(const struct package *p)
{
	return str_eq(p->type, STR("generic"));
}

/* Asks one feed by one name and keeps the records that are meant by it. */
static int ask(struct matcher *m, struct affected_list *out, const struct package *p, str feed,
	       bool by_source, struct err *e)
{
	const struct lookup *data = m->in->data;
	str source = p->source_name.n ? p->source_name : p->name;
	bool same = str_eq(source, p->name);
	struct affected_list said = { 0 };

	if (data->find(data->ctx, &said, feed, by_source ? source : p->name, &m->scratch, e) < 0)
		return -1;
	vec_each (r, &said) {
		if (!by_feed_name(p) && !same && r->by_source != by_source)
			continue;
		if (module_fits(r, p) && arch_fits(r, p) && vec_push(out, &m->scratch, e, *r) < 0)
			return -1;
	}
	return 0;
}

static int collect(struct matcher *m, struct affected_list *out, const struct package *p,
		   const struct ecosystem *eco, struct err *e)
{
	bool same = p->source_name.n == 0 || str_eq(p->source_name, p->name);

	vec_each (feed, &eco->feeds) {
		if (!by_feed_name(p) && ask(m, out, p, *feed, false, e) < 0)
			return -1;
		if ((by_feed_name(p) ? p->source_name.n > 0 : !same) &&
		    ask(m, out, p, *feed, true, e) < 0)
			return -1;
	}
	return 0;
}

static str version_for(const struct package *p, const struct affected *r)
{
	bool source = r->by_source || by_feed_name(p);

	return source && p->source_version.n ? p->source_version : p->version;
}

/* The record's fixes that are newer than what is installed. */
static int newer_fixes(struct str_list *out, struct matcher *m, const struct ecosystem *eco,
		       const struct affected *r, str installed, struct err *e)
{
	vec_each (range, &r->ranges)
		if (range->fixed.n &&
		    version_compare(eco->scheme, range->fixed, installed) == VERSION_GREATER &&
		    vec_push(out, &m->scratch, e, range->fixed) < 0)
			return -1;
	return 0;
}

/* Something that could not be compared is said once for a version, and once for a bound. */
static int unsure(struct matcher *m, const struct package *p, const struct ecosystem *eco,
		  const struct affected *r, struct err *e)
{
	str version = version_for(p, r), name = version_scheme_name(eco->scheme);

	if (!version_valid(eco->scheme, version))
		return reason_add(&m->out->reasons, m->a, e, REASON_VERSION_UNREADABLE, p->name,
				  "\"" STR_FMT "\" is not a version (" STR_FMT
				  "): advisories speak of the "
				  "package and could not be compared",
				  STR_ARG(version), STR_ARG(name));
	return reason_add(&m->out->reasons, m->a, e, REASON_VERSION_UNREADABLE, r->id,
			  STR_FMT ": a bound for " STR_FMT " is not a version (" STR_FMT ")",
			  STR_ARG(r->feed), STR_ARG(r->name), STR_ARG(name));
}

static bool may_hit(const struct affected *r)
{
	if (r->status == STATUS_NOT_AFFECTED)
		return false;
	return r->status != STATUS_FIXED || r->ranges.n || r->versions.n;
}

static int weigh(struct matcher *m, struct candidate_list *hits, const struct package *p,
		 const struct ecosystem *eco, const struct affected *r, struct err *e)
{
	struct candidate c = { .record = *r, .installed = version_for(p, r) };
	enum version_verdict v;

	if (!may_hit(r))
		return 0;
	if (range_hit(&v, &c.range, eco->scheme, r, c.installed, m->a, e) < 0)
		return -1;
	if (v == VERSION_UNSURE)
		return unsure(m, p, eco, r, e);
	if (v == VERSION_NO)
		return 0;
	if (newer_fixes(&c.fixed, m, eco, r, c.installed, e) < 0)
		return -1;
	return vec_push(hits, &m->scratch, e, c);
}

/* Where the package stands in the image, for all findings from `first` on. */
static void place(struct matcher *m, size_t first, const struct package *p)
{
	const struct image *image = m->in->image;

	for (size_t i = first; i < m->out->findings.n; i++) {
		struct finding *f = &m->out->findings.v[i];

		f->layer = p->layer;
		f->paths = p->paths;
		if (image && p->layer < image->layers.n)
			f->instruction = image->layers.v[p->layer].created_by;
	}
}

static int match_alone(struct matcher *m, struct affected_list *spoken, const struct package *p,
		       const struct ecosystem *eco, struct err *e)
{
	struct candidate_list hits = { 0 };
	struct describe d = {
		.data = m->in->data,
		.scheme = eco->scheme,
		.spoken = spoken,
		.package = (uint32_t)(p - m->in->inventory->packages.v),
		.arena = m->a,
		.scratch = &m->scratch,
	};

	if (collect(m, spoken, p, eco, e) < 0)
		return -1;
	vec_each (r, spoken)
		if (weigh(m, &hits, p, eco, r, e) < 0)
			return -1;
	return candidates_describe(&m->out->findings, &hits, &d, e);
}

/* What decides on the answer that records about the source give. */
static int source_key(str *out, struct matcher *m, const struct package *p, struct err *e)
{
	str name = p->source_name.n ? p->source_name : p->name;
	str version = p->source_version.n ? p->source_version : p->version;

	return arena_printf(out, m->a, e,
			    STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT,
			    STR_ARG(p->type), STR_ARG(name), STR_ARG(version), STR_ARG(p->arch),
			    STR_ARG(p->module));
}

/* Repeats what was found for a sibling, if nothing is said of this package by its own name: 1 yes,
 * 0 it must be looked at by itself, -1. */
static int match_as_sibling(struct matcher *m, str key, const struct package *p,
			    const struct ecosystem *eco, struct err *e)
{
	const struct memo *memo = map_get(&m->sources, key);
	struct affected_list own = { 0 };

	if (!memo || p->source_name.n == 0 || str_eq(p->source_name, p->name))
		return 0;
	vec_each (feed, &eco->feeds)
		if (ask(m, &own, p, *feed, false, e) < 0)
			return -1;
	if (own.n)
		return 0;
	for (size_t i = 0; i < memo->n; i++) {
		struct finding f = m->out->findings.v[memo->first + i];

		f.package = (uint32_t)(p - m->in->inventory->packages.v);
		if (vec_push(&m->out->findings, m->a, e, f) < 0)
			return -1;
	}
	return 1;
}

static int keep_for_siblings(struct matcher *m, str key, size_t first,
			     const struct affected_list *spoken, struct err *e)
{
	vec_each (r, spoken)
		if (!r->by_source)
			return 0;
	struct memo *memo = arena_new(m->a, struct memo);

	if (!memo)
		return err_nomem(e);
	*memo = (struct memo){ first, m->out->findings.n - first };
	return map_put(&m->sources, m->a, key, memo, e);
}

static int match_one(struct matcher *m, const struct package *p, const struct ecosystem *eco,
		     struct err *e)
{
	size_t first = m->out->findings.n, reasons = m->out->reasons.n;
	struct affected_list spoken = { 0 };
	str key;
	int r = source_key(&key, m, p, e);

	if (r == 0 && eco->is_os)
		r = match_as_sibling(m, key, p, eco, e);
	if (r == 0) {
		r = match_alone(m, &spoken, p, eco, e);
		/* what could not be compared is counted for each package */
		if (r == 0 && eco->is_os && reasons == m->out->reasons.n)
			r = keep_for_siblings(m, key, first, &spoken, e);
	}
	if (r < 0)
		return -1;
	place(m, first, p);
	if (m->scratch.used > SCRATCH_KEEP)
		scratch_free(m);
	return 0;
}

/* The system's package that owns its files is matched in its stead. 1 yes, 0 no, -1. */
static int spoken_for(struct matcher *m, const struct package *p, struct err *e)
{
	const struct inventory *inv = m->in->inventory;
	struct tally *t;

	if (p->owned_by >= inv->packages.n)
		return 0;
	const struct package *owner = &inv->packages.v[p->owned_by];

	if (owner->flags & PACKAGE_THIRD_PARTY)
		return 0;
	if (tally_of(&t, m, owner->type, e) < 0)
		return -1;
	return t->eco.is_os && has_feed(t);
}

static int take(struct matcher *m, const struct package *p, struct err *e)
{
	int owned = spoken_for(m, p, e);
	struct tally *t;

	if (owned)
		return owned < 0 ? -1 : 0;
	if (tally_of(&t, m, p->type, e) < 0)
		return -1;
	if (t->eco.is_os && (p->flags & PACKAGE_THIRD_PARTY)) {
		t->third_party++;
		return 0;
	}
	if (!has_feed(t) || (by_feed_name(p) && !p->source_name.n)) {
		t->missing++;
		return 0;
	}
	m->out->assessed++;
	return match_one(m, p, &t->eco, e);
}

/* As reason_add, for many at once. */
static int add_counted(struct matcher *m, enum reason_code code, str where, uint32_t count,
		       const char *text, struct err *e)
{
	if (reason_add(&m->out->reasons, m->a, e, code, where, "%s", text) < 0)
		return -1;
	vec_each (r, &m->out->reasons)
		if (r->code == code && str_eq(r->where, where) && str_eq(r->text, str_of(text)))
			r->count += count - 1;
	return 0;
}

static int say_missing(struct matcher *m, const struct tally *t, struct err *e)
{
	const struct os *os = &m->in->inventory->os;

	if (!t->eco.scheme)
		return add_counted(m, REASON_FEED_MISSING, t->eco.name, t->missing,
				   "no feed is known for packages of this type", e);
	if (t->eco.is_os && !os_lookup(os))
		return 0; /* said once, for the system */
	return add_counted(m, REASON_FEED_MISSING, t->eco.name, t->missing,
			   m->in->data ? "there is no advisory data for these packages"
				       : "there is no advisory data: run `plimsoll db update`",
			   e);
}

static int cmp_strs(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

static int sum_up(struct matcher *m, struct err *e)
{
	vec_each (t, &m->tallies) {
		if (t->missing && say_missing(m, t, e) < 0)
			return -1;
		if (t->third_party &&
		    add_counted(m, REASON_THIRD_PARTY, t->eco.name, t->third_party,
				"packages that are not the distribution's own: its feed does not "
				"speak of them",
				e) < 0)
			return -1;
		vec_each (f, &t->eco.feeds)
			if (vec_push(&m->out->ecosystems, m->a, e, *f) < 0)
				return -1;
	}
	if (m->out->ecosystems.n)
		qsort(m->out->ecosystems.v, m->out->ecosystems.n, sizeof(str), cmp_strs);
	return 0;
}

/* An unknown system, and a known one whose packages nobody found. */
static int say_system(struct matcher *m, struct err *e)
{
	const struct os *os = &m->in->inventory->os;
	uint32_t packages = 0, missing = 0;

	vec_each (p, &m->in->inventory->packages) {
		struct tally *t;

		if (tally_of(&t, m, p->type, e) < 0)
			return -1;
		packages += t->eco.is_os;
	}
	vec_each (t, &m->tallies)
		missing += t->eco.is_os ? t->missing : 0;
	if (os_lookup(os)) {
		if (packages == 0)
			return reason_add(&m->out->reasons, m->a, e, REASON_UNREADABLE, os->path,
					  "the image says it is " STR_FMT
					  ", and has no package database",
					  STR_ARG(os->name.n ? os->name : os->id));
		return 0;
	}
	if (os->id.n == 0 && missing == 0)
		return 0; /* no system at all is no gap */
	return add_counted(m, REASON_OS_UNKNOWN, os->id, MAX(missing, 1u),
			   os->id.n ? "no feed describes this system"
				    : "packages of a system that the image does not name",
			   e);
}

int match_packages(struct match_output *out, const struct match_input *in, struct arena *a,
		   struct err *e)
{
	CLEANUP(scratch_free)
	struct matcher m = { .in = in, .out = out, .a = a, .scratch = ARENA(SCRATCH_MOST) };

	*out = (struct match_output){ 0 };
	vec_each (p, &in->inventory->packages)
		if (take(&m, p, e) < 0)
			return err_within(e, STR_FMT " " STR_FMT, STR_ARG(p->type),
					  STR_ARG(p->name));
	if (say_system(&m, e) < 0)
		return -1;
	return sum_up(&m, e);
}

int match_records(struct affected_list *out, struct ecosystem *eco, const struct match_input *in,
		  const struct package *p, struct arena *a, struct err *e)
{
	struct matcher m = { .in = in, .a = a };

	if (ecosystem_of(eco, p->type, &in->inventory->os, in->data, a, e) < 0)
		return -1;
	if (!eco->scheme || eco->feeds.n == 0)
		return 0;
	m.scratch = *a; /* the records' lists go where the caller wants them */
	int r = collect(&m, out, p, eco, e);

	*a = m.scratch;
	return r;
}
