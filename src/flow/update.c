#include "flow/update.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "feed/builder.h"
#include "feed/checked.h"
#include "feed/depot.h"
#include "feed/role.h"
#include "flow/fetch.h"
#include "flow/worker.h"

/* A worker's memory: a feed unpacked, and what is made of it. */
#define WORKER_MEMORY ((uint64_t)2 * GIB)

enum {
	WORKER_SECONDS = 300, /* of processor time for one feed */
	AT_ONCE = 3,
};

struct update {
	const struct update_request *q;
	struct update_result *out;
	struct arena *a;
	struct builder *builder;
	struct store *old; /* or NULL */
	struct fetch fetch;
	size_t fresh; /* feeds that were read */
};

static void update_end(struct update *u)
{
	builder_free(u->builder);
	store_close(u->old);
	fetch_end(&u->fetch);
}

/* "osv/npm" is named by itself and by "osv". */
static bool named(const struct str_list *names, str feed)
{
	for (size_t i = 0; names && i < names->n; i++) {
		str rest = feed;

		if (str_eq(feed, names->v[i]) ||
		    (str_skip(&rest, names->v[i]) && str_starts(rest, STR("/"))))
			return true;
	}
	return false;
}

static bool wanted(const struct update_request *q, str feed)
{
	if (q->only && q->only->n && !named(q->only, feed))
		return false;
	return !named(q->skip, feed);
}

/* The last good data stays, marked with why; or there is none. */
static int keep(struct update *u, struct update_feed *f, const struct err *why, struct err *e)
{
	int r = 0;

	if (arena_str(&f->why, u->a, str_of(why->text), e) < 0)
		return -1;
	if (u->old)
		r = builder_carry(u->builder, u->old, f->feed.name, f->why, e);
	f->outcome = r > 0 ? UPDATE_KEPT : UPDATE_FAILED;
	return r < 0 ? -1 : 0;
}

static int carry(struct update *u, struct update_feed *f, struct err *e)
{
	int r = u->old ? builder_carry(u->builder, u->old, f->feed.name, STR_NONE, e) : 0;

	f->outcome = r > 0 ? UPDATE_UNCHANGED : UPDATE_ABSENT;
	return r < 0 ? -1 : 0;
}

static int file_digest(char text[DIGEST_TEXT], int fd, struct err *e)
{
	CLEANUP(hasher_freep)
	struct hasher *h = NULL;
	struct digest d;
	char bytes[64 << 10];
	ssize_t n;

	if (hasher_new(&h, DIGEST_SHA256, e) < 0)
		return -1;
	for (off_t at = 0; (n = pread(fd, bytes, sizeof(bytes), at)) > 0; at += n)
		hasher_feed(h, (str){ bytes, (size_t)n });
	if (n < 0)
		return err_sys(e, "reading the feed");
	if (hasher_end(&d, h, e) < 0)
		return -1;
	digest_text(text, &d);
	return 0;
}

/* Whether the store's data of that feed was read from a file with these very bytes. */
static bool same_file(const struct update *u, str name, const char *digest)
{
	const struct store_source *held = u->old ? store_source(u->old, name) : NULL;

	return held && !held->kept && str_eq(held->digest, str_of(digest));
}

/* A feed on its way: from its file, through a worker, to the builder. */
struct work {
	struct update_feed f;
	enum fetch_outcome got;
	struct err why;
	int fd, frames; /* its file; what the worker writes */
	int64_t dated;
	char digest[DIGEST_TEXT];
	struct worker *worker;
};

static void work_end(struct work *w)
{
	worker_free(TAKE(w->worker, NULL));
	fd_closep(&w->fd);
	fd_closep(&w->frames);
}

static struct feed_job job_of(const struct update *u, const struct work *w)
{
	return (struct feed_job){ w->f.feed.name, w->f.feed.format, MIN(u->q->now, w->dated) };
}

static int worker_begin(struct update *u, struct work *w, struct err *e)
{
	CLEANUP(buf_free)
	struct buf bytes = BUF(4 * KIB);
	const struct feed_job feed_job = job_of(u, w);
	const int fds[] = { w->fd, w->frames };
	struct worker_job job = {
		.role = "feed",
		.what = arena_z(u->a, w->f.feed.name),
		.fds = fds,
		.nfds = COUNT(fds),
		.limits = { .memory = WORKER_MEMORY,
			    .file_bytes = LIMIT_FEED_FILE_BYTES,
			    .seconds = WORKER_SECONDS },
		.seconds = 2 * WORKER_SECONDS,
	};

	feed_job_write(&bytes, &feed_job);
	if (!job.what)
		return err_nomem(e);
	if (buf_check(&bytes, e) < 0)
		return -1;
	job.bytes = buf_str(&bytes);
	return worker_start(&w->worker, &job, e);
}

