#include "report/spdx.h"

#include "format/json_write.h"
#include "report/bom.h"

#define IMAGE_REF  "SPDXRef-Image"
#define SYSTEM_REF "SPDXRef-OperatingSystem"

struct spdx {
	struct json_writer w;
	const struct report *r;
	struct str_list ids;
	struct map refs; /* licences that SPDX has no identifier for */
	char date[CLOCK_TEXT];
	struct arena *a;
};

static int put_facts(struct spdx *s, const struct bom_fact_list *facts, struct err *e)
{
	str text;

	if (facts->n == 0)
		return 0;
	json_put_array(&s->w, "annotations");
	vec_each (f, facts) {
		if (arena_printf(&text, s->a, e, STR_FMT "=" STR_FMT, STR_ARG(f->name),
				 STR_ARG(f->value)) < 0)
			return -1;
		json_put_object(&s->w, NULL);
		json_put_str(&s->w, "annotationDate", str_of(s->date));
		json_put_str(&s->w, "annotationType", STR("OTHER"));
		json_put_str(&s->w, "annotator", STR("Tool: plimsoll-" PLIMSOLL_VERSION));
		json_put_str(&s->w, "comment", text);
		json_put_end(&s->w);
	}
	json_put_end(&s->w);
	return 0;
}

static void put_creation(struct spdx *s)
{
	json_put_object(&s->w, "creationInfo");
	json_put_str(&s->w, "created", bom_date(s->date, s->r));
	json_put_array(&s->w, "creators");
	json_put_str(&s->w, NULL, STR("Tool: plimsoll-" PLIMSOLL_VERSION));
	json_put_end(&s->w);
	json_put_end(&s->w);
}

/* What every package must say, though nobody asserts it. */
static void put_unsaid(struct json_writer *w, str licence)
{
	json_put_str(w, "downloadLocation", STR("NOASSERTION"));
	json_put_bool(w, "filesAnalyzed", false);
	json_put_str(w, "licenseConcluded", STR("NOASSERTION"));
	json_put_str(w, "licenseDeclared", licence.n ? licence : STR("NOASSERTION"));
	json_put_str(w, "copyrightText", STR("NOASSERTION"));
}

static void put_version(struct json_writer *w, str version)
{
	if (version.n)
		json_put_str(w, "versionInfo", version);
}

static void put_checksum(struct json_writer *w, const struct digest *d)
{
	char text[DIGEST_TEXT];
	str kind, hex;

	if (!str_cut(digest_text(text, d), ':', &kind, &hex))
		return;
	json_put_array(w, "checksums");
	json_put_object(w, NULL);
	json_put_str(w, "algorithm", str_eq(kind, STR("sha512")) ? STR("SHA512") : STR("SHA256"));
	json_put_str(w, "checksumValue", hex);
	json_put_end(w);
	json_put_end(w);
}

static str image_name(const struct image *image)
{
	return image->name.n ? image->name : image->source.n ? image->source : STR("image");
}

static int put_image(struct spdx *s, struct err *e)
{
	const struct image *image = s->r->image;
	struct bom_fact_list facts = { 0 };
	char text[DIGEST_TEXT];

	json_put_object(&s->w, NULL);
	json_put_str(&s->w, "SPDXID", STR(IMAGE_REF));
	json_put_str(&s->w, "name", image_name(image));
	if (image->digest.kind) {
		put_version(&s->w, digest_text(text, &image->digest));
		put_checksum(&s->w, &image->digest);
	}
	json_put_str(&s->w, "primaryPackagePurpose", STR("CONTAINER"));
	put_unsaid(&s->w, STR_NONE);
	if (bom_image_facts(&facts, s->r, s->a, e) < 0 || put_facts(s, &facts, e) < 0)
		return -1;
	json_put_end(&s->w);
	return 0;
}

static int put_system(struct spdx *s, struct err *e)
{
	const struct os *os = &s->r->inventory->os;
	struct bom_fact_list facts = { 0 };

	if (os->id.n == 0)
		return 0;
	json_put_object(&s->w, NULL);
	json_put_str(&s->w, "SPDXID", STR(SYSTEM_REF));
	json_put_str(&s->w, "name", os->id);
	put_version(&s->w, os->version_id);
	json_put_str(&s->w, "primaryPackagePurpose", STR("OPERATING-SYSTEM"));
	put_unsaid(&s->w, STR_NONE);
	if (bom_os_facts(&facts, os, s->a, e) < 0 || put_facts(s, &facts, e) < 0)
		return -1;
	json_put_end(&s->w);
	return 0;
}

static void put_purl(struct json_writer *w, str purl)
{
	json_put_array(w, "externalRefs");
	json_put_object(w, NULL);
	json_put_str(w, "referenceCategory", STR("PACKAGE-MANAGER"));
	json_put_str(w, "referenceType", STR("purl"));
	json_put_str(w, "referenceLocator", purl);
	json_put_end(w);
	json_put_end(w);
}

