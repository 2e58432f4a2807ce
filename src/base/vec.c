#include "base/vec.h"

int vec_reserve_(void **v, size_t n, size_t *cap, size_t size, struct arena *a, struct err *e)
{
	if (n < *cap)
		return 0;
	size_t more = MAX(*cap * 2, (size_t)8);
	void *p = arena_grow(a, *v, size_mul(*cap, size), size_mul(more, size));

	if (!p)
		return err_nomem(e);
	*v = p;
	*cap = more;
	return 0;
}
