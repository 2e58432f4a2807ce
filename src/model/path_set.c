#include "model/path_set.h"

#include <sys/mman.h>

#include "base/limits.h"

enum {
	FIRST = 16 << 10, /* marks */
	SMALL = 64,	  /* so few are sorted by insertion */
};

/* mremap moves pages, not bytes: what was never touched costs nothing, and nothing is held twice.
 */
static int path_set_grow(struct path_set *s, struct err *e)
{
	size_t cap = s->cap ? s->cap * 2 : FIRST;
	void *p;

	if (s->n >= LIMIT_LAYER_FILES)
		return err_set(e, ERR_LIMIT, "more than %d paths", LIMIT_LAYER_FILES);
	if (s->cap)
		p = mremap(s->marks, s->cap * sizeof(uint64_t), cap * sizeof(uint64_t),
			   MREMAP_MAYMOVE);
	else
		p = mmap(NULL, cap * sizeof(uint64_t), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return err_sys(e, "cannot hold %zu paths", cap);
	s->marks = p;
	s->cap = cap;
	return 0;
}

int path_set_add(struct path_set *s, uint64_t mark, struct err *e)
{
	if (s->n == s->cap && path_set_grow(s, e) < 0)
		return -1;
	s->marks[s->n++] = mark;
	return 0;
}

static void sort_small(uint64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t x = v[i];
		size_t at = i;

		for (; at > 0 && v[at - 1] > x; at--)
			v[at] = v[at - 1];
		v[at] = x;
	}
}

/* Radix sort in place, from the highest byte ("American flag"): no second array, and depth is
 * bounded by the eight bytes of a mark. */
static void sort_marks(uint64_t *v, size_t n, unsigned shift)
{
	size_t count[256] = { 0 }, next[256], end[256], at = 0;

	if (n <= SMALL) {
		sort_small(v, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		count[v[i] >> shift & 255]++;
	for (size_t b = 0; b < 256; b++) {
		next[b] = at;
		at += count[b];
		end[b] = at;
	}
	for (size_t b = 0; b < 256; b++)
		while (next[b] < end[b]) {
			size_t home = v[next[b]] >> shift & 255;
			uint64_t x = v[next[b]];

			v[next[b]] = v[next[home]];
			v[next[home]++] = x;
		}
	for (size_t b = 0; shift && b < 256; b++)
		sort_marks(v + end[b] - count[b], count[b], shift - 8);
}

void path_set_sort(struct path_set *s)
{
	size_t kept = 0;

	sort_marks(s->marks, s->n, 56);
	for (size_t i = 0; i < s->n; i++)
		if (i == 0 || s->marks[i] != s->marks[kept - 1])
			s->marks[kept++] = s->marks[i];
	s->n = kept;
}

void path_set_free(struct path_set *s)
{
	if (s->cap)
		munmap(s->marks, s->cap * sizeof(uint64_t));
	*s = (struct path_set){ 0 };
}
