#include "feed/record.h"
#include "feed/store_map.h"

static int damaged(struct err *e, str where)
{
	return err_set(e, ERR_CORRUPT, "advisory store: the entry of " STR_FMT " is damaged",
		       STR_ARG(where));
}

str store_source_name(const struct store *s, uint64_t source)
{
	return source < s->info.nsources ? s->info.sources[source].name : STR_NONE;
}

int store_item(uint64_t *source, struct reader *item, struct reader *list, const struct store *s,
	       struct err *e)
{
	if (!list->bad && !reader_left(list))
		return 0;
	*item = reader_over(take_str(list));
	*source = read_uvarint(item);
	if (list->bad || item->bad || *source >= s->info.nsources)
		return damaged(e, STR("a list"));
	return 1;
}

int store_find(struct store_cursor *c, const struct store *s, str ecosystem, str name,
	       struct err *e)
{
	struct key k;
	str value;
	int r = key_package(&k, ecosystem, name) ? store_get(&value, s, &k, e) : 0;

	if (r <= 0)
		return r;
	*c = (struct store_cursor){ s, ecosystem, name, reader_over(value) };
	return 1;
}

int store_next(struct store_cursor *c, struct affected *out, struct arena *a, struct err *e)
{
	struct affected x = { .ecosystem = c->ecosystem, .name = c->name };
	struct reader item;
	uint64_t source;
	int r = store_item(&source, &item, &c->r, c->store, e);

	if (r <= 0)
		return r;
	x.feed = store_source_name(c->store, source);
	x.id = take_str(&item);
	if (record_get_affected(&x, &item, a, e) < 0)
		return err_within(e, STR_FMT " " STR_FMT, STR_ARG(c->ecosystem), STR_ARG(c->name));
	*out = x;
	return 1;
}

static int advisory_read(struct advisory *out, const struct store *s, str id, uint64_t source,
			 struct reader *item, struct arena *a, struct err *e)
{
	struct advisory x = { .id = id, .feed = store_source_name(s, source) };
	struct key k;

	if (record_get_advisory(&x, item, a, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(id));
	if (key_details(&k, id, (uint32_t)source) && store_get(&x.details, s, &k, e) < 0)
		return -1;
	*out = x;
	return 0;
}

static int advisory_list(struct reader *list, str *id, const struct store *s, struct err *e)
{
	struct key k;
	str value = STR_NONE;
	int r = key_word(&k, KEY_ADVISORY, *id) ? store_get(&value, s, &k, e) : 0;

	*list = reader_over(value);
	return r;
}

int store_advisory(struct advisory *out, const struct store *s, str id, str feed, struct arena *a,
		   struct err *e)
{
	struct reader list, item;
	uint64_t source;
	int r = advisory_list(&list, &id, s, e);

	if (r <= 0)
		return r;
	while ((r = store_item(&source, &item, &list, s, e)) > 0)
		if (!feed.n || str_eq(store_source_name(s, source), feed))
			return advisory_read(out, s, id, source, &item, a, e) < 0 ? -1 : 1;
	return r;
}

int store_advisories(struct advisory_list *out, const struct store *s, str id, struct arena *a,
		     struct err *e)
{
	struct reader list, item;
	struct advisory x;
	uint64_t source;
	int r = advisory_list(&list, &id, s, e);

	if (r <= 0)
		return r;
	while ((r = store_item(&source, &item, &list, s, e)) > 0)
		if (advisory_read(&x, s, id, source, &item, a, e) < 0 || vec_push(out, a, e, x) < 0)
			return -1;
	return r;
}

int store_packages(struct affected_list *out, const struct store *s, str id, struct arena *a,
		   struct err *e)
{
	struct key k;
	str value;
	uint64_t source;
	struct reader list, item;
	int r = key_word(&k, KEY_PACKAGES, id) ? store_get(&value, s, &k, e) : 0;

	if (r <= 0)
		return r;
	list = reader_over(value);
	while ((r = store_item(&source, &item, &list, s, e)) > 0) {
		struct affected x = { .id = id, .feed = store_source_name(s, source) };

		x.ecosystem = take_str(&item);
		x.name = take_str(&item);
		if (item.bad)
			return damaged(e, id);
		if (vec_push(out, a, e, x) < 0)
			return -1;
	}
	return r;
}

/* Adds every string of a list value: 1, or 0 when there is no such key. */
static int words_add(struct str_list *out, const struct store *s, const struct key *k,
		     struct arena *a, struct err *e)
{
	str value;
	int r = store_get(&value, s, k, e);

