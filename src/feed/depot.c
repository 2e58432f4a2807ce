#include "feed/depot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "feed/store_map.h"

#define STORE_SUFFIX ".store"
#define NEW_PREFIX   ".new-"

static int dir_make(const char *dir, struct err *e)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path))
		return err_set(e, ERR_LIMIT, "path of the data directory is too long");
	for (char *at = path + 1; *at; at++)
		if (*at == '/') {
			*at = 0;
			if (mkdir(path, 0755) < 0 && errno != EEXIST)
				return err_sys(e, "%s", path);
			*at = '/';
		}
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_sys(e, "%s", path);
	return 0;
}

static int dir_sync(const char *dir, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? err_sys(e, "%s", dir) : 0;
}

static void dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* Removes stores but the two named (either may be NULL), and all unfinished ones. */
static void prune(const char *dir, const char *keep, const char *keep_too)
{
	CLEANUP(dir_closep)
	DIR *d = opendir(dir);
	struct dirent *en;

	while (d && (en = readdir(d))) {
		str name = str_of(en->d_name);
		bool kept = (keep && strcmp(en->d_name, keep) == 0) ||
			    (keep_too && strcmp(en->d_name, keep_too) == 0);

		if (str_starts(name, STR(NEW_PREFIX)) ||
		    (str_ends(name, STR(STORE_SUFFIX)) && !kept))
			(void)unlinkat(dirfd(d), en->d_name, 0);
	}
}

static void current_name(char out[NAME_MAX + 1], const char *dir)
{
	char path[PATH_MAX];
	ssize_t n = -1;

	if (snprintf(path, sizeof(path), "%s/current", dir) < (int)sizeof(path))
		n = readlink(path, out, NAME_MAX);
	out[n < 0 ? 0 : n] = 0;
}

int depot_open(struct depot *d, const char *dir, struct err *e)
{
	char path[PATH_MAX], current[NAME_MAX + 1];

	*d = (struct depot){ .dir = dir, .lock = -1 };
	if (dir_make(dir, e) < 0)
		return -1;
	if (snprintf(path, sizeof(path), "%s/.lock", dir) >= (int)sizeof(path) ||
	    snprintf(d->made, sizeof(d->made), "%s/" NEW_PREFIX "%d", dir, getpid()) >=
		    (int)sizeof(d->made))
		return err_set(e, ERR_LIMIT, "path of the data directory is too long");
	d->lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0644);
	if (d->lock < 0)
		return err_sys(e, "%s", path);
	if (flock(d->lock, LOCK_EX | LOCK_NB) < 0) {
		bool busy = errno == EWOULDBLOCK;

		fd_closep(&d->lock);
		return busy ? err_set(e, ERR_DENIED, "another update of %s is running", dir)
			    : err_sys(e, "%s", path);
	}
	current_name(current, dir);
	if (current[0])
		prune(dir, current, NULL);
	return 0;
}

void depot_close(struct depot *d)
{
	if (d->lock >= 0 && d->made[0])
		(void)unlink(d->made);
	fd_closep(&d->lock);
}

int depot_swap(struct depot *d, const struct digest *digest, struct err *e)
{
	char text[DIGEST_TEXT], name[DIGEST_TEXT + 16], before[NAME_MAX + 1];
	char path[PATH_MAX], link[PATH_MAX], current[PATH_MAX];
	str hex = str_from(digest_text(text, digest), sizeof("sha256:") - 1);

	current_name(before, d->dir);
	snprintf(name, sizeof(name), STR_FMT STORE_SUFFIX, STR_ARG(hex));
	if (snprintf(path, sizeof(path), "%s/%s", d->dir, name) >= (int)sizeof(path) ||
	    snprintf(link, sizeof(link), "%s/" NEW_PREFIX "current", d->dir) >= (int)sizeof(link) ||
	    snprintf(current, sizeof(current), "%s/current", d->dir) >= (int)sizeof(current))
		return err_set(e, ERR_LIMIT, "path of the data directory is too long");
	if (rename(d->made, path) < 0)
		return err_sys(e, "%s", path);
	d->made[0] = 0;
	(void)unlink(link);
	if (symlink(name, link) < 0 || rename(link, current) < 0)
		return err_sys(e, "%s", current);
	if (dir_sync(d->dir, e) < 0)
		return -1;
	prune(d->dir, name, before[0] ? before : NULL);
	return 0;
}

int store_verify(const struct store *s, struct err *e)
{
	CLEANUP(store_walk_end)
	MDB_cursor *cursor = NULL;
	CLEANUP(hasher_freep)
	struct hasher *h = NULL;
	char text[DIGEST_TEXT];
	struct digest d;
	str key, value;
	int r;

	if (hasher_new(&h, DIGEST_SHA256, e) < 0)
		return -1;
	while ((r = store_walk(&cursor, &key, &value, s, e)) > 0)
		if (key.p[0] != KEY_DIGEST)
			store_hash(h, key, value);
	if (r < 0 || hasher_end(&d, h, e) < 0)
		return -1;
	if (!str_eq(digest_text(text, &d), s->info.digest))
		return err_set(e, ERR_CORRUPT, "advisory store is not what its digest says");
	return 0;
}
