#include "catalog/merge.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "catalog/classifier.h"
#include "catalog/os_release.h"
#include "catalog/overlay.h"
#include "catalog/owner.h"
#include "catalog/third_party.h"

/* Types whose packages own files, and which may stand in several databases of one image. */
static const str system_types[] = { STR_INIT("deb"),  STR_INIT("rpm"),	  STR_INIT("apk"),
				    STR_INIT("alpm"), STR_INIT("ebuild"), STR_INIT("opkg") };

/* One evidence of one layer, and the layers where it stands: [layer, until). */
struct piece {
	const struct evidence *ev;
	size_t layer, until;
	uint32_t node;
	size_t first; /* of its packages among the gathered ones; SIZE_MAX when it is hidden */
};

/* One package of a piece that stands. */
struct gathered {
	struct package p;
	size_t piece, number;
	bool system;
};

/* A stretch of layers in which a package is there, in the chain of its identity. */
struct stretch {
	size_t from, until;
	struct stretch *next;
};

struct merge {
	struct arena *a;       /* the caller's */
	struct arena *scratch; /* dies with the merge */
	const struct facts *const *layers;
	size_t n;
	struct overlay overlay;
	VEC(struct piece) pieces;
	struct map stretches; /* identity → struct stretch */
	VEC(struct gathered) gathered;
	uint32_t *place; /* gathered as pushed → index in the inventory */
};

/* All layers of one scan are hashed with one key. */
static struct hash_key key_of(const struct merge *m)
{
	struct hash_key key = HASH_KEY_NONE;

	for (size_t i = 0; i < m->n; i++)
		if (m->layers[i])
			key = m->layers[i]->key;
	for (size_t i = 0; i < m->n; i++)
		assert(!m->layers[i] || hash_key_eq(m->layers[i]->key, key));
	return key;
}

static bool is_system(str type)
{
	for (size_t i = 0; i < COUNT(system_types); i++)
		if (str_eq(system_types[i], type))
			return true;
	return false;
}

/* A reader's place inside an archive, "a.war!/b.jar", stands and falls with the outer file. */
static str outer_path(str where)
{
	size_t at = str_search(where, STR("!/"));

	return at == SIZE_MAX ? where : str_first(where, at);
}

static int want_all(struct merge *m, struct err *e)
{
	uint32_t node;

	for (size_t i = 0; i < m->n; i++) {
		if (!m->layers[i])
			continue;
		vec_each (ev, &m->layers[i]->evidence) {
			struct piece p = { .ev = ev, .layer = i, .first = SIZE_MAX };

			if (overlay_want(&p.node, &m->overlay, ev->path, e) < 0 ||
			    vec_push(&m->pieces, m->scratch, e, p) < 0)
				return -1;
		}
		vec_each (link, &m->layers[i]->links)
			if (overlay_want(&node, &m->overlay, link->path, e) < 0)
				return -1;
		vec_each (r, &m->layers[i]->reasons)
			if (overlay_want(&node, &m->overlay, outer_path(r->where), e) < 0)
				return -1;
	}
	return 0;
}

static int look_at_all(struct merge *m, struct err *e)
{
	if (overlay_begin(&m->overlay, e) < 0)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		if (m->layers[i])
			overlay_look(&m->overlay, i, m->layers[i]);
	overlay_settle(&m->overlay);
	vec_each (p, &m->pieces)
		p->until = overlay_hidden_by(&m->overlay, p->node, p->layer);
	return 0;
}

/* Whether what stands at `path` in a layer still does in the image. */
static int stands(struct merge *m, str path, size_t layer, struct err *e)
{
	uint32_t node;

	if (overlay_want(&node, &m->overlay, path, e) < 0)
		return -1;
	return overlay_hidden_by(&m->overlay, node, layer) == m->n;
}

/* What makes a package the same one in another layer. A system's package may move between
 * databases; an artefact is the file that it was found in. */
