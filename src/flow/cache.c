#include "flow/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"

struct cache {
	int dir, facts, pairs;
	struct hash_key key;
	uint64_t most;
};

enum {
	NAME_SIZE = 256,
	TOUCH_SECONDS = 60, /* how stale a time of last use may be */
};

static int dir_make(const char *path, struct err *e)
{
	char part[4096];
	size_t n = strlen(path);

	if (n >= sizeof(part))
		return err_set(e, ERR_LIMIT, "the cache's path is too long");
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return err_sys(e, "cannot make %s", part);
	}
	return 0;
}

static int dir_is_ours(int dir, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return err_sys(e, "cannot look at %s", path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_DENIED, "the cache %s belongs to user %u", path, st.st_uid);
	if (st.st_mode & 022)
		return err_set(e, ERR_DENIED, "others may write to the cache %s", path);
	return 0;
}

static int dir_below(int *out, int dir, const char *name, struct err *e)
{
	if (mkdirat(dir, name, 0700) < 0 && errno != EEXIST)
		return err_sys(e, "cannot make the cache's %s", name);
	*out = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (*out < 0)
		return err_sys(e, "cannot open the cache's %s", name);
	return dir_is_ours(*out, name, e);
}

static int key_read(struct hash_key *out, int dir)
{
	CLEANUP(fd_closep)
	int fd = openat(dir, "key", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct hash_key key;

	if (fd < 0 || read(fd, &key, sizeof(key)) != sizeof(key))
		return -1;
	*out = key;
	return 0;
}

/* Whole or not at all, and the first one wins. */
static void key_write(struct hash_key key, int dir)
{
	char temp[64];

	snprintf(temp, sizeof(temp), "key.%ld.%lld", (long)getpid(), (long long)clock_ticks());
	CLEANUP(fd_closep)
	int fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && write(fd, &key, sizeof(key)) == sizeof(key))
		(void)!linkat(dir, temp, dir, "key", 0);
	if (fd >= 0)
		(void)!unlinkat(dir, temp, 0);
}

/* A key that cannot be kept serves this process: what others left is then read again. */
static struct hash_key key_load(int dir)
{
	struct hash_key key = hash_key_new();
	struct stat st;

	if (key_read(&key, dir) == 0)
		return key;
	if (fstatat(dir, "key", &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size != sizeof(key))
		(void)!unlinkat(dir, "key", 0); /* damaged */
	key_write(key, dir);
	(void)!key_read(&key, dir);
	return key;
}

struct hash_key cache_key(const struct cache *c)
{
	return c->key;
}

int cache_open(struct cache **out, str dir, uint64_t most, struct err *e)
{
	CLEANUP(cache_closep)
	struct cache *c = calloc(1, sizeof(*c));
	char path[4096];

	if (!c)
		return err_nomem(e);
	c->dir = c->facts = c->pairs = -1;
	c->most = most ? most : CACHE_MOST_BYTES;
	if (dir.n >= sizeof(path))
		return err_set(e, ERR_LIMIT, "the cache's path is too long");
	memcpy(path, dir.p, dir.n);
	path[dir.n] = '\0';
	if (dir_make(path, e) < 0)
		return -1;
	c->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		return err_sys(e, "cannot open the cache %s", path);
	if (dir_is_ours(c->dir, path, e) < 0 || dir_below(&c->facts, c->dir, "facts", e) < 0 ||
	    dir_below(&c->pairs, c->dir, "pairs", e) < 0)
		return -1;
	c->key = key_load(c->dir);
	*out = TAKE(c, NULL);
	return 0;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	fd_closep(&c->facts);
	fd_closep(&c->pairs);
	fd_closep(&c->dir);
	free(c);
}

void cache_closep(struct cache **c)
{
	cache_close(*c);
}

static void facts_name(char name[NAME_SIZE], const struct digest *diff_id)
{
	char text[DIGEST_TEXT];
	str kind, hex;

	str_cut(digest_text(text, diff_id), ':', &kind, &hex);
	snprintf(name, NAME_SIZE, STR_FMT "-" STR_FMT ".%d", STR_ARG(kind), STR_ARG(hex), ANALYSER);
}

static void touch(int fd, const struct stat *st)
{
	if (clock_now() - st->st_mtime > TOUCH_SECONDS)
		(void)!futimens(fd, NULL); /* only the order of going suffers */
}

static int read_whole(str *out, int fd, const struct stat *st, struct arena *a, struct err *e)
{
	size_t n = (size_t)st->st_size;
	char *bytes = st->st_size > 0 && (uint64_t)st->st_size <= LIMIT_FACTS_BYTES
			      ? arena_alloc(a, n)
			      : NULL;
	struct blob b = { .fd = fd, .size = n };

	if (!bytes)
		return err_set(e, ERR_LIMIT, "an entry of %llu bytes",
			       (unsigned long long)st->st_size);
	if (blob_read(&b, 0, bytes, n, e) < 0)
		return -1;
	*out = (str){ bytes, n };
	return 0;
}

int cache_get(struct facts *out, struct cache *c, const struct digest *diff_id, struct arena *a,
	      struct err *e)
{
	char name[NAME_SIZE];

