#include "flow/assess.h"

#include "base/clock.h"
#include "match/match.h"
#include "model/os_table.h"

/* clang-format off */
/* Which sources of the store an ecosystem's age goes by. Where several rows fit, the first with a
 * source counts: a tracker that is fresh makes up for a summary that is not. %s: what follows the
 * ecosystem's first ':'. */
static const struct source_row {
	const char *ecosystem; /* before the first ':' */
	const char *source;    /* str_glob pattern */
} source_rows[] = {
	{ "Debian",	   "debian" },
	{ "Alpine",	   "alpine/%s/*" },
	{ "Ubuntu",	   "ubuntu**" },
	{ "Rocky Linux",   "rocky**" },
	{ "Red Hat",	   "redhat**" },
	{ "Azure Linux",   "azurelinux**" },
	{ "Bitnami",	   "bitnami**" },
};
/* clang-format on */

static int lookup_find(void *ctx, struct affected_list *out, str ecosystem, str name,
		       struct arena *a, struct err *e)
{
	struct store_cursor c;
	struct affected record;
	int r = store_find(&c, ctx, ecosystem, name, e);

	if (r <= 0)
		return r;
	while ((r = store_next(&c, &record, a, e)) > 0)
		if (vec_push(out, a, e, record) < 0)
			return -1;
	return r;
}

static int lookup_advisories(void *ctx, struct advisory_list *out, str id, struct arena *a,
			     struct err *e)
{
	return store_advisories(out, ctx, id, a, e);
}

static int lookup_aliases(void *ctx, struct str_list *out, str id, struct arena *a, struct err *e)
{
	return store_aliases(out, ctx, id, a, e);
}

static int lookup_risk(void *ctx, struct cve_risk *out, str cve, struct err *e)
{
	return store_risk(out, ctx, cve, e);
}

static int lookup_ecosystems(void *ctx, struct str_list *out, str prefix, struct arena *a,
			     struct err *e)
{
	return store_ecosystems(out, ctx, prefix, a, e);
}

struct lookup lookup_of(const struct store *s)
{
	/* the store is only read; the interface serves other kinds too */
	return (struct lookup){ .ctx = (void *)(uintptr_t)s,
				.find = lookup_find,
				.advisories = lookup_advisories,
				.aliases = lookup_aliases,
				.risk = lookup_risk,
				.ecosystems = lookup_ecosystems };
}

/* True when the data of the source is too old, or of no known age. */
static bool is_stale(const struct store_source *s, const struct assess_options *o)
{
	int64_t date;

	return o->max_age >= 0 &&
	       (!clock_parse(store_source_as_of(s), &date) || o->now - date > o->max_age);
}

static int say_stale(struct inventory *inv, const struct store_source *s,
		     const struct assess_options *o, struct arena *a, struct err *e)
{
	if (!is_stale(s, o))
		return 0;
	vec_each (r, &inv->reasons)
		if (r->code == REASON_FEED_STALE && str_eq(r->where, s->name))
			return 0;
	return reason_add(&inv->reasons, a, e, REASON_FEED_STALE, s->name,
			  "the data is of " STR_FMT, STR_ARG(s->date.n ? s->date : STR("no date")));
}

/* Says of every source that the pattern names whether it is too old: 1 when there was one. */
static int weigh_sources(struct inventory *inv, str pattern, const struct assess_options *o,
			 struct arena *a, struct err *e)
{
	const struct store_info *info = store_info(o->store);
	int found = 0;

	for (size_t i = 0; i < info->nsources; i++) {
		if (!str_glob(pattern, info->sources[i].name))
			continue;
		found = 1;
		if (say_stale(inv, &info->sources[i], o, a, e) < 0)
			return -1;
	}
	return found;
}

static int weigh_ecosystem(struct inventory *inv, str ecosystem, const struct assess_options *o,
			   struct arena *a, struct err *e)
{
	str name, release, pattern;
	int r = 0;

	str_cut(ecosystem, ':', &name, &release);
	for (size_t i = 0; i < COUNT(source_rows) && r == 0; i++) {
		str head = str_of(source_rows[i].source), tail;

		if (!str_eq(name, str_of(source_rows[i].ecosystem)))
			continue;
		bool cut = str_cut(head, '%', &head, &tail);

		if (arena_printf(&pattern, a, e, STR_FMT STR_FMT STR_FMT, STR_ARG(head),
				 STR_ARG(cut ? release : STR_NONE), STR_ARG(str_from(tail, 1))) < 0)
			return -1;
		r = weigh_sources(inv, pattern, o, a, e);
	}
	if (r)
		return r;
	if (arena_printf(&pattern, a, e, "osv/" STR_FMT, STR_ARG(name)) < 0)
		return -1;
	r = weigh_sources(inv, pattern, o, a, e);
	if (r || o->max_age < 0)
		return r;
	return reason_add(&inv->reasons, a, e, REASON_FEED_STALE, ecosystem,
			  "the age of its data is not known");
}

