#include "image/sbom_item.h"

#include "model/purl.h"

struct taking {
	struct sbom *out;
	struct arena *a;
	struct map layers;	/* DiffID as written → struct mark */
	struct map refs;	/* of a document → struct mark */
	struct str_list owners; /* of each package: the ref of who owns it */
	str distro;		/* of the first purl that has one */
	str space;
};

struct mark {
	uint32_t at;
};

static str fact_of(const struct sbom_item *item, str name)
{
	vec_each (f, &item->facts)
		if (str_eq(f->key, name))
			return f->value;
	return STR_NONE;
}

static bool is_ours(const struct sbom_item *item)
{
	return fact_of(item, STR("plimsoll:evidence")).n > 0;
}

static int say(struct taking *t, enum reason_code code, const char *text, struct err *e)
{
	return reason_add(&t->out->inventory.reasons, t->a, e, code, STR("sbom"), "%s", text);
}

/* --- layers ------------------------------------------------------------------------------------
 */

static int add_layer(struct taking *t, str diff_id, struct err *e)
{
	struct image *image = &t->out->described.image;
	struct layer l = { 0 };
	struct place p = { 0 };
	struct err none;

	if (image->layers.n >= LIMIT_LAYERS)
		return say(t, REASON_TOO_LARGE, "more layers than an image may have", e);
	if (diff_id.n && digest_parse(&l.diff_id, diff_id, &none) < 0)
		return say(t, REASON_UNREADABLE, "a layer whose DiffID is no digest", e);
	if (vec_push(&image->layers, t->a, e, l) < 0)
		return -1;
	return vec_push(&t->out->described.places, t->a, e, p);
}

/* The number of a layer that another maker names by its DiffID. */
static int find_layer(uint32_t *out, struct taking *t, str diff_id, struct err *e)
{
	struct mark *m = map_get(&t->layers, diff_id);

	if (!m) {
		size_t before = t->out->described.image.layers.n;

		m = arena_new(t->a, struct mark);
		if (!m)
			return err_nomem(e);
		if (add_layer(t, diff_id, e) < 0)
			return -1;
		m->at = t->out->described.image.layers.n > before ? (uint32_t)before : LAYER_NONE;
		if (map_put(&t->layers, t->a, diff_id, m, e) < 0)
			return -1;
	}
	*out = m->at;
	return 0;
}

/* --- the image ---------------------------------------------------------------------------------
 */

/* CODE \t COUNT \t WHERE \t TEXT */
static int take_reason(struct taking *t, str text, struct err *e)
{
	struct reason r = { .code = REASON_COUNT_ };
	str code, count;

	str_cut(text, '\t', &code, &text);
	str_cut(text, '\t', &count, &text);
	str_cut(text, '\t', &r.where, &r.text);
	for (int i = 0; i < REASON_COUNT_; i++)
		if (str_eq(code, str_of(reason_word((enum reason_code)i))))
			r.code = (enum reason_code)i;
	if (r.code == REASON_COUNT_ || !str_u32(count, &r.count) || r.count == 0)
		return say(t, REASON_UNREADABLE, "a reason that is not understood", e);
	return reason_join(&t->out->inventory.reasons, t->a, e, &r);
}

static int take_layer_fact(struct taking *t, str name, str value, struct err *e)
{
	struct image *image = &t->out->described.image;
	struct err none;

	if (str_eq(name, STR("plimsoll:layer:diff_id")))
		return add_layer(t, value, e);
	if (image->layers.n == 0)
		return 0;
	struct layer *l = &image->layers.v[image->layers.n - 1];

	if (str_eq(name, STR("plimsoll:layer:created_by")))
		l->created_by = value;
	else if (str_eq(name, STR("plimsoll:layer:size")) && !str_u64(value, &l->size))
		return say(t, REASON_UNREADABLE, "a layer whose size is no number", e);
	else if (str_eq(name, STR("plimsoll:layer:digest")) &&
		 digest_parse(&l->digest, value, &none) < 0)
		return say(t, REASON_UNREADABLE, "a layer whose digest is none", e);
	return 0;
}

