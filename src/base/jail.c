#include "base/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One allowed (or deadly) system call. With a mask, argument `arg` & mask must equal `value`. */
struct rule {
	int call;
	int arg;
	uint64_t mask, value;
};

#define ANY(name)                        \
	{                                \
		SCMP_SYS(name), -1, 0, 0 \
	}
#define IF(name, arg_, mask_, value_)                     \
	{                                                 \
		SCMP_SYS(name), (arg_), (mask_), (value_) \
	}

/* clang-format off */
static const struct rule allowed[] = {
	/* what is already open */
	ANY(read), ANY(readv), ANY(pread64), ANY(preadv), ANY(lseek),
	ANY(write), ANY(writev), ANY(pwrite64), ANY(pwritev), ANY(ftruncate),
	ANY(recvmsg), ANY(recvfrom), ANY(sendmsg), ANY(close), ANY(fstat), ANY(poll), ANY(ppoll),
	IF(newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH),
	IF(sendto, 4, UINT64_MAX, 0), /* without an address: on a connected socket */
	/* memory, never executable */
	IF(mmap, 2, PROT_EXEC, 0), IF(mprotect, 2, PROT_EXEC, 0),
	ANY(munmap), ANY(mremap), ANY(madvise), ANY(brk),
	/* threads of this process; glibc falls back to clone when clone3 is not there */
	IF(clone, 0, CLONE_THREAD | CLONE_VM | CLONE_SIGHAND, CLONE_THREAD | CLONE_VM | CLONE_SIGHAND),
	ANY(futex), ANY(set_robust_list), ANY(rseq), ANY(sched_yield), ANY(sched_getaffinity),
	ANY(exit), ANY(exit_group), ANY(gettid), ANY(getpid), ANY(restart_syscall),
	/* time, randomness, signals of its own */
	ANY(clock_gettime), ANY(clock_nanosleep), ANY(gettimeofday), ANY(getrandom),
	ANY(rt_sigaction), ANY(rt_sigprocmask), ANY(rt_sigreturn), ANY(sigaltstack),
};

/* No honest code of ours asks for these: whoever does was taken over. */
static const struct rule deadly[] = {
	ANY(open), ANY(openat), ANY(openat2), ANY(creat), ANY(open_by_handle_at),
	ANY(socket), ANY(socketpair), ANY(connect), ANY(bind), ANY(listen), ANY(accept), ANY(accept4),
	ANY(execve), ANY(execveat), ANY(fork), ANY(vfork),
	ANY(ptrace), ANY(process_vm_readv), ANY(process_vm_writev), ANY(kill), ANY(tkill), ANY(pidfd_open),
	ANY(pidfd_getfd), ANY(mount), ANY(unshare), ANY(setns), ANY(bpf), ANY(keyctl), ANY(io_uring_setup),
	ANY(userfaultfd), ANY(perf_event_open), ANY(memfd_create), ANY(unlink), ANY(unlinkat),
	ANY(rename), ANY(renameat), ANY(renameat2), ANY(link), ANY(linkat), ANY(symlink), ANY(symlinkat),
	IF(mmap, 2, PROT_EXEC, PROT_EXEC), IF(mprotect, 2, PROT_EXEC, PROT_EXEC),
	IF(clone, 0, CLONE_THREAD, 0),
};
/* clang-format on */

static int add_rules(scmp_filter_ctx ctx, uint32_t action, const struct rule *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int r;

		if (v[i].arg < 0)
			r = seccomp_rule_add(ctx, action, v[i].call, 0);
		else
			r = seccomp_rule_add(ctx, action, v[i].call, 1,
					     SCMP_CMP64((unsigned)v[i].arg, SCMP_CMP_MASKED_EQ,
							v[i].mask, v[i].value));
		if (r < 0)
			return r;
	}
	return 0;
}

static int filter_load(struct err *e)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r;

	if (!ctx)
		return err_nomem(e);
	r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(ctx, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
	if (r == 0)
		r = add_rules(ctx, SCMP_ACT_KILL_PROCESS, deadly, COUNT(deadly));
	if (r == 0)
		r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (r == 0)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	if (r == 0)
		return 0;
	errno = -r;
	return err_sys(e, "cannot set up the system call filter");
}

/* Every right that a version of Landlock knows, by the highest bit + 1: versions 1, 2, 3, 5. The
 * second and third words are network and scope, which versions 4 and 6 brought. */
