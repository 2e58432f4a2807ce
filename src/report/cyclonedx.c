#include "report/cyclonedx.h"

#include "base/clock.h"
#include "base/map.h"
#include "format/json_write.h"
#include "model/cvss.h"

struct bom {
	struct json_writer w;
	const struct report *r;
	struct str_list ids; /* of packages: their bom-refs */
	struct arena *a;
};

static void put_tool(struct json_writer *w)
{
	json_put_object(w, "tools");
	json_put_array(w, "components");
	json_put_object(w, NULL);
	json_put_str(w, "type", STR("application"));
	json_put_str(w, "name", STR("plimsoll"));
	json_put_str(w, "version", STR(PLIMSOLL_VERSION));
	json_put_end(w);
	json_put_end(w);
	json_put_end(w);
}

static void put_metadata(struct bom *b)
{
	const struct image *image = b->r->image;
	const struct digest *d = image->digest.kind ? &image->digest : &image->id;
	char digest[DIGEST_TEXT];

	json_put_object(&b->w, "metadata");
	put_tool(&b->w);
	json_put_object(&b->w, "component");
	json_put_str(&b->w, "bom-ref", STR("image"));
	json_put_str(&b->w, "type", STR("container"));
	json_put_str(&b->w, "name", image->name.n ? image->name : image->source);
	if (d->kind)
		json_put_str(&b->w, "version", digest_text(digest, d));
	json_put_end(&b->w);
	json_put_end(&b->w);
}

/* "group:artifact" of Maven and "@scope/name" of npm stand apart. */
static void put_names(struct json_writer *w, const struct package *p)
{
	str group = STR_NONE, name = p->name;

	if (str_eq(p->type, STR("maven")))
		str_cut(p->name, ':', &group, &name);
	else if (str_eq(p->type, STR("npm")) && str_starts(p->name, STR("@")))
		str_cut(p->name, '/', &group, &name);
	if (name.n == 0) {
		name = p->name;
		group = STR_NONE;
	}
	if (group.n)
		json_put_str(w, "group", group);
	json_put_str(w, "name", name);
	json_put_str(w, "version", p->version);
}

static void put_licences(struct json_writer *w, const struct package *p)
{
	if (p->licences.n == 0)
		return;
	json_put_array(w, "licenses");
	vec_each (l, &p->licences) {
		json_put_object(w, NULL);
		json_put_object(w, "license");
		json_put_str(w, "name", *l);
		json_put_end(w);
		json_put_end(w);
	}
	json_put_end(w);
}

static void put_property(struct json_writer *w, const char *name, str value)
{
	json_put_object(w, NULL);
	json_put_str(w, "name", str_of(name));
	json_put_str(w, "value", value);
	json_put_end(w);
}

static void put_whereabouts(struct bom *b, const struct package *p)
{
	char layer[16];

	if (p->paths.n) {
		json_put_object(&b->w, "evidence");
		json_put_array(&b->w, "occurrences");
		vec_each (path, &p->paths) {
			json_put_object(&b->w, NULL);
			json_put_str(&b->w, "location", *path);
			json_put_end(&b->w);
		}
		json_put_end(&b->w);
		json_put_end(&b->w);
	}
	json_put_array(&b->w, "properties");
	if (p->layer != LAYER_NONE) {
		snprintf(layer, sizeof(layer), "%u", p->layer);
		put_property(&b->w, "plimsoll:layer", str_of(layer));
	}
	if (p->source_name.n)
		put_property(&b->w, "plimsoll:source", p->source_name);
	if (p->owned_by < b->ids.n)
		put_property(&b->w, "plimsoll:owned_by", b->ids.v[p->owned_by]);
	json_put_end(&b->w);
}

static int put_component(struct bom *b, size_t i, struct err *e)
{
	const struct package *p = &b->r->inventory->packages.v[i];
	str purl;

	if (package_purl(&purl, p, &b->r->inventory->os, b->a, e) < 0)
		return -1;
	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "bom-ref", b->ids.v[i]);
	json_put_str(&b->w, "type", STR("library"));
	put_names(&b->w, p);
	put_licences(&b->w, p);
	json_put_str(&b->w, "purl", purl);
	put_whereabouts(b, p);
	json_put_end(&b->w);
	return 0;
}

static void put_system(struct bom *b)
{
	const struct os *os = &b->r->inventory->os;

	if (os->id.n == 0)
		return;
	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "bom-ref", STR("os"));
	json_put_str(&b->w, "type", STR("operating-system"));
	json_put_str(&b->w, "name", os->id);
	json_put_str(&b->w, "version", os->version_id);
	json_put_end(&b->w);
}

static str cdx_severity(enum severity s)
{
	return s == SEVERITY_NEGLIGIBLE ? STR("info") : str_of(severity_word(s));
}

