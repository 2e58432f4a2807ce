#include "flow/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/spawn.h"
#include "net/frame.h"

#define RESULT_BYTES (1 * MIB)

struct worker {
	struct child child;
	int control;
	char *what;
	size_t most;
	uint32_t seconds;
	int64_t deadline; /* clock_ticks, or 0 */
	int (*answer)(void *ctx, int *fd, str words, struct err *e);
	void *answer_ctx;
	bool killed; /* or dead, or talking nonsense */
};

struct jail_limits worker_limits(void)
{
	return (struct jail_limits){
		.memory = 512 * MIB,
		.file_bytes = LIMIT_SCRATCH_BYTES,
		.seconds = 3600,
	};
}

/* Beside this program, as it is built and installed; else where the package puts helpers. */
static int worker_program(char *out, size_t size, struct err *e)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	str dir = n > 0 ? str_dir((str){ self, (size_t)n }) : STR_NONE;

	snprintf(out, size, STR_FMT "/plimsoll-worker", STR_ARG(dir));
	if (n > 0 && access(out, X_OK) == 0)
		return 0;
	snprintf(out, size, "%s/plimsoll-worker", PLIMSOLL_LIBEXECDIR);
	if (access(out, X_OK) == 0)
		return 0;
	return err_set(e, ERR_MISSING, "plimsoll-worker is neither beside this program nor in %s",
		       PLIMSOLL_LIBEXECDIR);
}

static int worker_spawn(struct worker *w, const struct worker_job *job, int theirs, struct err *e)
{
	char program[8192], memory[32], file_bytes[32], seconds[32], fds_text[32];
	int fds[ROLE_FD_FIRST + ROLE_FDS_MOST] = { -1, -1, -1, theirs };
	const char *argv[] = { "plimsoll-worker",
			       job->role,
			       memory,
			       file_bytes,
			       seconds,
			       fds_text,
			       job->unjailed ? "--unjailed" : NULL,
			       NULL };
	struct spawn s = { .program = job->program ? job->program : program,
			   .argv = argv,
			   .fds = fds,
			   .nfds = ROLE_FD_FIRST + job->nfds };

	if (job->nfds > ROLE_FDS_MOST)
		return err_set(e, ERR_USAGE, "%zu descriptors for one worker", job->nfds);
	if (!job->program && worker_program(program, sizeof(program), e) < 0)
		return -1;
	for (size_t i = 0; i < job->nfds; i++)
		fds[ROLE_FD_FIRST + i] = job->fds[i];
	snprintf(memory, sizeof(memory), "%llu", (unsigned long long)job->limits.memory);
	snprintf(file_bytes, sizeof(file_bytes), "%llu",
		 (unsigned long long)job->limits.file_bytes);
	snprintf(seconds, sizeof(seconds), "%u", job->limits.seconds);
	snprintf(fds_text, sizeof(fds_text), "%zu", job->nfds);
	return spawn_start(&w->child, &s, e);
}

int worker_start(struct worker **out, const struct worker_job *job, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = calloc(1, sizeof(*w));
	CLEANUP(fd_closep)
	int theirs = -1;
	int ends[2];

	if (!w)
		return err_nomem(e);
	w->control = -1;
	w->what = strdup(job->what ? job->what : job->role);
	w->most = job->most ? job->most : RESULT_BYTES;
	w->seconds = job->seconds;
	w->answer = job->answer;
	w->answer_ctx = job->answer_ctx;
	if (job->seconds)
		w->deadline = clock_ticks() + (int64_t)job->seconds * 1000000000;
	if (!w->what)
		return err_nomem(e);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return err_sys(e, "cannot make a socket");
	w->control = ends[0];
	theirs = ends[1];
	if (worker_spawn(w, job, theirs, e) < 0)
		return -1;
	/* Ours must be the only copy, or the death of the worker would not be the end of file. */
	fd_closep(&theirs);
	/* One that is gone already has said why, or worker_wait finds out what became of it. */
	if (frame_send(w->control, FRAME_JOB, job->bytes, e) < 0 && e->sys != EPIPE)
		return err_within(e, "the reader of %s", w->what);
	*out = TAKE(w, NULL);
	return 0;
}

