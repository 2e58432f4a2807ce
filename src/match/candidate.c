#include "match/candidate.h"

#include "base/map.h"
#include "format/version/version.h"
#include "model/cvss.h"

/* The tracker of this name says, release by release, what its advisories (DSA) only sum up. */
#define TRACKER STR("debian")

/* What is said of one vulnerability in one package. */
struct group {
	str id;		       /* the representative */
	struct str_list names; /* all names, `id` among them */
	VEC(const struct candidate *) hits;
	struct advisory_list advisories;
};

struct groups {
	const struct describe *d;
	VEC(struct group *) list;
	struct map by_id;
};

static bool is_cve(str name)
{
	return str_starts(name, STR("CVE-"));
}

/* "CVE-2023-1234" → year and number; digits that do not fit sort last. */
static void cve_parts(str name, uint32_t *year, uint32_t *number)
{
	str y, n;

	*year = *number = UINT32_MAX;
	str_cut(str_from(name, 4), '-', &y, &n);
	if (!str_u32(y, year))
		*year = UINT32_MAX;
	if (!str_u32(n, number))
		*number = UINT32_MAX;
}

static int rank(str name)
{
	return is_cve(name) ? 0 : str_starts(name, STR("GHSA-")) ? 1 : 2;
}

int name_cmp(str a, str b)
{
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (is_cve(a)) {
		uint32_t ay, an, by, bn;

		cve_parts(a, &ay, &an);
		cve_parts(b, &by, &bn);
		if (ay != by)
			return ay < by ? -1 : 1;
		if (an != bn)
			return an < bn ? -1 : 1;
	}
	return str_cmp(a, b);
}

static int add_unique(struct str_list *list, str s, struct arena *a, struct err *e)
{
	vec_each (x, list)
		if (str_eq(*x, s))
			return 0;
	return vec_push(list, a, e, s);
}

