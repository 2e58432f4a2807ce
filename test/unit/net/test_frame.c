#include "tap.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "net/frame.h"

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

TEST(a_frame_arrives_as_it_was_sent)
{
	CLEANUP(pair_close)
	struct pair p = pair_open();
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	uint32_t kind = 0;
	struct err e;

	CHECK(frame_send(p.a, FRAME_JOB, STR("work"), &e) == 0);
	CHECK(frame_send(p.a, FRAME_RESULT, STR(""), &e) == 0);
	CHECK(frame_receive(p.b, &kind, &b, 100, &e) == 1 && kind == FRAME_JOB);
	CHECK_STR(buf_str(&b), STR("work"));
	CHECK(frame_receive(p.b, &kind, &b, 100, &e) == 1 && kind == FRAME_RESULT && b.n == 0);
	fd_closep(&p.a);
	CHECK(frame_receive(p.b, &kind, &b, 100, &e) == 0);
}

TEST(a_frame_that_is_too_long_cut_or_late_is_an_error)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	uint32_t kind;
	struct err e;

	CLEANUP(pair_close)
	struct pair p = pair_open();
	CHECK(frame_send(p.a, FRAME_JOB, STR("12345"), &e) == 0);
	CHECK(frame_receive(p.b, &kind, &b, 4, &e) == -1 && e.kind == ERR_LIMIT);

	CLEANUP(pair_close)
	struct pair q = pair_open();
	CHECK(fd_write(q.a, STR("\1\0\0\0\5\0\0\0abc"), &e) == 0);
	int64_t soon = clock_ticks() + 50000000;
	CHECK(frame_receive_by(q.b, &kind, &b, 100, soon, &e) == -1 && e.sys == ETIMEDOUT);

	CLEANUP(pair_close)
	struct pair s = pair_open();
	CHECK(fd_write(s.a, STR("\1\0\0\0\5\0\0\0abc"), &e) == 0);
	fd_closep(&s.a);
	CHECK(frame_receive(s.b, &kind, &b, 100, &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST(a_message_past_the_limit_is_not_sent)
{
	struct err e;

	CHECK(frame_send(-1, FRAME_JOB, (str){ "", LIMIT_FRAME_BYTES + 1 }, &e) == -1);
	CHECK(e.kind == ERR_LIMIT);
}

TEST(nobody_listening_is_an_error_not_a_signal)
{
	CLEANUP(pair_close)
	struct pair p = pair_open();
	struct err e;

	fd_closep(&p.b);
	CHECK(frame_send(p.a, FRAME_JOB, STR("x"), &e) == -1 && e.sys == EPIPE);
}

TEST(an_error_travels_whole_and_nonsense_is_one_too)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct err sent, got;

	err_set(&sent, ERR_LIMIT, "too much of it");
	sent.sys = 7;
	frame_error_write(&b, &sent);
	frame_error_read(&got, buf_str(&b));
	CHECK(got.kind == ERR_LIMIT && got.sys == 7 && strcmp(got.text, sent.text) == 0);
	for (size_t n = 0; n < b.n; n++) {
		frame_error_read(&got, str_first(buf_str(&b), n));
		CHECK(got.kind == ERR_CORRUPT);
	}
}

TEST_MAIN
