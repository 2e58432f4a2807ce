#include "image/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/spawn.h"

#define SECOND_TICKS INT64_C(1000000000)

/* The name comes from a file: it must not lead to another program than it says. */
static bool is_name(str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ch_alnum(name.p[i]) && !memchr("-_.", name.p[i], 3))
			return false;
	return name.n > 0 && name.n <= 64;
}

static int find_program(char out[4096], str name, str path, struct err *e)
{
	for (str dir; str_next(&path, ':', &dir);) {
		int n = snprintf(out, 4096, STR_FMT "/docker-credential-" STR_FMT, STR_ARG(dir),
				 STR_ARG(name));

		if (str_starts(dir, STR("/")) && n < 4096 && access(out, X_OK) == 0)
			return 0;
	}
	return err_set(e, ERR_MISSING,
		       "the program docker-credential-" STR_FMT
		       ", which the user's configuration names, is not in PATH",
		       STR_ARG(name));
}

/* Everything it prints until it closes its end, or until time is up. */
static int read_until(struct buf *out, int fd, int64_t deadline, struct err *e)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - clock_ticks();
		ssize_t n;
		int r = left > 0 ? poll(&p, 1, (int)(left / 1000000) + 1) : 0;

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return err_sys(e, "cannot wait for it");
		if (r == 0)
			return err_set(e, ERR_LIMIT, "it was killed after %d seconds",
				       LIMIT_CREDENTIAL_SECONDS);
		char *to = buf_room(out, 4096);

		if (!to)
			return err_set(e, ERR_LIMIT, "it printed more than %zu bytes",
				       LIMIT_CREDENTIAL_BYTES);
		n = read(fd, to, 4096);
		if (n < 0 && errno != EINTR)
			return err_sys(e, "cannot read from it");
		if (n == 0)
			return 0;
		out->n += n > 0 ? (size_t)n : 0;
	}
}

/* It has closed its end; that is no promise that it ends. */
static int wait_until(struct child *child, int *status, int64_t deadline, struct err *e)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	siginfo_t info = { 0 };

	while (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
	       info.si_pid == 0) {
		if (clock_ticks() > deadline)
			return err_set(e, ERR_LIMIT, "it was killed after %d seconds",
				       LIMIT_CREDENTIAL_SECONDS);
		nanosleep(&pause, NULL);
	}
	return spawn_wait(child, status, NULL, e);
}

struct pipes {
	int in[2], out[2];
};

static void pipes_close(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		fd_closep(&p->in[i]);
		fd_closep(&p->out[i]);
	}
}

static int talk(struct buf *out, const char *program, str server, const struct surroundings *s,
		struct err *e)
{
	CLEANUP(pipes_close)
	struct pipes p = { { -1, -1 }, { -1, -1 } };
	CLEANUP(spawn_killp)
	struct child child = { 0 };
	int64_t deadline = clock_ticks() + LIMIT_CREDENTIAL_SECONDS * SECOND_TICKS;
	const char *argv[] = { program, "get", NULL };
	int status = 0;

	if (pipe2(p.in, O_CLOEXEC) < 0 || pipe2(p.out, O_CLOEXEC) < 0)
		return err_sys(e, "cannot make a pipe");
	int fds[] = { p.in[0], p.out[1], 2 };
	const struct spawn spawn = {
		.program = program, .argv = argv, .envp = s->envp, .fds = fds, .nfds = COUNT(fds)
	};

	/* before it starts: a pipe holds a name of this length, whether or not anybody reads */
	if (server.n > 2048 || fd_write(p.in[1], server, e) < 0)
		return err_set(e, ERR_USAGE, "the server's name is too long");
	if (spawn_start(&child, &spawn, e) < 0)
		return -1;
	fd_closep(&p.in[0]);
	fd_closep(&p.in[1]);
	fd_closep(&p.out[1]);
	if (read_until(out, p.out[0], deadline, e) < 0 ||
	    wait_until(&child, &status, deadline, e) < 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int helper_run(struct buf *out, str name, str server, const struct surroundings *s, struct err *e)
{
	char program[4096];

	if (!is_name(name))
		return err_set(e, ERR_USAGE, "\"" STR_FMT "\" is no name of a credential helper",
			       STR_ARG(str_first(name, 80)));
	if (find_program(program, name, s->path, e) < 0)
		return -1;
	int r = talk(out, program, server, s, e);

	if (r < 0)
		return err_within(e, "docker-credential-" STR_FMT, STR_ARG(name));
	/* the protocol's way to say that it has none: failure and these words */
	if (r == 0 && !str_has(buf_str(out), STR("credentials not found")))
		return err_set(e, ERR_DENIED, "docker-credential-" STR_FMT " fails: " STR_FMT,
			       STR_ARG(name), STR_ARG(str_first(str_trim(buf_str(out)), 200)));
	return r;
}
