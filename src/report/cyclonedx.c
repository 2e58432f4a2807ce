#include "report/cyclonedx.h"

#include "format/json_write.h"
#include "model/cvss.h"
#include "model/licence.h"
#include "report/bom.h"

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

static void put_property(struct json_writer *w, str name, str value)
{
	json_put_object(w, NULL);
	json_put_str(w, "name", name);
	json_put_str(w, "value", value);
	json_put_end(w);
}

static void put_facts(struct json_writer *w, const struct bom_fact_list *facts)
{
	if (facts->n == 0)
		return;
	json_put_array(w, "properties");
	vec_each (f, facts)
		put_property(w, f->name, f->value);
	json_put_end(w);
}

static void put_hash(struct json_writer *w, const struct digest *d)
{
	char text[DIGEST_TEXT];
	str kind, hex;

	if (!d->kind || !str_cut(digest_text(text, d), ':', &kind, &hex))
		return;
	json_put_array(w, "hashes");
	json_put_object(w, NULL);
	json_put_str(w, "alg", str_eq(kind, STR("sha512")) ? STR("SHA-512") : STR("SHA-256"));
	json_put_str(w, "content", hex);
	json_put_end(w);
	json_put_end(w);
}

static int put_image(struct bom *b, struct err *e)
{
	const struct image *image = b->r->image;
	const struct digest *d = image->digest.kind ? &image->digest : &image->id;
	struct bom_fact_list facts = { 0 };
	char digest[DIGEST_TEXT];

	if (bom_image_facts(&facts, b->r, b->a, e) < 0)
		return -1;
	json_put_object(&b->w, "component");
	json_put_str(&b->w, "bom-ref", STR("image"));
	json_put_str(&b->w, "type", STR("container"));
	json_put_str(&b->w, "name", image->name.n ? image->name : image->source);
	if (d->kind)
		json_put_str(&b->w, "version", digest_text(digest, d));
	put_hash(&b->w, &image->digest);
	put_facts(&b->w, &facts);
	json_put_end(&b->w);
	return 0;
}

static int put_metadata(struct bom *b, struct err *e)
{
	char date[CLOCK_TEXT];

	json_put_object(&b->w, "metadata");
	json_put_str(&b->w, "timestamp", bom_date(date, b->r));
	put_tool(&b->w);
	if (put_image(b, e) < 0)
		return -1;
	json_put_end(&b->w);
	return 0;
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

static void put_licence(struct json_writer *w, const char *key, str value)
{
	json_put_object(w, NULL);
	json_put_object(w, "license");
	json_put_str(w, key, value);
	json_put_end(w);
	json_put_end(w);
}

/* One expression, or a list of which each is an identifier or a name: never both (1.6,
 * licenseChoice). */
static int put_licences(struct bom *b, const struct package *p, struct err *e)
{
	struct map refs = { 0 };
	str all;

	if (bom_licences(&all, p, &refs, b->a, e) < 0)
		return -1;
	if (all.n == 0)
		return 0;
	json_put_array(&b->w, "licenses");
	if (str_find(all, ' ') != SIZE_MAX && refs.n == 0) {
		json_put_object(&b->w, NULL);
		json_put_str(&b->w, "expression", all);
		json_put_end(&b->w);
	} else if (refs.n == 0 && licence_id(all).n) {
		put_licence(&b->w, "id", all);
	} else {
		vec_each (l, &p->licences)
			put_licence(&b->w, "name", *l);
	}
	json_put_end(&b->w);
	return 0;
}

static void put_occurrences(struct json_writer *w, const struct str_list *paths)
{
	if (paths->n == 0)
		return;
	json_put_object(w, "evidence");
	json_put_array(w, "occurrences");
	vec_each (path, paths) {
		json_put_object(w, NULL);
		json_put_str(w, "location", *path);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_end(w);
}

static int put_component(struct bom *b, size_t i, struct err *e)
{
	const struct package *p = &b->r->inventory->packages.v[i];
	struct bom_fact_list facts = { 0 };
	str purl;

	if (package_purl(&purl, p, &b->r->inventory->os, b->a, e) < 0 ||
	    bom_package_facts(&facts, p, &b->ids, b->a, e) < 0)
		return -1;
	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "bom-ref", b->ids.v[i]);
	json_put_str(&b->w, "type",
		     p->flags & PACKAGE_MAIN_MODULE ? STR("application") : STR("library"));
	put_names(&b->w, p);
	if (put_licences(b, p, e) < 0)
		return -1;
	json_put_str(&b->w, "purl", purl);
	put_occurrences(&b->w, &p->paths);
	put_facts(&b->w, &facts);
	json_put_end(&b->w);
	return 0;
}

static int put_system(struct bom *b, struct err *e)
{
	const struct os *os = &b->r->inventory->os;
	struct bom_fact_list facts = { 0 };

	if (os->id.n == 0)
		return 0;
	if (bom_os_facts(&facts, os, b->a, e) < 0)
		return -1;
	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "bom-ref", STR("os"));
	json_put_str(&b->w, "type", STR("operating-system"));
	json_put_str(&b->w, "name", os->id);
	json_put_str(&b->w, "version", os->version_id);
	put_facts(&b->w, &facts);
	json_put_end(&b->w);
	return 0;
}

static void put_dependencies(struct bom *b)
{
	json_put_array(&b->w, "dependencies");
	json_put_object(&b->w, NULL);
	json_put_str(&b->w, "ref", STR("image"));
	json_put_array(&b->w, "dependsOn");
	if (b->r->inventory->os.id.n)
		json_put_str(&b->w, NULL, STR("os"));
	vec_each (id, &b->ids)
		json_put_str(&b->w, NULL, *id);
	json_put_end(&b->w);
	json_put_end(&b->w);
	json_put_end(&b->w);
}

/* Last, as it follows from all that stands before it. */
static int put_serial(struct bom *b, str before, struct err *e)
{
	char uuid[BOM_UUID];
	str text;

	if (bom_uuid(uuid, before, e) < 0 || arena_printf(&text, b->a, e, "urn:uuid:%s", uuid) < 0)
		return -1;
	json_put_str(&b->w, "serialNumber", text);
	return 0;
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
		put_property(&b->w, STR("plimsoll:kev"), STR("true"));
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
	size_t start = out->n;

	if (report_package_ids(&b.ids, r->inventory, a, e) < 0)
		return -1;
	json_writer_init(&b.w, out, true);
	json_put_object(&b.w, NULL);
	json_put_str(&b.w, "$schema", STR("http://cyclonedx.org/schema/bom-1.6.schema.json"));
	json_put_str(&b.w, "bomFormat", STR("CycloneDX"));
	json_put_str(&b.w, "specVersion", STR("1.6"));
	json_put_u64(&b.w, "version", 1);
	if (put_metadata(&b, e) < 0)
		return -1;
	json_put_array(&b.w, "components");
	if (put_system(&b, e) < 0)
		return -1;
	for (size_t i = 0; i < r->inventory->packages.n; i++)
		if (put_component(&b, i, e) < 0)
			return -1;
	json_put_end(&b.w);
	put_dependencies(&b);
	if (!r->components_only && put_vulnerabilities(&b, e) < 0)
		return -1;
	if (put_serial(&b, str_from(buf_str(out), start), e) < 0)
		return -1;
	json_put_end(&b.w);
	buf_putc(out, '\n');
	return buf_check(out, e);
}
