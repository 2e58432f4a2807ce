#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "feed/builder_rows.h"
#include "feed/store_map.h"

/* The file is as large as its data; this only bounds it. */
#define STORE_MAP_BYTES ((size_t)4 * GIB)

struct writer {
	struct builder *b;
	MDB_env *env;
	MDB_txn *txn;
	MDB_cursor *cursor;
	struct hasher *hash;
	struct buf value, item;
};

static void writer_end(struct writer *w)
{
	if (w->cursor)
		mdb_cursor_close(w->cursor);
	if (w->txn)
		mdb_txn_abort(w->txn);
	if (w->env)
		mdb_env_close(w->env);
	hasher_free(w->hash);
	buf_free(&w->value);
	buf_free(&w->item);
}

static int lmdb_failed(struct err *e, int r)
{
	if (r > 0) {
		errno = r;
		return err_sys(e, "writing the advisory store");
	}
	return err_set(e, r == MDB_MAP_FULL ? ERR_LIMIT : ERR_IO, "writing the advisory store: %s",
		       mdb_strerror(r));
}

static int writer_begin(struct writer *w, const char *path, struct err *e)
{
	unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NORDAHEAD;
	MDB_dbi dbi;
	int r = mdb_env_create(&w->env);

	if (!r)
		r = mdb_env_set_mapsize(w->env, STORE_MAP_BYTES);
	if (!r)
		r = mdb_env_open(w->env, path, flags, 0644);
	if (!r)
		r = mdb_txn_begin(w->env, NULL, 0, &w->txn);
	if (!r)
		r = mdb_dbi_open(w->txn, NULL, 0, &dbi);
	if (!r)
		r = mdb_cursor_open(w->txn, dbi, &w->cursor);
	return r ? lmdb_failed(e, r) : hasher_new(&w->hash, DIGEST_SHA256, e);
}

/* Keys must come in order. Key and value go into the digest. */
static int writer_put(struct writer *w, str key, str value, struct err *e)
{
	MDB_val k = { key.n, (void *)key.p }, v = { value.n, (void *)value.p };
	int r = mdb_cursor_put(w->cursor, &k, &v, MDB_APPEND);

	if (r)
		return lmdb_failed(e, r);
	store_hash(w->hash, key, value);
	return 0;
}

/* Closes the value that was gathered. */
static int writer_flush(struct writer *w, str key, struct err *e)
{
	if (buf_check(&w->value, e) < 0 || writer_put(w, key, buf_str(&w->value), e) < 0)
		return -1;
	buf_clear(&w->value);
	return 0;
}

/* The same, under a key of one word. */
static int writer_flush_word(struct writer *w, enum key_kind kind, str word, struct err *e)
{
	struct key k;

	if (!key_word(&k, kind, word))
		return err_set(e, ERR_LIMIT, "a word of %zu bytes is too long for a key", word.n);
	return writer_flush(w, key_str(&k), e);
}

static int row_cmp(const void *x, const void *y)
{
	const struct row *p = x, *q = y;
	int c = str_cmp(p->key, q->key);

	if (c == 0)
		c = str_cmp(p->id, q->id);
	if (c == 0)
		c = (p->source > q->source) - (p->source < q->source);
	if (c == 0)
		c = str_cmp(p->body, q->body);
	return c ? c : str_cmp(p->details, q->details);
}

static void rows_sort(struct row_list *rows)
{
	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), row_cmp);
}

static int source_cmp(const void *x, const void *y)
{
	return str_cmp(((const struct store_source *)x)->name,
		       ((const struct store_source *)y)->name);
}

