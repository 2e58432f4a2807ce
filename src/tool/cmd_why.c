/* plimsoll why ID [SOURCE]: what matched, from which record, in which layer, and what would change
 * it; or why it did not match. */
#include "base/clock.h"
#include "flow/assess.h"
#include "match/ecosystem.h"
#include "match/match.h"
#include "match/range.h"
#include "report/plain.h"
#include "tool/command.h"
#include "tool/data_age.h"
#include "tool/data_dir.h"
#include "tool/scan_run.h"

#define WHY_BYTES (1 * GIB)

struct why {
	const struct options *o;
	struct store *store;
	struct str_list names; /* all that the id stands for, and errata that repair it */
	struct advisory_list advisories;
	struct scan_result scan;
	struct buf out;
	struct arena *a;
};

static bool among(const struct str_list *list, str s)
{
	vec_each (x, list)
		if (str_eq(*x, s))
			return true;
	return false;
}

/* Every name under which feeds may speak of it, and what they say. */
static int gather(struct why *w, str id, struct err *e)
{
	struct str_list same = { 0 };

	if (store_aliases(&same, w->store, id, w->a, e) < 0)
		return -1;
	vec_each (name, &same)
		if (vec_push(&w->names, w->a, e, *name) < 0 ||
		    store_errata(&w->names, w->store, *name, w->a, e) < 0)
			return -1;
	vec_each (name, &w->names)
		if (store_advisories(&w->advisories, w->store, *name, w->a, e) < 0)
			return -1;
	return 0;
}

static void line(struct why *w, const char *label, str text)
{
	if (text.n == 0)
		return;
	buf_printf(&w->out, "  %-10s ", label);
	plain_put(&w->out, text);
	buf_putc(&w->out, '\n');
}

/* The feeds that speak of it, each once; a feed's advisories come one after another. */
static void put_feeds(struct why *w)
{
	buf_printf(&w->out, "  %-10s", "feeds");
	for (size_t i = 0; i < w->advisories.n; i++) {
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen = seen || str_eq(w->advisories.v[j].feed, w->advisories.v[i].feed);
		if (seen)
			continue;
		buf_putc(&w->out, ' ');
		plain_put(&w->out, w->advisories.v[i].feed);
	}
	buf_putc(&w->out, '\n');
}

static int put_advisory(struct why *w, str id, struct err *e)
{
	struct cve_risk risk;
	str title = STR_NONE;

	plain_put(&w->out, id);
	vec_each (n, &w->names) {
		if (str_eq(*n, id))
			continue;
		buf_putz(&w->out, ", ");
		plain_put(&w->out, *n);
	}
	buf_putc(&w->out, '\n');
	vec_each (ad, &w->advisories)
		title = title.n ? title : ad->title;
	line(w, "title", title);
	vec_each (n, &w->names) {
		int r = store_risk(&risk, w->store, *n, e);

		if (r < 0)
			return -1;
		if (r && risk.kev)
			line(w, "exploited", STR("yes, by CISA's catalogue"));
		if (r && risk.epss >= 0)
			buf_printf(&w->out, "  %-10s %.1f%% likely to be exploited in 30 days\n",
				   "EPSS", risk.epss * 100);
	}
	put_feeds(w);
	return 0;
}

/* Without an image: the packages that it is about. */
static int put_packages(struct why *w, struct err *e)
{
	struct affected_list list = { 0 };

	vec_each (n, &w->names)
		if (store_packages(&list, w->store, *n, w->a, e) < 0)
			return -1;
	buf_putz(&w->out, "\nIt speaks of:\n");
	vec_each (x, &list) {
		buf_putz(&w->out, "  ");
		plain_put(&w->out, x->ecosystem);
		buf_putz(&w->out, "  ");
		plain_put(&w->out, x->name);
		buf_putz(&w->out, "  [");
		plain_put(&w->out, x->feed);
		buf_putz(&w->out, "]\n");
	}
	return 0;
}

/* A range that ends at a version says that later ones are not affected, though not which is the
 * first to be offered. */
static bool range_ends(str range)
{
	return str_has(range, STR("<"));
}

static void put_change(struct why *w, const struct finding *f)
{
	buf_printf(&w->out, "  %-10s ", "changes");
	if (f->fixed.n == 0 && range_ends(f->matched_range)) {
		buf_putz(&w->out, "a version outside that range ends it; the feed names none\n");
		return;
	}
	if (f->fixed.n == 0) {
		buf_printf(&w->out, "no version ends it (%s", fix_status_word(f->status));
		if (f->status_word.n) {
			buf_putz(&w->out, ", in the vendor's words: ");
			plain_put(&w->out, f->status_word);
		}
		buf_putz(&w->out, "); removing the package does\n");
		return;
	}
	buf_putz(&w->out, "version ");
	for (size_t i = 0; i < f->fixed.n; i++) {
		buf_putz(&w->out, i ? " or " : "");
		plain_put(&w->out, f->fixed.v[i]);
	}
	buf_putz(&w->out, " ends it\n");
}

