#include "image/store.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "base/limits.h"

static const char *const confs[] = { "/etc/containers/storage.conf",
				     "/usr/share/containers/storage.conf" };

static str unquoted(str value)
{
	value = str_trim(value);
	if (value.n && (value.p[0] == '"' || value.p[0] == '\'')) {
		size_t end = str_find(str_from(value, 1), value.p[0]);

		return str_first(str_from(value, 1), end);
	}
	return value;
}

/* The two keys of TOML's [storage] that matter, each on a line of its own as everybody writes it. */
void store_conf(str *graphroot, str *driver, str text)
{
	str table = STR(""), key, value;

	*graphroot = *driver = STR("");
	for (str line; str_next(&text, '\n', &line);) {
		line = str_trim(line);
		if (str_starts(line, STR("[")))
			table = line;
		if (!str_eq(table, STR("[storage]")) || !str_cut(line, '=', &key, &value))
			continue;
		if (str_eq(str_trim(key), STR("graphroot")))
			*graphroot = unquoted(value);
		else if (str_eq(str_trim(key), STR("driver")))
			*driver = unquoted(value);
	}
}

static int read_conf(str *root, str *driver, str path, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(2 * LIMIT_SMALL_FILE_BYTES);
	CLEANUP(fd_closep)
	int fd = -1;
	const char *z = arena_z(a, path);
	str kept;

	if (!z)
		return err_nomem(e);
	fd = open(z, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (fd_read(&text, fd, LIMIT_SMALL_FILE_BYTES, e) < 0)
		return err_within(e, "%s", z);
	if (arena_str(&kept, a, buf_str(&text), e) < 0)
		return -1;
	store_conf(root, driver, kept);
	return 0;
}

static int root_of_system(str *root, str *driver, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < COUNT(confs) && !root->n; i++)
		if (read_conf(root, driver, str_of(confs[i]), a, e) < 0)
			return -1;
	if (!root->n)
		*root = STR("/var/lib/containers/storage");
	return 0;
}

static int root_of_user(str *root, str *driver, const struct surroundings *s, struct arena *a,
			struct err *e)
{
	str conf;

	if (surroundings_config(&conf, s, "containers/storage.conf", a, e) < 0 ||
	    (conf.n && read_conf(root, driver, conf, a, e) < 0))
		return -1;
	if (!root->n && surroundings_data(root, s, "containers/storage", a, e) < 0)
		return -1;
	return root->n ? 0 : err_set(e, ERR_MISSING, "no home directory, so no container store");
}

int store_root(str *out, const struct surroundings *s, struct arena *a, struct err *e)
{
	str root = STR(""), driver = STR("");

	if ((s->root ? root_of_system(&root, &driver, a, e)
		     : root_of_user(&root, &driver, s, a, e)) < 0)
		return -1;
	if (driver.n && !str_eq(driver, STR("overlay")))
		return err_set(e, ERR_UNSUPPORTED,
			       "stores with the driver \"" STR_FMT "\" are not read, only overlay",
			       STR_ARG(driver));
	if (arena_str(out, a, root, e) < 0)
		return -1;
	if (access(out->p, R_OK | X_OK) == 0)
		return 0;
	err_sys(e, "the container store %s", out->p);
	e->kind = e->sys == EACCES ? ERR_DENIED : e->kind;
	return -1;
}

static int lock_one(int *out, int root, const char *name, unsigned seconds, struct err *e)
{
	struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	const struct timespec pause = { .tv_nsec = 20000000 };
	CLEANUP(fd_closep) int fd = -1;

	if (beneath_open(&fd, root, str_of(name), BENEATH_NO_LINKS, e) < 0)
		return 0; /* a store without its lock has no writer */
	for (unsigned n = 0; fcntl(fd, F_OFD_SETLK, &whole) < 0; n++) {
		if (errno != EAGAIN && errno != EACCES)
			return err_sys(e, "cannot lock %s", name);
		if (n >= seconds * 50)
			return err_set(e, ERR_IO, "%s: the container store is being written to",
				       name);
		nanosleep(&pause, NULL);
	}
	*out = TAKE(fd, -1);
	return 0;
}

int store_lock(int fds[2], int root, unsigned seconds, struct err *e)
{
	fds[0] = fds[1] = -1;
	if (lock_one(&fds[0], root, "overlay-images/images.lock", seconds, e) < 0)
		return -1;
	if (lock_one(&fds[1], root, "overlay-layers/layers.lock", seconds, e) == 0)
		return 0;
	fd_closep(&fds[0]);
	return -1;
}
