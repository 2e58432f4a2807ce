#include "net/role.h"

#include "base/fd.h"
#include "net/frame.h"

int role_ask(int *fd, str words, struct err *e)
{
	CLEANUP(buf_free)
	struct buf answer = BUF(8 << 10);
	CLEANUP(fd_closep)
	int got = -1;
	size_t n = 0;

	if (frame_send(ROLE_CONTROL, FRAME_ASK, words, e) < 0)
		return -1;
	int r = fd_receive(ROLE_CONTROL, &got, 1, &n, &answer, e);

	if (r < 0)
		return -1;
	if (r == 0 || answer.n == 0)
		return err_set(e, ERR_IO, "nobody answered");
	if (answer.p[0] == '+' && n == 1) {
		*fd = TAKE(got, -1);
		return 0;
	}
	frame_error_read(e, str_from(buf_str(&answer), 1));
	return -1;
}
