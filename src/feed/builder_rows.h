/* Inside the builder: what it holds. For feed/ only. */
#pragma once

#include "feed/builder.h"
#include "feed/key.h"

struct row {
	str key;     /* affected: the whole store key; else the id */
	str id;	     /* affected: of the advisory */
	str body;    /* what record_put_… wrote */
	str details; /* advisories only */
	uint32_t source;
};

struct row_list VEC_BODY(struct row);

/* One edge, or one (id, word) pair. */
struct pair {
	str a, b;
};

struct pair_list VEC_BODY(struct pair);

struct builder {
	struct arena arena;
	struct arena scratch; /* for records that are only checked */
	VEC(struct store_source) sources;
	VEC(struct buf) frames;
	struct row_list affected, advisories, risks;
	const struct store *old;
	uint32_t *carried; /* old source number → own number + 1, or 0 */
};

void pairs_sort(struct pair_list *list); /* and drops equal ones */

/* The names of each vulnerability, closed over all that feeds say. */
struct alias_set;
/* `edges` holds each edge once, in either direction; it is sorted and doubled. */
int alias_set_new(struct alias_set **out, struct pair_list *edges, struct arena *a,
		  struct err *e) MUST_CHECK;
/* Every name that has more than itself, in order: 1, 0 at the end. `members` is sorted. */
int alias_set_next(str *name, struct str_list *members, struct alias_set *set, struct arena *a,
		   struct err *e) MUST_CHECK;
