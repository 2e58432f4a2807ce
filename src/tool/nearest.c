#include "tool/nearest.h"

/* Longer words than this are nobody's slip of the finger. */
#define NEAREST_MOST 64

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits (insert, delete, replace, swap of neighbours) from a to b; both at most NEAREST_MOST. */
static size_t edits(str a, str b)
{
	size_t rows[3][NEAREST_MOST + 1];

	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = a.p[i - 1] != b.p[j - 1];

			now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				now[j] = MIN(now[j], older[j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

struct nearest nearest_to(str wanted)
{
	struct nearest n = { .wanted = wanted };

	n.distance = 2 + wanted.n / 6; /* one more than may be off */
	return n;
}

void nearest_see(struct nearest *n, str candidate)
{
	if (n->wanted.n > NEAREST_MOST || candidate.n > NEAREST_MOST || candidate.n < 2)
		return;
	size_t d = edits(n->wanted, candidate);

	/* "--fail" is near "--fail-on", however much is missing */
	if (n->wanted.n >= 3 && str_starts(candidate, n->wanted))
		d = MIN(d, (size_t)1);
	if (d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}
