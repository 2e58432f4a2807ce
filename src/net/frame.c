#include "net/frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/reader.h"

enum { HEAD_BYTES = 8 };

/* Not write(): a reader that is gone must be an error here, not a signal. */
static int send_all(int fd, str bytes, struct err *e)
{
	while (bytes.n) {
		ssize_t put = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_sys(e, "cannot send");
		bytes = str_from(bytes, (size_t)put);
	}
	return 0;
}

int frame_send(int fd, enum frame_kind kind, str bytes, struct err *e)
{
	CLEANUP(buf_free)
	struct buf head = BUF(64);

	if (bytes.n > LIMIT_FRAME_BYTES)
		return err_set(e, ERR_LIMIT, "a message of more than %zu bytes", LIMIT_FRAME_BYTES);
	buf_u32(&head, kind);
	buf_u32(&head, (uint32_t)bytes.n);
	if (buf_check(&head, e) < 0 || send_all(fd, buf_str(&head), e) < 0)
		return -1;
	return send_all(fd, bytes, e);
}

/* Waits for bytes until the deadline, when there is one: without, a process whose jail allows it
 * no more descriptors could not even poll. */
static int ready(int fd, int64_t deadline, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (deadline) {
		int64_t left = (deadline - clock_ticks()) / 1000000;
		int r = left <= 0 ? 0 : poll(&p, 1, (int)MIN(left, (int64_t)INT32_MAX - 1));

		if (r > 0)
			break;
		if (r == 0) {
			err_set(e, ERR_LIMIT, "no answer in time");
			e->sys = ETIMEDOUT;
			return -1;
		}
		if (errno != EINTR)
			return err_sys(e, "cannot wait for an answer");
	}
	return 0;
}

static int receive_all(int fd, char *to, size_t n, int64_t deadline, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		if (ready(fd, deadline, e) < 0)
			return -1;
		ssize_t got = read(fd, to + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		/* The other side has died with bytes of ours unread. */
		if (got < 0 && errno == ECONNRESET)
			got = 0;
		if (got < 0)
			return err_sys(e, "cannot receive");
		if (got == 0 && done == 0)
			return 0;
		if (got == 0)
			return err_set(e, ERR_CORRUPT, "a message was cut short");
		done += (size_t)got;
	}
	return 1;
}

int frame_receive_by(int fd, uint32_t *kind, struct buf *bytes, size_t most, int64_t deadline,
		     struct err *e)
{
	char head[HEAD_BYTES];
	struct reader r = reader_over((str){ head, sizeof(head) });
	int got = receive_all(fd, head, sizeof(head), deadline, e);

	if (got <= 0)
		return got;
	uint32_t is = read_u32le(&r), n = read_u32le(&r);

	if (n > most)
		return err_set(e, ERR_LIMIT, "a message of %u bytes, more than %zu", n, most);
	buf_clear(bytes);
	char *room = buf_room(bytes, n);

	if (!room)
		return buf_check(bytes, e);
	got = n ? receive_all(fd, room, n, deadline, e) : 1;
	if (got == 0)
		return err_set(e, ERR_CORRUPT, "a message was cut short");
	if (got < 0)
		return -1;
	bytes->n = n;
	*kind = is;
	return 1;
}

int frame_receive(int fd, uint32_t *kind, struct buf *bytes, size_t most, struct err *e)
{
	return frame_receive_by(fd, kind, bytes, most, 0, e);
}

void frame_error_write(struct buf *out, const struct err *err)
{
	buf_lstr(out, str_of(err_kind_word(err->kind)));
	buf_u32(out, (uint32_t)err->sys);
	buf_lstr(out, str_of(err->text));
}

void frame_error_read(struct err *out, str bytes)
{
	struct reader r = reader_over(bytes);
	str kind = read_lstr(&r);
	uint32_t sys = read_u32le(&r);
	str text = read_lstr(&r);

	if (r.bad || str_eq(kind, STR("none"))) {
		err_set(out, ERR_CORRUPT, "an error that cannot be read");
		return;
	}
	err_set(out, err_kind_of(kind), STR_FMT, STR_ARG(text));
	out->sys = (int)sys;
}
