/* Who owns which file. Package databases name their files by a hash of the path as they write it,
 * which may go through symlinked directories (/lib → usr/lib); artefacts stand where they really
 * are. So each artefact's path is asked for under every name that the image's links give it.
 *
 * Links first, then what is wanted, then what databases claim. */
#pragma once

#include "base/map.h"
#include "base/vec.h"

struct owner {
	struct hash_key key; /* of the claims */
	struct arena *arena;
	struct map links; /* directory → its struct owner_link chain */
	struct map asked; /* path → struct owner_asked */
	struct owner_slot *slots;
	size_t used, buckets;
	uint64_t spin;
};

struct owner_asked {
	uint32_t by; /* lowest claimant; UINT32_MAX: none */
};

int owner_init(struct owner *o, struct hash_key key, struct arena *a, struct err *e) MUST_CHECK;
/* A symbolic link of the merged image; target as written. Borrows path. */
int owner_link(struct owner *o, str path, str target, struct err *e) MUST_CHECK;
/* Asks who owns it. *out is stable and answers when all has been claimed. Borrows path. */
int owner_want(const struct owner_asked **out, struct owner *o, str path, struct err *e) MUST_CHECK;
/* A database says that the path with this hash_keyed belongs to `package`. */
void owner_claim(struct owner *o, uint64_t hash, uint32_t package);
