#include "feed/builder_rows.h"

#include "base/clock.h"
#include "feed/store_map.h"

#define BUILDER_BYTES ((size_t)2 * GIB)
#define SCRATCH_BYTES ((size_t)64 * MIB)

int builder_new(struct builder **out, struct err *e)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return err_nomem(e);
	(*out)->arena.limit = BUILDER_BYTES;
	(*out)->scratch.limit = SCRATCH_BYTES;
	return 0;
}

void builder_free(struct builder *b)
{
	if (!b)
		return;
	vec_each (frames, &b->frames)
		buf_free(frames);
	arena_free(&b->scratch);
	arena_free(&b->arena);
	free(b);
}

void builder_freep(struct builder **b)
{
	builder_free(*b);
}

bool builder_has(const struct builder *b, str name)
{
	for (size_t i = 0; i < b->sources.n; i++)
		if (str_eq(b->sources.v[i].name, name))
			return true;
	return false;
}

/* Lengths of everything a feed has grown, to take a bad one back whole. */
struct mark {
	size_t affected, advisories, risks;
};

static struct mark mark_of(const struct builder *b)
{
	return (struct mark){ b->affected.n, b->advisories.n, b->risks.n };
}

static void mark_restore(struct builder *b, struct mark m)
{
	b->affected.n = m.affected;
	b->advisories.n = m.advisories;
	b->risks.n = m.risks;
}

static int add_affected(struct builder *b, struct reader *r, uint32_t source, struct err *e)
{
	struct row row = { .source = source };
	struct affected probe;
	struct key k;
	str ecosystem = take_str(r), name = take_str(r);

	row.id = take_str(r);
	row.body = str_from(r->all, r->at);
	if (r->bad || !row.id.n || row.id.n > LIMIT_ADVISORY_ID_BYTES || !ecosystem.n || !name.n ||
	    ecosystem.n + name.n > LIMIT_STORE_KEY_BYTES || !key_package(&k, ecosystem, name))
		return err_set(e, ERR_CORRUPT, "names of an affected package are damaged");
	if (record_get_affected(&probe, r, &b->scratch, e) < 0 ||
	    arena_str(&row.key, &b->arena, key_str(&k), e) < 0)
		return -1;
	return vec_push(&b->affected, &b->arena, e, row);
}

static int ids_check(const struct str_list *ids, struct err *e)
{
	vec_each (id, ids)
		if (!id->n || id->n > LIMIT_ADVISORY_ID_BYTES)
			return err_set(e, ERR_CORRUPT, "id of an alias is damaged");
	return 0;
}

static int add_advisory(struct builder *b, struct reader *r, uint32_t source, struct err *e)
{
	struct row row = { .source = source };
	struct advisory probe;

	row.key = row.id = take_str(r);
	row.details = take_str(r);
	row.body = str_from(r->all, r->at);
	if (r->bad || !row.id.n || row.id.n > LIMIT_ADVISORY_ID_BYTES)
		return err_set(e, ERR_CORRUPT, "id of an advisory is damaged");
	if (record_get_advisory(&probe, r, &b->scratch, e) < 0 ||
	    ids_check(&probe.aliases, e) < 0 || ids_check(&probe.upstream, e) < 0)
		return -1;
	return vec_push(&b->advisories, &b->arena, e, row);
}

static int add_risk(struct builder *b, struct reader *r, uint32_t source, struct err *e)
{
	struct row row = { .source = source };
	struct cve_risk probe;

	row.key = row.id = take_str(r);
	row.body = str_from(r->all, r->at);
	if (r->bad || !row.id.n || row.id.n > LIMIT_ADVISORY_ID_BYTES)
		return err_set(e, ERR_CORRUPT, "id of a risk is damaged");
	if (record_get_risk(&probe, r, e) < 0)
		return -1;
	return vec_push(&b->risks, &b->arena, e, row);
}