static int identity(str *out, const struct merge *m, const struct package *p,
		    const struct evidence *ev, struct err *e)
{
	str path = is_system(p->type) ? STR_NONE : ev->path;
	size_t size = p->type.n + p->name.n + p->version.n + p->arch.n + p->main_path.n + path.n;
	str parts[] = { p->type, p->name, p->version, p->arch, p->main_path, path };
	char *to = arena_alloc(m->scratch, size + COUNT(parts)), *at = to;

	if (!to)
		return err_nomem(e);
	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i].n)
			memcpy(at, parts[i].p, parts[i].n);
		at += parts[i].n;
		*at++ = '\0';
	}
	*out = (str){ to, (size_t)(at - to) };
	return 0;
}

static int note_stretches(struct merge *m, struct err *e)
{
	vec_each (piece, &m->pieces) {
		vec_each (p, &piece->ev->packages) {
			struct stretch *s = arena_new(m->scratch, struct stretch);
			str id;

			if (!s)
				return err_nomem(e);
			if (identity(&id, m, p, piece->ev, e) < 0)
				return -1;
			*s = (struct stretch){ piece->layer, piece->until,
					       map_get(&m->stretches, id) };
			if (map_put(&m->stretches, m->scratch, id, s, e) < 0)
				return -1;
		}
	}
	return 0;
}

/* The lowest layer from which it is there without a gap up to the top. Pieces were noted lowest
 * layer first, so the chain goes downwards. */
static int layer_that_brought(size_t *out, const struct merge *m, const struct package *p,
			      const struct piece *piece, struct err *e)
{
	size_t from = piece->layer;
	str id;

	if (identity(&id, m, p, piece->ev, e) < 0)
		return -1;
	for (const struct stretch *s = map_get(&m->stretches, id); s; s = s->next)
		if (s->until >= from)
			from = MIN(from, s->from);
	*out = from;
	return 0;
}

static int paths_fill(struct package *p, str path, struct arena *a, struct err *e)
{
	struct str_list paths = { 0 };

	if (p->paths.n)
		return 0;
	if (vec_push(&paths, a, e, path) < 0)
		return -1;
	p->paths = paths;
	return 0;
}

static int gather(struct merge *m, struct err *e)
{
	vec_each (piece, &m->pieces) {
		if (piece->until < m->n)
			continue;
		piece->first = m->gathered.n;
		vec_each (p, &piece->ev->packages) {
			struct gathered g = { .p = *p,
					      .piece = (size_t)(piece - m->pieces.v),
					      .number = m->gathered.n,
					      .system = is_system(p->type) };
			size_t layer;

			if (layer_that_brought(&layer, m, p, piece, e) < 0 ||
			    paths_fill(&g.p, piece->ev->path, m->a, e) < 0)
				return -1;
			g.p.layer = (uint32_t)layer;
			g.p.owned_by = OWNED_BY_NONE;
			if (vec_push(&m->gathered, m->scratch, e, g) < 0)
				return -1;
		}
	}
	return 0;
}

static int gathered_order(const void *a_, const void *b_)
{
	const struct gathered *a = a_, *b = b_;
	int r = package_cmp(&a->p, &b->p);

	if (!r)
		r = str_cmp(a->p.main_path, b->p.main_path);
	return r ? r : (a->number > b->number) - (a->number < b->number);
}

static bool same_package(const struct gathered *a, const struct package *b)
{
	if (!str_eq(a->p.type, b->type) || !str_eq(a->p.name, b->name) ||
	    !str_eq(a->p.version, b->version) || !str_eq(a->p.arch, b->arch))
		return false;
	return a->system ||
	       (str_eq(a->p.paths.v[0], b->paths.v[0]) && str_eq(a->p.main_path, b->main_path));
}

/* A package that two databases list is one, found in two places. */
static int join(struct package *p, const struct package *other, struct arena *a, struct err *e)
{
	struct str_list paths = { 0 };

	p->layer = MIN(p->layer, other->layer);
	if (str_eq(p->paths.v[p->paths.n - 1], other->paths.v[0]))
		return 0;
	vec_each (path, &p->paths)
		if (vec_push(&paths, a, e, *path) < 0)
			return -1;
	vec_each (path, &other->paths)
		if (vec_push(&paths, a, e, *path) < 0)
			return -1;
	p->paths = paths;
	return 0;
}

