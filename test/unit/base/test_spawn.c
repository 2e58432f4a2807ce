#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/spawn.h"

struct pipe_ends {
	int out, in;
};

static void pipe_close(struct pipe_ends *p)
{
	fd_closep(&p->out);
	fd_closep(&p->in);
}

static struct pipe_ends pipe_open(void)
{
	int v[2] = { -1, -1 };

	if (pipe2(v, 02000000) < 0)
		v[0] = v[1] = -1;
	return (struct pipe_ends){ v[0], v[1] };
}

/* Runs a shell line with its output in *out. */
static int shell(struct buf *out, const char *line, const char *const *envp, int *status)
{
	CLEANUP(pipe_close)
	struct pipe_ends p = pipe_open();
	CLEANUP(spawn_killp)
	struct child c = { 0 };
	const char *argv[] = { "sh", "-c", line, NULL };
	int fds[] = { -1, p.in, -1, p.in };
	struct spawn s = {
		.program = "/bin/sh", .argv = argv, .envp = envp, .fds = fds, .nfds = 4
	};
	struct err e;

	if (spawn_start(&c, &s, &e) < 0)
		return -1;
	fd_closep(&p.in);
	if (fd_read(out, p.out, 1 << 16, &e) < 0)
		return -1;
	return spawn_wait(&c, status, NULL, &e);
}

TEST(a_program_has_its_descriptors_and_no_others)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	int status;

	CLEANUP(fd_closep)
	int stray = dup(0);
	CHECK(stray >= 0);
	CHECK(shell(&b, "for f in /proc/self/fd/[0-9]*; do echo ${f##*/}; done; echo three >&3",
		    NULL, &status) == 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(str_has(buf_str(&b), STR("0\n1\n2\n3\n")));
	CHECK(str_has(buf_str(&b), STR("three")));
	char unwanted[32];

	snprintf(unwanted, sizeof(unwanted), "\n%d\n", stray);
	CHECK(stray <= 3 || !str_has(buf_str(&b), str_of(unwanted)));
}

TEST(the_environment_is_what_was_given)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	static const char *const envp[] = { "ONE=1", NULL };
	int status;

	CHECK(shell(&b, "echo [$ONE$HOME]", envp, &status) == 0);
	CHECK_STR(buf_str(&b), STR("[1]\n"));
	buf_clear(&b);
	CHECK(shell(&b, "echo [$ONE$HOME]", NULL, &status) == 0);
	CHECK_STR(buf_str(&b), STR("[]\n"));
}

TEST(a_program_that_is_not_there_is_an_error)
{
	static const char *const argv[] = { "x", NULL };
	struct spawn s = { .program = "/there/is/none", .argv = argv };
	struct child c = { 0 };
	struct err e;

	if (SANITIZED_THREADS)
		SKIP("ThreadSanitizer turns vfork into fork, and the child's word is lost");
	CHECK(spawn_start(&c, &s, &e) == -1 && e.kind == ERR_MISSING && c.pid == 0);
	CHECK(strstr(e.text, "/there/is/none") != NULL);
}

TEST(cleanup_kills_and_reaps)
{
	static const char *const argv[] = { "sleep", "1000", NULL };
	struct spawn s = { .program = "/bin/sleep", .argv = argv };
	struct child c = { 0 };
	struct err e;

	CHECK(spawn_start(&c, &s, &e) == 0);
	pid_t pid = c.pid;

	spawn_killp(&c);
	CHECK(c.pid == 0);
	CHECK(waitpid(pid, NULL, WNOHANG) == -1);
}

TEST_MAIN
