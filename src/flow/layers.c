#include "flow/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "flow/worker.h"
#include "image/tarsplit.h"
#include "image/unpacked.h"

struct pool {
	struct layer_task *tasks;
	size_t n, next;
	struct cache *cache;
	const struct scan_options *options;
	struct scan_progress *progress;
	pthread_mutex_t lock;
};

int scratch_open(int *fd, struct cache *cache, struct err *e)
{
	static const char *const places[] = { "/var/tmp", "/tmp" };

	if (cache && cache_temporary(fd, cache, e) == 0)
		return 0;
	for (size_t i = 0; i < COUNT(places); i++)
		if (fd_temporary(fd, AT_FDCWD, places[i], e) == 0)
			return 0;
	return -1;
}

static int facts_file(struct layer_task *t, struct cache *cache, struct err *e)
{
	fd_closep(&t->facts);
	if (cache && !t->uncached && cache_temporary(&t->facts, cache, e) == 0)
		return 0;
	t->uncached = true;
	t->facts = memfd_create("facts", MFD_CLOEXEC);
	return t->facts < 0 ? err_sys(e, "cannot make a file in memory") : 0;
}

/* The worker that reads the layer, with `stored` as its bytes. */
static int start_reader(struct worker **out, struct layer_task *t, const struct pool *p, int stored,
			struct err *e)
{
	CLEANUP(fd_closep)
	int scratch = -1;
	CLEANUP(buf_free)
	struct buf bytes = BUF(64 << 10);
	struct err none;
	char what[32];

	snprintf(what, sizeof(what), "layer %zu", t->number);
	(void)!scratch_open(&scratch, p->cache, &none); /* large files are then said to be unread */
	int fds[LAYER_FD_COUNT_] = { stored, t->facts, scratch };
	struct worker_job job = { .role = "layer",
				  .what = what,
				  .fds = fds,
				  .nfds = scratch < 0 ? LAYER_FD_SCRATCH : LAYER_FD_COUNT_,
				  .limits = worker_limits(),
				  .seconds = LIMIT_LAYER_SECONDS,
				  .program = p->options->worker,
				  .unjailed = p->options->unjailed };

	layer_job_write(&bytes, &t->job);
	if (buf_check(&bytes, e) < 0)
		return -1;
	job.bytes = buf_str(&bytes);
	return worker_start(out, &job, e);
}

static int wait_for(struct layer_task *t, struct worker *w, struct err *e)
{
	CLEANUP(buf_free)
	struct buf result = BUF(64 << 10);

	if (worker_wait(w, &result, e) == 0) {
		t->again = result.n > 0;
		return 0;
	}
	t->died = worker_was_killed(w);
	return -1;
}

/* The exact archive again, from the list of its parts and the unpacked files. */
static int feed_split(struct layer_task *t, const struct pool *p, int to, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(fd_closep)
	int from = -1;
	CLEANUP(fd_closep)
	int theirs = -1;
	CLEANUP(buf_free)
	struct buf result = BUF(64 << 10);
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, "cannot make a pipe");
	from = ends[0];
	theirs = ends[1];
	int fds[] = { t->input.split, theirs };
	struct worker_job job = { .role = "tarsplit",
				  .what = "a layer's list of parts",
				  .fds = fds,
				  .nfds = COUNT(fds),
				  .limits = worker_limits(),
				  .seconds = LIMIT_LAYER_SECONDS,
				  .program = p->options->worker,
				  .unjailed = p->options->unjailed };
	struct err why;

	if (worker_start(&w, &job, e) < 0)
		return -1;
	fd_closep(&theirs);
	if (tarsplit_join(to, from, t->input.dir, e) == 0)
		return worker_wait(w, &result, e);
	fd_closep(&from);
	/* the list that ended too early may have a better reason */
	if (e->kind == ERR_CORRUPT && worker_wait(w, &result, &why) < 0 && why.sys != EPIPE)
		*e = why;
	return -1;
}

static int feed_walk(struct layer_task *t, int to, struct err *e)
{
	const struct unpacked u = {
		.to = to, .overlay = t->job.overlay, .reasons = &t->reasons, .arena = &t->arena
	};

	return unpacked_walk(&u, t->input.dir, e);
}

static int read_fed(struct layer_task *t, const struct pool *p, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(fd_closep)
	int to = -1;
	CLEANUP(fd_closep)
	int theirs = -1;
	struct err fed = { 0 };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, "cannot make a pipe");
	theirs = ends[0];
	to = ends[1];
	if (start_reader(&w, t, p, theirs, e) < 0)
		return -1;
	fd_closep(&theirs);
	int r = t->input.split >= 0 ? feed_split(t, p, to, &fed) : feed_walk(t, to, &fed);

	fd_closep(&to);
	if (r < 0 && fed.sys != EPIPE) {
		*e = fed;
		return -1;
	}
	/* when its reader went away first, the reader knows why */
	return wait_for(t, w, e);
}

