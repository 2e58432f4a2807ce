#include "image/sbom_item.h"

/* SPDX 2.3 JSON (and 2.2): packages, and which of them the document describes. Files are evidence
 * of packages, not packages. */

struct spdx {
	str version;
	struct sbom_item_list items;
	struct str_list described;
};

struct reference {
	str type, locator;
};

/* Only the purl; more than one is told of by the first. */
static int read_reference(void *out, struct json *j, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("referenceType", JSON_AS_STR, struct reference, type) },
		{ JSON_FIELD("referenceLocator", JSON_AS_STR, struct reference, locator) },
	};
	static const struct json_table table = { "reference", fields, COUNT(fields),
						 sizeof(struct reference), false };
	struct reference r = { 0 };
	str *purl = out;

	if (json_object(&r, j, &table, e) < 0)
		return -1;
	if (str_eq(r.type, STR("purl")) && purl->n == 0)
		*purl = r.locator;
	return 0;
}

/* NAME=VALUE of ours, "NAME: VALUE" of others. */
static int read_annotation(void *out, struct json *j, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("comment", JSON_AS_STR, struct label, value) },
	};
	static const struct json_table table = { "annotation", fields, COUNT(fields),
						 sizeof(struct label), false };
	struct label l = { 0 };
	str text;

	if (json_object(&l, j, &table, e) < 0)
		return -1;
	text = l.value;
	if (str_starts(text, STR("plimsoll:"))) {
		if (!str_cut(text, '=', &l.key, &l.value))
			return 0;
	} else {
		size_t at = str_search(text, STR(": "));

		if (at == SIZE_MAX)
			return 0;
		l.key = str_first(text, at);
		l.value = str_from(text, at + 2);
	}
	return vec_push((struct label_list *)out, j->arena, e, l);
}

static int read_licence(void *out, struct json *j, struct err *e)
{
	str word;

	if (json_str(&word, j, e) < 0)
		return -1;
	if (!word.n || str_eq(word, STR("NOASSERTION")) || str_eq(word, STR("NONE")))
		return 0;
	return vec_push((struct str_list *)out, j->arena, e, word);
}

static const struct json_field package_fields[] = {
	{ JSON_FIELD("SPDXID", JSON_AS_STR, struct sbom_item, ref) },
	{ JSON_FIELD("name", JSON_AS_STR, struct sbom_item, name) },
	{ JSON_FIELD("versionInfo", JSON_AS_STR, struct sbom_item, version) },
	{ JSON_FIELD("supplier", JSON_AS_STR, struct sbom_item, supplier) },
	{ JSON_FIELD("primaryPackagePurpose", JSON_AS_STR, struct sbom_item, kind) },
	{ JSON_FIELD("licenseDeclared", JSON_AS_CALL, struct sbom_item, licences),
	  .read = read_licence },
	{ JSON_FIELD("externalRefs", JSON_AS_EACH, struct sbom_item, purl),
	  .read = read_reference },
	{ JSON_FIELD("annotations", JSON_AS_EACH, struct sbom_item, facts),
	  .read = read_annotation },
};

static const struct json_table package_table = { "package", package_fields, COUNT(package_fields),
						 sizeof(struct sbom_item), false };

static str kind_of(const struct sbom_item *item)
{
	if (str_eq(item->kind, STR("OPERATING-SYSTEM")) ||
	    str_starts(item->ref, STR("SPDXRef-OperatingSystem")))
		return STR("operating-system");
	if (str_eq(item->kind, STR("CONTAINER")) ||
	    str_starts(item->ref, STR("SPDXRef-ContainerImage")))
		return STR("container");
	return STR("library");
}

static int read_package(void *out, struct json *j, struct err *e)
{
	struct sbom_item item = { 0 };

	if (json_object(&item, j, &package_table, e) < 0)
		return -1;
	item.kind = kind_of(&item);
	if (!str_skip(&item.supplier, STR("Organization: ")))
		str_skip(&item.supplier, STR("Person: "));
	if (str_eq(item.supplier, STR("NOASSERTION")))
		item.supplier = STR_NONE;
	return vec_push((struct sbom_item_list *)out, j->arena, e, item);
}

struct relation {
	str from, how, to;
};

static int read_relation(void *out, struct json *j, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("spdxElementId", JSON_AS_STR, struct relation, from) },
		{ JSON_FIELD("relationshipType", JSON_AS_STR, struct relation, how) },
		{ JSON_FIELD("relatedSpdxElement", JSON_AS_STR, struct relation, to) },
	};
	static const struct json_table table = { "relationship", fields, COUNT(fields),
						 sizeof(struct relation), false };
	struct relation r = { 0 };

	if (json_object(&r, j, &table, e) < 0)
		return -1;
	if (!str_eq(r.how, STR("DESCRIBES")) || !str_eq(r.from, STR("SPDXRef-DOCUMENT")))
		return 0;
	return vec_push((struct str_list *)out, j->arena, e, r.to);
}

static int mark_described(struct spdx *s, struct arena *a, struct err *e)
{
	struct map refs = { 0 };

	vec_each (item, &s->items)
		if (map_put(&refs, a, item->ref, item, e) < 0)
			return -1;
	vec_each (ref, &s->described) {
		struct sbom_item *item = map_get(&refs, *ref);

		if (item)
			item->described = true;
	}
	return 0;
}

int sbom_read_spdx(struct sbom_item_list *out, str text, struct arena *a, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("spdxVersion", JSON_AS_STR, struct spdx, version), .required = true },
		{ JSON_FIELD("packages", JSON_AS_EACH, struct spdx, items), .read = read_package },
		{ JSON_FIELD("documentDescribes", JSON_AS_STRS, struct spdx, described) },
		{ JSON_FIELD("relationships", JSON_AS_EACH, struct spdx, described),
		  .read = read_relation },
	};
	static const struct json_table table = { "SPDX document", fields, COUNT(fields),
						 sizeof(struct spdx), false };
	struct spdx s = { 0 };
	struct json j;

	json_init(&j, text, a);
	if (json_object(&s, &j, &table, e) < 0 || json_end(&j, e) < 0)
		return -1;
	if (!str_eq(s.version, STR("SPDX-2.2")) && !str_eq(s.version, STR("SPDX-2.3")))
		return err_set(e, ERR_UNSUPPORTED,
			       "\"" STR_FMT "\" is not read, only SPDX-2.2 and 2.3",
			       STR_ARG(s.version));
	if (mark_described(&s, a, e) < 0)
		return -1;
	*out = s.items;
	return 0;
}