/* Opens the feed's file and lets a worker read it; sets .got to what came of it. */
static int work_open(struct update *u, struct work *w, struct err *e)
{
	struct stat st;

	if (fstat(w->fd, &st) < 0)
		return err_sys(e, "the feed's file");
	w->dated = fetch_date(&u->fetch, &w->f.feed, st.st_mtime);
	if (file_digest(w->digest, w->fd, e) < 0)
		return -1;
	if (u->q->unjailed)
		return 0;
	if (fd_temporary(&w->frames, AT_FDCWD, u->q->dir, e) < 0)
		return -1;
	return worker_begin(u, w, e);
}

static bool is_wanted(const struct update *u, const struct feed *feed)
{
	bool asked = !feed->on_request || named(u->q->only, feed->name);

	return asked && wanted(u->q, feed->name) && (u->q->from.n || !feed->mirror_only);
}

static void work_begin(struct update *u, struct work *w, const struct feed *feed)
{
	*w = (struct work){ .f.feed = *feed, .got = FETCH_UNCHANGED, .fd = -1, .frames = -1 };
	if (!is_wanted(u, feed))
		return;
	w->got = fetch_open(&w->fd, &u->fetch, feed, &w->why);
	if ((w->got == FETCH_FILE || w->got == FETCH_UNCHANGED) && work_open(u, w, &w->why) < 0)
		w->got = FETCH_FAILED;
}

static int frames_get(struct update *u, struct work *w, struct buf *frames, struct err *e)
{
	const struct feed_job job = job_of(u, w);
	CLEANUP(buf_free)
	struct buf nothing = BUF(0);

	if (!w->worker)
		return feed_file_parse(frames, &job, w->fd, e);
	if (worker_wait(w->worker, &nothing, e) < 0)
		return -1;
	if (lseek(w->frames, 0, SEEK_SET) < 0)
		return err_sys(e, "what the worker wrote");
	return fd_read(frames, w->frames, LIMIT_FEED_FILE_BYTES, e);
}

/* Waits for the frames and gives them to the builder. */
static int work_read(struct update *u, struct work *w, struct err *e)
{
	CLEANUP(buf_free)
	struct buf frames = BUF(0);
	const struct feed_origin origin = {
		.name = w->f.feed.name,
		.place = w->f.feed.url,
		.licence = w->f.feed.licence,
		.digest = str_of(w->digest),
		.dated = w->dated,
	};

	if (frames_get(u, w, &frames, e) < 0)
		return -1;
	return builder_add(u->builder, &origin, &frames, e);
}

static int work_missing(struct update *u, struct work *w, struct err *e)
{
	bool held = u->old && store_source(u->old, w->f.feed.name);

	if (!held && (w->f.feed.optional || u->q->from.n)) {
		w->f.outcome = UPDATE_ABSENT;
		return 0;
	}
	(void)err_set(&w->why, ERR_MISSING, "it is not there any more");
	return keep(u, &w->f, &w->why, e);
}

static int work_finish(struct update *u, struct work *w, struct err *e)
{
	if (!is_wanted(u, &w->f.feed))
		return carry(u, &w->f, e);
	if (w->got == FETCH_NONE)
		return work_missing(u, w, e);
	if (w->got == FETCH_FAILED)
		return keep(u, &w->f, &w->why, e);
	if (w->got == FETCH_UNCHANGED && same_file(u, w->f.feed.name, w->digest))
		return carry(u, &w->f, e);
	if (work_read(u, w, &w->why) < 0)
		return keep(u, &w->f, &w->why, e);
	w->f.outcome = UPDATE_NEW;
	u->fresh++;
	return 0;
}

/* Sources of the old store that no list names any more: an ecosystem that upstream dropped. */
static int keep_forgotten(struct update *u, struct err *e)
{
	const struct store_info *info = u->old ? store_info(u->old) : NULL;

	for (size_t i = 0; info && i < info->nsources; i++) {
		struct update_feed f = { .feed.name = info->sources[i].name };
		struct err why;

		if (builder_has(u->builder, f.feed.name))
			continue;
		(void)err_set(&why, ERR_MISSING, "it is not in the list any more");
		if (keep(u, &f, &why, e) < 0 || vec_push(&u->out->feeds, u->a, e, f) < 0)
			return -1;
		if (u->q->done)
			u->q->done(u->q->ctx, &f);
	}
	return 0;
}

static int list_feeds(struct feed_list *list, struct update *u, struct err *e)
{
	struct err why;
	str ecosystems;

	if (feeds_fixed(list, u->a, e) < 0)
		return -1;
	if (fetch_begin(&u->fetch, u->q, u->a, e) < 0)
		return -1;
	/* Without the list there are no OSV feeds; what the store has of them is kept. */
	if (fetch_ecosystems(&ecosystems, &u->fetch, u->a, &why) < 0) {
		struct update_feed f = { .feed.name = STR("osv"), .outcome = UPDATE_FAILED };

		return arena_str(&f.why, u->a, str_of(why.text), e) < 0
			       ? -1
			       : vec_push(&u->out->feeds, u->a, e, f);
	}
	return feeds_osv(list, ecosystems, u->a, e);
}