static int take_image(struct taking *t, const struct sbom_item *item, struct err *e)
{
	struct image *image = &t->out->described.image;
	struct err none;

	image->name = item->name;
	image->created = fact_of(item, STR("plimsoll:created"));
	if (digest_parse(&image->digest, item->version, &none) < 0)
		image->digest = (struct digest){ 0 };
	if (digest_parse(&image->id, fact_of(item, STR("plimsoll:image_id")), &none) < 0)
		image->id = (struct digest){ 0 };
	if (digest_eq(&image->digest, &image->id)) /* an archive has no manifest */
		image->digest = (struct digest){ 0 };
	if (platform_parse(&image->platform, fact_of(item, STR("plimsoll:platform")), &none) < 0)
		image->platform = (struct platform){ 0 };
	vec_each (f, &item->facts) {
		int r = str_eq(f->key, STR("plimsoll:reason"))
				? take_reason(t, f->value, e)
				: take_layer_fact(t, f->key, f->value, e);

		if (r < 0)
			return -1;
	}
	return 0;
}

/* --- the system --------------------------------------------------------------------------------
 */

/* What others call a system, where that is not its ID in os-release. */
static str system_id(str name)
{
	static const struct {
		str name, id;
	} rows[] = {
		{ STR_INIT("redhat"), STR_INIT("rhel") },
		{ STR_INIT("amazon"), STR_INIT("amzn") },
		{ STR_INIT("oracle"), STR_INIT("ol") },
		{ STR_INIT("alma"), STR_INIT("almalinux") },
		{ STR_INIT("cbl-mariner"), STR_INIT("mariner") },
		{ STR_INIT("opensuse.leap"), STR_INIT("opensuse-leap") },
		{ STR_INIT("opensuse.tumbleweed"), STR_INIT("opensuse-tumbleweed") },
		{ STR_INIT("suse linux enterprise server"), STR_INIT("sles") },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq_nocase(rows[i].name, name))
			return rows[i].id;
	return name;
}

static void take_system(struct taking *t, const struct sbom_item *item)
{
	struct os *os = &t->out->inventory.os;
	const struct {
		str name, other;
		str *to;
	} rows[] = {
		{ STR("plimsoll:codename"), STR("syft:distro:versionCodename"), &os->codename },
		{ STR("plimsoll:pretty_name"), STR("syft:distro:prettyName"), &os->name },
		{ STR("plimsoll:id_like"), STR("syft:distro:idLike:0"), &os->id_like },
		{ STR("plimsoll:path"), STR_NONE, &os->path },
	};

	os->id = system_id(item->name);
	os->version_id = item->version;
	for (size_t i = 0; i < COUNT(rows); i++) {
		*rows[i].to = fact_of(item, rows[i].name);
		if (!rows[i].to->n)
			*rows[i].to = fact_of(item, rows[i].other);
	}
}

/* No word of the system itself: the packages' purls tell, "distro=debian-12". */
static void guess_system(struct taking *t)
{
	struct os *os = &t->out->inventory.os;

	if (os->id.n)
		return;
	if (!str_rcut(t->distro, '-', &os->id, &os->version_id)) {
		os->id = t->distro.n ? t->distro : t->space;
		os->version_id = STR_NONE;
	}
	os->id = system_id(os->id);
}

/* --- packages ----------------------------------------------------------------------------------
 */

static bool same_name(str a, str b)
{
	for (size_t i = 0; i < a.n && a.n == b.n; i++) {
		char x = ch_down(a.p[i]), y = ch_down(b.p[i]);

		if (x != y && !((x == '_' || x == '.' || x == '-') && y == '-'))
			return false;
	}
	return a.n == b.n;
}

/* A purl's name may have lost its capitals and underscores: then the document's own stands. */
static int take_name(struct package *p, const struct sbom_item *item, struct arena *a,
		     struct err *e)
{
	str joined = item->name;

	if (item->group.n &&
	    arena_printf(&joined, a, e, STR_FMT "%s" STR_FMT, STR_ARG(item->group),
			 str_eq(p->type, STR("maven")) ? ":" : "/", STR_ARG(item->name)) < 0)
		return -1;
	if (is_ours(item) || same_name(joined, p->name))
		p->name = joined;
	else if (same_name(item->name, p->name))
		p->name = item->name;
	return 0;
}

