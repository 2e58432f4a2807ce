#include "image/unpacked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/vec.h"
#include "image/tar_write.h"

/* File systems that hold no files of anybody's: the kernel makes them up. */
static const unsigned long made_up[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC,	    DEVPTS_SUPER_MAGIC, CGROUP_SUPER_MAGIC,
	CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC,	SECURITYFS_MAGIC,
	BPF_FS_MAGIC,	  PSTOREFS_MAGIC,   SELINUX_MAGIC,	SMACK_MAGIC,
	BINFMTFS_MAGIC,	  NSFS_MAGIC,	    EFIVARFS_MAGIC,	HUGETLBFS_MAGIC,
	AUTOFS_SUPER_MAGIC, 0x19800202 /* mqueue */, 0x62656570 /* configfs */,
	0x65735543 /* fuse control */,
};

struct walk {
	const struct unpacked *u;
	struct buf path; /* of the directory at hand, with a '/' behind it unless empty */
	struct buf out;
	dev_t root_dev;
	int depth;
};

static int say(struct walk *w, const char *what, struct err *e)
{
	return reason_add(w->u->reasons, w->u->arena, e, REASON_UNREADABLE, buf_str(&w->path), "%s",
			  what);
}

static int flush(struct walk *w, struct err *e)
{
	if (buf_check(&w->out, e) < 0 || fd_write(w->u->to, buf_str(&w->out), e) < 0)
		return -1;
	buf_clear(&w->out);
	return 0;
}

static bool is_made_up(struct walk *w, int fd, const struct stat *st)
{
	struct statfs fs;

	if (st->st_dev == w->root_dev)
		return false;
	/* devtmpfs is a tmpfs by its number: it is told by its place */
	if (str_eq(buf_str(&w->path), STR("dev/")))
		return true;
	if (fstatfs(fd, &fs) < 0)
		return false;
	for (size_t i = 0; i < COUNT(made_up); i++)
		if ((unsigned long)fs.f_type == made_up[i])
			return true;
	return false;
}

/* Sends up to `left` bytes of fd; the number that were not there in *left. */
static int send_content(int to, int fd, uint64_t *left, struct err *e)
{
	char part[64 << 10];

	while (*left) {
		ssize_t n = read(fd, part, (size_t)MIN(*left, (uint64_t)sizeof(part)));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		if (fd_write(to, (str){ part, (size_t)n }, e) < 0)
			return -1;
		*left -= (uint64_t)n;
	}
	return 0;
}

static int put_zeros(struct walk *w, uint64_t n, struct err *e)
{
	static const char zeros[4096];

	for (; n; n -= MIN(n, (uint64_t)sizeof(zeros)))
		if (fd_write(w->u->to, (str){ zeros, (size_t)MIN(n, (uint64_t)sizeof(zeros)) }, e) <
		    0)
			return -1;
	return 0;
}

static int put_file(struct walk *w, int dir, const char *name, struct tar_head *h, struct err *e)
{
	CLEANUP(fd_closep) int fd =
		openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return say(w, fd < 0 ? strerror(errno) : "it changed while it was read", e);
	h->size = (uint64_t)st.st_size;
	uint64_t left = h->size;

	tar_write_head(&w->out, h);
	if (flush(w, e) < 0 || send_content(w->u->to, fd, &left, e) < 0)
		return -1;
	if (left && (put_zeros(w, left, e) < 0 || say(w, "it shrank while it was read", e) < 0))
		return -1;
	tar_write_padding(&w->out, h->size);
	return 0;
}

static int put_symlink(struct walk *w, int dir, const char *name, struct tar_head *h, struct err *e)
{
	char target[LIMIT_PATH_BYTES];
	ssize_t n = readlinkat(dir, name, target, sizeof(target));

	if (n < 0 || (size_t)n == sizeof(target))
		return say(w, n < 0 ? strerror(errno) : "the link's target is too long", e);
	h->link = (str){ target, (size_t)n };
	tar_write_head(&w->out, h);
	return 0;
}

static int walk_dir(struct walk *w, int dir, struct err *e);

static int put_dir(struct walk *w, int dir, const char *name, struct tar_head *h, struct err *e)
{
	CLEANUP(fd_closep) int fd =
		openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY);

	if (fd < 0)
		return say(w, strerror(errno), e);
	buf_putc(&w->path, '/');
	h->path = buf_str(&w->path);
	tar_write_head(&w->out, h);
	return walk_dir(w, fd, e);
}

static int put_entry(struct walk *w, int dir, const char *name, struct err *e)
{
	struct tar_head h = { .path = buf_str(&w->path) };
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : say(w, strerror(errno), e);
	h.mode = st.st_mode & 07777;
	if (S_ISREG(st.st_mode)) {
		h.type = '0';
		return put_file(w, dir, name, &h, e);
	}
	if (S_ISLNK(st.st_mode)) {
		h.type = '2';
		return put_symlink(w, dir, name, &h, e);
	}
	if (S_ISDIR(st.st_mode)) {
		h.type = '5';
		return put_dir(w, dir, name, &h, e);
	}
	h.type = S_ISCHR(st.st_mode) ? '3' : S_ISBLK(st.st_mode) ? '4' : '6';
	if (h.type == '6' || S_ISSOCK(st.st_mode)) {
		h.type = '6';
	} else {
		h.major = major(st.st_rdev) & 0777777;
		h.minor = minor(st.st_rdev) & 0777777;
	}
	tar_write_head(&w->out, &h);
	return 0;
}

