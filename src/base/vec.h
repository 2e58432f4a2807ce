/* A growing row of one type, in an arena: VEC(struct package) packages;
 * or, with a name of its own: struct package_list VEC_BODY(struct package); The rows stay where they
 * are only until the next push. */
#pragma once

#include "base/arena.h"

#define VEC_BODY(type)                                                                             \
	{                                                                                          \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}
#define VEC(type) struct VEC_BODY(type)

/* Appends one value: 0, or -1 and *e when the arena is used up. */
#define vec_push(vec, arena, e, ...)                                                               \
	({                                                                                         \
		int pushed_ = vec_reserve_((void **)&(vec)->v, (vec)->n, &(vec)->cap,              \
					   sizeof(*(vec)->v), (arena), (e));                       \
		if (pushed_ == 0)                                                                  \
			(vec)->v[(vec)->n++] = (__typeof__(*(vec)->v))__VA_ARGS__;                 \
		pushed_;                                                                           \
	})

#define vec_each(item, vec)                                                                        \
	for (__typeof__(&*(vec)->v) item = (vec)->v;                                              \
	     (vec)->n > 0 && item < (vec)->v + (vec)->n; item++)

/* For vec_push: makes room for one more. */
int vec_reserve_(void **v, size_t n, size_t *cap, size_t size, struct arena *a, struct err *e)
	MUST_CHECK;