static void take_facts(struct package *p, const struct sbom_item *item)
{
	const struct {
		str name;
		str *to;
	} rows[] = {
		{ STR("aquasecurity:trivy:SrcName"), &p->source_name },
		{ STR("aquasecurity:trivy:Modularitylabel"), &p->module },
		{ STR("plimsoll:source_name"), &p->source_name },
		{ STR("plimsoll:source_version"), &p->source_version },
		{ STR("plimsoll:arch"), &p->arch },
		{ STR("plimsoll:module"), &p->module },
		{ STR("plimsoll:vendor"), &p->vendor },
		{ STR("plimsoll:main_path"), &p->main_path },
		{ STR("plimsoll:evidence"), &p->evidence },
	};

	p->vendor = item->supplier;
	p->evidence = STR("sbom");
	if (is_ours(item)) {
		p->version = item->version;
		p->vendor = p->source_name = p->source_version = STR_NONE;
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		str value = fact_of(item, rows[i].name);

		if (value.n)
			*rows[i].to = value;
	}
	if (fact_of(item, STR("plimsoll:third_party")).n)
		p->flags |= PACKAGE_THIRD_PARTY;
	if (fact_of(item, STR("plimsoll:main_module")).n)
		p->flags |= PACKAGE_MAIN_MODULE;
}

/* trivy's SrcVersion has epoch and release apart. */
static int take_source_version(struct package *p, const struct sbom_item *item, struct arena *a,
			       struct err *e)
{
	str version = fact_of(item, STR("aquasecurity:trivy:SrcVersion"));
	str release = fact_of(item, STR("aquasecurity:trivy:SrcRelease"));
	str epoch = fact_of(item, STR("aquasecurity:trivy:SrcEpoch"));
	bool has_epoch = epoch.n && !str_eq(epoch, STR("0"));

	if (!version.n)
		return 0;
	return arena_printf(&p->source_version, a, e, STR_FMT "%s" STR_FMT "%s" STR_FMT,
			    STR_ARG(has_epoch ? epoch : STR_NONE), has_epoch ? ":" : "",
			    STR_ARG(version), release.n ? "-" : "", STR_ARG(release));
}

static int add_path(struct package *p, str path, struct arena *a, struct err *e)
{
	while (str_skip(&path, STR("/")))
		;
	return path.n ? vec_push(&p->paths, a, e, path) : 0;
}

/* "syft:location:0:path" → "path" */
static str location_word(str key)
{
	str number;

	if (!str_skip(&key, STR("syft:location:")) || !str_cut(key, ':', &number, &key))
		return STR_NONE;
	return key;
}

static int take_places(struct taking *t, struct package *p, const struct sbom_item *item,
		       struct err *e)
{
	str layer = fact_of(item, STR("aquasecurity:trivy:LayerDiffID"));
	uint32_t number;

	vec_each (f, &item->facts) {
		bool path = str_eq(f->key, STR("plimsoll:path")) ||
			    str_eq(f->key, STR("aquasecurity:trivy:FilePath")) ||
			    str_eq(location_word(f->key), STR("path"));

		if (path && add_path(p, f->value, t->a, e) < 0)
			return -1;
		if (!layer.n && str_eq(location_word(f->key), STR("layerID")))
			layer = f->value;
		if (str_eq(f->key, STR("plimsoll:licence")) &&
		    vec_push(&p->licences, t->a, e, f->value) < 0)
			return -1;
	}
	if (p->paths.n == 0)
		vec_each (path, &item->paths)
			if (add_path(p, *path, t->a, e) < 0)
				return -1;
	if (p->licences.n == 0)
		p->licences = item->licences;
	if (str_u32(fact_of(item, STR("plimsoll:layer")), &number))
		p->layer = number;
	else if (layer.n && find_layer(&p->layer, t, layer, e) < 0)
		return -1;
	return 0;
}

static bool is_of_system(str type)
{
	return str_eq(type, STR("deb")) || str_eq(type, STR("rpm")) || str_eq(type, STR("apk"));
}

static int keep(struct taking *t, const struct sbom_item *item, const struct package *p,
		struct err *e)
{
	struct mark *m = arena_new(t->a, struct mark);
	str owner = fact_of(item, STR("plimsoll:owned_by")), ref = item->ref;