	if (r <= 0)
		return r;
	struct reader list = reader_over(value);

	while (reader_left(&list)) {
		str word = take_str(&list);

		if (list.bad)
			return damaged(e, str_from(key_str(k), 1));
		if (vec_push(out, a, e, word) < 0)
			return -1;
	}
	return 1;
}

int store_aliases(struct str_list *out, const struct store *s, str id, struct arena *a,
		  struct err *e)
{
	struct key k;
	int r = key_word(&k, KEY_ALIASES, id) ? words_add(out, s, &k, a, e) : 0;

	if (r == 0)
		return vec_push(out, a, e, id);
	return r < 0 ? -1 : 0;
}

int store_errata(struct str_list *out, const struct store *s, str id, struct arena *a,
		 struct err *e)
{
	struct key k;
	int r = key_word(&k, KEY_ERRATA, id) ? words_add(out, s, &k, a, e) : 0;

	return r < 0 ? -1 : 0;
}

int store_find_name(struct affected_list *out, const struct store *s, str name, struct arena *a,
		    struct err *e)
{
	struct key k;
	str value;
	int r = key_name(&k, name) ? store_get(&value, s, &k, e) : 0;

	if (r <= 0)
		return r;
	struct reader list = reader_over(value);

	while (reader_left(&list)) {
		struct affected x = { 0 };

		x.ecosystem = take_str(&list);
		x.name = take_str(&list);
		if (list.bad)
			return damaged(e, name);
		if (vec_push(out, a, e, x) < 0)
			return -1;
	}
	return 0;
}

int store_risk(struct cve_risk *out, const struct store *s, str cve, struct err *e)
{
	struct key k;
	str value;
	int r = key_word(&k, KEY_RISK, cve) ? store_get(&value, s, &k, e) : 0;

	*out = risk_none();
	if (r <= 0)
		return r;
	struct reader item = reader_over(value);

	return record_get_risk(out, &item, e) < 0 ? err_within(e, STR_FMT, STR_ARG(cve)) : 1;
}

bool store_has_ecosystem(const struct store *s, str ecosystem)
{
	struct key k;
	struct err e;
	str value;

	return key_word(&k, KEY_ECOSYSTEM, ecosystem_canonical(ecosystem)) &&
	       store_get(&value, s, &k, &e) > 0;
}

void store_walk_end(MDB_cursor **cursor)
{
	if (*cursor)
		mdb_cursor_close(*cursor);
	*cursor = NULL;
}

int store_walk_from(MDB_cursor **cursor, str *key, str *value, const struct store *s,
		    const struct key *from, struct err *e)
{
	MDB_val k = { from->n, (void *)from->bytes }, v;
	MDB_cursor_op op = *cursor ? MDB_NEXT : from->n ? MDB_SET_RANGE : MDB_FIRST;
	int r = *cursor ? 0 : mdb_cursor_open(s->txn, s->dbi, cursor);

	if (!r)
		r = mdb_cursor_get(*cursor, &k, &v, op);
	if (r == MDB_NOTFOUND)
		return 0;
	if (r)
		return err_set(e, ERR_CORRUPT, "advisory store: %s", mdb_strerror(r));
	*key = (str){ k.mv_data, k.mv_size };
	*value = (str){ v.mv_data, v.mv_size };
	return 1;
}

int store_walk(MDB_cursor **cursor, str *key, str *value, const struct store *s, struct err *e)
{
	static const struct key first = { 0 };

	return store_walk_from(cursor, key, value, s, &first, e);
}

int store_ecosystems(struct str_list *out, const struct store *s, str prefix, struct arena *a,
		     struct err *e)
{
	CLEANUP(store_walk_end)
	MDB_cursor *cursor = NULL;
	struct key from;
	str key, value;
	int r = 0;

	if (!key_word(&from, KEY_ECOSYSTEM, prefix))
		return 0;
	while ((r = store_walk_from(&cursor, &key, &value, s, &from, e)) > 0 &&
	       str_starts(key, key_str(&from)))
		if (vec_push(out, a, e, str_from(key, 1)) < 0)
			return -1;
	return r < 0 ? -1 : 0;
}