struct names {
	struct arena arena;
	VEC(const char *) list;
};

static void names_free(struct names *n)
{
	arena_free(&n->arena);
}

static void dir_closep(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int name_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int names_read(struct names *names, int fd, struct err *e)
{
	CLEANUP(fd_closep) int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	CLEANUP(dir_closep) DIR *d = own < 0 ? NULL : fdopendir(own);

	if (!d)
		return err_sys(e, "cannot list a directory");
	own = -1;
	for (struct dirent *ent; errno = 0, (ent = readdir(d));) {
		if (strcmp(ent->d_name, ".") == 0 || strcmp(ent->d_name, "..") == 0)
			continue;
		const char *z = arena_z(&names->arena, str_of(ent->d_name));

		if (!z)
			return err_set(e, ERR_LIMIT, "a directory has too many names");
		if (vec_push(&names->list, &names->arena, e, z) < 0)
			return -1;
	}
	if (errno)
		return err_sys(e, "cannot list a directory");
	if (names->list.n)
		qsort(names->list.v, names->list.n, sizeof(*names->list.v), name_order);
	return 0;
}

/* Documentation/filesystems/overlayfs.rst: "y" in this attribute of an upper directory. */
static bool is_opaque(int fd)
{
	char y[2];

	return (fgetxattr(fd, "trusted.overlay.opaque", y, sizeof(y)) == 1 ||
		fgetxattr(fd, "user.overlay.opaque", y, sizeof(y)) == 1) &&
	       y[0] == 'y';
}

static int put_opaque(struct walk *w, struct err *e)
{
	CLEANUP(buf_free) struct buf path = BUF(2 * LIMIT_PATH_BYTES);

	buf_put(&path, buf_str(&w->path));
	buf_putz(&path, ".wh..wh..opq");
	struct tar_head h = { .path = buf_str(&path), .type = '0' };

	if (buf_check(&path, e) < 0)
		return -1;
	tar_write_head(&w->out, &h);
	return 0;
}

static int walk_names(struct walk *w, int fd, const struct names *names, struct err *e)
{
	size_t at = w->path.n;

	vec_each(name, &names->list) {
		buf_putz(&w->path, *name);
		int r = buf_check(&w->path, e) < 0 ? -1 : put_entry(w, fd, *name, e);

		if (r < 0 || (w->out.n > 32 << 10 && flush(w, e) < 0))
			return -1;
		w->path.n = at;
	}
	return 0;
}

static int walk_dir(struct walk *w, int fd, struct err *e)
{
	CLEANUP(names_free) struct names names = { .arena = ARENA(LIMIT_DIRECTORY_BYTES) };
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "cannot look at a directory");
	if (is_made_up(w, fd, &st))
		return 0;
	if (w->depth >= LIMIT_DIRECTORY_DEPTH)
		return say(w, "directories are nested too deep here", e);
	if (w->u->overlay && is_opaque(fd) && put_opaque(w, e) < 0)
		return -1;
	if (names_read(&names, fd, e) < 0)
		return say(w, e->text, e);
	w->depth++;
	int r = walk_names(w, fd, &names, e);

	w->depth--;
	return r;
}

static void walk_free(struct walk *w)
{
	buf_free(&w->path);
	buf_free(&w->out);
}

int unpacked_walk(const struct unpacked *u, int dir, struct err *e)
{
	CLEANUP(walk_free) struct walk w = { .u = u,
					     .path = BUF(LIMIT_PATH_BYTES),
					     .out = BUF(1 << 20) };
	struct stat st;

	if (fstat(dir, &st) < 0)
		return err_sys(e, "cannot look at the directory");
	w.root_dev = st.st_dev;
	if (walk_dir(&w, dir, e) < 0)
		return -1;
	tar_write_end(&w.out);
	return flush(&w, e);
}

int unpacked_copy(int to, int dir, str name, uint64_t size, struct err *e)
{
	CLEANUP(fd_closep) int fd = -1;
	uint64_t left = size;
	struct stat st;

	while (str_skip(&name, STR("/")) || str_skip(&name, STR("./")))
		;
	if (beneath_open(&fd, dir, name, BENEATH_ROOTED, e) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return err_sys(e, "cannot look at " STR_FMT, STR_ARG(name));
	if ((uint64_t)st.st_size != size)
		return err_set(e, ERR_CORRUPT, STR_FMT " should have %llu bytes but has %llu",
			       STR_ARG(name), (unsigned long long)size,
			       (unsigned long long)st.st_size);
	if (send_content(to, fd, &left, e) < 0)
		return -1;
	return left ? err_set(e, ERR_CORRUPT, STR_FMT " shrank while it was read", STR_ARG(name)) :
		      0;
}
