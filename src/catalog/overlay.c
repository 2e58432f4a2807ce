#include "catalog/overlay.h"

#include <sys/random.h>

/* What an entry of a layer does to lower layers' files. */
enum touch {
	TOUCH_FILE,   /* a file or link: replaces a file, and a directory with all below it */
	TOUCH_DIR,    /* a directory: replaces a file; lower directories stay and mix */
	TOUCH_GONE,   /* a whiteout: takes away the file, or the directory with all below it */
	TOUCH_OPAQUE, /* takes away what is below, and leaves the directory */
	TOUCH_COUNT_,
};

static const struct {
	bool own, under;
} hides[TOUCH_COUNT_] = {
	[TOUCH_FILE] = { true, true },
	[TOUCH_DIR] = { true, false },
	[TOUCH_GONE] = { true, true },
	[TOUCH_OPAQUE] = { false, true },
};

struct overlay_slot {
	uint64_t key; /* 0: free */
	uint32_t node;
	enum touch touch;
};

/* The key of a file or directory is its mark in the path sets, so that these are looked up as they
 * are. Hostile layers may only make themselves slow: they hide what is below them as they like. */
static uint64_t key_of(uint64_t file_mark, enum touch t)
{
	static const uint64_t twist[TOUCH_COUNT_] = {
		[TOUCH_FILE] = 0,
		[TOUCH_DIR] = 1,
		[TOUCH_GONE] = 0x9e3779b97f4a7c14u,
		[TOUCH_OPAQUE] = 0x9e3779b97f4a7c15u,
	};
	uint64_t key = file_mark ^ twist[t];

	return key ? key : 2;
}

static struct overlay_slot *slot_of(const struct overlay *o, uint64_t key)
{
	for (size_t i = (size_t)(key * o->spin >> 20);; i++) {
		struct overlay_slot *s = &o->slots[i & (o->buckets - 1)];

		if (s->key == key || s->key == 0)
			return s;
	}
}

static int grow(struct overlay *o, struct err *e)
{
	struct overlay bigger = *o;

	bigger.buckets = o->buckets ? o->buckets * 2 : 1024;
	bigger.slots = arena_array(o->arena, struct overlay_slot, bigger.buckets);
	if (!bigger.slots)
		return err_nomem(e);
	for (size_t i = 0; i < o->buckets; i++)
		if (o->slots[i].key)
			*slot_of(&bigger, o->slots[i].key) = o->slots[i];
	*o = bigger;
	return 0;
}

int overlay_init(struct overlay *o, struct hash_key key, size_t layers, struct arena *a,
		 struct err *e)
{
	*o = (struct overlay){
		.key = key, .arena = a, .layers = layers, .words = (layers + 63) / 64
	};
	/* for marks without a key: an odd factor that nobody can guess keeps chosen ones apart
	 */
	if (getrandom(&o->spin, sizeof(o->spin), GRND_NONBLOCK) != sizeof(o->spin))
		o->spin = (uintptr_t)o;
	o->spin |= 1;
	/* the root is node 0, its own parent */
	if (grow(o, e) < 0)
		return -1;
	uint64_t root = path_mark(key, STR(""), false);

	*slot_of(o, key_of(root, TOUCH_FILE)) = (struct overlay_slot){ root, 0, TOUCH_FILE };
	*slot_of(o, key_of(root, TOUCH_OPAQUE)) =
		(struct overlay_slot){ key_of(root, TOUCH_OPAQUE), 0, TOUCH_OPAQUE };
	o->used = 2;
	return vec_push(&o->nodes, a, e, { .mark = root, .parent = 0 });
}

static int node_add(uint32_t *node, struct overlay *o, uint64_t mark, uint32_t parent,
		    struct err *e)
{
	uint32_t n = (uint32_t)o->nodes.n;

	if (o->nodes.n >= UINT32_MAX)
		return err_set(e, ERR_LIMIT, "more paths than can be counted");
	if ((o->used + TOUCH_COUNT_) * 2 > o->buckets && grow(o, e) < 0)
		return -1;
	if (vec_push(&o->nodes, o->arena, e, { mark, parent }) < 0)
		return -1;
	for (enum touch t = 0; t < TOUCH_COUNT_; t++) {
		uint64_t key = key_of(mark, t);

		*slot_of(o, key) = (struct overlay_slot){ key, n, t };
		o->used++;
	}
	*node = n;
	return 0;
}

/* The path, or the longest directory above it, that has a node: *end is its length. */
static uint32_t known_part(const struct overlay *o, str path, size_t *end)
{
	for (str part = path; part.n; part = str_dir(part)) {
		const struct overlay_slot *s =
			slot_of(o, key_of(path_mark(o->key, part, false), TOUCH_FILE));

		if (s->key) {
			*end = part.n;
			return s->node;
		}
	}
	*end = 0;
	return 0;
}

int overlay_want(uint32_t *node, struct overlay *o, str path, struct err *e)
{
	size_t end;
	uint32_t n = known_part(o, path, &end);

	while (end < path.n) {
		size_t start = end + 1, slash = str_find(str_from(path, start), '/');

		end = slash == SIZE_MAX ? path.n : start + slash;
		if (node_add(&n, o, path_mark(o->key, str_first(path, end), false), n, e) < 0)
			return -1;
	}
	*node = n;
	return 0;
}

int overlay_begin(struct overlay *o, struct err *e)
{
	o->own = arena_array(o->arena, uint64_t, size_mul(o->nodes.n, o->words));
	o->under = arena_array(o->arena, uint64_t, size_mul(o->nodes.n, o->words));
	return o->own && o->under ? 0 : err_nomem(e);
}

static void touched(struct overlay *o, size_t layer, uint64_t key)
{
	const struct overlay_slot *s = slot_of(o, key);

	if (!s->key)
		return;
	size_t at = s->node * o->words + layer / 64;
	uint64_t bit = (uint64_t)1 << (layer % 64);

	if (hides[s->touch].own)
		o->own[at] |= bit;
	if (hides[s->touch].under)
		o->under[at] |= bit;
}

void overlay_look(struct overlay *o, size_t layer, const struct facts *f)
{
	for (size_t i = 0; i < f->npaths; i++)
		touched(o, layer, f->paths[i] ? f->paths[i] : 2);
	vec_each (w, &f->whiteouts)
		touched(o, layer,
			key_of(path_mark(o->key, w->path, false),
			       w->kind == WHITEOUT_OPAQUE ? TOUCH_OPAQUE : TOUCH_GONE));
}

void overlay_settle(struct overlay *o)
{
	for (size_t n = 1; n < o->nodes.n; n++) {
		const uint64_t *above = o->under + o->nodes.v[n].parent * o->words;

		for (size_t w = 0; w < o->words; w++) {
			o->own[n * o->words + w] |= above[w];
			o->under[n * o->words + w] |= above[w];
		}
	}
}

size_t overlay_hidden_by(const struct overlay *o, uint32_t node, size_t layer)
{
	for (size_t i = layer + 1; i < o->layers; i++) {
		uint64_t word = o->own[node * o->words + i / 64] >> (i % 64);

		if (word)
			return MIN(i + (size_t)__builtin_ctzll(word), o->layers);
		i |= 63;
	}
	return o->layers;
}
