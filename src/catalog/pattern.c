#include "catalog/pattern.h"

#include <assert.h>

enum { NOWHERE = UINT16_MAX };

/* One way through the pattern: where it stands, and where the brackets were. */
struct way {
	uint16_t op, open, close;
};

/* All ways that are at the same byte, the preferred first; an op is listed once. */
struct ways {
	struct way v[PATTERN_OPS];
	size_t n;
};

struct run {
	const struct pattern *p;
	const struct pattern_text *text;
	size_t at; /* where the match begins */
	struct ways now, next;
	uint32_t seen[PATTERN_OPS]; /* generation in which an op was listed last */
	uint32_t generation;
	bool matched;
	struct way match;
};

/* Lists a way, after following it through all that takes no byte. */
static void follow(struct run *r, struct ways *to, struct way from, size_t offset)
{
	struct way stack[PATTERN_OPS];
	size_t depth = 0;
	size_t place = r->at + offset;

	stack[depth++] = from;
	while (depth) {
		struct way w = stack[--depth];
		const struct pattern_op *op = &r->p->ops[w.op];

		if (r->seen[w.op] == r->generation)
			continue;
		r->seen[w.op] = r->generation;
		switch ((enum pattern_kind)op->kind) {
		case PATTERN_SPLIT:
			/* Two for one, but each op gets in once: there is room. */
			assert(depth + 2 <= COUNT(stack));
			stack[depth++] = (struct way){ op->y, w.open, w.close };
			stack[depth++] = (struct way){ op->x, w.open, w.close };
			break;
		case PATTERN_JUMP:
			stack[depth++] = (struct way){ op->x, w.open, w.close };
			break;
		case PATTERN_OPEN:
			stack[depth++] = (struct way){ w.op + 1, (uint16_t)offset, w.close };
			break;
		case PATTERN_CLOSE:
			stack[depth++] = (struct way){ w.op + 1, w.open, (uint16_t)offset };
			break;
		case PATTERN_FIRST:
			if (r->text->first && place == 0)
				stack[depth++] = (struct way){ w.op + 1, w.open, w.close };
			break;
		case PATTERN_LAST:
			if (r->text->last && place == r->text->bytes.n)
				stack[depth++] = (struct way){ w.op + 1, w.open, w.close };
			break;
		case PATTERN_BYTE:
		case PATTERN_SET:
		case PATTERN_END:
			to->v[to->n++] = w;
			break;
		}
	}
}

static bool takes(const struct pattern_op *op, uint8_t c)
{
	if (op->kind == PATTERN_BYTE)
		return op->x == c;
	return op->kind == PATTERN_SET && pattern_sets[op->x][c >> 3] >> (c & 7) & 1;
}

/* One byte further; a way that has reached the end shuts out those it was preferred to. */
static void step(struct run *r, size_t offset, size_t room)
{
	r->next.n = 0;
	r->generation++;
	for (size_t i = 0; i < r->now.n; i++) {
		struct way w = r->now.v[i];
		const struct pattern_op *op = &r->p->ops[w.op];

		if (op->kind == PATTERN_END) {
			r->matched = true;
			r->match = w;
			return;
		}
		if (offset < room && takes(op, (uint8_t)r->text->bytes.p[r->at + offset]))
			follow(r, &r->next, (struct way){ w.op + 1, w.open, w.close }, offset + 1);
	}
}

static bool match_at(struct run *r, size_t at, str *out)
{
	size_t room = MIN(r->text->bytes.n - at, (size_t)r->p->most);

	r->at = at;
	r->matched = false;
	r->now.n = 0;
	r->generation++;
	follow(r, &r->now, (struct way){ 0, NOWHERE, NOWHERE }, 0);
	for (size_t offset = 0; r->now.n && offset <= room; offset++) {
		step(r, offset, room);
		memcpy(r->now.v, r->next.v, r->next.n * sizeof(*r->next.v));
		r->now.n = r->next.n;
	}
	if (!r->matched)
		return false;
	*out = STR_NONE;
	if (r->match.open != NOWHERE && r->match.close != NOWHERE)
		*out = str_sub(r->text->bytes, at + r->match.open,
			       (size_t)(r->match.close - r->match.open));
	return true;
}

bool pattern_find(str *out, const struct pattern *p, const struct pattern_text *text)
{
	struct run r = { .p = p, .text = text };
	size_t tried = 0, from = 0;

	for (;;) {
		str rest = str_from(text->bytes, from);
		const char *found =
			rest.n ? memmem(rest.p, rest.n, p->literal.p, p->literal.n) : NULL;

		if (!found)
			return false;
		size_t at = (size_t)(found - text->bytes.p);

		tried = MAX(tried, at - MIN(at, (size_t)p->hi));
		for (; tried + p->lo <= at && tried < text->starts; tried++)
			if (match_at(&r, tried, out))
				return true;
		if (tried >= text->starts)
			return false;
		from = at + 1;
	}
}
