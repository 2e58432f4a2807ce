#include "base/map.h"

#include <pthread.h>
#include <sys/random.h>

static struct hash_key map_key;

struct hash_key hash_key_new(void)
{
	struct hash_key key = HASH_KEY_NONE;

	/* Without randomness everything still works; it only loses its defence. */
	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) != sizeof(key))
		key.k[0] = (uint64_t)(uintptr_t)&key;
	return key;
}

bool hash_key_eq(struct hash_key a, struct hash_key b)
{
	return a.k[0] == b.k[0] && a.k[1] == b.k[1];
}

static void map_key_make(void)
{
	map_key = hash_key_new();
}

static uint64_t load64(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t r = (__uint128_t)a * b;

	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

/* Multiply and fold, eight bytes a step; the constants are odd and have about half their bits set. */
static uint64_t hash_seeded(str s, uint64_t k0, uint64_t k1)
{
	uint64_t h = k0 ^ mix(s.n ^ 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u);

	for (; s.n >= 8; s = str_from(s, 8))
		h = mix(h ^ load64(s.p), k1 ^ 0xa0761d6478bd642fu);
	uint64_t tail = 0;

	for (size_t i = 0; i < s.n; i++)
		tail |= (uint64_t)(uint8_t)s.p[i] << (8 * i);
	h = mix(h ^ tail, 0xe7037ed1a0b428dbu ^ k1);
	return mix(h ^ 0x8ebc6af09c88c6e3u, 0x589965cc75374cc3u);
}

uint64_t hash64(str s)
{
	return hash_seeded(s, 0x2545f4914f6cdd1du, 0x1d8e4e27c47d124fu);
}

uint64_t hash_keyed(struct hash_key key, str s)
{
	return hash_seeded(s, key.k[0], key.k[1]);
}

static uint64_t map_hash(str s)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, map_key_make);
	return hash_keyed(map_key, s);
}

static uint32_t *bucket_of(const struct map *m, str key)
{
	for (size_t i = map_hash(key);; i++) {
		uint32_t *b = &m->index[i & (m->buckets - 1)];

		if (*b == 0 || str_eq(m->slots[*b - 1].key, key))
			return b;
	}
}

void *map_get(const struct map *m, str key)
{
	if (m->n == 0)
		return NULL;
	uint32_t *b = bucket_of(m, key);

	return *b ? m->slots[*b - 1].value : NULL;
}

static int map_grow(struct map *m, struct arena *a, struct err *e)
{
	size_t cap = m->cap ? m->cap * 2 : 16;
	struct map bigger = { .n = m->n, .cap = cap, .buckets = cap * 2 };

	if (cap > UINT32_MAX / 2)
		return err_set(e, ERR_LIMIT, "a map of more than 2^31 entries");
	bigger.slots = arena_grow(a, m->slots, m->cap * sizeof(*m->slots), cap * sizeof(*m->slots));
	bigger.index = arena_array(a, uint32_t, bigger.buckets);
	if (!bigger.slots || !bigger.index)
		return err_nomem(e);
	for (size_t i = 0; i < m->n; i++)
		*bucket_of(&bigger, bigger.slots[i].key) = (uint32_t)i + 1;
	*m = bigger;
	return 0;
}

int map_put(struct map *m, struct arena *a, str key, void *value, struct err *e)
{
	if (m->n == m->cap && map_grow(m, a, e) < 0)
		return -1;
	uint32_t *b = bucket_of(m, key);

	if (*b) {
		m->slots[*b - 1].value = value;
		return 0;
	}
	m->slots[m->n++] = (struct map_slot){ key, value };
	*b = (uint32_t)m->n;
	return 0;
}