static void put_finding(struct why *w, const struct finding *f)
{
	const struct package *p = &w->scan.inventory.packages.v[f->package];

	buf_putc(&w->out, '\n');
	plain_put(&w->out, p->type);
	buf_putc(&w->out, ' ');
	plain_put(&w->out, p->name);
	buf_putc(&w->out, ' ');
	plain_put(&w->out, p->version);
	buf_printf(&w->out, " is affected: %s\n", severity_word(f->severity));
	buf_printf(&w->out, "  %-10s %s ", "matched", f->by_source ? "source package" : "package");
	plain_put(&w->out, f->matched_name);
	buf_putz(&w->out, ", range ");
	plain_put(&w->out, f->matched_range);
	buf_putc(&w->out, '\n');
	line(w, "ecosystem", f->ecosystem);
	line(w, "feed", f->feed);
	line(w, "record", f->where);
	if (f->layer != LAYER_NONE)
		buf_printf(&w->out, "  %-10s %u\n", "layer", f->layer);
	line(w, "made by", f->instruction);
	vec_each (path, &f->paths)
		line(w, "path", *path);
	put_change(w, f);
}

/* A package that the advisory speaks of and that is not affected. */
static int put_miss(struct why *w, const struct package *p, const struct affected *r,
		    const struct ecosystem *eco, struct err *e)
{
	str version = r->by_source && p->source_version.n ? p->source_version : p->version, range;
	enum version_verdict v;

	if (range_hit(&v, &range, eco->scheme, r, version, w->a, e) < 0)
		return -1;
	buf_putc(&w->out, '\n');
	plain_put(&w->out, p->type);
	buf_putc(&w->out, ' ');
	plain_put(&w->out, p->name);
	buf_putc(&w->out, ' ');
	plain_put(&w->out, version);
	buf_putz(&w->out, v == VERSION_UNSURE ? " cannot be compared\n" : " is not affected\n");
	if (v == VERSION_YES)
		line(w, "because", str_of(fix_status_word(r->status)));
	else if (r->ranges.n)
		vec_each (x, &r->ranges) {
			buf_printf(&w->out, "  %-10s from ", "range");
			plain_put(&w->out, x->introduced.n ? x->introduced : STR("0"));
			buf_putz(&w->out, x->last_affected.n ? " to " : " until before ");
			plain_put(&w->out, x->fixed.n		? x->fixed
					   : x->last_affected.n ? x->last_affected
								: x->limit);
			buf_putc(&w->out, '\n');
		}
	line(w, "feed", r->feed);
	line(w, "record", r->where);
	return 0;
}

/* Packages that feeds name with it, of those in the image; how many were shown in *n. */
static int put_misses(struct why *w, size_t *n, struct err *e)
{
	struct lookup data = lookup_of(w->store);
	struct match_input in = { .inventory = &w->scan.inventory, .data = &data };

	vec_each (p, &w->scan.inventory.packages) {
		struct affected_list said = { 0 };
		struct ecosystem eco;

		if (match_records(&said, &eco, &in, p, w->a, e) < 0)
			return -1;
		vec_each (r, &said) {
			if (!among(&w->names, r->id))
				continue;
			++*n;
			if (put_miss(w, p, r, &eco, e) < 0)
				return -1;
		}
	}
	return 0;
}

static int put_image(struct why *w, struct err *e)
{
	struct assess_options ao = { .store = w->store, .now = clock_now() };
	struct report report;
	size_t found = 0, missed = 0;

	if (data_age(&ao.max_age, w->o, e) < 0 ||
	    scan_run(&w->scan, w->o, w->o->operands.v[1], w->a, e) < 0 ||
	    assess(&report, &w->scan, &ao, w->a, e) < 0)
		return -1;
	vec_each (f, &report.findings) {
		if (!among(&w->names, f->id))
			continue;
		found++;
		put_finding(w, f);
	}
	if (found == 0 && put_misses(w, &missed, e) < 0)
		return -1;
	if (found + missed == 0)
		buf_putz(&w->out, "\nNo package of the image is one that it speaks of.\n");
	if (report.coverage.level != COVERAGE_FULL)
		buf_printf(&w->out,
			   "\nCoverage of the image is %s: plimsoll scan says what is "
			   "missing.\n",
			   coverage_word(report.coverage.level));
	return 0;
}

static int why(struct why *w, struct err *e)
{
	str id = w->o->operands.v[0];
	const char *dir;

	if (data_dir(&dir, w->o, e) < 0)
		return -1;
	int r = store_open(&w->store, dir, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_MISSING,
			       "there is no advisory data in %s; run `plimsoll db update`", dir);
	if (gather(w, id, e) < 0)
		return -1;
	if (w->advisories.n == 0)
		return err_set(e, ERR_MISSING, "no feed speaks of \"" STR_FMT "\"", STR_ARG(id));
	if (put_advisory(w, id, e) < 0)
		return -1;
	if (w->o->operands.n > 1 ? put_image(w, e) : put_packages(w, e))
		return -1;
	return buf_check(&w->out, e);
}

static int run_why(const struct options *o)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(WHY_BYTES);
	struct why w = { .o = o, .a = &a };
	struct err e = { 0 };
	int code = EXIT_FIT;

	if (why(&w, &e) < 0)
		code = command_fail(&e);
	else
		fwrite(w.out.p, 1, w.out.n, stdout);
	buf_free(&w.out);
	store_close(w.store);
	return code;
}

static const char *const examples[] = {
	"plimsoll why CVE-2021-44228",
	"plimsoll why CVE-2021-44228 docker-archive:app.tar",
	NULL,
};

const struct command cmd_why = {
	.name = "why",
	.operands = "ID [SOURCE]",
	.least = 1,
	.most = 2,
	.summary = "Explain an advisory, or a finding: what matched, and what would change it.",
	.examples = examples,
	.tables = { option_age, option_data, option_source },
	.run = run_why,
};
