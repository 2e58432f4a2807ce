#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_kit.h"
#include "base/clock.h"
#include "base/fd.h"
#include "catalog/layer.h"
#include "flow/worker.h"

static const char *worker_path(void)
{
	static char path[4096];
	const char *build = getenv("PLIMSOLL_BUILD");

	snprintf(path, sizeof(path), "%s/plimsoll-worker", build ? build : ".");
	return path;
}

static int memory_file(str bytes)
{
	struct err e;
	int fd = memfd_create("test", MFD_CLOEXEC);

	if (fd >= 0 && fd_write(fd, bytes, &e) < 0)
		fd_closep(&fd);
	return fd;
}

/* Runs a job to its end. */
static int run(const struct worker_job *job, struct buf *result, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;

	if (worker_start(&w, job, e) < 0)
		return -1;
	return worker_wait(w, result, e);
}

struct layer_run {
	struct buf facts_bytes;
	struct arena arena;
	struct facts facts;
	struct err err;
	int rc;
};

static void layer_run_free(struct layer_run *r)
{
	buf_free(&r->facts_bytes);
	arena_free(&r->arena);
}

static struct layer_run run_layer(str stored, bool unjailed)
{
	struct layer_run r = { .facts_bytes = BUF(64 << 20), .arena = ARENA(64 << 20), .rc = -1 };
	CLEANUP(fd_closep)
	int in = memory_file(stored);
	CLEANUP(fd_closep)
	int out = memory_file(STR_NONE);
	CLEANUP(fd_closep)
	int scratch = memory_file(STR_NONE);
	CLEANUP(buf_free)
	struct buf job = BUF(4096);
	CLEANUP(buf_free)
	struct buf result = BUF(4096);
	struct layer_job layer = { .size = stored.n, .coding = LAYER_GZIP };
	int fds[LAYER_FD_COUNT_] = { in, out, scratch };
	struct worker_job w = { .role = "layer",
				.what = "layer 3",
				.program = worker_path(),
				.fds = fds,
				.nfds = 3,
				.limits = worker_limits(),
				.seconds = 60,
				.unjailed = unjailed };

	layer_job_write(&job, &layer);
	w.bytes = buf_str(&job);
	if (run(&w, &result, &r.err) < 0)
		return r;
	lseek(out, 0, SEEK_SET);
	if (fd_read(&r.facts_bytes, out, 64 << 20, &r.err) == 0)
		r.rc = facts_read(&r.facts, buf_str(&r.facts_bytes), &r.arena, &r.err);
	return r;
}

#define STATUS \
	"Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n"

static void sample(struct buf *gz)
{
	CLEANUP(buf_free)
	struct buf b = BUF(16 << 20);
	CLEANUP(buf_free)
	struct buf large = BUF(16 << 20);

	buf_put(&large, STR("Description: long\n"));
	while (large.n <= 9 << 20)
		buf_put(&large, STR(" a line of a very long description of a package\n"));
	buf_put(&large, STR(STATUS));
	KIT_ADD(&b, '0', "var/lib/dpkg/status", .content = STR(STATUS));
	KIT_ADD(&b, '0', "var/lib/dpkg/status.d/large", .content = buf_str(&large));
	kit_end(&b);
	kit_gzip(gz, buf_str(&b));
}

TEST(a_layer_is_read_in_a_jail_of_its_own)
{
	CLEANUP(buf_free)
	struct buf gz = BUF(32 << 20);

	sample(&gz);
	for (int unjailed = 0; unjailed < 2; unjailed++) {
		CLEANUP(layer_run_free)
		struct layer_run r = run_layer(buf_str(&gz), unjailed);

		printf("# %s\n", r.rc < 0 ? r.err.text : "read");
		CHECK(r.rc == 0 && r.facts.evidence.n == 2 && r.facts.files == 2);
		for (size_t i = 0; i < r.facts.reasons.n; i++)
			printf("# " STR_FMT "\n", STR_ARG(r.facts.reasons.v[i].text));
		CHECK(r.facts.reasons.n == 0);
		CHECK_STR(r.facts.evidence.v[0].packages.v[0].name, STR("bash"));
	}
}

TEST(the_workers_own_error_arrives)
{
	CLEANUP(buf_free)
	struct buf result = BUF(4096);
	struct worker_job w = { .role = "layer",
				.program = worker_path(),
				.bytes = STR("nonsense"),
				.limits = worker_limits() };
	struct err e;

	CHECK(run(&w, &result, &e) == -1 && e.kind == ERR_USAGE);
	CHECK(strstr(e.text, "malformed") != NULL);
	w.role = "no-such-role";
	CHECK(run(&w, &result, &e) == -1 && e.kind == ERR_USAGE);
	if (SANITIZED_THREADS)
		SKIP("ThreadSanitizer turns vfork into fork, and the child's word is lost");
	w.program = "/there/is/none";
	CHECK(run(&w, &result, &e) == -1 && e.kind == ERR_MISSING);
	/* Beside this test there is none, and nothing is installed where it would be. */
	w.program = NULL;
	CHECK(run(&w, &result, &e) == -1);
}