/* Numbers the sources by name, so that the order in which they came leaves no trace. */
static int sources_order(struct builder *b, struct err *e)
{
	struct row_list *all[] = { &b->affected, &b->advisories, &b->risks };
	uint32_t *to = arena_array(&b->arena, uint32_t, b->sources.n + 1);
	str *names = arena_array(&b->arena, str, b->sources.n + 1);

	if (!to || !names)
		return err_nomem(e);
	for (size_t i = 0; i < b->sources.n; i++)
		names[i] = b->sources.v[i].name;
	if (b->sources.n)
		qsort(b->sources.v, b->sources.n, sizeof(*b->sources.v), source_cmp);
	for (size_t i = 0; i < b->sources.n; i++)
		for (size_t k = 0; k < b->sources.n; k++)
			if (str_eq(names[i], b->sources.v[k].name))
				to[i] = (uint32_t)k;
	for (size_t i = 0; i < COUNT(all); i++)
		vec_each (row, all[i])
			row->source = to[row->source];
	return 0;
}

/* What the sources that are carried over said in the old store. */

static int carry_list(struct builder *b, str key, str value, struct err *e)
{
	bool affected = key.p[0] == KEY_AFFECTED;
	struct reader list = reader_over(value), item;
	uint64_t source;
	int r;

	while ((r = store_item(&source, &item, &list, b->old, e)) > 0) {
		struct row row = { .key = affected ? key : str_from(key, 1) };
		struct key k;

		if (!b->carried[source])
			continue;
		row.source = b->carried[source] - 1;
		row.id = affected ? take_str(&item) : row.key;
		row.body = str_from(item.all, item.at);
		if (item.bad)
			return err_set(e, ERR_CORRUPT, "advisory store: a list is damaged");
		if (!affected && key_details(&k, row.id, (uint32_t)source) &&
		    store_get(&row.details, b->old, &k, e) < 0)
			return -1;
		if (vec_push(affected ? &b->affected : &b->advisories, &b->arena, e, row) < 0)
			return -1;
	}
	return r;
}

static int carry_risk(struct builder *b, str key, str value, struct err *e)
{
	struct reader r = reader_over(value);
	struct cve_risk whole, part;
	/* One source gives KEV, one EPSS; each takes only its own part with it. */
	const struct {
		str name;
		bool kev;
	} parts[] = { { STR("kev"), true }, { STR("epss"), false } };

	if (record_get_risk(&whole, &r, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct store_source *s = store_source(b->old, parts[i].name);
		uint32_t to = s ? b->carried[s - b->old->info.sources] : 0;
		struct row row = { .key = str_from(key, 1), .id = str_from(key, 1) };
		struct buf body = BUF(0);
		int done;

		part = whole;
		if (parts[i].kev)
			part.epss = part.percentile = -1;
		else
			part.kev = part.ransomware = false;
		if (!to || (!part.kev && part.epss < 0))
			continue;
		record_put_risk(&body, &part);
		row.source = to - 1;
		done = buf_check(&body, e) < 0 ||
		       arena_str(&row.body, &b->arena, buf_str(&body), e) < 0 ||
		       vec_push(&b->risks, &b->arena, e, row) < 0;
		buf_free(&body);
		if (done)
			return -1;
	}
	return 0;
}

static int carry_rows(struct builder *b, struct err *e)
{
	CLEANUP(store_walk_end)
	MDB_cursor *cursor = NULL;
	str key, value;
	int r;

	if (!b->carried)
		return 0;
	while ((r = store_walk(&cursor, &key, &value, b->old, e)) > 0) {
		int done = 0;

		if (key.p[0] == KEY_AFFECTED || key.p[0] == KEY_ADVISORY)
			done = carry_list(b, key, value, e);
		else if (key.p[0] == KEY_RISK)
			done = carry_risk(b, key, value, e);
		if (done < 0)
			return -1;
	}
	return r;
}

/* The kinds, in the order of their keys. */

/* Gathers [source, id?, body] as one item of the value. */
static void item_put(struct writer *w, const struct row *row, bool with_id)
{
	buf_clear(&w->item);
	put_uvarint(&w->item, row->source);
	if (with_id)
		put_str(&w->item, row->id);
	buf_put(&w->item, row->body);
	put_str(&w->value, buf_str(&w->item));
	w->value.failed |= w->item.failed;
}

/* Writes rows under their keys, one value a key; equal rows once. Rows must be sorted. */
static int write_rows(struct writer *w, const struct row_list *rows, enum key_kind kind,
		      struct err *e)
{
	bool affected = kind == KEY_AFFECTED;

	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];

		item_put(w, row, affected);
		if (affected)
			w->b->sources.v[row->source].affected++;
		if (i + 1 < rows->n && str_eq(rows->v[i + 1].key, row->key))
			continue;
		if (affected ? writer_flush(w, row->key, e) < 0
			     : writer_flush_word(w, kind, row->key, e) < 0)
			return -1;
	}
	return 0;
}