/* A rule about exploited vulnerabilities can only speak where the catalogue is there. */
static int weigh_kev(struct inventory *inv, const struct assess_options *o, struct arena *a,
		     struct err *e)
{
	const struct store_source *kev = store_source(o->store, STR("kev"));

	if (!o->policy.kev)
		return 0;
	if (kev)
		return say_stale(inv, kev, o, a, e);
	return reason_add(&inv->reasons, a, e, REASON_FEED_MISSING, STR("kev"),
			  "the catalogue of exploited vulnerabilities is not in the data");
}

/* An image without packages is not clean either when nothing was there to look in. */
static int say_no_data(struct inventory *inv, struct arena *a, struct err *e)
{
	vec_each (r, &inv->reasons)
		if (r->code == REASON_FEED_MISSING)
			return 0;
	return reason_add(&inv->reasons, a, e, REASON_FEED_MISSING, STR_NONE,
			  "there is no advisory data");
}

static int weigh_data(struct inventory *inv, const struct str_list *ecosystems,
		      const struct assess_options *o, struct arena *a, struct err *e)
{
	if (!o->store)
		return say_no_data(inv, a, e);
	vec_each (name, ecosystems)
		if (weigh_ecosystem(inv, *name, o, a, e) < 0)
			return -1;
	return weigh_kev(inv, o, a, e);
}

static int take_data(struct data_info *out, const struct store *store, struct arena *a,
		     struct err *e)
{
	*out = (struct data_info){ .present = store != NULL };
	if (!store)
		return 0;
	const struct store_info *info = store_info(store);

	out->digest = info->digest;
	out->built = info->built;
	for (size_t i = 0; i < info->nsources; i++) {
		const struct store_source *s = &info->sources[i];
		struct data_source one = { s->name, s->date, s->licence, s->stored };

		if (vec_push(&out->sources, a, e, one) < 0)
			return -1;
	}
	return 0;
}

static void look_at_system(struct report *out, const struct os *os, int64_t now)
{
	char today[CLOCK_TEXT];

	out->coverage.recognised = os_lookup(os) != NULL;
	out->coverage.eol = os_is_eol(os, str_first(clock_text(today, now), 10));
}

static int weigh_system(struct report *out, struct inventory *inv, int64_t now, struct arena *a,
			struct err *e)
{
	const struct os *os = &inv->os;
	const struct os_life *life = os_life(os);

	look_at_system(out, os, now);
	if (!out->coverage.eol)
		return 0;
	return reason_add(&inv->reasons, a, e, REASON_OS_EOL, os->id,
			  STR_FMT " gets no more fixes since " STR_FMT,
			  STR_ARG(os->name.n ? os->name : os->id),
			  STR_ARG(life ? life->eol : STR("long ago")));
}

static int cmp_reasons(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;
	int r = strcmp(reason_word(x->code), reason_word(y->code));

	r = r ? r : str_cmp(x->where, y->where);
	return r ? r : str_cmp(x->text, y->text);
}

static void finish(struct report *out, struct scan_result *scan)
{
	struct reason_list *reasons = &scan->inventory.reasons;

	if (reasons->n)
		qsort(reasons->v, reasons->n, sizeof(*reasons->v), cmp_reasons);
	out->image = &scan->image;
	out->inventory = &scan->inventory;
	out->coverage.level = coverage_of(reasons, out->coverage.assessed);
}

static int take_reasons(struct inventory *inv, const struct reason_list *more, struct arena *a,
			struct err *e)
{
	vec_each (r, more)
		if (vec_push(&inv->reasons, a, e, *r) < 0)
			return -1;
	return 0;
}

int assess(struct report *out, struct scan_result *scan, const struct assess_options *o,
	   struct arena *a, struct err *e)
{
	struct lookup data = lookup_of(o->store);
	struct match_input in = { .inventory = &scan->inventory,
				  .image = &scan->image,
				  .data = o->store ? &data : NULL };
	struct match_output matched;

	*out = (struct report){ 0 };
	if (match_packages(&matched, &in, a, e) < 0 ||
	    take_reasons(&scan->inventory, &matched.reasons, a, e) < 0 ||
	    weigh_data(&scan->inventory, &matched.ecosystems, o, a, e) < 0 ||
	    weigh_system(out, &scan->inventory, o->now, a, e) < 0 ||
	    take_data(&out->data, o->store, a, e) < 0)
		return -1;
	out->findings = matched.findings;
	out->coverage.assessed = matched.assessed;
	finish(out, scan);
	return builtin_judge(out, &o->policy, a, e);
}

void assess_components(struct report *out, struct scan_result *scan, int64_t now)
{
	*out = (struct report){ .components_only = true };
	look_at_system(out, &scan->inventory.os, now);
	out->coverage.assessed = scan->inventory.packages.n;
	finish(out, scan);
}
