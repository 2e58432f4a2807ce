#include "feed/diff.h"

#include "base/limits.h"
#include "feed/record.h"
#include "feed/store_map.h"

/* One package's records, or one advisory's, in one store. */
#define SCRATCH_BYTES (256 * MIB)

struct item {
	str id, feed;
	str body;
};

struct item_list VEC_BODY(struct item);

/* One of the two stores, and where in it the walk stands. */
struct side {
	const struct store *store;
	MDB_cursor *cursor;
	str key, value;
	bool there; /* the walk has not ended */
};

struct walk {
	struct diff *out;
	struct side old, new;
	enum key_kind kind;
	bool same_sources; /* numbers of sources mean the same in both */
	struct arena *a;
	struct arena scratch;
};

const char *diff_kind_word(enum diff_kind k)
{
	static const char *const words[DIFF_COUNT_] = { "new", "changed", "gone" };

	return k < DIFF_COUNT_ ? words[k] : "";
}

static void walk_end(struct walk *w)
{
	store_walk_end(&w->old.cursor);
	store_walk_end(&w->new.cursor);
	arena_free(&w->scratch);
}

static int side_next(struct side *s, enum key_kind kind, struct err *e)
{
	struct key from;
	int r;

	if (!key_word(&from, kind, STR_NONE))
		return err_set(e, ERR_LIMIT, "a key of no length does not fit");
	r = store_walk_from(&s->cursor, &s->key, &s->value, s->store, &from, e);
	s->there = r > 0 && s->key.p[0] == (char)kind;
	return r < 0 ? -1 : 0;
}

static bool sources_same(const struct store *a, const struct store *b)
{
	const struct store_info *x = store_info(a), *y = store_info(b);

	if (x->nsources != y->nsources)
		return false;
	for (size_t i = 0; i < x->nsources; i++)
		if (!str_eq(x->sources[i].name, y->sources[i].name))
			return false;
	return true;
}

/* The items of a list value; those of a package name their advisory first. */
static int items_read(struct item_list *out, const struct side *s, struct walk *w, struct err *e)
{
	struct reader list = reader_over(s->value), it;
	uint64_t source;
	int r;

	while ((r = store_item(&source, &it, &list, s->store, e)) > 0) {
		struct item x = { .feed = store_source_name(s->store, source) };

		x.id = w->kind == KEY_AFFECTED ? take_str(&it) : str_from(s->key, 1);
		x.body = str_from(it.all, it.at);
		if (vec_push(out, &w->scratch, e, x) < 0)
			return -1;
	}
	return r;
}

static int item_cmp(const struct item *a, const struct item *b)
{
	int r = str_cmp(a->id, b->id);

	return r ? r : str_cmp(a->feed, b->feed);
}

/* How many items from the first on are of one advisory and feed. */
static size_t run_of(const struct item_list *list, size_t at)
{
	size_t n = 0;

	while (at + n < list->n && item_cmp(&list->v[at], &list->v[at + n]) == 0)
		n++;
	return n;
}

/* An item without its place in the feed's file. */
static int bare(struct buf *out, const struct item *x, struct walk *w, struct err *e)
{
	struct reader r = reader_over(x->body);
	struct affected record = { 0 };

	buf_clear(out);
	if (record_get_affected(&record, &r, &w->scratch, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(x->id));
	record.where = STR_NONE;
	record_put_affected(out, &record);
	return buf_check(out, e);
}

/* 1 when they say the same, 0, or -1. */
static int item_same(const struct item *a, const struct item *b, struct walk *w, struct err *e)
{
	CLEANUP(buf_free)
	struct buf x = BUF(LIMIT_FEED_RECORD_BYTES);
	CLEANUP(buf_free)
	struct buf y = BUF(LIMIT_FEED_RECORD_BYTES);

	if (str_eq(a->body, b->body))
		return 1;
	if (w->kind != KEY_AFFECTED)
		return 0;
	if (bare(&x, a, w, e) < 0 || bare(&y, b, w, e) < 0)
		return -1;
	return str_eq(buf_str(&x), buf_str(&y));
}

static int runs_same(const struct item *a, const struct item *b, size_t n, struct walk *w,
		     struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int r = item_same(&a[i], &b[i], w, e);

		if (r <= 0)
			return r;
	}
	return 1;
}

static int tell(struct walk *w, enum diff_kind kind, str key, const struct item *x, struct err *e)
{
	struct diff_record record = { .kind = kind, .id = x->id, .feed = x->feed };
	struct diff_advisory advisory = { kind, x->id, x->feed };

	if (w->kind != KEY_AFFECTED) {
		w->out->nadvisories[kind]++;
		return vec_push(&w->out->advisories, w->a, e, advisory);
	}
	key_split(key, &record.ecosystem, &record.name);
	w->out->nrecords[kind]++;
	return vec_push(&w->out->records, w->a, e, record);
}