static int read_stored(struct layer_task *t, const struct pool *p, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;

	if (start_reader(&w, t, p, t->input.fd, e) < 0)
		return -1;
	return wait_for(t, w, e);
}

/* A layer as its registry sends it, read while it comes. */
static int read_fetched(struct layer_task *t, const struct pool *p, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(fd_closep)
	int to = -1;
	CLEANUP(fd_closep)
	int theirs = -1;
	struct err sent = { 0 };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, "cannot make a pipe");
	theirs = ends[0];
	to = ends[1];
	if (start_reader(&w, t, p, theirs, e) < 0)
		return -1;
	fd_closep(&theirs);
	int r = registry_blob(to, t->input.registry, &t->input.digest, t->input.size, &sent);

	fd_closep(&to);
	if (r < 0 && sent.sys != EPIPE) {
		*e = sent;
		t->unsent = true;
		return -1;
	}
	return wait_for(t, w, e);
}

/* Hard links may want what has gone by already: then the layer is fetched once more, to a file. */
static int read_spooled(struct layer_task *t, const struct pool *p, struct err *e)
{
	CLEANUP(fd_closep)
	int spool = -1;

	if (t->input.size > LIMIT_SPOOL_BYTES)
		return err_set(e, ERR_LIMIT, "its hard links want %llu bytes kept, more than %llu",
			       (unsigned long long)t->input.size,
			       (unsigned long long)LIMIT_SPOOL_BYTES);
	if (facts_file(t, p->cache, e) < 0 || scratch_open(&spool, p->cache, e) < 0)
		return -1;
	if (registry_blob(spool, t->input.registry, &t->input.digest, t->input.size, e) < 0) {
		t->unsent = true;
		return -1;
	}
	t->job.pipe = false;
	t->job.offset = 0;
	t->input.fd = spool;
	int r = read_stored(t, p, e);

	t->input.fd = -1;
	return r;
}

static int read_remote(struct layer_task *t, const struct pool *p, struct err *e)
{
	t->job.pipe = true;
	if (read_fetched(t, p, e) < 0)
		return -1;
	return t->again ? read_spooled(t, p, e) : 0;
}

static int read_once(struct layer_task *t, const struct pool *p)
{
	struct err *e = &t->err;

	t->reasons = (struct reason_list){ 0 };
	if (facts_file(t, p->cache, e) < 0)
		return -1;
	if (t->input.registry)
		return read_remote(t, p, e);
	return t->input.fd >= 0 ? read_stored(t, p, e) : read_fed(t, p, e);
}

static void read_task(struct layer_task *t, const struct pool *p)
{
	t->result = read_once(t, p);
	if (t->result < 0 && t->err.kind == ERR_IO && !t->unsent && p->cache && !t->uncached) {
		t->uncached = true; /* a full disk, most likely: once more, in memory */
		t->result = read_once(t, p);
	}
}

static void tell(struct pool *p)
{
	if (p->options->progress)
		p->options->progress(p->options->progress_ctx, p->progress);
}

static void *pool_run(void *ctx)
{
	struct pool *p = ctx;
	sigset_t pipes;

	/* a worker that dies while it is fed is an error of that layer, not of the program */
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipes, NULL);
	pthread_mutex_lock(&p->lock);
	while (p->next < p->n) {
		struct layer_task *t = &p->tasks[p->next++];

		p->progress->reading++;
		tell(p);
		pthread_mutex_unlock(&p->lock);
		read_task(t, p);
		pthread_mutex_lock(&p->lock);
		p->progress->reading--;
		p->progress->done++;
		tell(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static size_t jobs_of(const struct scan_options *o, size_t n)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t jobs = o->jobs ? o->jobs : (size_t)MAX(cores, 1L);

	return MIN(MIN(jobs, n), (size_t)LIMIT_JOBS);
}

int layers_read(struct layer_task *tasks, size_t n, struct cache *cache,
		const struct scan_options *o, struct scan_progress *p, struct err *e)
{
	struct pool pool = { .tasks = tasks,
			     .n = n,
			     .cache = cache,
			     .options = o,
			     .progress = p,
			     .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t threads[LIMIT_JOBS];
	size_t jobs = jobs_of(o, n), started = 0;

	while (started < jobs && pthread_create(&threads[started], NULL, pool_run, &pool) == 0)
		started++;
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (n && !started)
		return err_set(e, ERR_IO, "cannot start a thread");
	return 0;
}

void layer_task_free(struct layer_task *t)
{
	fd_closep(&t->facts);
	layer_input_close(&t->input);
	arena_free(&t->arena);
}