static void rows_unique(struct row_list *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (kept == 0 || row_cmp(&rows->v[i], &rows->v[kept - 1]) != 0)
			rows->v[kept++] = rows->v[i];
	rows->n = kept;
}

/* Of what one feed says several times of one id, the longest counts (the tracker repeats a text
 * for each package), the last of equally long ones. */
static void advisories_unique(struct row_list *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		struct row *row = &rows->v[i], *last = kept ? &rows->v[kept - 1] : NULL;

		if (!last || last->source != row->source || !str_eq(last->id, row->id))
			rows->v[kept++] = *row;
		else if (row->body.n + row->details.n >= last->body.n + last->details.n)
			*last = *row;
	}
	rows->n = kept;
}

static int write_details(struct writer *w, struct err *e)
{
	struct key k;

	vec_each (row, &w->b->advisories)
		if (row->details.n && (!key_details(&k, row->id, row->source) ||
				       writer_put(w, key_str(&k), row->details, e) < 0))
			return -1;
	return 0;
}

static int write_ecosystems(struct writer *w, struct err *e)
{
	const struct row_list *rows = &w->b->affected;
	str ecosystem, name, last = STR_NONE;
	uint64_t n = 0;

	for (size_t i = 0; i <= rows->n; i++) {
		ecosystem = STR_NONE;
		if (i < rows->n)
			key_split(rows->v[i].key, &ecosystem, &name);
		if (n && !str_eq(ecosystem, last)) {

			put_uvarint(&w->value, n);
			if (writer_flush_word(w, KEY_ECOSYSTEM, last, e) < 0)
				return -1;
			n = 0;
		}
		if (i < rows->n && (i == 0 || !str_eq(rows->v[i].key, rows->v[i - 1].key)))
			n++;
		last = ecosystem;
	}
	return 0;
}

static void info_put(struct buf *v, const struct builder *b)
{
	str built = STR_NONE;

	for (size_t i = 0; i < b->sources.n; i++)
		if (str_cmp(b->sources.v[i].date, built) > 0)
			built = b->sources.v[i].date;
	buf_u32(v, STORE_SCHEMA);
	put_str(v, built);
	put_uvarint(v, b->sources.n);
	for (size_t i = 0; i < b->sources.n; i++) {
		const struct store_source *x = &b->sources.v[i];

		put_str(v, x->name);
		put_str(v, x->place);
		put_str(v, x->date);
		put_str(v, x->digest);
		put_str(v, x->licence);
		put_uvarint(v, x->read);
		put_uvarint(v, x->stored);
		for (size_t k = 0; k < DROP_COUNT_; k++)
			put_uvarint(v, x->dropped[k]);
		put_uvarint(v, x->affected);
		buf_u8(v, x->kept);
		put_str(v, x->problem);
	}
}

static int write_info(struct writer *w, struct err *e)
{
	info_put(&w->value, w->b);
	return writer_flush_word(w, KEY_INFO, STR_NONE, e);
}