static void put_rating(struct json_writer *w, const struct cvss *c)
{
	static const char *const methods[] = {
		[CVSS_NONE] = "other", [CVSS_2] = "CVSSv2", [CVSS_30] = "CVSSv3",
		[CVSS_31] = "CVSSv31", [CVSS_4] = "CVSSv4",
	};
	enum cvss_version version = cvss_version_of(c->vector);

	json_put_object(w, NULL);
	json_put_object(w, "source");
	json_put_str(w, "name", c->source);
	json_put_end(w);
	if (c->score >= 0) {
		json_put_double(w, "score", c->score);
		json_put_str(w, "severity",
			     cdx_severity(cvss_rating(version, (int)(c->score * 10 + 0.5))));
	}
	json_put_str(w, "method", str_of(methods[version]));
	json_put_str(w, "vector", c->vector);
	json_put_end(w);
}

static void put_ratings(struct json_writer *w, const struct finding *f)
{
	json_put_array(w, "ratings");
	json_put_object(w, NULL);
	json_put_object(w, "source");
	json_put_str(w, "name", f->feed);
	json_put_end(w);
	json_put_str(w, "severity", cdx_severity(f->severity));
	json_put_end(w);
	vec_each (c, &f->cvss)
		put_rating(w, c);
	json_put_end(w);
}

static void put_affects(struct bom *b, const struct index_list *findings)
{
	json_put_array(&b->w, "affects");
	vec_each (i, findings) {
		const struct finding *f = &b->r->findings.v[*i];

		if (f->package >= b->ids.n)
			continue;
		json_put_object(&b->w, NULL);
		json_put_str(&b->w, "ref", b->ids.v[f->package]);
		json_put_end(&b->w);
	}
	json_put_end(&b->w);
}

static void put_vulnerability(struct bom *b, const struct index_list *findings)
{
	const struct finding *f = &b->r->findings.v[findings->v[0]];
	char published[CLOCK_TEXT];
	int64_t when;

	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "id", f->id);
	json_put_object(&b->w, "source");
	json_put_str(&b->w, "name", f->feed);
	json_put_end(&b->w);
	put_ratings(&b->w, f);
	if (f->title.n)
		json_put_str(&b->w, "description", f->title);
	if (clock_parse(f->published, &when))
		json_put_str(&b->w, "published", clock_text(published, when));
	put_affects(b, findings);
	json_put_array(&b->w, "properties");
	if (f->risk.kev)
		put_property(&b->w, "plimsoll:kev", STR("true"));
	json_put_end(&b->w);
	json_put_end(&b->w);
}

/* Findings of one id stand together, whatever number of packages they are in; in the order in
 * which the ids come first. */
static int put_vulnerabilities(struct bom *b, struct err *e)
{
	struct map by_id = { 0 };

	for (uint32_t i = 0; i < b->r->findings.n; i++) {
		const struct finding *f = &b->r->findings.v[i];
		struct index_list *list = map_get(&by_id, f->id);

		if (f->kind != FINDING_VULNERABILITY && f->kind != FINDING_MALWARE)
			continue;
		if (!list) {
			list = arena_new(b->a, struct index_list);
			if (!list)
				return err_nomem(e);
			if (map_put(&by_id, b->a, f->id, list, e) < 0)
				return -1;
		}
		if (vec_push(list, b->a, e, i) < 0)
			return -1;
	}
	json_put_array(&b->w, "vulnerabilities");
	map_each(slot, &by_id) put_vulnerability(b, slot->value);
	json_put_end(&b->w);
	return 0;
}

int report_cyclonedx(struct buf *out, const struct report *r, struct arena *a, struct err *e)
{
	struct bom b = { .r = r, .a = a };

	if (report_package_ids(&b.ids, r->inventory, a, e) < 0)
		return -1;
	json_writer_init(&b.w, out, true);
	json_put_object(&b.w, NULL);
	json_put_str(&b.w, "$schema", STR("http://cyclonedx.org/schema/bom-1.6.schema.json"));
	json_put_str(&b.w, "bomFormat", STR("CycloneDX"));
	json_put_str(&b.w, "specVersion", STR("1.6"));
	json_put_u64(&b.w, "version", 1);
	put_metadata(&b);
	json_put_array(&b.w, "components");
	put_system(&b);
	for (size_t i = 0; i < r->inventory->packages.n; i++)
		if (put_component(&b, i, e) < 0)
			return -1;
	json_put_end(&b.w);
	if (!r->components_only && put_vulnerabilities(&b, e) < 0)
		return -1;
	json_put_end(&b.w);
	buf_putc(out, '\n');
	return buf_check(out, e);
}
