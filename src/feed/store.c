#include "feed/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/fd.h"
#include "feed/checked.h"
#include "feed/record.h"
#include "feed/store_map.h"

enum { STORE_INFO_BYTES = 8 << 20, OPEN_TRIES = 8 };

static int mdb_failed(struct err *e, int r, const char *what)
{
	if (r > 0) {
		errno = r;
		return err_sys(e, "advisory store: %s", what);
	}
	return err_set(e, r == MDB_VERSION_MISMATCH ? ERR_UNSUPPORTED : ERR_CORRUPT,
		       "advisory store: %s: %s", what, mdb_strerror(r));
}

int store_get(str *out, const struct store *s, const struct key *k, struct err *e)
{
	MDB_val key = { k->n, (void *)k->bytes }, value;
	int r = mdb_get(s->txn, s->dbi, &key, &value);

	if (r == MDB_NOTFOUND)
		return 0;
	if (r)
		return mdb_failed(e, r, "look-up");
	*out = (str){ value.mv_data, value.mv_size };
	return 1;
}

static int source_read(struct store_source *x, struct reader *r)
{
	x->name = take_str(r);
	x->place = take_str(r);
	x->date = take_str(r);
	x->digest = take_str(r);
	x->licence = take_str(r);
	x->read = read_uvarint(r);
	x->stored = read_uvarint(r);
	for (size_t i = 0; i < DROP_COUNT_; i++)
		x->dropped[i] = read_uvarint(r);
	x->affected = read_uvarint(r);
	x->kept = read_u8(r);
	x->problem = take_str(r);
	return r->bad ? -1 : 0;
}

static int info_read(struct store *s, str value, struct err *e)
{
	struct reader r = reader_over(value);

	s->info.schema = read_u32le(&r);
	if (!r.bad && s->info.schema != STORE_SCHEMA)
		return err_set(e, ERR_UNSUPPORTED,
			       "advisory store has schema %u, this program reads %u: "
			       "run plimsoll db update",
			       s->info.schema, STORE_SCHEMA);
	s->info.built = take_str(&r);
	uint64_t n = read_uvarint(&r);

	if (r.bad || n > reader_left(&r))
		return err_set(e, ERR_CORRUPT, "advisory store: its list of sources is damaged");
	struct store_source *list = arena_array(&s->arena, struct store_source, n);

	if (!list)
		return err_nomem(e);
	for (size_t i = 0; i < n; i++)
		if (source_read(&list[i], &r) < 0)
			return err_set(e, ERR_CORRUPT, "advisory store: a source is damaged");
	s->info.sources = list;
	s->info.nsources = n;
	return 0;
}

static int info_load(struct store *s, struct err *e)
{
	struct key k;
	str value = STR_NONE, digest = STR_NONE;

	if (!key_word(&k, KEY_INFO, STR_NONE) || store_get(&value, s, &k, e) <= 0)
		return err_set(e, ERR_CORRUPT, "not an advisory store, or not a whole one");
	if (info_read(s, value, e) < 0)
		return -1;
	if (!key_word(&k, KEY_DIGEST, STR_NONE) || store_get(&digest, s, &k, e) <= 0)
		return err_set(e, ERR_CORRUPT, "advisory store: it does not end as it must");
	s->info.digest = digest;
	return 0;
}

static int env_open(struct store *s, const char *path, struct err *e)
{
	int r = mdb_env_create(&s->env);

	if (r)
		return mdb_failed(e, r, "open");
	/* Small, so that exactly the file is mapped. */
	mdb_env_set_mapsize(s->env, 1 << 20);
	r = mdb_env_open(s->env, path, MDB_NOLOCK | MDB_NOTLS | MDB_RDONLY | MDB_NOSUBDIR, 0);
	if (!r)
		r = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &s->txn);
	if (!r)
		r = mdb_dbi_open(s->txn, NULL, 0, &s->dbi);
	return r ? mdb_failed(e, r, path) : 0;
}

/* LMDB trusts the page numbers of the file, so a file that was cut must not get that far. */
static int size_check(struct store *s, const char *path, struct err *e)
{
	MDB_envinfo info;
	MDB_stat stat;
	CLEANUP(fd_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "%s", path);
	mdb_env_info(s->env, &info);
	mdb_env_stat(s->env, &stat);
	if ((uint64_t)lseek(fd, 0, SEEK_END) < (info.me_last_pgno + 1) * (uint64_t)stat.ms_psize)
		return err_set(e, ERR_CORRUPT, "advisory store is cut short");
	return 0;
}

int store_open_file(struct store **out, const char *path, struct err *e)
{
	CLEANUP(store_closep)
	struct store *s = calloc(1, sizeof(*s));

	if (!s)
		return err_nomem(e);
	s->arena.limit = STORE_INFO_BYTES;
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	if (env_open(s, path, e) < 0 || size_check(s, path, e) < 0 || info_load(s, e) < 0)
		return -1;
	*out = TAKE(s, NULL);
	return 1;
}

static int checked_load(struct store *s, const char *dir, struct err *e)
{
	struct checked_list list = { 0 };

	if (checked_read(&list, dir, &s->arena, e) < 0)
		return -1;
	vec_each (c, &list) {
		struct store_source *x = (struct store_source *)store_source(s, c->name);

		if (x)
			x->checked = c->at;
	}
	return 0;
}

str store_source_as_of(const struct store_source *s)
{
	/* Both are RFC 3339 in UTC to the second, or a checked that nobody could read. */
	return str_cmp(s->checked, s->date) > 0 ? s->checked : s->date;
}

int store_open(struct store **out, const char *dir, struct err *e)
{
	char link[PATH_MAX], path[PATH_MAX];

	/* An update may remove what `current` named a moment ago: then it names a newer one. */
	for (int i = 0; i < OPEN_TRIES; i++) {
		ssize_t n;
		int r;

		snprintf(link, sizeof(link), "%s/current", dir);
		n = readlink(link, path, sizeof(path) - 1);
		if (n < 0)
			return errno == ENOENT || errno == ENOTDIR ? 0 : err_sys(e, "%s", link);
		path[n] = 0;
		if (snprintf(link, sizeof(link), "%s/%s", dir, path) >= (int)sizeof(link))
			return err_set(e, ERR_LIMIT, "path of the advisory store is too long");
		r = store_open_file(out, link, e);
		if (r < 0)
			return err_within(e, "%s", link);
		if (r > 0 && checked_load(*out, dir, e) < 0) {
			store_close(TAKE(*out, NULL));
			return -1;
		}
		if (r > 0)
			return 1;
	}
	return err_set(e, ERR_CORRUPT, "%s/current names a store that is not there", dir);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->txn)
		mdb_txn_abort(s->txn);
	if (s->env)
		mdb_env_close(s->env);
	arena_free(&s->arena);
	free(s);
}

void store_closep(struct store **s)
{
	store_close(*s);
}

const struct store_info *store_info(const struct store *s)
{
	return &s->info;
}

const struct store_source *store_source(const struct store *s, str name)
{
	size_t low = 0, high = s->info.nsources;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = str_cmp(s->info.sources[mid].name, name);

		if (c == 0)
			return &s->info.sources[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void hash_sized(struct hasher *h, str s)
{
	char n[8];

	for (size_t i = 0; i < sizeof(n); i++)
		n[i] = (char)(s.n >> (8 * i));
	hasher_feed(h, (str){ n, sizeof(n) });
	hasher_feed(h, s);
}

void store_hash(struct hasher *h, str key, str value)
{
	hash_sized(h, key);
	hash_sized(h, value);
}
