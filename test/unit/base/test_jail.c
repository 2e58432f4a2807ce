#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/jail.h"

enum { NO_JAIL = 99, DONE = 0, REFUSED = 1 };

/* Runs `attempt` in a child that has entered the jail; gives its wait status. */
static int jailed(int (*attempt)(void), const struct jail_limits *limits)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct jail_state s;
		struct err e;

		if (jail_enter(&s, limits, &e) < 0)
			_exit(NO_JAIL);
		_exit(attempt());
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return status;
}

static int try_nothing(void)
{
	return DONE;
}

static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 ? DONE : REFUSED;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DONE : REFUSED;
}

static int try_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return REFUSED;
}

static int try_fork(void)
{
	return syscall(SYS_fork) >= 0 ? DONE : REFUSED;
}

static int try_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0 ? DONE : REFUSED;
}

static int try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0) >= 0 ? DONE : REFUSED;
}

static int try_kill(void)
{
	return kill(getppid(), 0) == 0 ? DONE : REFUSED;
}

static int try_unlink(void)
{
	return unlink("/tmp/no-such-file-of-ours") == 0 ? DONE : REFUSED;
}

static int try_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
			       MAP_FAILED
		       ? DONE
		       : REFUSED;
}

static int try_make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_EXEC) == 0 ? DONE : REFUSED;
}

TEST(what_an_attacker_would_do_first_kills_the_process)
{
	static const struct {
		const char *name;
		int (*attempt)(void);
	} rows[] = {
		{ "open", try_open },
		{ "socket", try_socket },
		{ "exec", try_exec },
		{ "fork", try_fork },
		{ "clone", try_clone },
		{ "ptrace", try_ptrace },
		{ "kill", try_kill },
		{ "unlink", try_unlink },
		{ "executable memory", try_executable_memory },
		{ "memory made executable", try_make_executable },
	};
	struct jail_limits none = { 0 };

	CHECK(jailed(try_nothing, &none) == 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int status = jailed(rows[i].attempt, &none);

		printf("# %s: status %x\n", rows[i].name, (unsigned)status);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	}
	CHECK(jail_signal_words(SIGSYS) != NULL);
}

/* Not on the deadly list, not on the allowed one. */
static int try_others(void)
{
	char where[64];

	if (syscall(SYS_getcwd, where, sizeof(where)) >= 0 || errno != EPERM)
		return 2;
	if (dup(0) >= 0 || errno != EPERM)
		return 3;
	return DONE;
}

TEST(the_rest_is_refused)
{
	struct jail_limits none = { 0 };

	CHECK(jailed(try_others, &none) == 0);
}

static void *thread_run(void *arg)
{
	int *n = arg;
	void *p = malloc(1 << 20);

	*n = p != NULL;
	free(p);
	return NULL;
}

static int try_work(void)
{
	pthread_t t;
	int n = 0;

	if (pthread_create(&t, NULL, thread_run, &n) || pthread_join(t, NULL))
		return 2;
	return n == 1 ? DONE : 3;
}

TEST(memory_and_threads_still_work)
{
	struct jail_limits none = { 0 };

	CHECK(jailed(try_work, &none) == 0);
}

static int try_memory(void)
{
	void *p = malloc(256 << 20);

	return p ? DONE : REFUSED;
}

static int try_spin(void)
{
	for (volatile unsigned long i = 0;; i++)
		;
	return DONE;
}

TEST(memory_and_time_have_limits)
{
	struct jail_limits l = { .memory = 64 << 20, .seconds = 1 };
	int status;

	if (SANITIZED)
		SKIP("sanitizers take memory without limit");
	status = jailed(try_memory, &l);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == REFUSED);
	status = jailed(try_spin, &l);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
}

static int scratch = -1;

static int try_write_past(void)
{
	char page[4096] = { 0 };

	for (int i = 0; i < 4; i++)
		if (write(scratch, page, sizeof(page)) != sizeof(page))
			return REFUSED;
	return DONE;
}

TEST(a_file_grows_no_further_than_it_may)
{
	struct jail_limits l = { .file_bytes = 8192 };
	char name[] = "/tmp/plimsoll-test-XXXXXX";

	scratch = mkstemp(name);
	CHECK(scratch >= 0);
	unlink(name);
	int status = jailed(try_write_past, &l);

	close(scratch);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
}

/* What jail_enter said, as an exit code. */
static int state_of(const struct jail_limits *limits)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct jail_state s;
		struct err e;

		if (jail_enter(&s, limits, &e) < 0)
			_exit(NO_JAIL);
		_exit((s.no_new_privs && s.no_dump && s.seccomp && s.limits ? 0 : 64) | s.landlock);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST(without_landlock_the_jail_stands_and_says_so)
{
	struct jail_limits without = { .no_landlock = true }, with = { 0 };
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);

	CHECK(state_of(&without) == 0);
	CHECK(state_of(&with) == (version > 0 ? version : 0));
	int status = jailed(try_open, &without);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

TEST_MAIN
