#include "image/sbom_item.h"

/* CycloneDX 1.6 JSON, "bom": metadata.component, components (which may have their own), services
 * are no packages. */

struct cdx {
	str format, version;
	struct sbom_item_list items;
	uint32_t depth;
};

static int read_property(void *out, struct json *j, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("name", JSON_AS_STR, struct label, key) },
		{ JSON_FIELD("value", JSON_AS_STR, struct label, value) },
	};
	static const struct json_table table = { "property", fields, COUNT(fields),
						 sizeof(struct label), false };
	struct label l = { 0 };

	if (json_object(&l, j, &table, e) < 0)
		return -1;
	return vec_push((struct label_list *)out, j->arena, e, l);
}

struct named {
	str id, name;
};

struct choice {
	struct named license;
	str expression;
};

static int read_licence(void *out, struct json *j, struct err *e)
{
	static const struct json_field named_fields[] = {
		{ JSON_FIELD("id", JSON_AS_STR, struct named, id) },
		{ JSON_FIELD("name", JSON_AS_STR, struct named, name) },
	};
	static const struct json_table named = { "license", named_fields, COUNT(named_fields),
						 sizeof(struct named), false };
	static const struct json_field fields[] = {
		{ JSON_FIELD("license", JSON_AS_OBJECT, struct choice, license), .table = &named },
		{ JSON_FIELD("expression", JSON_AS_STR, struct choice, expression) },
	};
	static const struct json_table table = { "licence", fields, COUNT(fields),
						 sizeof(struct choice), false };
	struct choice c = { 0 };

	if (json_object(&c, j, &table, e) < 0)
		return -1;
	str word = c.expression.n ? c.expression : c.license.id.n ? c.license.id : c.license.name;

	return word.n ? vec_push((struct str_list *)out, j->arena, e, word) : 0;
}

static int read_occurrence(void *out, struct json *j, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("location", JSON_AS_STR, struct label, value) },
	};
	static const struct json_table table = { "occurrence", fields, COUNT(fields),
						 sizeof(struct label), false };
	struct label l = { 0 };

	if (json_object(&l, j, &table, e) < 0)
		return -1;
	return l.value.n ? vec_push((struct str_list *)out, j->arena, e, l.value) : 0;
}

/* Of evidence only the places matter; before 1.5 there are none. */
static int read_evidence(void *out, struct json *j, struct err *e)
{
	str key;
	int r;

	if (json_peek(j, e) != JSON_OBJECT)
		return json_skip(NULL, j, e);
	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&key, j, e)) > 0) {
		if (!str_eq(key, STR("occurrences")) || json_peek(j, e) != JSON_ARRAY)
			continue;
		if (json_enter_array(j, e) < 0)
			return -1;
		while ((r = json_array_next(j, e)) > 0)
			if (read_occurrence(out, j, e) < 0)
				return -1;
		if (r < 0)
			return -1;
	}
	return r;
}

static int read_component(void *out, struct json *j, struct err *e);

static const struct json_field component_fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct sbom_item, kind) },
	{ JSON_FIELD("bom-ref", JSON_AS_STR, struct sbom_item, ref) },
	{ JSON_FIELD("group", JSON_AS_STR, struct sbom_item, group) },
	{ JSON_FIELD("name", JSON_AS_STR, struct sbom_item, name) },
	{ JSON_FIELD("version", JSON_AS_STR, struct sbom_item, version) },
	{ JSON_FIELD("purl", JSON_AS_STR, struct sbom_item, purl) },
	{ JSON_FIELD("publisher", JSON_AS_STR, struct sbom_item, supplier) },
	{ JSON_FIELD("licenses", JSON_AS_EACH, struct sbom_item, licences), .read = read_licence },
	{ JSON_FIELD("properties", JSON_AS_EACH, struct sbom_item, facts), .read = read_property },
	{ JSON_FIELD("evidence", JSON_AS_CALL, struct sbom_item, paths), .read = read_evidence },
	{ .name = STR_INIT("components"), .as = JSON_AS_EACH, .read = read_component },
};

static const struct json_table component_table = { "component", component_fields,
						   COUNT(component_fields),
						   sizeof(struct sbom_item), false };

/* Components inside components stand in the same list. */
static int read_component(void *out, struct json *j, struct err *e)
{
	struct cdx *c = j->context;
	struct sbom_item item = { 0 };

	(void)out;
	if (++c->depth > LIMIT_SBOM_NESTING)
		return err_set(e, ERR_LIMIT, "components nested deeper than %d",
			       LIMIT_SBOM_NESTING);
	if (json_object(&item, j, &component_table, e) < 0)
		return -1;
	c->depth--;
	return vec_push(&c->items, j->arena, e, item);
}

static int read_metadata(void *out, struct json *j, struct err *e)
{
	struct cdx *c = j->context;
	str key;
	int r;

	(void)out;
	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&key, j, e)) > 0) {
		if (!str_eq(key, STR("component")))
			continue;
		if (read_component(NULL, j, e) < 0)
			return -1;
		c->items.v[c->items.n - 1].described = true;
	}
	return r;
}

int sbom_read_cyclonedx(struct sbom_item_list *out, str text, struct arena *a, struct err *e)
{
	static const struct json_field fields[] = {
		{ JSON_FIELD("bomFormat", JSON_AS_STR, struct cdx, format), .required = true },
		{ JSON_FIELD("specVersion", JSON_AS_STR, struct cdx, version), .required = true },
		{ .name = STR_INIT("metadata"), .as = JSON_AS_CALL, .read = read_metadata },
		{ .name = STR_INIT("components"), .as = JSON_AS_EACH, .read = read_component },
	};
	static const struct json_table table = { "CycloneDX document", fields, COUNT(fields),
						 sizeof(struct cdx), false };
	static const char *const versions[] = { "1.2", "1.3", "1.4", "1.5", "1.6" };
	struct cdx c = { 0 };
	struct json j;

	json_init(&j, text, a);
	j.context = &c;
	if (json_object(&c, &j, &table, e) < 0 || json_end(&j, e) < 0)
		return -1;
	*out = c.items;
	for (size_t i = 0; i < COUNT(versions); i++)
		if (str_eq(c.version, str_of(versions[i])))
			return 0;
	return err_set(e, ERR_UNSUPPORTED, "CycloneDX " STR_FMT " is not read, only 1.2 to 1.6",
		       STR_ARG(c.version));
}