static const struct {
	uint8_t fs, net, scope;
} landlock_rights[] = { { 13, 0, 0 }, { 14, 0, 0 }, { 15, 0, 0 },
			{ 15, 2, 0 }, { 16, 2, 0 }, { 16, 2, 2 } };

/* An empty set of rules: of all rights it handles it grants none. */
static int landlock_enter(int *out, struct err *e)
{
	struct {
		uint64_t fs, net, scope;
	} all = { 0 };
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	*out = 0;
	if (version <= 0)
		return 0;
	size_t row = MIN((size_t)version, COUNT(landlock_rights)) - 1;

	all.fs = ((uint64_t)1 << landlock_rights[row].fs) - 1;
	all.net = ((uint64_t)1 << landlock_rights[row].net) - 1;
	all.scope = ((uint64_t)1 << landlock_rights[row].scope) - 1;
	size_t size = row >= 5 ? 24 : row >= 3 ? 16 : 8;
	long fd = syscall(SYS_landlock_create_ruleset, &all, size, 0);

	if (fd < 0)
		return err_sys(e, "cannot make a Landlock ruleset");
	long r = syscall(SYS_landlock_restrict_self, (int)fd, 0);
	int failed = errno;

	close((int)fd);
	errno = failed;
	if (r < 0)
		return err_sys(e, "cannot enter Landlock");
	*out = (int)version;
	return 0;
}

static int limit_set(__rlimit_resource_t what, uint64_t value, const char *name, struct err *e)
{
	struct rlimit was, now;

	if (getrlimit(what, &was) < 0)
		return err_sys(e, "cannot read the limit on %s", name);
	now.rlim_cur = (rlim_t)MIN(value, (uint64_t)was.rlim_max);
	now.rlim_max = now.rlim_cur;
	/* At the hard limit the kernel just kills; a second before, it says why (SIGXCPU). */
	if (what == RLIMIT_CPU && now.rlim_max < was.rlim_max)
		now.rlim_max++;
	if (setrlimit(what, &now) < 0)
		return err_sys(e, "cannot limit %s", name);
	return 0;
}

/* A new descriptor's number must be below the limit: with 0 none can be had. */
static int limits_set(const struct jail_limits *l, struct err *e)
{
	if (limit_set(RLIMIT_CORE, 0, "core dumps", e) < 0 ||
	    limit_set(RLIMIT_NOFILE, l->descriptors, "descriptors", e) < 0 ||
	    limit_set(RLIMIT_MEMLOCK, 0, "locked memory", e) < 0 ||
	    limit_set(RLIMIT_MSGQUEUE, 0, "message queues", e) < 0)
		return -1;
	if (!SANITIZED && l->memory && limit_set(RLIMIT_DATA, l->memory, "memory", e) < 0)
		return -1;
	if (l->file_bytes && limit_set(RLIMIT_FSIZE, l->file_bytes, "file size", e) < 0)
		return -1;
	if (l->seconds && limit_set(RLIMIT_CPU, l->seconds, "processor time", e) < 0)
		return -1;
	return 0;
}

static bool capabilities_drop(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	return syscall(SYS_capset, &head, none) == 0;
}

int jail_enter(struct jail_state *out, const struct jail_limits *limits, struct err *e)
{
	struct jail_state s = { 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(e, "cannot give up new privileges");
	s.no_new_privs = true;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(e, "cannot forbid dumps");
	s.no_dump = true;
	s.no_capabilities = capabilities_drop();
	if (!limits->no_landlock && landlock_enter(&s.landlock, e) < 0)
		return -1;
	if (limits_set(limits, e) < 0)
		return -1;
	s.limits = true;
	if (filter_load(e) < 0)
		return -1;
	s.seccomp = true;
	*out = s;
	return 0;
}

const char *jail_signal_words(int signal)
{
	static const struct {
		int signal;
		const char *words;
	} rows[] = {
		{ SIGSYS, "it tried what its jail forbids" },
		{ SIGXCPU, "it used more processor time than it may" },
		{ SIGXFSZ, "it wrote more than it may" },
		{ SIGSEGV, "it crashed" },
		{ SIGBUS, "it crashed" },
		{ SIGILL, "it crashed" },
		{ SIGFPE, "it crashed" },
		{ SIGABRT, "it gave up on itself" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].signal == signal)
			return rows[i].words;
	return NULL;
}