/* Two lists in one order, merged. */
static int lists_compare(struct walk *w, str key, const struct item_list *old,
			 const struct item_list *new, struct err *e)
{
	size_t i = 0, k = 0;

	while (i < old->n || k < new->n) {
		size_t n = run_of(old, i), m = run_of(new, k);
		int c = n == 0 ? 1 : m == 0 ? -1 : item_cmp(&old->v[i], &new->v[k]);
		int same = 0;

		if (c == 0 && n == m)
			same = runs_same(&old->v[i], &new->v[k], n, w, e);
		if (same < 0)
			return -1;
		enum diff_kind kind = c < 0 ? DIFF_GONE : c > 0 ? DIFF_NEW : DIFF_CHANGED;

		if (!same && tell(w, kind, key, c < 0 ? &old->v[i] : &new->v[k], e) < 0)
			return -1;
		i += c <= 0 ? n : 0;
		k += c >= 0 ? m : 0;
	}
	return 0;
}

static int keys_compare(struct walk *w, const struct side *old, const struct side *new,
			struct err *e)
{
	struct item_list before = { 0 }, after = { 0 };
	int r = 0;

	if (old && new && w->same_sources && str_eq(old->value, new->value))
		return 0;
	if ((old && items_read(&before, old, w, e) < 0) ||
	    (new &&items_read(&after, new, w, e) < 0))
		return -1;
	r = lists_compare(w, old ? old->key : new->key, &before, &after, e);
	arena_free(&w->scratch);
	return r;
}

/* All keys of one kind in both stores. */
static int kind_compare(struct walk *w, struct err *e)
{
	if (side_next(&w->old, w->kind, e) < 0 || side_next(&w->new, w->kind, e) < 0)
		return -1;
	while (w->old.there || w->new.there) {
		int c = !w->old.there ? 1 : !w->new.there ? -1 : str_cmp(w->old.key, w->new.key);

		if (keys_compare(w, c <= 0 ? &w->old : NULL, c >= 0 ? &w->new : NULL, e) < 0)
			return -1;
		if ((c <= 0 && side_next(&w->old, w->kind, e) < 0) ||
		    (c >= 0 && side_next(&w->new, w->kind, e) < 0))
			return -1;
	}
	return 0;
}

static int kind_diff(struct diff *out, const struct store *old, const struct store *new,
		     enum key_kind kind, struct arena *a, struct err *e)
{
	CLEANUP(walk_end)
	struct walk w = {
		.out = out,
		.old.store = old,
		.new.store = new,
		.kind = kind,
		.same_sources = sources_same(old, new),
		.a = a,
		.scratch = ARENA(SCRATCH_BYTES),
	};

	return kind_compare(&w, e);
}

static int record_cmp(const void *x, const void *y)
{
	const struct diff_pair *a = x, *b = y;
	int r = str_cmp(a->base, b->base);

	r = r ? r : str_cmp(a->name, b->name);
	return r ? r : str_cmp(a->id, b->id);
}

/* Whether a store has a record of the pair in any release: 1, 0, -1. */
static int pair_there(const struct store *s, const struct diff_pair *p, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(SCRATCH_BYTES);
	struct affected_list packages = { 0 };

	if (store_packages(&packages, s, p->id, &a, e) < 0)
		return -1;
	vec_each (x, &packages)
		if (str_eq(x->name, p->name) && str_eq(ecosystem_base(x->ecosystem), p->base))
			return 1;
	return 0;
}

/* A pair is new when the old store has none of its records, gone when the new one has none. */
static int pair_judge(struct diff_pair *p, const struct store *old, const struct store *new,
		      struct err *e)
{
	int before = pair_there(old, p, e), after = before < 0 ? -1 : pair_there(new, p, e);

	if (after < 0)
		return -1;
	p->kind = !before ? DIFF_NEW : !after ? DIFF_GONE : DIFF_CHANGED;
	return 0;
}

static int pairs_make(struct diff *out, const struct store *old, const struct store *new,
		      struct arena *a, struct err *e)
{
	size_t n = 0;

	vec_each (r, &out->records) {
		struct diff_pair p = { r->kind, ecosystem_base(r->ecosystem), r->name, r->id };

		if (vec_push(&out->pairs, a, e, p) < 0)
			return -1;
	}
	if (out->pairs.n)
		qsort(out->pairs.v, out->pairs.n, sizeof(*out->pairs.v), record_cmp);
	for (size_t i = 0; i < out->pairs.n; i++) {
		if (n && record_cmp(&out->pairs.v[n - 1], &out->pairs.v[i]) == 0)
			continue;
		out->pairs.v[n] = out->pairs.v[i];
		if (pair_judge(&out->pairs.v[n], old, new, e) < 0)
			return -1;
		out->npairs[out->pairs.v[n].kind]++;
		n++;
	}
	out->pairs.n = n;
	return 0;
}

int store_diff(struct diff *out, const struct store *old, const struct store *new, struct arena *a,
	       struct err *e)
{
	*out = (struct diff){ 0 };
	if (kind_diff(out, old, new, KEY_AFFECTED, a, e) < 0 ||
	    kind_diff(out, old, new, KEY_ADVISORY, a, e) < 0)
		return -1;
	return pairs_make(out, old, new, a, e);
}
