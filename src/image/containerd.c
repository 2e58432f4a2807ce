#include "image/containerd.h"

#include <fcntl.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

enum {
	PAGE_BYTES_MOST = 64 << 10,
	COPY_TRIES = 20,
};

static int open_at(int *out, str root, const char *name, int flags, struct arena *a, struct err *e)
{
	str path;

	if (arena_printf(&path, a, e, STR_FMT "/%s", STR_ARG(root), name) < 0)
		return -1;
	*out = open(path.p, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
	if (*out >= 0)
		return 0;
	err_sys(e, "%s", path.p);
	e->kind = e->sys == EACCES ? ERR_DENIED : e->kind;
	return -1;
}

static int copy(int to, int from, struct err *e)
{
	char *room = malloc(1 * MIB);
	struct stat st;
	uint64_t at = 0;
	int r = 0;

	if (!room)
		return err_nomem(e);
	if (fstat(from, &st) < 0)
		r = err_sys(e, "cannot look at meta.db");
	else if ((uint64_t)st.st_size > LIMIT_BOLT_BYTES)
		r = err_set(e, ERR_LIMIT, "meta.db has more than %zu bytes", LIMIT_BOLT_BYTES);
	while (r == 0 && at < (uint64_t)st.st_size) {
		ssize_t n = pread(from, room, 1 * MIB, (off_t)at);

		if (n < 0)
			r = err_sys(e, "cannot read meta.db");
		if (n <= 0)
			break;
		r = fd_write_at(to, at, (str){ room, (size_t)n }, e);
		at += (uint64_t)n;
	}
	free(room);
	return r;
}

/* The two pages that say which transaction was the last; their size is the machine's page's. */
static size_t heads(char *to, int fd)
{
	long page = sysconf(_SC_PAGESIZE);
	ssize_t n = page > 0 && page <= PAGE_BYTES_MOST ? pread(fd, to, 2 * (size_t)page, 0) : -1;

	return n > 0 ? (size_t)n : 0;
}

/* bbolt never writes a page that its last committed state uses; so a copy during which no commit
 * happened is that state. There is no lock to take: the daemon holds it all its life. */
static int copy_still(int *out, int from, struct err *e)
{
	static const struct timespec pause = { .tv_nsec = 50000000 };
	CLEANUP(fd_closep)
	int fd = memfd_create("meta.db", MFD_CLOEXEC);
	char *before = malloc(2 * PAGE_BYTES_MOST), *after = malloc(2 * PAGE_BYTES_MOST);
	int r = before && after ? 0 : err_nomem(e);
	bool still = false;

	if (r == 0 && fd < 0)
		r = err_sys(e, "cannot make a file in memory");
	for (int i = 0; r == 0 && !still && i < COPY_TRIES; i++) {
		size_t n = heads(before, from);

		r = ftruncate(fd, 0) < 0 ? err_sys(e, "meta.db") : copy(fd, from, e);
		still = r == 0 && heads(after, from) == n && memcmp(before, after, n) == 0;
		if (!still)
			nanosleep(&pause, NULL);
	}
	free(before);
	free(after);
	if (r == 0 && !still)
		r = err_set(e, ERR_IO, "meta.db is being written to all the time");
	if (r == 0)
		*out = TAKE(fd, -1);
	return r;
}

int containerd_open(int *content, int *meta, str root, struct arena *a, struct err *e)
{
	CLEANUP(fd_closep)
	int dir = -1;
	CLEANUP(fd_closep)
	int live = -1;

	if (open_at(&dir, root, "io.containerd.content.v1.content", O_DIRECTORY, a, e) < 0 ||
	    open_at(&live, root, "io.containerd.metadata.v1.bolt/meta.db", 0, a, e) < 0 ||
	    copy_still(meta, live, e) < 0)
		return -1;
	*content = TAKE(dir, -1);
	return 0;
}