/* A shell line as if it were a worker; socket 3 is what it talks over. */
static int run_script(const char *line, uint32_t seconds, struct err *e)
{
	CLEANUP(buf_free)
	struct buf result = BUF(4096);
	char name[] = "/tmp/plimsoll-worker-XXXXXX";
	struct worker_job w = { .role = "layer",
				.what = "layer 3",
				.program = name,
				.seconds = seconds,
				.limits = worker_limits(),
				.most = 1000 };
	CLEANUP(buf_free)
	struct buf script = BUF(4096);
	int fd = mkstemp(name);

	buf_printf(&script, "#!/bin/sh\n%s\n", line);
	if (fd < 0 || fd_write(fd, buf_str(&script), e) < 0 || fchmod(fd, 0700) < 0)
		return -2;
	close(fd);
	int r = run(&w, &result, e);

	unlink(name);
	return r;
}

TEST(whatever_ends_a_worker_is_one_honest_error)
{
	static const struct {
		const char *line;
		enum err_kind kind;
		const char *words;
	} rows[] = {
		{ "kill -SEGV $$", ERR_CORRUPT, "crashed" },
		{ "kill -SYS $$", ERR_CORRUPT, "its jail forbids" },
		{ "kill -XCPU $$", ERR_LIMIT, "processor time" },
		{ "kill -XFSZ $$", ERR_LIMIT, "wrote more" },
		{ "kill -KILL $$", ERR_CORRUPT, "killed by Killed" },
		{ "exit 7", ERR_CORRUPT, "status 7" },
		{ "exec sleep 1000", ERR_LIMIT, "killed after 1 seconds" },
		{ "printf 'junk' >&3; exec 3>&-; exec sleep 1000", ERR_CORRUPT, "" },
		{ "exec 3>&-; exec sleep 1000", ERR_CORRUPT, "killed by Killed" },
		{ "printf '\\377\\0\\0\\0\\0\\0\\0\\0' >&3; exec sleep 1000", ERR_CORRUPT,
		  "no reader sends" },
		{ "printf '\\2\\0\\0\\0\\377\\377\\377\\377' >&3; exec sleep 1000", ERR_LIMIT, "" },
		{ "printf '\\3\\0\\0\\0\\0\\0\\0\\0' >&3; exec sleep 1000", ERR_CORRUPT,
		  "cannot be read" },
		{ "head -c 8 <&3 >/dev/null; printf '\\2\\0\\0\\0\\0\\0\\0\\0' >&3; exec sleep 1000",
		  ERR_NONE, "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = { 0 };
		int64_t from = clock_ticks();
		int r = run_script(rows[i].line, 1, &e);

		printf("# %s: %s\n", rows[i].line, e.text);
		CHECK(r == (rows[i].kind ? -1 : 0));
		CHECK(r == 0 || (e.kind == rows[i].kind && strstr(e.text, rows[i].words)));
		CHECK(clock_ticks() - from < 20ll * 1000000000);
	}
}

static int answer_with_file(void *ctx, int *fd, str words, struct err *e)
{
	int *asked = ctx;

	++*asked;
	if (!str_eq(words, STR("good")))
		return err_set(e, ERR_MISSING, "there is no such file");
	*fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return 0;
}

TEST(what_a_worker_asks_for_is_answered_or_refused)
{
	CLEANUP(buf_free)
	struct buf result = BUF(4096);
	char name[] = "/tmp/plimsoll-worker-XXXXXX";
	static const str script = STR_INIT("#!/bin/sh\nprintf '\\4\\0\\0\\0\\4\\0\\0\\0good' >&3\n"
					   "printf '\\4\\0\\0\\0\\3\\0\\0\\0bad' >&3\n"
					   "printf '\\2\\0\\0\\0\\0\\0\\0\\0' >&3\n"
					   "exec sleep 1000\n");
	int fd = mkstemp(name), asked = 0;
	struct worker_job w = { .role = "layer",
				.program = name,
				.seconds = 10,
				.answer = answer_with_file,
				.answer_ctx = &asked };
	struct err e;

	CHECK(fd >= 0 && fd_write(fd, script, &e) == 0 && fchmod(fd, 0700) == 0);
	close(fd);
	int r = run(&w, &result, &e);

	w.answer = NULL;
	int again = run(&w, &result, &e);

	unlink(name);
	CHECK(r == 0 && asked == 2 && again == 0);
}

static size_t descriptors(void)
{
	size_t n = 0;
	DIR *d = opendir("/proc/self/fd");

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

TEST(workers_leave_no_descriptors_behind)
{
	CLEANUP(buf_free)
	struct buf gz = BUF(32 << 20);
	size_t before = descriptors();

	sample(&gz);
	CLEANUP(layer_run_free)
	struct layer_run r = run_layer(buf_str(&gz), false);
	struct err e;

	CHECK(r.rc == 0 && run_script("exit 1", 1, &e) == -1);
	CHECK(descriptors() == before);
}

TEST_MAIN