static int add_frame(struct builder *b, str frame, uint32_t source, struct err *e)
{
	static int (*const adders[])(struct builder *, struct reader *, uint32_t, struct err *) = {
		[FEED_AFFECTED] = add_affected,
		[FEED_ADVISORY] = add_advisory,
		[FEED_RISK] = add_risk,
	};
	uint8_t kind = frame.n ? (uint8_t)frame.p[0] : 0;
	struct reader r = reader_over(str_from(frame, 1));

	if (kind >= COUNT(adders) || !adders[kind])
		return err_set(e, ERR_CORRUPT, "a frame of unknown kind %u", kind);
	if (b->scratch.used > SCRATCH_BYTES / 64)
		arena_free(&b->scratch);
	if (adders[kind](b, &r, source, e) < 0)
		return -1;
	return reader_left(&r) ? err_set(e, ERR_CORRUPT, "a frame is longer than it says") : 0;
}

/* 1 and the tally when the frames end as they must. */
static int add_frames(struct feed_tally *tally, struct builder *b, str frames, uint32_t source,
		      struct err *e)
{
	struct reader r = reader_over(frames);

	while (reader_left(&r)) {
		str frame = read_lstr(&r);

		if (r.bad || frame.n > LIMIT_FEED_FRAME_BYTES)
			return err_set(e, ERR_CORRUPT, "a frame is cut short");
		if (frame.n && frame.p[0] == FEED_END && !reader_left(&r))
			return tally_read(tally, str_from(frame, 1), e);
		if (add_frame(b, frame, source, e) < 0)
			return -1;
	}
	return err_set(e, ERR_CORRUPT, "it ends without a tally");
}

static int date_text(str *out, struct arena *a, int64_t at, struct err *e)
{
	char text[CLOCK_TEXT];

	return arena_str(out, a, at > 0 ? clock_text(text, at) : STR_NONE, e);
}

static int source_fill(struct store_source *x, struct builder *b, const struct feed_origin *o,
		       const struct feed_tally *t, struct err *e)
{
	x->read = t->read;
	x->stored = t->stored;
	memcpy(x->dropped, t->dropped, sizeof(x->dropped));
	if (arena_str(&x->name, &b->arena, o->name, e) < 0 ||
	    arena_str(&x->place, &b->arena, o->place, e) < 0 ||
	    arena_str(&x->licence, &b->arena, o->licence, e) < 0 ||
	    arena_str(&x->digest, &b->arena, o->digest, e) < 0 ||
	    arena_str(&x->problem, &b->arena, str_of(t->problem), e) < 0)
		return -1;
	return date_text(&x->date, &b->arena, t->date ? t->date : o->dated, e);
}

int builder_add(struct builder *b, const struct feed_origin *o, struct buf *frames, struct err *e)
{
	struct mark mark = mark_of(b);
	struct store_source source = { 0 };
	struct feed_tally tally = { 0 };

	if (builder_has(b, o->name))
		return err_set(e, ERR_USAGE, "it is given twice");
	if (add_frames(&tally, b, buf_str(frames), (uint32_t)b->sources.n, e) < 0 ||
	    source_fill(&source, b, o, &tally, e) < 0 ||
	    vec_reserve_((void **)&b->frames.v, b->frames.n, &b->frames.cap, sizeof(*b->frames.v),
			 &b->arena, e) < 0 ||
	    vec_push(&b->sources, &b->arena, e, source) < 0) {
		mark_restore(b, mark);
		return -1;
	}
	b->frames.v[b->frames.n++] = TAKE(*frames, (struct buf){ 0 });
	return 0;
}

int builder_carry(struct builder *b, const struct store *from, str name, str problem, struct err *e)
{
	const struct store_source *old = store_source(from, name);
	struct store_source source;

	if (!old)
		return 0;
	if (!b->carried) {
		b->carried = arena_array(&b->arena, uint32_t, from->info.nsources);
		b->old = from;
	}
	if (!b->carried)
		return err_nomem(e);
	source = *old;
	source.checked = STR_NONE;
	source.affected = 0; /* counted again as they are written */
	if (problem.n) {
		source.kept = true;
		if (arena_str(&source.problem, &b->arena, problem, e) < 0)
			return -1;
	}
	if (vec_push(&b->sources, &b->arena, e, source) < 0)
		return -1;
	b->carried[old - from->info.sources] = (uint32_t)b->sources.n;
	return 1;
}