static int work_done(struct update *u, struct work *w, struct err *e)
{
	int r = work_finish(u, w, e);

	work_end(w);
	if (r < 0)
		return err_within(e, STR_FMT, STR_ARG(w->f.feed.name));
	if (vec_push(&u->out->feeds, u->a, e, w->f) < 0)
		return -1;
	if (u->q->done)
		u->q->done(u->q->ctx, &w->f);
	return 0;
}

/* Several workers read while the builder takes what the first of them wrote. */
static int work_all(struct update *u, const struct feed_list *list, struct err *e)
{
	struct work window[AT_ONCE];
	size_t begun = 0, done = 0;
	int r = 0;

	while (r == 0 && done < list->n) {
		while (begun < list->n && begun < done + AT_ONCE) {
			work_begin(u, &window[begun % AT_ONCE], &list->v[begun]);
			begun++;
		}
		r = work_done(u, &window[done++ % AT_ONCE], e);
	}
	for (; done < begun; done++)
		work_end(&window[done % AT_ONCE]);
	return r;
}

static int collect(struct update *u, struct err *e)
{
	struct feed_list list = { 0 }, get = { 0 };

	if (list_feeds(&list, u, e) < 0)
		return -1;
	vec_each (feed, &list)
		if (is_wanted(u, feed) && vec_push(&get, u->a, e, *feed) < 0)
			return -1;
	if (fetch_all(&u->fetch, &get, u->a, e) < 0)
		return -1;
	if (work_all(u, &list, e) < 0)
		return -1;
	return keep_forgotten(u, e);
}

/* What upstream itself gave or called unchanged is current as of now; what a mirror gave is as old
 * as it says; the rest is as it was. */
static int checked_update(struct update *u, struct err *e)
{
	struct checked_list old = { 0 }, new = { 0 };
	char now[CLOCK_TEXT];

	clock_text(now, u->q->now);
	if (checked_read(&old, u->q->dir, u->a, e) < 0)
		return -1;
	vec_each (f, &u->out->feeds) {
		bool home = !u->q->from.n && wanted(u->q, f->feed.name) && !f->feed.mirror_only;
		struct checked c = { f->feed.name, STR_NONE };

		vec_each (was, &old)
			if (str_eq(was->name, c.name) && f->outcome != UPDATE_NEW)
				c.at = was->at;
		if (home && (f->outcome == UPDATE_NEW || f->outcome == UPDATE_UNCHANGED))
			c.at = str_of(now);
		if (c.at.n && vec_push(&new, u->a, e, c) < 0)
			return -1;
	}
	return old.n || new.n ? checked_write(&new, u->q->dir, e) : 0;
}

/* Why nothing was had, when nothing was. */
static int nothing(const struct update *u, struct err *e)
{
	vec_each (f, &u->out->feeds)
		if (f->why.n)
			return err_set(e, ERR_MISSING,
				       "no feed could be read; the first, " STR_FMT ": " STR_FMT,
				       STR_ARG(f->feed.name), STR_ARG(f->why));
	return err_set(e, ERR_MISSING, "there is no feed in " STR_FMT, STR_ARG(u->q->from));
}

static int swap(struct update *u, struct depot *depot, struct err *e)
{
	char text[DIGEST_TEXT];
	struct digest d;

	if (builder_write(&d, u->builder, depot->made, e) < 0)
		return -1;
	u->out->digest = d;
	u->out->swapped = !u->old || !str_eq(store_info(u->old)->digest, digest_text(text, &d));
	return u->out->swapped ? depot_swap(depot, &d, e) : 0;
}

static int old_open(struct update *u, struct err *e)
{
	struct err why;

	/* An old store that cannot be read is no reason not to make a new one. */
	if (store_open(&u->old, u->q->dir, &why) < 0)
		u->old = NULL;
	return builder_new(&u->builder, e);
}

int update_run(struct update_result *out, const struct update_request *q, struct arena *a,
	       struct err *e)
{
	CLEANUP(update_end)
	struct update u = { .q = q, .out = out, .a = a };
	CLEANUP(depot_close)
	struct depot depot = { .lock = -1 };
	bool all_unchanged = true;

	*out = (struct update_result){ 0 };
	fetch_init(&u.fetch);
	if (depot_open(&depot, q->dir, e) < 0 || old_open(&u, e) < 0 || collect(&u, e) < 0)
		return -1;
	vec_each (f, &out->feeds)
		all_unchanged &= f->outcome == UPDATE_UNCHANGED || f->outcome == UPDATE_ABSENT;
	if (u.fresh == 0 && !(u.old && all_unchanged))
		return nothing(&u, e);
	/* Killed in between, either order leaves too little said of the data's age, not too much.
	 */
	if (q->from.n)
		return checked_update(&u, e) < 0 ? -1 : swap(&u, &depot, e);
	return swap(&u, &depot, e) < 0 ? -1 : checked_update(&u, e);
}
