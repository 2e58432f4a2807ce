/* One job, one arena: memory that is handed out bit by bit, has a limit in bytes, and dies at
 * once. Not for several threads. Memory comes zeroed and aligned to 16. */
#pragma once

#include "base/err.h"

struct arena_block;

struct arena {
	struct arena_block *last;
	size_t limit;	  /* bytes that may be handed out in all */
	size_t used;	  /* bytes handed out so far */
	uint64_t fail_at; /* tests: the allocation of this number fails; 0 for none */
	uint64_t count;	  /* allocations asked for so far */
};

#define ARENA(bytes) { .limit = (bytes) }

/* NULL when the limit or the memory is used up: report it with err_nomem. */
void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;
/* One of a type. */
#define arena_new(a, type)	  ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), size_mul(sizeof(type), (n))))

/* Grows the newest allocation in place when it can; otherwise copies. The old one is lost to the
 * arena either way. NULL as arena_alloc. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t size) MUST_CHECK;

/* Copies; the copy has a NUL behind it (not counted). -1 and *e when out of memory. */
int arena_str(str *out, struct arena *a, str s, struct err *e) MUST_CHECK;
/* The same as a C string, or NULL. */
char *arena_z(struct arena *a, str s) MUST_CHECK;
/* Printed into the arena. */
int arena_printf(str *out, struct arena *a, struct err *e, const char *fmt, ...) PRINTF(4, 5)
	MUST_CHECK;

/* Frees everything; the arena may be used again. */
void arena_free(struct arena *a);
