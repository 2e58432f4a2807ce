/* Which layer hides which path: the whiteout rules of image-spec ("layer.md") for the few paths
 * that somebody asks about, found in one sequential look at each layer.
 *
 * First every path is wanted, then every layer looked at, then it is settled, then it answers. */
#pragma once

#include "model/facts.h"

struct overlay_node {
	uint64_t mark; /* path_mark of it as a file */
	uint32_t parent;
};

struct overlay {
	struct hash_key key; /* of the marks of all layers */
	struct arena *arena;
	size_t layers, words;
	VEC(struct overlay_node) nodes; /* parents stand before their children */
	struct overlay_slot *slots;
	size_t used, buckets;
	uint64_t spin;
	uint64_t *own, *under; /* of each node: a bit for each layer that hides it, what is below */
};

int overlay_init(struct overlay *o, struct hash_key key, size_t layers, struct arena *a,
		 struct err *e) MUST_CHECK;
/* Asks for a path; *node is what overlay_hidden_by wants later. */
int overlay_want(uint32_t *node, struct overlay *o, str path, struct err *e) MUST_CHECK;
/* Ends the asking. */
int overlay_begin(struct overlay *o, struct err *e) MUST_CHECK;
void overlay_look(struct overlay *o, size_t layer, const struct facts *f);
void overlay_settle(struct overlay *o);
/* The lowest layer above `layer` that hides or replaces what is there; .layers when none does. */
size_t overlay_hidden_by(const struct overlay *o, uint32_t node, size_t layer);