static int package_ref(str *out, const struct spdx *s, size_t i, struct err *e)
{
	return arena_printf(out, s->a, e, "SPDXRef-Package-" STR_FMT, STR_ARG(s->ids.v[i]));
}

static int put_package(struct spdx *s, size_t i, struct err *e)
{
	const struct package *p = &s->r->inventory->packages.v[i];
	struct bom_fact_list facts = { 0 };
	str ref, purl, licence, found = STR_NONE;

	if (package_ref(&ref, s, i, e) < 0 ||
	    package_purl(&purl, p, &s->r->inventory->os, s->a, e) < 0 ||
	    bom_licences(&licence, p, &s->refs, s->a, e) < 0 ||
	    bom_package_facts(&facts, p, &s->ids, s->a, e) < 0)
		return -1;
	if (p->paths.n &&
	    arena_printf(&found, s->a, e, "found in " STR_FMT, STR_ARG(p->paths.v[0])) < 0)
		return -1;
	json_put_object(&s->w, NULL);
	json_put_str(&s->w, "SPDXID", ref);
	json_put_str(&s->w, "name", p->name);
	put_version(&s->w, p->version);
	put_unsaid(&s->w, licence);
	if (found.n)
		json_put_str(&s->w, "sourceInfo", found);
	put_purl(&s->w, purl);
	if (put_facts(s, &facts, e) < 0)
		return -1;
	json_put_end(&s->w);
	return 0;
}

static int put_packages(struct spdx *s, struct err *e)
{
	json_put_array(&s->w, "packages");
	if (put_image(s, e) < 0 || put_system(s, e) < 0)
		return -1;
	for (size_t i = 0; i < s->ids.n; i++)
		if (put_package(s, i, e) < 0)
			return -1;
	json_put_end(&s->w);
	return 0;
}

static void put_licences(struct spdx *s)
{
	if (s->refs.n == 0)
		return;
	json_put_array(&s->w, "hasExtractedLicensingInfos");
	map_each(slot, &s->refs)
	{
		const struct bom_fact *f = slot->value;

		json_put_object(&s->w, NULL);
		json_put_str(&s->w, "licenseId", f->name);
		json_put_str(&s->w, "extractedText", f->value);
		json_put_end(&s->w);
	}
	json_put_end(&s->w);
}

static void put_relation(struct json_writer *w, str from, const char *how, str to)
{
	json_put_object(w, NULL);
	json_put_str(w, "spdxElementId", from);
	json_put_str(w, "relationshipType", str_of(how));
	json_put_str(w, "relatedSpdxElement", to);
	json_put_end(w);
}

static int put_relations(struct spdx *s, struct err *e)
{
	str ref;

	json_put_array(&s->w, "relationships");
	put_relation(&s->w, STR("SPDXRef-DOCUMENT"), "DESCRIBES", STR(IMAGE_REF));
	if (s->r->inventory->os.id.n)
		put_relation(&s->w, STR(IMAGE_REF), "CONTAINS", STR(SYSTEM_REF));
	for (size_t i = 0; i < s->ids.n; i++) {
		if (package_ref(&ref, s, i, e) < 0)
			return -1;
		put_relation(&s->w, STR(IMAGE_REF), "CONTAINS", ref);
	}
	json_put_end(&s->w);
	return 0;
}

static int put_namespace(struct spdx *s, str before, struct err *e)
{
	char uuid[BOM_UUID];
	str text;

	if (bom_uuid(uuid, before, e) < 0 || arena_printf(&text, s->a, e, "urn:uuid:%s", uuid) < 0)
		return -1;
	json_put_str(&s->w, "documentNamespace", text);
	return 0;
}

int report_spdx(struct buf *out, const struct report *r, struct arena *a, struct err *e)
{
	struct spdx s = { .r = r, .a = a };
	size_t start = out->n;

	if (report_package_ids(&s.ids, r->inventory, a, e) < 0)
		return -1;
	json_writer_init(&s.w, out, true);
	json_put_object(&s.w, NULL);
	json_put_str(&s.w, "spdxVersion", STR("SPDX-2.3"));
	json_put_str(&s.w, "dataLicense", STR("CC0-1.0"));
	json_put_str(&s.w, "SPDXID", STR("SPDXRef-DOCUMENT"));
	json_put_str(&s.w, "name", image_name(r->image));
	put_creation(&s);
	if (put_packages(&s, e) < 0)
		return -1;
	put_licences(&s);
	if (put_relations(&s, e) < 0 || put_namespace(&s, str_from(buf_str(out), start), e) < 0)
		return -1;
	json_put_end(&s.w);
	buf_putc(out, '\n');
	return buf_check(out, e);
}