	if (!m)
		return err_nomem(e);
	m->at = (uint32_t)t->out->inventory.packages.n;
	str_skip(&ref, STR("SPDXRef-Package-")); /* owners are named without it */
	if (ref.n && map_put(&t->refs, t->a, ref, m, e) < 0)
		return -1;
	if (vec_push(&t->owners, t->a, e, owner) < 0)
		return -1;
	return vec_push(&t->out->inventory.packages, t->a, e, *p);
}

static int take_package(struct taking *t, const struct sbom_item *item, struct err *e)
{
	struct package p;
	str distro, space;
	struct err why = { 0 };

	if (purl_read(&p, &distro, &space, item->purl, t->a, &why) < 0) {
		if (why.kind == ERR_NOMEM)
			return err_nomem(e);
		return say(t, REASON_UNREADABLE, "components whose purl is not one", e);
	}
	if (is_of_system(p.type)) {
		t->distro = t->distro.n ? t->distro : distro;
		t->space = t->space.n ? t->space : space;
	}
	if (take_source_version(&p, item, t->a, e) < 0 || take_name(&p, item, t->a, e) < 0)
		return -1;
	take_facts(&p, item);
	if (p.version.n == 0 && item->version.n)
		p.version = item->version;
	if (p.version.n == 0 && !is_ours(item))
		return say(t, REASON_VERSION_UNREADABLE, "components without a version", e);
	if (take_places(t, &p, item, e) < 0)
		return -1;
	return keep(t, item, &p, e);
}

static bool is_image(const struct sbom_item *item)
{
	return str_starts(item->purl, STR("pkg:oci/")) ||
	       str_starts(item->purl, STR("pkg:docker/")) || str_eq(item->kind, STR("container")) ||
	       (item->described && !item->purl.n);
}

static int take_item(struct taking *t, const struct sbom_item *item, struct err *e)
{
	if (str_eq(item->kind, STR("operating-system"))) {
		take_system(t, item);
		return 0;
	}
	if (is_image(item))
		return take_image(t, item, e);
	if (item->purl.n)
		return take_package(t, item, e);
	if (str_eq(item->kind, STR("file")))
		return say(t, REASON_UNOWNED_PROGRAM, "files that the document lists by themselves",
			   e);
	if (fact_of(item, STR("aquasecurity:trivy:Class")).n)
		return 0; /* a lock file: its packages stand beside it */
	return say(t, REASON_UNSUPPORTED, "components without a purl", e);
}

/* --- all of it ---------------------------------------------------------------------------------
 */

struct sortable {
	struct package p;
	str owner;
	uint32_t before;
};

static int cmp_sortable(const void *a, const void *b)
{
	const struct sortable *x = a, *y = b;
	int r = package_cmp(&x->p, &y->p);

	return r ? r : (x->before > y->before) - (x->before < y->before);
}

/* Sorts, and turns owners' refs into indexes. */
static int arrange(struct taking *t, struct err *e)
{
	struct package_list *list = &t->out->inventory.packages;
	struct sortable *all = arena_array(t->a, struct sortable, list->n);
	uint32_t *now = arena_array(t->a, uint32_t, list->n);

	if (!all || !now)
		return err_nomem(e);
	for (size_t i = 0; i < list->n; i++)
		all[i] = (struct sortable){ list->v[i], t->owners.v[i], (uint32_t)i };
	if (list->n)
		qsort(all, list->n, sizeof(*all), cmp_sortable);
	for (size_t i = 0; i < list->n; i++)
		now[all[i].before] = (uint32_t)i;
	for (size_t i = 0; i < list->n; i++) {
		const struct mark *m = all[i].owner.n ? map_get(&t->refs, all[i].owner) : NULL;

		all[i].p.owned_by = m ? now[m->at] : OWNED_BY_NONE;
		if (all[i].p.layer >= t->out->described.image.layers.n)
			all[i].p.layer = LAYER_NONE;
		list->v[i] = all[i].p;
	}
	return 0;
}

int sbom_take(struct sbom *out, const struct sbom_item_list *items, struct arena *a, struct err *e)
{
	struct taking t = { .out = out, .a = a };

	*out = (struct sbom){ .described.image.source = STR("sbom") };
	vec_each (item, items)
		if (take_item(&t, item, e) < 0)
			return -1;
	guess_system(&t);
	return arrange(&t, e);
}