static int sort_into(struct inventory *inv, struct merge *m, struct err *e)
{
	m->place = arena_array(m->scratch, uint32_t, m->gathered.n);
	if (!m->place)
		return err_nomem(e);
	if (m->gathered.n)
		qsort(m->gathered.v, m->gathered.n, sizeof(*m->gathered.v), gathered_order);
	vec_each (g, &m->gathered) {
		struct package *last =
			inv->packages.n ? &inv->packages.v[inv->packages.n - 1] : NULL;

		if (last && same_package(g, last)) {
			if (join(last, &g->p, m->a, e) < 0)
				return -1;
		} else if (vec_push(&inv->packages, m->a, e, g->p) < 0) {
			return -1;
		}
		m->place[g->number] = (uint32_t)inv->packages.n - 1;
	}
	return 0;
}

/* Names by which a file list calls the packages of a system: NAME and NAME:ARCH. */
static int name_systems(struct map *names, struct inventory *inv, struct merge *m, struct err *e)
{
	package_each (p, inv) {
		str full;

		if (!is_system(p->type))
			continue;
		if (arena_printf(&full, m->scratch, e, STR_FMT ":" STR_FMT, STR_ARG(p->name),
				 STR_ARG(p->arch)) < 0 ||
		    map_put(names, m->scratch, full, p, e) < 0)
			return -1;
		if (!map_get(names, p->name) && map_put(names, m->scratch, p->name, p, e) < 0)
			return -1;
	}
	return 0;
}

static int links_into(struct owner *o, struct merge *m, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		if (!m->layers[i])
			continue;
		vec_each (link, &m->layers[i]->links) {
			int r = stands(m, link->path, i, e);

			if (r < 0 || (r && owner_link(o, link->path, link->target, e) < 0))
				return -1;
		}
	}
	return 0;
}

/* Whose file lists count: those of packages that are still there. */
static void claim(struct owner *o, const struct merge *m, const struct piece *piece,
		  const struct map *names, const struct inventory *inv)
{
	const struct package *owner = map_get(names, piece->ev->owner);

	vec_each (owned, &piece->ev->owned) {
		if (piece->ev->owner.n && owner)
			owner_claim(o, owned->hash, (uint32_t)(owner - inv->packages.v));
		else if (!piece->ev->owner.n && owned->package < piece->ev->packages.n &&
			 is_system(piece->ev->packages.v[owned->package].type))
			owner_claim(o, owned->hash, m->place[piece->first + owned->package]);
	}
}

/* What a package's own database does not say of its licences, a file beside it may; all
 * architectures of a package share it, and stand side by side. */
static void licences_take(struct inventory *inv, const struct piece *piece, const struct map *names)
{
	struct package *p = map_get(names, piece->ev->owner);
	str name;

	if (!p || piece->ev->licences.n == 0)
		return;
	name = p->name;
	for (; p < inv->packages.v + inv->packages.n && str_eq(p->name, name); p++)
		if (is_system(p->type) && p->licences.n == 0)
			p->licences = piece->ev->licences;
}

/* What came after its owner did is not the owner's: `npm install -g npm` writes over the npm that
 * belongs to the system's nodejs, and its advisories are npm's own from then on. */
static bool is_from_owner(const struct inventory *inv, size_t package, uint32_t owner)
{
	return owner != OWNED_BY_NONE &&
	       inv->packages.v[package].layer <= inv->packages.v[owner].layer;
}

static int find_owners(struct inventory *inv, struct merge *m, struct err *e)
{
	const struct owner_asked **asked =
		arena_array(m->scratch, const struct owner_asked *, inv->packages.n);
	struct map names = { 0 };
	struct owner o;

	if (!asked)
		return err_nomem(e);
	if (owner_init(&o, key_of(m), m->scratch, e) < 0 || links_into(&o, m, e) < 0 ||
	    name_systems(&names, inv, m, e) < 0)
		return -1;
	vec_each (g, &m->gathered)
		if (!g->system && owner_want(&asked[m->place[g->number]], &o,
					     m->pieces.v[g->piece].ev->path, e) < 0)
			return -1;
	vec_each (piece, &m->pieces) {
		if (piece->first == SIZE_MAX)
			continue;
		claim(&o, m, piece, &names, inv);
		licences_take(inv, piece, &names);
	}
	for (size_t i = 0; i < inv->packages.n; i++)
		if (asked[i] && is_from_owner(inv, i, asked[i]->by))
			inv->packages.v[i].owned_by = asked[i]->by;
	return 0;
}