/* Pairs (lower-case name, store key of the package). */
static int write_names(struct writer *w, struct err *e)
{
	const struct row_list *rows = &w->b->affected;
	struct pair_list names = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		str ecosystem, name;
		struct pair p = { .b = rows->v[i].key };
		struct key k;

		if (i && str_eq(rows->v[i - 1].key, p.b))
			continue;
		key_split(p.b, &ecosystem, &name);
		if (!key_name(&k, name) || arena_str(&p.a, &w->b->arena, key_str(&k), e) < 0 ||
		    vec_push(&names, &w->b->arena, e, p) < 0)
			return -1;
	}
	pairs_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		str ecosystem, name;

		key_split(names.v[i].b, &ecosystem, &name);
		put_str(&w->value, ecosystem);
		put_str(&w->value, name);
		if ((i + 1 == names.n || !str_eq(names.v[i].a, names.v[i + 1].a)) &&
		    writer_flush(w, names.v[i].a, e) < 0)
			return -1;
	}
	return 0;
}

static int by_id_cmp(const void *x, const void *y)
{
	const struct row *p = *(struct row *const *)x, *q = *(struct row *const *)y;
	int c = str_cmp(p->id, q->id);

	if (c == 0)
		c = (p->source > q->source) - (p->source < q->source);
	return c ? c : str_cmp(p->key, q->key);
}

static int write_packages(struct writer *w, struct err *e)
{
	struct row_list *rows = &w->b->affected;
	struct row **order = arena_array(&w->b->arena, struct row *, rows->n + 1);

	if (!order)
		return err_nomem(e);
	for (size_t i = 0; i < rows->n; i++)
		order[i] = &rows->v[i];
	qsort(order, rows->n, sizeof(*order), by_id_cmp);
	for (size_t i = 0; i < rows->n; i++) {
		str ecosystem, name;

		key_split(order[i]->key, &ecosystem, &name);
		if (i == 0 || by_id_cmp(&order[i - 1], &order[i]) != 0) {
			buf_clear(&w->item);
			put_uvarint(&w->item, order[i]->source);
			put_str(&w->item, ecosystem);
			put_str(&w->item, name);
			put_str(&w->value, buf_str(&w->item));
		}
		if (i + 1 < rows->n && str_eq(order[i]->id, order[i + 1]->id))
			continue;
		if (writer_flush_word(w, KEY_PACKAGES, order[i]->id, e) < 0)
			return -1;
	}
	return 0;
}

static int write_risks(struct writer *w, struct err *e)
{
	const struct row_list *rows = &w->b->risks;
	struct cve_risk sum = risk_none();

	for (size_t i = 0; i < rows->n; i++) {
		struct reader r = reader_over(rows->v[i].body);
		struct cve_risk one;

		if (record_get_risk(&one, &r, e) < 0)
			return -1;
		risk_merge(&sum, &one);
		if (i + 1 < rows->n && str_eq(rows->v[i].key, rows->v[i + 1].key))
			continue;
		record_put_risk(&w->value, &sum);
		sum = risk_none();
		if (writer_flush_word(w, KEY_RISK, rows->v[i].key, e) < 0)
			return -1;
	}
	return 0;
}

static int pairs_of(struct pair_list *aliases, struct pair_list *errata, struct builder *b,
		    struct err *e)
{
	vec_each (row, &b->advisories) {
		struct reader r = reader_over(row->body);
		struct advisory x = { 0 };

		if (b->scratch.used > 1 * MIB)
			arena_free(&b->scratch);
		if (record_get_advisory(&x, &r, &b->scratch, e) < 0)
			return -1;
		vec_each (word, &x.aliases)
			if (!str_eq(*word, row->id) &&
			    vec_push(aliases, &b->arena, e, (struct pair){ row->id, *word }) < 0)
				return -1;
		vec_each (word, &x.upstream)
			if (vec_push(errata, &b->arena, e, (struct pair){ *word, row->id }) < 0)
				return -1;
	}
	return 0;
}

static int write_errata(struct writer *w, struct pair_list *errata, struct err *e)
{
	pairs_sort(errata);
	for (size_t i = 0; i < errata->n; i++) {

		put_str(&w->value, errata->v[i].b);
		if (i + 1 < errata->n && str_eq(errata->v[i].a, errata->v[i + 1].a))
			continue;
		if (writer_flush_word(w, KEY_ERRATA, errata->v[i].a, e) < 0)
			return -1;
	}
	return 0;
}

