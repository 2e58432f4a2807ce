#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

/* What the child needs, made before it: it borrows our memory (vfork) until the program runs, so
 * it only makes system calls, and leaves `code` behind when it fails. */
struct plan {
	const struct spawn *s;
	int fds[SPAWN_FDS_MOST];
	int code; /* errno */
	pid_t parent;
	sigset_t mask;
};

static int child_descriptors(struct plan *p)
{
	int n = (int)p->s->nfds;

	/* First out of the way of the numbers they will get, then onto them. */
	for (int i = 0; i < n; i++)
		if (p->fds[i] < n && (p->fds[i] = fcntl(p->fds[i], F_DUPFD_CLOEXEC, n)) < 0)
			return -1;
	for (int i = 0; i < n; i++)
		if (dup2(p->fds[i], i) < 0)
			return -1;
	/* Kernels before 5.11 lack the flag; every descriptor of ours is close-on-exec anyway. */
	close_range((unsigned)n, ~0u, CLOSE_RANGE_CLOEXEC);
	return 0;
}

static void child_run(struct plan *p)
{
	static const char *const none[] = { NULL };
	const char *const *envp = p->s->envp ? p->s->envp : none;

	errno = 0;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigprocmask(SIG_SETMASK, &p->mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != p->parent)
		_exit(127);
	if (child_descriptors(p) == 0)
		execve(p->s->program, (char *const *)(uintptr_t)p->s->argv,
		       (char *const *)(uintptr_t)envp);
	p->code = errno ? errno : EIO;
	_exit(127);
}

/* vfork: a parent with much memory starts a child as fast as one with little. */
static int forked(struct child *out, struct plan *p, struct err *e)
{
	struct child c;
	sigset_t all;
	int status;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &p->mask);
	c.pid = vfork();
	if (c.pid == 0)
		child_run(p);
	int failed = errno;

	pthread_sigmask(SIG_SETMASK, &p->mask, NULL);
	errno = failed;
	if (c.pid < 0)
		return err_sys(e, "cannot start a process");
	if (p->code) {
		if (spawn_wait(&c, &status, NULL, e) < 0)
			return -1;
		errno = p->code;
		return err_sys(e, "cannot start %s", p->s->program);
	}
	*out = c;
	return 0;
}

int spawn_start(struct child *out, const struct spawn *s, struct err *e)
{
	CLEANUP(fd_closep)
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct plan p = { .s = s, .parent = getpid() };

	if (s->nfds > SPAWN_FDS_MOST)
		return err_set(e, ERR_USAGE, "%zu descriptors for one program", s->nfds);
	if (null < 0)
		return err_sys(e, "cannot open /dev/null");
	for (size_t i = 0; i < s->nfds; i++)
		p.fds[i] = s->fds[i] < 0 ? null : s->fds[i];
	return forked(out, &p, e);
}

int spawn_wait(struct child *c, int *status, struct rusage *used, struct err *e)
{
	struct rusage unused;
	pid_t got;

	do
		got = wait4(c->pid, status, 0, used ? used : &unused);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_sys(e, "cannot wait for a process");
	c->pid = 0;
	return 0;
}

void spawn_killp(struct child *c)
{
	struct err ignored;
	int status;

	if (c->pid <= 0)
		return;
	kill(c->pid, SIGKILL);
	if (spawn_wait(c, &status, NULL, &ignored) < 0)
		c->pid = 0;
}
