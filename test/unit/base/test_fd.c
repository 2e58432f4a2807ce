#include "tap.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

TEST(what_was_written_is_read_back_and_a_cap_is_kept)
{
	CLEANUP(fd_closep)
	int fd = -1;
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct err e;
	char two[2];

	CHECK(fd_temporary(&fd, AT_FDCWD, "/tmp", &e) == 0);
	CHECK(fd_write(fd, STR("hello"), &e) == 0);
	CHECK(fd_write_at(fd, 5, STR(" you"), &e) == 0);
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	CHECK(fd_read(&b, fd, 9, &e) == 0);
	CHECK_STR(buf_str(&b), STR("hello you"));
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	buf_clear(&b);
	CHECK(fd_read(&b, fd, 8, &e) == -1 && e.kind == ERR_LIMIT);
	CHECK(lseek(fd, 7, SEEK_SET) == 7);
	CHECK(fd_read_exact(fd, two, 2, &e) == 1 && memcmp(two, "ou", 2) == 0);
	CHECK(fd_read_exact(fd, two, 2, &e) == 0);
	CHECK(lseek(fd, 8, SEEK_SET) == 8);
	CHECK(fd_read_exact(fd, two, 2, &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST(a_temporary_file_in_no_directory_is_an_error)
{
	struct err e;
	int fd = -1;

	CHECK(fd_temporary(&fd, AT_FDCWD, "/tmp/there-is-no-such-directory", &e) == -1);
	CHECK(fd == -1 && e.kind == ERR_MISSING);
}

struct pair {
	int a, b;
};

static void pair_close(struct pair *p)
{
	fd_closep(&p->a);
	fd_closep(&p->b);
}

static struct pair pair_open(void)
{
	int sv[2] = { -1, -1 };

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) < 0)
		sv[0] = sv[1] = -1;
	return (struct pair){ sv[0], sv[1] };
}

TEST(a_descriptor_travels_with_its_message)
{
	CLEANUP(pair_close)
	struct pair s = pair_open();
	CLEANUP(pair_close)
	struct pair inner = pair_open();
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(fd_closep)
	int got = -1;
	struct err e;
	size_t n;
	char c;

	CHECK(fd_send(s.a, &inner.a, 1, STR("here"), &e) == 0);
	CHECK(fd_receive(s.b, &got, 1, &n, &b, &e) == 1 && n == 1);
	CHECK_STR(buf_str(&b), STR("here"));
	CHECK(fcntl(got, F_GETFD) == FD_CLOEXEC);
	CHECK(fd_write(got, STR("x"), &e) == 0);
	CHECK(fd_read_exact(inner.b, &c, 1, &e) == 1 && c == 'x');
	fd_closep(&s.a);
	CHECK(fd_receive(s.b, &got, 1, &n, &b, &e) == 0 && n == 0);
}

TEST(more_descriptors_than_wanted_are_closed_and_refused)
{
	CLEANUP(pair_close)
	struct pair s = pair_open();
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(fd_closep)
	int probe = -1;
	int three[3] = { s.a, s.b, s.a }, got[2] = { -1, -1 };
	struct err e;
	size_t n;

	CLEANUP(fd_closep)
	int before = dup(s.a);
	CHECK(fd_send(s.a, three, 3, STR("x"), &e) == 0);
	CHECK(fd_receive(s.b, got, 2, &n, &b, &e) == -1 && e.kind == ERR_CORRUPT && n == 0);
	probe = dup(s.a);
	CHECK(probe == before + 1);
	CHECK(fd_send(s.a, three, FD_SEND_MOST + 1, STR("x"), &e) == -1 && e.kind == ERR_USAGE);
}

TEST_MAIN
