#include "report/json.h"

#include "base/clock.h"
#include "format/json_write.h"
#include "model/cvss.h"

struct writing {
	struct json_writer w;
	const struct report *r;
	struct str_list ids; /* of packages */
	struct arena *a;
};

static void put_digest(struct json_writer *w, const char *key, const struct digest *d)
{
	char text[DIGEST_TEXT];

	if (d->kind == DIGEST_NONE)
		json_put_null(w, key);
	else
		json_put_str(w, key, digest_text(text, d));
}

static void put_time(struct json_writer *w, const char *key, str text)
{
	char out[CLOCK_TEXT];
	int64_t seconds;

	if (clock_parse(text, &seconds))
		json_put_str(w, key, clock_text(out, seconds));
	else
		json_put_null(w, key);
}

static int cmp_strs(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* Sorted, without doubles; the list itself is not touched. */
static int put_strs(struct writing *g, const char *key, const struct str_list *list, struct err *e)
{
	str *sorted = arena_array(g->a, str, list->n);

	if (!sorted)
		return err_nomem(e);
	if (list->n) {
		memcpy(sorted, list->v, size_mul(sizeof(str), list->n));
		qsort(sorted, list->n, sizeof(str), cmp_strs);
	}
	json_put_array(&g->w, key);
	for (size_t i = 0; i < list->n; i++)
		if (i == 0 || !str_eq(sorted[i - 1], sorted[i]))
			json_put_str(&g->w, NULL, sorted[i]);
	json_put_end(&g->w);
	return 0;
}

static void put_data(struct json_writer *w, const struct data_info *d)
{
	json_put_object(w, "data");
	json_put_str_or_null(w, "digest", d->digest);
	put_time(w, "built", d->built);
	json_put_array(w, "sources");
	vec_each (s, &d->sources) {
		json_put_object(w, NULL);
		json_put_str(w, "name", s->name);
		put_time(w, "date", s->date);
		json_put_u64(w, "records", s->records);
		json_put_str_or_null(w, "licence", s->licence);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_end(w);
}

static void put_layers(struct json_writer *w, const struct image *image)
{
	json_put_array(w, "layers");
	for (size_t i = 0; i < image->layers.n; i++) {
		const struct layer *l = &image->layers.v[i];

		json_put_object(w, NULL);
		json_put_u64(w, "index", i);
		put_digest(w, "digest", &l->digest);
		put_digest(w, "diff_id", &l->diff_id);
		json_put_u64(w, "size", l->size);
		json_put_str_or_null(w, "created_by", l->created_by);
		json_put_end(w);
	}
	json_put_end(w);
}

static int put_artifact(struct writing *g, struct err *e)
{
	const struct image *image = g->r->image;
	const struct platform *p = &image->platform;
	struct json_writer *w = &g->w;
	str platform = STR_NONE;

	if (p->os.n &&
	    arena_printf(&platform, g->a, e, STR_FMT "/" STR_FMT "%s" STR_FMT, STR_ARG(p->os),
			 STR_ARG(p->arch), p->variant.n ? "/" : "", STR_ARG(p->variant)) < 0)
		return -1;
	json_put_object(w, "artifact");
	json_put_str(w, "source", image->source);
	json_put_str_or_null(w, "name", image->name);
	put_digest(w, "digest", &image->digest);
	put_digest(w, "image_id", &image->id);
	json_put_str_or_null(w, "platform", platform);
	put_time(w, "created", image->created);
	put_layers(w, image);
	json_put_null(w, "base");
	json_put_end(w);
	return 0;
}

static void put_coverage(struct json_writer *w, const struct report *r)
{
	const struct os *os = &r->inventory->os;

	json_put_object(w, "coverage");
	json_put_str(w, "level", str_of(coverage_word(r->coverage.level)));
	json_put_object(w, "os");
	json_put_str_or_null(w, "id", os->id);
	json_put_str_or_null(w, "version_id", os->version_id);
	json_put_str_or_null(w, "codename", os->codename);
	json_put_bool(w, "recognised", r->coverage.recognised);
	json_put_bool(w, "eol", r->coverage.eol);
	json_put_end(w);
	json_put_array(w, "reasons");
	vec_each (x, &r->inventory->reasons) {
		json_put_object(w, NULL);
		json_put_str(w, "code", str_of(reason_word(x->code)));
		json_put_str_or_null(w, "where", x->where);
		json_put_str(w, "text", x->text);
		json_put_u64(w, "count", x->count);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_end(w);
}

static void put_layer_index(struct json_writer *w, uint32_t layer)
{
	if (layer == LAYER_NONE)
		json_put_null(w, "layer");
	else
		json_put_u64(w, "layer", layer);
}

static void put_source(struct json_writer *w, const struct package *p)
{
	if (p->source_name.n == 0 && p->source_version.n == 0) {
		json_put_null(w, "source");
		return;
	}
	json_put_object(w, "source");
	json_put_str(w, "name", p->source_name.n ? p->source_name : p->name);
	json_put_str(w, "version", p->source_version.n ? p->source_version : p->version);
	json_put_end(w);
}

static int put_package(struct writing *g, size_t i, struct err *e)
{
	const struct inventory *inv = g->r->inventory;
	const struct package *p = &inv->packages.v[i];
	struct json_writer *w = &g->w;
	str purl;

	if (package_purl(&purl, p, &inv->os, g->a, e) < 0)
		return -1;
	json_put_object(w, NULL);
	json_put_str(w, "id", g->ids.v[i]);
	json_put_str(w, "type", p->type);
	json_put_str(w, "name", p->name);
	json_put_str(w, "version", p->version);
	json_put_str_or_null(w, "arch", p->arch);
	json_put_str(w, "purl", purl);
	put_source(w, p);
	if (put_strs(g, "licences", &p->licences, e) < 0)
		return -1;
	put_layer_index(w, p->layer);
	if (put_strs(g, "paths", &p->paths, e) < 0)
		return -1;
	json_put_str_or_null(w, "owned_by",
			     p->owned_by < inv->packages.n ? g->ids.v[p->owned_by] : STR_NONE);
	json_put_str_or_null(w, "evidence", p->evidence);
	json_put_end(w);
	return 0;
}

/* The worst rating that a source's vectors give. */
static enum severity source_severity(const struct finding *f, str source)
{
	enum severity s = SEVERITY_UNKNOWN;

	vec_each (c, &f->cvss)
		if (str_eq(c->source, source))
			s = MAX(s, cvss_rating(cvss_version_of(c->vector),
					       c->score < 0 ? -1 : (int)(c->score * 10 + 0.5)));
	return s;
}

static void put_severities(struct json_writer *w, const struct finding *f)
{
	json_put_object(w, "severities");
	json_put_str(w, "vendor", str_of(severity_word(f->vendor_severity)));
	json_put_str(w, "nvd", str_of(severity_word(f->nvd_severity)));
	for (size_t i = 0; i < f->cvss.n; i++) {
		str source = f->cvss.v[i].source;

		if (str_eq(source, STR("vendor")) || str_eq(source, STR("nvd")) ||
		    (i && str_eq(f->cvss.v[i - 1].source, source)))
			continue;
		json_put_key(w, source);
		json_put_str(w, NULL, str_of(severity_word(source_severity(f, source))));
	}
	json_put_end(w);
}

static void put_cvss(struct json_writer *w, const struct finding *f)
{
	json_put_array(w, "cvss");
	vec_each (c, &f->cvss) {
		json_put_object(w, NULL);
		json_put_str(w, "source", c->source);
		json_put_str(w, "vector", c->vector);
		if (c->score < 0)
			json_put_null(w, "score");
		else
			json_put_double(w, "score", c->score);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_matched(struct json_writer *w, const struct finding *f)
{
	if (f->matched_name.n == 0) {
		json_put_null(w, "matched");
		return;
	}
	json_put_object(w, "matched");
	json_put_str(w, "by", f->by_source ? STR("source") : STR("binary"));
	json_put_str(w, "name", f->matched_name);
	json_put_str(w, "range", f->matched_range);
	json_put_str(w, "feed", f->feed);
	json_put_str_or_null(w, "ecosystem", f->ecosystem);
	json_put_str_or_null(w, "where", f->where);
	json_put_end(w);
}

static void put_suppressed(struct json_writer *w, const struct finding *f)
{
	if (f->suppressed_by.n == 0) {
		json_put_null(w, "suppressed");
		return;
	}
	json_put_object(w, "suppressed");
	json_put_str(w, "by", f->suppressed_by);
	json_put_str(w, "reason", f->suppressed_reason);
	json_put_str(w, "owner", f->suppressed_owner);
	put_time(w, "until", f->suppressed_until);
	json_put_end(w);
}

/* What is known of the vulnerability itself. */
static int put_advisory(struct writing *g, const struct finding *f, struct err *e)
{
	struct json_writer *w = &g->w;

	json_put_str(w, "kind", str_of(finding_kind_word(f->kind)));
	json_put_str(w, "id", f->id);
	if (put_strs(g, "aliases", &f->aliases, e) < 0)
		return -1;
	json_put_str_or_null(w, "title", f->title);
	json_put_str(w, "severity", str_of(severity_word(f->severity)));
	put_severities(w, f);
	put_cvss(w, f);
	if (f->risk.epss < 0)
		json_put_null(w, "epss");
	else
		json_put_double(w, "epss", f->risk.epss);
	json_put_bool(w, "kev", f->risk.kev);
	put_time(w, "published", f->published);
	return put_strs(g, "references", &f->references, e);
}

static int put_finding(struct writing *g, const struct finding *f, struct err *e)
{
	const struct inventory *inv = g->r->inventory;
	bool has = f->package < inv->packages.n;
	struct json_writer *w = &g->w;

	json_put_object(w, NULL);
	if (put_advisory(g, f, e) < 0)
		return -1;
	json_put_str_or_null(w, "package", has ? g->ids.v[f->package] : STR_NONE);
	put_matched(w, f);
	json_put_str_or_null(w, "installed", has ? inv->packages.v[f->package].version : STR_NONE);
	json_put_array(w, "fixed"); /* in the order of versions */
	vec_each (v, &f->fixed)
		json_put_str(w, NULL, *v);
	json_put_end(w);
	json_put_str(w, "status", str_of(fix_status_word(f->status)));
	json_put_str_or_null(w, "status_word", f->status_word);
	put_layer_index(w, f->layer);
	json_put_str_or_null(w, "instruction", f->instruction);
	json_put_bool(w, "in_base", f->in_base);
	if (put_strs(g, "paths", &f->paths, e) < 0)
		return -1;
	put_suppressed(w, f);
	json_put_end(w);
	return 0;
}

static int put_rule(struct writing *g, const struct rule_result *rule, struct err *e)
{
	struct str_list ids = { 0 };

	for (size_t i = 0; i < rule->findings.n; i++)
		if (vec_push(&ids, g->a, e, g->r->findings.v[rule->findings.v[i]].id) < 0)
			return -1;
	json_put_object(&g->w, NULL);
	json_put_str(&g->w, "id", rule->id);
	json_put_str(&g->w, "outcome", str_of(rule_outcome_word(rule->outcome)));
	if (put_strs(g, "findings", &ids, e) < 0)
		return -1;
	json_put_str(&g->w, "text", rule->text);
	json_put_end(&g->w);
	return 0;
}

static int put_verdict(struct writing *g, struct err *e)
{
	const struct verdict *v = &g->r->verdict;
	struct json_writer *w = &g->w;

	if (g->r->components_only) {
		json_put_null(w, "verdict");
		return 0;
	}
	json_put_object(w, "verdict");
	json_put_str(w, "decision", str_of(decision_word(v->decision)));
	json_put_object(w, "policy");
	json_put_str(w, "name", v->policy_name);
	put_digest(w, "digest", &v->policy_digest);
	json_put_end(w);
	json_put_array(w, "rules");
	vec_each (rule, &v->rules)
		if (put_rule(g, rule, e) < 0)
			return -1;
	json_put_end(w);
	json_put_array(w, "exceptions");
	json_put_end(w);
	json_put_end(w);
	return 0;
}

static int put_lists(struct writing *g, struct err *e)
{
	json_put_array(&g->w, "packages");
	for (size_t i = 0; i < g->r->inventory->packages.n; i++)
		if (put_package(g, i, e) < 0)
			return -1;
	json_put_end(&g->w);
	json_put_array(&g->w, "findings");
	vec_each (f, &g->r->findings)
		if (put_finding(g, f, e) < 0)
			return -1;
	json_put_end(&g->w);
	return 0;
}

int report_json(struct buf *out, const struct report *r, struct arena *a, struct err *e)
{
	struct writing g = { .r = r, .a = a };

	if (report_package_ids(&g.ids, r->inventory, a, e) < 0)
		return -1;
	json_writer_init(&g.w, out, true);
	json_put_object(&g.w, NULL);
	json_put_str(&g.w, "schema", STR("plimsoll.report/1"));
	json_put_object(&g.w, "tool");
	json_put_str(&g.w, "name", STR("plimsoll"));
	json_put_str(&g.w, "version", STR(PLIMSOLL_VERSION));
	json_put_end(&g.w);
	put_data(&g.w, &r->data);
	if (put_artifact(&g, e) < 0)
		return -1;
	put_coverage(&g.w, r);
	if (put_lists(&g, e) < 0)
		return -1;
	json_put_null(&g.w, "plan");
	if (put_verdict(&g, e) < 0)
		return -1;
	json_put_end(&g.w);
	buf_putc(out, '\n');
	return buf_check(out, e);
}
