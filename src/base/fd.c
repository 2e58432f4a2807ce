#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEND_BYTES_MOST = 4096 };

void fd_closep(int *fd)
{
	int was = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = was;
}

int fd_write(int fd, str bytes, struct err *e)
{
	while (bytes.n) {
		ssize_t put = write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_sys(e, "cannot write");
		bytes = str_from(bytes, (size_t)put);
	}
	return 0;
}

int fd_write_at(int fd, uint64_t at, str bytes, struct err *e)
{
	while (bytes.n) {
		ssize_t put = pwrite(fd, bytes.p, bytes.n, (off_t)at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_sys(e, "cannot write");
		bytes = str_from(bytes, (size_t)put);
		at += (uint64_t)put;
	}
	return 0;
}

int fd_read(struct buf *to, int fd, size_t most, struct err *e)
{
	size_t total = 0;

	for (;;) {
		size_t want = MIN(most - total, (size_t)64 << 10) + 1;
		char *room = buf_room(to, want);

		if (!room)
			return buf_check(to, e);
		ssize_t got = read(fd, room, want);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, "cannot read");
		if (got == 0)
			return 0;
		total += (size_t)got;
		if (total > most)
			return err_set(e, ERR_LIMIT, "more than %zu bytes", most);
		to->n += (size_t)got;
	}
}

int fd_read_exact(int fd, void *to, size_t n, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, (char *)to + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, "cannot read");
		if (got == 0 && done == 0)
			return 0;
		if (got == 0)
			return err_set(e, ERR_CORRUPT, "cut short: %zu of %zu bytes", done, n);
		done += (size_t)got;
	}
	return 1;
}

/* Where there is no O_TMPFILE (overlayfs before 6.1, NFS): a name nobody guesses, gone at once. */
static int temporary_by_name(int *out, int dir, const char *path, struct err *e)
{
	for (unsigned i = 0; i < 100; i++) {
		char name[4096];
		int n = snprintf(name, sizeof(name), "%s/.plimsoll-%ld-%u", path, (long)getpid(),
				 i);

		if (n < 0 || (size_t)n >= sizeof(name))
			return err_set(e, ERR_USAGE, "the path of a directory is too long");
		int fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

		if (fd < 0 && errno == EEXIST)
			continue;
		if (fd < 0)
			break;
		unlinkat(dir, name, 0);
		*out = fd;
		return 0;
	}
	return err_sys(e, "cannot make a temporary file in %s", path);
}

int fd_temporary(int *out, int dir, const char *path, struct err *e)
{
	int fd = openat(dir, path, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		return temporary_by_name(out, dir, path, e);
	if (fd < 0)
		return err_sys(e, "cannot make a temporary file in %s", path);
	*out = fd;
	return 0;
}

int fd_send(int sock, const int *fds, size_t n, str bytes, struct err *e)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * FD_SEND_MOST)] = { 0 };
	struct iovec io = { (void *)(uintptr_t)bytes.p, bytes.n };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
	ssize_t put;

	if (n > FD_SEND_MOST || bytes.n == 0 || bytes.n > SEND_BYTES_MOST)
		return err_set(e, ERR_USAGE, "a message of %zu descriptors and %zu bytes", n,
			       bytes.n);
	if (n) {
		m.msg_control = control;
		m.msg_controllen = CMSG_SPACE(sizeof(int) * n);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);

		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * n);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
	}
	do
		put = sendmsg(sock, &m, MSG_NOSIGNAL);
	while (put < 0 && errno == EINTR);
	if (put < 0)
		return err_sys(e, "cannot send descriptors");
	if ((size_t)put != bytes.n)
		return err_set(e, ERR_IO, "a message with descriptors was sent in part");
	return 0;
}

/* Takes the descriptors out of a message: those that fit go to fds, any more are closed. */
static size_t take_descriptors(struct msghdr *m, int *fds, size_t most, size_t *n)
{
	size_t seen = 0;

	*n = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (seen++ < most)
				fds[(*n)++] = fd;
			else
				close(fd);
		}
	}
	return seen;
}

int fd_receive(int sock, int *fds, size_t most, size_t *n, struct buf *bytes, struct err *e)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * FD_SEND_MOST)];
	char *room = buf_room(bytes, SEND_BYTES_MOST);
	struct iovec io = { room, SEND_BYTES_MOST };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t got;

	*n = 0;
	if (!room)
		return buf_check(bytes, e);
	do
		got = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_sys(e, "cannot receive descriptors");
	bool whole = take_descriptors(&m, fds, most, n) <= most &&
		     !(m.msg_flags & (MSG_CTRUNC | MSG_TRUNC));

	if (!whole) {
		while (*n)
			fd_closep(&fds[--*n]);
		return err_set(e, ERR_CORRUPT, "a message with more descriptors than expected");
	}
	bytes->n += (size_t)got;
	return got > 0;
}
