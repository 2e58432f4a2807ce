#include "report/bom.h"

#include "model/licence.h"

static int fact(struct bom_fact_list *out, const char *name, str value, struct arena *a,
		struct err *e)
{
	struct bom_fact f = { str_of(name), value };

	return value.n ? vec_push(out, a, e, f) : 0;
}

static int number_fact(struct bom_fact_list *out, const char *name, uint64_t n, struct arena *a,
		       struct err *e)
{
	str text;

	if (arena_printf(&text, a, e, "%llu", (unsigned long long)n) < 0)
		return -1;
	return fact(out, name, text, a, e);
}

int bom_package_facts(struct bom_fact_list *out, const struct package *p,
		      const struct str_list *ids, struct arena *a, struct err *e)
{
	const struct {
		const char *name;
		str value;
	} rows[] = {
		{ "plimsoll:source_name", p->source_name },
		{ "plimsoll:source_version", p->source_version },
		{ "plimsoll:arch", p->arch },
		{ "plimsoll:module", p->module },
		{ "plimsoll:vendor", p->vendor },
		{ "plimsoll:main_path", p->main_path },
		{ "plimsoll:evidence", p->evidence },
		{ "plimsoll:third_party", p->flags & PACKAGE_THIRD_PARTY ? STR("true") : STR_NONE },
		{ "plimsoll:main_module", p->flags & PACKAGE_MAIN_MODULE ? STR("true") : STR_NONE },
		{ "plimsoll:owned_by", p->owned_by < ids->n ? ids->v[p->owned_by] : STR_NONE },
	};

	if (p->layer != LAYER_NONE && number_fact(out, "plimsoll:layer", p->layer, a, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (fact(out, rows[i].name, rows[i].value, a, e) < 0)
			return -1;
	vec_each (path, &p->paths)
		if (fact(out, "plimsoll:path", *path, a, e) < 0)
			return -1;
	vec_each (licence, &p->licences)
		if (fact(out, "plimsoll:licence", *licence, a, e) < 0)
			return -1;
	return 0;
}

/* Which reasons came from reading, and so belong to the image; the others come again from whoever
 * matches it with other data on another day. */
static bool is_of_reading(enum reason_code code)
{
	static const bool reading[REASON_COUNT_] = {
		[REASON_UNREADABLE] = true,	 [REASON_TOO_LARGE] = true,
		[REASON_UNSUPPORTED] = true,	 [REASON_LAYER_UNREADABLE] = true,
		[REASON_UNOWNED_PROGRAM] = true, [REASON_TIMED_OUT] = true,
		[REASON_UNVERIFIED] = true,
	};

	return code < REASON_COUNT_ && reading[code];
}

static int layer_facts(struct bom_fact_list *out, const struct layer *l, struct arena *a,
		       struct err *e)
{
	char text[DIGEST_TEXT];
	str value = STR_NONE;

	if (l->diff_id.kind && arena_str(&value, a, digest_text(text, &l->diff_id), e) < 0)
		return -1;
	struct bom_fact diff_id = { STR("plimsoll:layer:diff_id"), value };

	if (vec_push(out, a, e, diff_id) < 0) /* even an empty one: it begins the next layer */
		return -1;
	value = STR_NONE;
	if (l->digest.kind && arena_str(&value, a, digest_text(text, &l->digest), e) < 0)
		return -1;
	if (fact(out, "plimsoll:layer:digest", value, a, e) < 0 ||
	    number_fact(out, "plimsoll:layer:size", l->size, a, e) < 0)
		return -1;
	return fact(out, "plimsoll:layer:created_by", l->created_by, a, e);
}

static int reason_fact(struct bom_fact_list *out, const struct reason *r, struct arena *a,
		       struct err *e)
{
	str text;

	if (!is_of_reading(r->code))
		return 0;
	if (arena_printf(&text, a, e, "%s\t%u\t" STR_FMT "\t" STR_FMT, reason_word(r->code),
			 r->count, STR_ARG(r->where), STR_ARG(r->text)) < 0)
		return -1;
	return fact(out, "plimsoll:reason", text, a, e);
}

int bom_image_facts(struct bom_fact_list *out, const struct report *r, struct arena *a,
		    struct err *e)
{
	const struct image *image = r->image;
	const struct platform *p = &image->platform;
	char text[DIGEST_TEXT];
	str id = STR_NONE, platform = STR_NONE;

	if (image->id.kind && arena_str(&id, a, digest_text(text, &image->id), e) < 0)
		return -1;
	if (p->os.n &&
	    arena_printf(&platform, a, e, STR_FMT "/" STR_FMT "%s" STR_FMT, STR_ARG(p->os),
			 STR_ARG(p->arch), p->variant.n ? "/" : "", STR_ARG(p->variant)) < 0)
		return -1;
	if (fact(out, "plimsoll:image_id", id, a, e) < 0 ||
	    fact(out, "plimsoll:platform", platform, a, e) < 0 ||
	    fact(out, "plimsoll:created", image->created, a, e) < 0)
		return -1;
	vec_each (l, &image->layers)
		if (layer_facts(out, l, a, e) < 0)
			return -1;
	vec_each (reason, &r->inventory->reasons)
		if (reason_fact(out, reason, a, e) < 0)
			return -1;
	return 0;
}

int bom_os_facts(struct bom_fact_list *out, const struct os *os, struct arena *a, struct err *e)
{
	if (fact(out, "plimsoll:codename", os->codename, a, e) < 0 ||
	    fact(out, "plimsoll:pretty_name", os->name, a, e) < 0 ||
	    fact(out, "plimsoll:path", os->path, a, e) < 0)
		return -1;
	return fact(out, "plimsoll:id_like", os->id_like, a, e);
}

/* An unknown word under its own name. */
static int refer(str *out, str declared, struct map *refs, struct arena *a, struct err *e)
{
	struct bom_fact *f;

	if (licence_reference(out, declared, a, e) < 0)
		return -1;
	if (map_get(refs, *out))
		return 0;
	f = arena_new(a, struct bom_fact);
	if (!f)
		return err_nomem(e);
	*f = (struct bom_fact){ *out, declared };
	return map_put(refs, a, *out, f, e);
}

int bom_licences(str *out, const struct package *p, struct map *refs, struct arena *a,
		 struct err *e)
{
	struct map seen = { 0 };

	*out = STR_NONE;
	vec_each (l, &p->licences) {
		str one;
		int r = licence_normalise(&one, *l, a, e);

		if (r < 0 || (r == 0 && refer(&one, *l, refs, a, e) < 0))
			return -1;
		if (map_get(&seen, one))
			continue;
		bool group = p->licences.n > 1 && str_has(one, STR(" OR "));

		if (map_put(&seen, a, one, l, e) < 0 ||
		    arena_printf(out, a, e, STR_FMT "%s%s" STR_FMT "%s", STR_ARG(*out),
				 out->n ? " AND " : "", group ? "(" : "", STR_ARG(one),
				 group ? ")" : "") < 0)
			return -1;
	}
	return 0;
}

str bom_date(char out[CLOCK_TEXT], const struct report *r)
{
	int64_t when = 0;

	if (!clock_parse(r->image->created, &when) && !clock_parse(r->data.built, &when))
		when = 0;
	return clock_text(out, when);
}

int bom_uuid(char out[BOM_UUID], str bytes, struct err *e)
{
	struct digest d;
	const uint8_t *b = d.bytes;

	if (digest_of(&d, DIGEST_SHA256, bytes, e) < 0)
		return -1;
	d.bytes[6] = (uint8_t)((d.bytes[6] & 0x0f) | 0x80);
	d.bytes[8] = (uint8_t)((d.bytes[8] & 0x3f) | 0x80);
	snprintf(out, BOM_UUID,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
		 b[15]);
	return 0;
}
