/* map: str → pointer, in an arena; keys are borrowed and must live as long. Open addressing,
 * hashed with a per-process random key so that hostile names cannot make it slow. Iteration goes
 * in order of insertion. Nothing is ever removed. */
#pragma once

#include "base/arena.h"

struct map_slot {
	str key;
	void *value;
};

struct map {
	struct map_slot *slots; /* in order of insertion */
	uint32_t *index;	/* slot number + 1, or 0 */
	size_t n, cap, buckets;
};

/* The value, or NULL. */
void *map_get(const struct map *m, str key);
/* Sets or replaces: 0, or -1 and *e. value must not be NULL. */
int map_put(struct map *m, struct arena *a, str key, void *value, struct err *e) MUST_CHECK;

#define map_each(slot, m)                                                                          \
	for (struct map_slot *slot = (m)->slots;                                           \
	     (m)->n > 0 && slot < (m)->slots + (m)->n; slot++)

/* A stable 64-bit hash of bytes (not keyed): for files of our own and for path sets. */
uint64_t hash64(str s);

/* The same with a secret, for names that hostile hands choose: without it nobody can make a name
 * that is taken for another. */
struct hash_key {
	uint64_t k[2];
};
#define HASH_KEY_NONE ((struct hash_key){ { 0, 0 } })
uint64_t hash_keyed(struct hash_key key, str s);
/* A new secret. */
struct hash_key hash_key_new(void);
bool hash_key_eq(struct hash_key a, struct hash_key b);