/* A classifier's guess about a file that a system's package owns says nothing new: that package is
 * listed, with its own version. */
static int guesses_drop(struct inventory *inv, struct merge *m, struct err *e)
{
	uint32_t *to = arena_array(m->scratch, uint32_t, inv->packages.n);
	size_t kept = 0;

	if (!to)
		return err_nomem(e);
	for (size_t i = 0; i < inv->packages.n; i++) {
		const struct package *p = &inv->packages.v[i];

		to[i] = (uint32_t)kept;
		if (p->owned_by == OWNED_BY_NONE || !str_eq(p->evidence, STR(CLASSIFIER_READER)))
			inv->packages.v[kept++] = *p;
	}
	inv->packages.n = kept;
	package_each (p, inv)
		if (p->owned_by != OWNED_BY_NONE)
			p->owned_by = to[p->owned_by];
	return 0;
}

static void fill(str *field, str with)
{
	if (!field->n)
		*field = with;
}

static void take_os(struct os *os, const struct os *said, str path)
{
	if (!os->id.n) {
		*os = *said;
		fill(&os->path, path);
		return;
	}
	if (!str_eq(os->id, said->id))
		return;
	fill(&os->version_id, said->version_id);
	fill(&os->codename, said->codename);
	fill(&os->name, said->name);
	fill(&os->id_like, said->id_like);
}

/* The file whose word counts most wins, the others fill in what it left out. */
static void find_os(struct inventory *inv, const struct merge *m)
{
	for (int rank = OS_PRIORITY_MOST; rank >= 0; rank--) {
		if (rank == 0 && inv->os.id.n)
			return;
		vec_each (piece, &m->pieces) {
			if (piece->first == SIZE_MAX || !piece->ev->os.id.n)
				continue;
			if (os_priority(piece->ev->path) == rank)
				take_os(&inv->os, &piece->ev->os, piece->ev->path);
		}
	}
}

static int keep_reason(struct inventory *inv, struct merge *m, size_t layer, const struct reason *r,
		       struct err *e)
{
	struct reason kept = *r;
	int there = r->where.n ? stands(m, outer_path(r->where), layer, e) : 1;

	if (there < 0)
		return -1;
	if (!there && r->code != REASON_LAYER_UNREADABLE)
		return 0;
	if (m->n > 1 && arena_printf(&kept.text, m->scratch, e, "layer %zu: " STR_FMT, layer,
				     STR_ARG(r->text)) < 0)
		return -1;
	return reason_join(&inv->reasons, m->a, e, &kept);
}

static int keep_reasons(struct inventory *inv, struct merge *m, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		if (!m->layers[i])
			continue;
		vec_each (r, &m->layers[i]->reasons)
			if (keep_reason(inv, m, i, r, e) < 0)
				return -1;
	}
	return 0;
}

static int merge_run(struct inventory *inv, struct merge *m, struct err *e)
{
	if (overlay_init(&m->overlay, key_of(m), m->n, m->scratch, e) < 0 || want_all(m, e) < 0 ||
	    look_at_all(m, e) < 0)
		return -1;
	if (note_stretches(m, e) < 0 || gather(m, e) < 0 || sort_into(inv, m, e) < 0)
		return -1;
	find_os(inv, m);
	third_party_mark(inv);
	if (find_owners(inv, m, e) < 0 || guesses_drop(inv, m, e) < 0)
		return -1;
	return keep_reasons(inv, m, e);
}

int merge_layers(struct inventory *out, const struct facts *const *layers, size_t n,
		 struct arena *a, struct err *e)
{
	CLEANUP(arena_free)
	struct arena scratch = ARENA(LIMIT_MERGE_BYTES);
	struct merge m = { .a = a, .scratch = &scratch, .layers = layers, .n = n };
	struct inventory inv = { 0 };

	if (merge_run(&inv, &m, e) < 0)
		return -1;
	*out = inv;
	return 0;
}
