#include "catalog/owner.h"

#include <sys/random.h>

#include "base/limits.h"

struct owner_link {
	str path;
	struct owner_link *next;
};

struct owner_slot {
	uint64_t hash;
	struct owner_asked *asked; /* NULL: free */
};

static struct owner_slot *slot_of(const struct owner *o, uint64_t hash)
{
	for (size_t i = (size_t)(hash * o->spin >> 20);; i++) {
		struct owner_slot *s = &o->slots[i & (o->buckets - 1)];

		if (!s->asked || s->hash == hash)
			return s;
	}
}

static int grow(struct owner *o, struct err *e)
{
	struct owner bigger = *o;

	bigger.buckets = o->buckets ? o->buckets * 2 : 256;
	bigger.slots = arena_array(o->arena, struct owner_slot, bigger.buckets);
	if (!bigger.slots)
		return err_nomem(e);
	for (size_t i = 0; i < o->buckets; i++)
		if (o->slots[i].asked)
			*slot_of(&bigger, o->slots[i].hash) = o->slots[i];
	*o = bigger;
	return 0;
}

int owner_init(struct owner *o, struct hash_key key, struct arena *a, struct err *e)
{
	*o = (struct owner){ .key = key, .arena = a };
	/* for hashes without a key: an unknown odd factor keeps chosen ones apart */
	if (getrandom(&o->spin, sizeof(o->spin), GRND_NONBLOCK) != sizeof(o->spin))
		o->spin = (uintptr_t)o;
	o->spin |= 1;
	return grow(o, e);
}

/* Appends one part of a path, as a kernel walking from the root would: ".." at the root stays. */
static void path_step(char *to, size_t *n, str part)
{
	if (part.n == 0 || str_eq(part, STR(".")))
		return;
	if (str_eq(part, STR(".."))) {
		*n = str_dir((str){ to, *n }).n;
		return;
	}
	if (*n)
		to[(*n)++] = '/';
	memcpy(to + *n, part.p, part.n);
	*n += part.n;
}

/* Where a link leads, by its words alone: links on the way are links of their own. */
static int link_leads(str *out, const struct owner *o, str path, str target, struct err *e)
{
	str from = str_starts(target, STR("/")) ? STR("") : str_dir(path);
	char *to = arena_alloc(o->arena, size_add(from.n, size_add(target.n, 2)));
	size_t n = 0;

	if (!to)
		return err_nomem(e);
	for (str part; str_next(&from, '/', &part);)
		path_step(to, &n, part);
	for (str part; str_next(&target, '/', &part);)
		path_step(to, &n, part);
	*out = (str){ to, n };
	return 0;
}

int owner_link(struct owner *o, str path, str target, struct err *e)
{
	str leads;

	if (path.n > LIMIT_PATH_BYTES || target.n > LIMIT_PATH_BYTES)
		return 0; /* no path through it could be asked for */
	if (link_leads(&leads, o, path, target, e) < 0)
		return -1;
	struct owner_link *link = arena_new(o->arena, struct owner_link);

	if (!link)
		return err_nomem(e);
	*link = (struct owner_link){ path, map_get(&o->links, leads) };
	return map_put(&o->links, o->arena, leads, link, e);
}

static int ask(struct owner *o, str path, struct owner_asked *asked, struct err *e)
{
	uint64_t hash = hash_keyed(o->key, path);

	if ((o->used + 1) * 2 > o->buckets && grow(o, e) < 0)
		return -1;
	struct owner_slot *s = slot_of(o, hash);

	if (!s->asked) {
		*s = (struct owner_slot){ hash, asked };
		o->used++;
	}
	return 0;
}

struct names {
	str v[LIMIT_OWNER_NAMES];
	size_t n;
};

static bool names_has(const struct names *names, str path)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i], path))
			return true;
	return false;
}

/* Adds what `path` is called through links that lead to one of its directories, `dir`. */
static int names_through(struct names *names, struct owner *o, str path, str dir, struct err *e)
{
	str rest = dir.n ? str_from(path, dir.n + 1) : path, name;

	for (struct owner_link *l = map_get(&o->links, dir); l; l = l->next) {
		if (names->n == COUNT(names->v))
			return 0;
		if (l->path.n + rest.n > LIMIT_PATH_BYTES)
			continue;
		if (arena_printf(&name, o->arena, e, STR_FMT "/" STR_FMT, STR_ARG(l->path),
				 STR_ARG(rest)) < 0)
			return -1;
		if (!names_has(names, name))
			names->v[names->n++] = name;
	}
	return 0;
}

int owner_want(const struct owner_asked **out, struct owner *o, str path, struct err *e)
{
	struct owner_asked *asked = map_get(&o->asked, path);
	struct names names = { .v = { path }, .n = 1 };

	*out = asked;
	if (asked)
		return 0;
	asked = arena_new(o->arena, struct owner_asked);
	if (!asked)
		return err_nomem(e);
	asked->by = UINT32_MAX;
	if (map_put(&o->asked, o->arena, path, asked, e) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		str dir = names.v[i];

		if (ask(o, names.v[i], asked, e) < 0)
			return -1;
		while (dir.n) {
			dir = str_dir(dir);
			if (names_through(&names, o, names.v[i], dir, e) < 0)
				return -1;
		}
	}
	*out = asked;
	return 0;
}

void owner_claim(struct owner *o, uint64_t hash, uint32_t package)
{
	struct owner_slot *s = slot_of(o, hash);

	if (s->asked)
		s->asked->by = MIN(s->asked->by, package);
}