static int cmp_strs(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* Sorts and drops doubles. */
static void sort_strs(struct str_list *list)
{
	size_t n = 0;

	if (list->n == 0)
		return;
	qsort(list->v, list->n, sizeof(*list->v), cmp_strs);
	for (size_t i = 0; i < list->n; i++)
		if (n == 0 || !str_eq(list->v[n - 1], list->v[i]))
			list->v[n++] = list->v[i];
	list->n = n;
}

/* The group of the vulnerability that `key` is a name of; made when it is the first of it. */
static int group_of(struct group **out, struct groups *gs, str key, struct err *e)
{
	struct arena *a = gs->d->scratch;
	struct str_list names = { 0 };

	*out = map_get(&gs->by_id, key);
	if (*out)
		return 0;
	if (gs->d->data->aliases(gs->d->data->ctx, &names, key, a, e) < 0 ||
	    add_unique(&names, key, a, e) < 0)
		return -1;
	str id = key;

	vec_each (n, &names)
		id = name_cmp(*n, id) < 0 ? *n : id;
	*out = map_get(&gs->by_id, id);
	if (!*out) {
		*out = arena_new(a, struct group);
		if (!*out)
			return err_nomem(e);
		**out = (struct group){ .id = id, .names = names };
		if (vec_push(&gs->list, a, e, *out) < 0 || map_put(&gs->by_id, a, id, *out, e) < 0)
			return -1;
	}
	return str_eq(id, key) ? 0 : map_put(&gs->by_id, a, key, *out, e);
}

/* What the record's own feed says of its advisory; NULL when it is not there. */
static const struct advisory *own_advisory(const struct advisory_list *all,
					   const struct affected *record)
{
	vec_each (ad, all)
		if (str_eq(ad->feed, record->feed))
			return ad;
	return NULL;
}

static int join(struct groups *gs, str key, const struct candidate *hit, struct err *e)
{
	struct group *g;

	if (group_of(&g, gs, key, e) < 0 ||
	    add_unique(&g->names, hit->record.id, gs->d->scratch, e) < 0)
		return -1;
	return vec_push(&g->hits, gs->d->scratch, e, hit);
}

/* An erratum stands for each vulnerability that it repairs; any other record for itself. */
static int sort_hit(struct groups *gs, const struct candidate *hit, struct err *e)
{
	const struct describe *d = gs->d;
	struct advisory_list all = { 0 };

	if (d->data->advisories(d->data->ctx, &all, hit->record.id, d->scratch, e) < 0)
		return -1;
	const struct advisory *own = own_advisory(&all, &hit->record);

	if (own && own->withdrawn.n)
		return 0;
	if (!own || own->upstream.n == 0)
		return join(gs, hit->record.id, hit, e);
	vec_each (up, &own->upstream)
		if (join(gs, *up, hit, e) < 0)
			return -1;
	return 0;
}

/* Names that the tracker has a record for, about this package. */
static int tracked_names(struct map *out, const struct describe *d, struct err *e)
{
	vec_each (r, d->spoken)
		if (str_eq(r->feed, TRACKER) && map_put(out, d->scratch, r->id, r, e) < 0)
			return -1;
	return 0;
}

/* Where the tracker speaks of a vulnerability, only its hits count. */
static void heed_tracker(struct group *g, const struct map *tracked)
{
	bool speaks = false;
	size_t n = 0;

	vec_each (name, &g->names)
		speaks = speaks || map_get(tracked, *name);
	if (!speaks)
		return;
	for (size_t i = 0; i < g->hits.n; i++)
		if (str_eq(g->hits.v[i]->record.feed, TRACKER))
			g->hits.v[n++] = g->hits.v[i];
	g->hits.n = n;
}

static int gather_advisories(struct group *g, const struct describe *d, struct err *e)
{
	vec_each (n, &g->names)
		if (d->data->advisories(d->data->ctx, &g->advisories, *n, d->scratch, e) < 0)
			return -1;
	return 0;
}

/* The first sentence or line, for feeds that give no title; at most 160 bytes. */
static str first_words(str details)
{
	str line = str_trim(details), rest;
	size_t stop;

	str_cut(line, '\n', &line, &rest);
	stop = str_search(line, STR(". "));
	line = str_first(line, stop == SIZE_MAX ? line.n : stop);
	if (line.n <= 160)
		return str_trim(line);
	line.n = 160;
	while (line.n && ((unsigned char)line.p[line.n] & 0xC0) == 0x80)
		line.n--; /* never in the middle of a character */
	return str_trim(line);
}

static str title_of(const struct group *g)
{
	const struct affected *record = &g->hits.v[0]->record;
	str title = STR_NONE, words = STR_NONE;

	vec_each (ad, &g->advisories) {
		bool own = str_eq(ad->feed, record->feed) && str_eq(ad->id, record->id);

		if (ad->title.n && (title.n == 0 || own))
			title = ad->title;
		if (ad->details.n && words.n == 0)
			words = first_words(ad->details);
	}
	return title.n ? title : words;
}

static int add_cvss(struct finding *f, const struct advisory *ad, const struct describe *d,
		    struct err *e)
{
	vec_each (c, &ad->cvss) {
		struct cvss one = *c;
		int tenths = cvss_base(one.vector);
		bool known = false;

		one.source = one.source.n ? one.source : ad->feed;
		if (tenths >= 0)
			one.score = tenths / 10.0;
		vec_each (x, &f->cvss)
			known = known ||
				(str_eq(x->source, one.source) && str_eq(x->vector, one.vector));
		if (!known && vec_push(&f->cvss, d->arena, e, one) < 0)
			return -1;
	}
	return 0;
}

static int cmp_cvss(const void *a, const void *b)
{
	const struct cvss *x = a, *y = b;
	int r = str_cmp(x->source, y->source);

	return r ? r : str_cmp(x->vector, y->vector);
}

static enum severity rated(const struct cvss *c)
{
	return cvss_rating(cvss_version_of(c->vector),
			   c->score < 0 ? -1 : (int)(c->score * 10 + 0.5));
}

/* What the advisory itself rates it: its word, or its v3 vectors where those are worse. Only
 * advisories that hit are asked: what another distribution thinks of its own build is no vendor's
 * word on this one. */
static enum severity advised(const struct group *g, const struct advisory *ad)
{
	enum severity s = SEVERITY_UNKNOWN;
	bool hit = false;

	for (size_t i = 0; i < g->hits.n; i++)
		hit = hit || (str_eq(g->hits.v[i]->record.feed, ad->feed) &&
			      str_eq(g->hits.v[i]->record.id, ad->id));
	if (!hit)
		return s;
	vec_each(c, &ad->cvss)
		if (cvss_version_of(c->vector) != CVSS_2)
			s = MAX(s, rated(c));
	return MAX(s, ad->severity);
}

static void rate(struct finding *f, const struct group *g)
{
	enum severity said = SEVERITY_UNKNOWN, any = SEVERITY_UNKNOWN;

	for (size_t i = 0; i < g->hits.n; i++) {
		const struct affected *r = &g->hits.v[i]->record;
		enum severity s = r->severity ? r->severity : cvss_severity(r->severity_text);

		f->vendor_severity = MAX(f->vendor_severity, s);
	}
	vec_each(ad, &g->advisories)
		said = MAX(said, advised(g, ad));
	if (!f->vendor_severity)
		f->vendor_severity = said;
	vec_each(c, &f->cvss) {
		any = MAX(any, rated(c));
		if (str_starts(c->source, STR("nvd")))
			f->nvd_severity = MAX(f->nvd_severity, rated(c));
	}
	f->severity = f->vendor_severity ? f->vendor_severity :
		      f->nvd_severity	 ? f->nvd_severity :
					   any;
}

static int weigh(struct finding *f, const struct group *g, const struct describe *d, struct err *e)
{
	f->risk.epss = f->risk.percentile = -1;
	vec_each (n, &g->names) {
		struct cve_risk risk = { 0 };
		int r = is_cve(*n) ? d->data->risk(d->data->ctx, &risk, *n, e) : 0;

		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		f->risk.kev = f->risk.kev || risk.kev;
		f->risk.ransomware = f->risk.ransomware || risk.ransomware;
		if (risk.kev_due.n &&
		    (f->risk.kev_due.n == 0 || str_cmp(risk.kev_due, f->risk.kev_due) < 0))
			f->risk.kev_due = risk.kev_due;
		f->risk.epss = MAX(f->risk.epss, risk.epss);
		f->risk.percentile = MAX(f->risk.percentile, risk.percentile);
	}
	return 0;
}

/* Insertion by the scheme's order; versions that it cannot compare keep their place. */
static int add_fixed(struct finding *f, str version, const struct describe *d, struct err *e)
{
	vec_each (v, &f->fixed)
		if (str_eq(*v, version))
			return 0;
	if (vec_push(&f->fixed, d->arena, e, version) < 0)
		return -1;
	for (size_t i = f->fixed.n - 1; i > 0; i--) {
		str before = f->fixed.v[i - 1];
		enum version_order o = version_compare(d->scheme, before, version);

		if (o != VERSION_GREATER)
			break;
		f->fixed.v[i] = before;
		f->fixed.v[i - 1] = version;
	}
	return 0;
}

static enum fix_status status_of(const struct finding *f, const struct affected *r)
{
	if (f->fixed.n && (r->status == STATUS_UNKNOWN || r->status == STATUS_AFFECTED))
		return STATUS_FIXED;
	if (f->fixed.n == 0 && (r->status == STATUS_UNKNOWN || r->status == STATUS_FIXED))
		return STATUS_AFFECTED;
	return r->status;
}

static int take_match(struct finding *f, const struct group *g, const struct describe *d,
		      struct err *e)
{
	const struct candidate *first = g->hits.v[0];
	const struct affected *r = &first->record;

	for (size_t i = 0; i < g->hits.n; i++)
		vec_each (v, &g->hits.v[i]->fixed)
			if (add_fixed(f, *v, d, e) < 0)
				return -1;
	f->by_source = r->by_source;
	f->matched_name = r->name;
	f->feed = r->feed;
	f->ecosystem = r->ecosystem;
	f->where = r->where;
	f->matched_range = first->range;
	f->status = status_of(f, r);
	f->status_word = r->informational.n ? r->informational : r->status_word;
	return 0;
}

static int take_words(struct finding *f, const struct group *g, const struct describe *d,
		      struct err *e)
{
	f->title = title_of(g);
	vec_each (ad, &g->advisories) {
		if (ad->published.n &&
		    (f->published.n == 0 || str_cmp(ad->published, f->published) < 0))
			f->published = ad->published;
		if (ad->malicious)
			f->kind = FINDING_MALWARE;
		vec_each (ref, &ad->references)
			if (vec_push(&f->references, d->arena, e, *ref) < 0)
				return -1;
		if (add_cvss(f, ad, d, e) < 0)
			return -1;
	}
	vec_each (n, &g->names)
		if (!str_eq(*n, g->id) && vec_push(&f->aliases, d->arena, e, *n) < 0)
			return -1;
	sort_strs(&f->aliases);
	sort_strs(&f->references);
	if (f->cvss.n)
		qsort(f->cvss.v, f->cvss.n, sizeof(*f->cvss.v), cmp_cvss);
	return 0;
}

static int describe_group(struct finding_list *out, struct group *g, const struct describe *d,
			  struct err *e)
{
	struct finding f = { .kind = FINDING_VULNERABILITY, .id = g->id, .package = d->package };

	if (gather_advisories(g, d, e) < 0 || take_match(&f, g, d, e) < 0 ||
	    take_words(&f, g, d, e) < 0 || weigh(&f, g, d, e) < 0)
		return -1;
	rate(&f, g);
	if (f.kind == FINDING_MALWARE)
		f.severity = SEVERITY_CRITICAL;
	else if (g->hits.v[0]->record.informational.n)
		f.severity = SEVERITY_NEGLIGIBLE;
	return vec_push(out, d->arena, e, f);
}

static int cmp_groups(const void *a, const void *b)
{
	return name_cmp((*(struct group *const *)a)->id, (*(struct group *const *)b)->id);
}

int candidates_describe(struct finding_list *out, const struct candidate_list *hits,
			const struct describe *d, struct err *e)
{
	struct groups gs = { .d = d };
	struct map tracked = { 0 };

	if (hits->n == 0)
		return 0;
	if (tracked_names(&tracked, d, e) < 0)
		return -1;
	vec_each (hit, hits)
		if (sort_hit(&gs, hit, e) < 0)
			return -1;
	if (gs.list.n == 0)
		return 0;
	qsort(gs.list.v, gs.list.n, sizeof(*gs.list.v), cmp_groups);
	for (size_t i = 0; i < gs.list.n; i++) {
		heed_tracker(gs.list.v[i], &tracked);
		if (gs.list.v[i]->hits.n && describe_group(out, gs.list.v[i], d, e) < 0)
			return -1;
	}
	return 0;
}