static enum err_kind death_kind(int sig)
{
	return sig == SIGXCPU || sig == SIGXFSZ ? ERR_LIMIT : ERR_CORRUPT;
}

/* It is gone, or has closed its socket and has nothing more to say: what ended it. */
static int worker_died(struct worker *w, struct err *e)
{
	int status = 0;

	w->killed = true;
	/* One that only closed its socket would let us wait for ever; one that is dying already has
	 * its status, which this does not change. */
	kill(w->child.pid, SIGKILL);
	if (spawn_wait(&w->child, &status, NULL, e) < 0)
		return -1;
	if (!WIFSIGNALED(status))
		return err_set(e, ERR_CORRUPT,
			       "the reader of %s ended without a word (status %d); this part could "
			       "not be read",
			       w->what, WEXITSTATUS(status));
	const char *words = jail_signal_words(WTERMSIG(status));

	return err_set(e, death_kind(WTERMSIG(status)),
		       "the reader of %s was killed by %s%s%s; this part could not be read",
		       w->what, strsignal(WTERMSIG(status)), words ? ": " : "", words ? words : "");
}

static int worker_answer(struct worker *w, str words, struct err *e)
{
	CLEANUP(buf_free)
	struct buf no = BUF(4000);
	CLEANUP(fd_closep)
	int fd = -1;
	struct err why;
	int r;

	if (w->answer)
		r = w->answer(w->answer_ctx, &fd, words, &why);
	else
		r = err_set(&why, ERR_DENIED, "nothing more may be asked for");
	if (r == 0)
		return fd_send(w->control, &fd, 1, STR("+"), e);
	buf_putc(&no, '-');
	frame_error_write(&no, &why);
	if (buf_check(&no, e) < 0)
		return -1;
	return fd_send(w->control, NULL, 0, buf_str(&no), e);
}

/* One frame: 1 done, 0 there is more to come, -1 and *e. */
static int worker_frame(struct worker *w, uint32_t kind, const struct buf *bytes, struct err *e)
{
	switch (kind) {
	case FRAME_RESULT:
		return 1;
	case FRAME_ASK:
		return worker_answer(w, buf_str(bytes), e);
	case FRAME_ERROR:
		frame_error_read(e, buf_str(bytes));
		return -1;
	default:
		return err_set(e, ERR_CORRUPT,
			       "the reader of %s sent what no reader sends; this part could not be "
			       "read",
			       w->what);
	}
}

int worker_wait(struct worker *w, struct buf *result, struct err *e)
{
	uint32_t kind = 0;
	int r;

	for (;;) {
		r = frame_receive_by(w->control, &kind, result, w->most, w->deadline, e);
		if (r == 0)
			return worker_died(w, e);
		if (r < 0 && e->sys != ETIMEDOUT)
			err_within(e, "the reader of %s", w->what);
		if (r < 0)
			break;
		r = worker_frame(w, kind, result, e);
		if (r != 0)
			break;
	}
	/* What it wrote was written before its last frame; nothing it still does is wanted. */
	spawn_killp(&w->child);
	if (r > 0)
		return 0;
	buf_clear(result);
	w->killed = kind != FRAME_ERROR;
	if (e->sys == ETIMEDOUT)
		return err_set(
			e, ERR_LIMIT,
			"the reader of %s was killed after %u seconds; this part could not be "
			"read",
			w->what, w->seconds);
	return -1;
}

bool worker_was_killed(const struct worker *w)
{
	return w->killed;
}

int worker_fd(const struct worker *w)
{
	return w->control;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	spawn_killp(&w->child);
	fd_closep(&w->control);
	free(w->what);
	free(w);
}

void worker_freep(struct worker **w)
{
	worker_free(*w);
}