	facts_name(name, diff_id);
	CLEANUP(fd_closep)
	int fd = openat(c->facts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct facts f;
	struct stat st;
	str bytes;

	if (fd < 0 || fstat(fd, &st) < 0)
		return 0;
	if (read_whole(&bytes, fd, &st, a, e) == 0 && facts_read(&f, bytes, a, e) == 0 &&
	    digest_eq(&f.diff_id, diff_id) && hash_key_eq(f.key, c->key)) {
		touch(fd, &st);
		*out = f;
		return 1;
	}
	if (e->kind == ERR_NOMEM)
		return -1;
	(void)unlinkat(c->facts, name, 0); /* damaged: the next scan makes it anew */
	return 0;
}

int cache_temporary(int *fd, struct cache *c, struct err *e)
{
	return fd_temporary(fd, c->facts, ".", e);
}

/* For file systems whose nameless files cannot be given a name. */
static int put_copy(struct cache *c, int from, const char *name, struct err *e)
{
	static const char temporary[] = "new.%ld.%lld";
	char temp[64];
	struct stat st;
	off_t at = 0;

	snprintf(temp, sizeof(temp), temporary, (long)getpid(), (long long)clock_ticks());
	CLEANUP(fd_closep)
	int to = openat(c->facts, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (to < 0 || fstat(from, &st) < 0)
		return err_sys(e, "cannot write to the cache");
	while (at < st.st_size) {
		ssize_t n = sendfile(to, from, &at, (size_t)(st.st_size - at));

		if (n <= 0)
			break;
	}
	if (at == st.st_size && renameat(c->facts, temp, c->facts, name) == 0)
		return 0;
	err_sys(e, "cannot write to the cache");
	(void)unlinkat(c->facts, temp, 0);
	return -1;
}

int cache_put(struct cache *c, int fd, const struct digest *diff_id, struct err *e)
{
	char name[NAME_SIZE], self[64];

	facts_name(name, diff_id);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, self, c->facts, name, AT_SYMLINK_FOLLOW) == 0 || errno == EEXIST)
		return 0;
	return put_copy(c, fd, name, e);
}

/* Both names may be long: their hash is the file's name. */
static bool pair_name(char name[NAME_SIZE], str stored, const struct digest *diff_id)
{
	CLEANUP(buf_free)
	struct buf both = BUF(1 << 16);
	char text[DIGEST_TEXT];
	struct digest d;
	struct err e;
	str kind, hex;

	buf_put(&both, digest_text(text, diff_id));
	buf_putc(&both, '\n');
	buf_put(&both, stored);
	if (buf_check(&both, &e) < 0 || digest_of(&d, DIGEST_SHA256, buf_str(&both), &e) < 0)
		return false;
	str_cut(digest_text(text, &d), ':', &kind, &hex);
	snprintf(name, NAME_SIZE, STR_FMT, STR_ARG(hex));
	return true;
}

bool cache_pair_known(struct cache *c, str stored, const struct digest *diff_id)
{
	char name[NAME_SIZE];
	struct stat st;

	return pair_name(name, stored, diff_id) &&
	       fstatat(c->pairs, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int cache_pair_note(struct cache *c, str stored, const struct digest *diff_id, struct err *e)
{
	char name[NAME_SIZE];

	if (!pair_name(name, stored, diff_id))
		return err_nomem(e);
	CLEANUP(fd_closep)
	int fd = openat(c->pairs, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd < 0 ? err_sys(e, "cannot write to the cache") : 0;
}

struct kept {
	const char *name;
	int64_t used; /* seconds */
	uint64_t size;
};

static int kept_order(const void *a_, const void *b_)
{
	const struct kept *a = a_, *b = b_;

	return (a->used > b->used) - (a->used < b->used);
}

struct kept_list VEC_BODY(struct kept);

static void dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int list(struct kept_list *out, int dir, struct arena *a, struct err *e)
{
	CLEANUP(fd_closep)
	int own = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CLEANUP(dir_closep)
	DIR *d = own < 0 ? NULL : fdopendir(own);

	if (!d)
		return err_sys(e, "cannot list the cache");
	own = -1;
	for (struct dirent *ent; (ent = readdir(d));) {
		struct stat st;

		if (ent->d_name[0] == '.' ||
		    fstatat(dir, ent->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		const char *name = arena_z(a, str_of(ent->d_name));

		if (!name)
			return err_nomem(e);
		if (vec_push(out, a, e, { name, st.st_mtime, (uint64_t)st.st_size }) < 0)
			return -1;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), kept_order);
	return 0;
}

/* Oldest first, to nine tenths of what may be, so that not every scan has to. */
static void drop_bytes(const struct kept_list *kept, int dir, uint64_t most)
{
	uint64_t total = 0;

	vec_each (k, kept)
		total += k->size;
	if (total <= most)
		return;
	vec_each (k, kept) {
		if (total <= most / 10 * 9)
			return;
		if (unlinkat(dir, k->name, 0) == 0)
			total -= k->size;
	}
}

static void drop_count(const struct kept_list *kept, int dir, size_t most)
{
	size_t gone = kept->n > most ? kept->n - most / 10 * 9 : 0;

	for (size_t i = 0; i < gone; i++)
		(void)unlinkat(dir, kept->v[i].name, 0);
}

int cache_trim(struct cache *c, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(256 * MIB);
	struct kept_list facts = { 0 }, pairs = { 0 };

	if (flock(c->dir, LOCK_EX | LOCK_NB) < 0)
		return 0;
	int r = list(&facts, c->facts, &a, e) < 0 || list(&pairs, c->pairs, &a, e) < 0 ? -1 : 0;

	if (r == 0) {
		drop_bytes(&facts, c->facts, c->most);
		drop_count(&pairs, c->pairs, CACHE_MOST_PAIRS);
	}
	(void)flock(c->dir, LOCK_UN);
	return r;
}