static int write_aliases(struct writer *w, struct pair_list *aliases, struct err *e)
{
	struct arena *a = &w->b->arena;
	struct str_list members = { 0 };
	struct alias_set *set;
	str name;
	int r;

	if (alias_set_new(&set, aliases, a, e) < 0)
		return -1;
	while ((r = alias_set_next(&name, &members, set, a, e)) > 0) {

		vec_each (member, &members)
			put_str(&w->value, *member);
		if (writer_flush_word(w, KEY_ALIASES, name, e) < 0)
			return -1;
	}
	return r;
}

static int write_all(struct writer *w, struct err *e)
{
	struct builder *b = w->b;
	struct pair_list aliases = { 0 }, errata = { 0 };

	if (write_rows(w, &b->affected, KEY_AFFECTED, e) < 0 || write_details(w, e) < 0 ||
	    write_ecosystems(w, e) < 0 || write_rows(w, &b->advisories, KEY_ADVISORY, e) < 0 ||
	    write_info(w, e) < 0 || write_names(w, e) < 0 || write_packages(w, e) < 0 ||
	    write_risks(w, e) < 0 || pairs_of(&aliases, &errata, b, e) < 0)
		return -1;
	return write_errata(w, &errata, e) < 0 ? -1 : write_aliases(w, &aliases, e);
}

static int writer_finish(struct digest *out, struct writer *w, struct err *e)
{
	char text[DIGEST_TEXT];
	struct digest d;
	struct key k;

	if (hasher_end(&d, w->hash, e) < 0 || !key_word(&k, KEY_DIGEST, STR_NONE) ||
	    writer_put(w, key_str(&k), digest_text(text, &d), e) < 0)
		return -1;
	mdb_cursor_close(TAKE(w->cursor, NULL));
	int r = mdb_txn_commit(TAKE(w->txn, NULL));

	if (r)
		return lmdb_failed(e, r);
	*out = d;
	return 0;
}

/* LMDB leaves two bytes of each page's header as malloc gave them (mp_pad, at 8; lmdb.h 0.9). */
static int scrub(const char *path, size_t page, struct err *e)
{
	enum { PAGE_PAD = 8, PAGE_FLAGS = 10, PAGE_COUNT = 12, FLAG_OVERFLOW = 4, METAS = 2 };
	CLEANUP(fd_closep)
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "%s", path);
	for (uint64_t at = METAS * page; at + page <= (uint64_t)st.st_size;) {
		char head[16];
		uint16_t flags;
		uint32_t count = 1;

		if (pread(fd, head, sizeof(head), (off_t)at) != sizeof(head))
			return err_sys(e, "%s", path);
		memcpy(&flags, head + PAGE_FLAGS, sizeof(flags));
		if (flags & FLAG_OVERFLOW)
			memcpy(&count, head + PAGE_COUNT, sizeof(count));
		if ((head[PAGE_PAD] || head[PAGE_PAD + 1]) &&
		    fd_write_at(fd, at + PAGE_PAD, STR("\0\0"), e) < 0)
			return -1;
		at += page * MAX(count, 1u);
	}
	return fsync(fd) < 0 ? err_sys(e, "%s", path) : 0;
}

int builder_write(struct digest *out, struct builder *b, const char *path, struct err *e)
{
	CLEANUP(writer_end)
	struct writer w = { .b = b };
	struct digest d;
	MDB_stat stat;

	if (carry_rows(b, e) < 0 || sources_order(b, e) < 0)
		return -1;
	rows_sort(&b->affected);
	rows_unique(&b->affected);
	rows_sort(&b->advisories);
	advisories_unique(&b->advisories);
	rows_sort(&b->risks);
	if (writer_begin(&w, path, e) < 0 || write_all(&w, e) < 0 || writer_finish(&d, &w, e) < 0)
		return -1;
	mdb_env_stat(w.env, &stat);
	mdb_env_close(TAKE(w.env, NULL));
	if (scrub(path, stat.ms_psize, e) < 0)
		return -1;
	*out = d;
	return 0;
}
