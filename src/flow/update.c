#include "flow/update.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "feed/builder.h"
#include "feed/depot.h"
#include "feed/role.h"
#include "flow/fetch.h"

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

/* Parses the file and gives it to the builder. */
static int read_feed(struct update *u, const struct update_feed *f, int fd, struct err *e)
{
	CLEANUP(buf_free)
	struct buf frames = BUF(0);
	struct feed_job job = { f->feed.name, f->feed.format, u->q->now };
	struct feed_origin origin = { .name = f->feed.name,
				      .place = f->feed.url,
				      .licence = f->feed.licence };
	char digest[DIGEST_TEXT] = "";
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "the feed's file");
	job.latest = MIN(u->q->now, (int64_t)st.st_mtime);
	if (file_digest(digest, fd, e) < 0 || feed_file_parse(&frames, &job, fd, e) < 0)
		return -1;
	origin.digest = str_of(digest);
	origin.dated = st.st_mtime;
	return builder_add(u->builder, &origin, &frames, e);
}

/* Whether the store's data of that feed was read from this very file. */
static bool same_file(const struct update *u, str name, int fd)
{
	const struct store_source *held = store_source(u->old, name);
	char digest[DIGEST_TEXT];
	struct err e;

	return !held->kept && file_digest(digest, fd, &e) == 0 &&
	       str_eq(held->digest, str_of(digest));
}

static int update_one(struct update *u, struct update_feed *f, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = -1;
	struct err why = { 0 };
	bool held = u->old && store_source(u->old, f->feed.name);

	if (!wanted(u->q, f->feed.name) || (f->feed.mirror_only && !u->q->from.n))
		return carry(u, f, e);
	switch (fetch_open(&fd, &u->fetch, &f->feed, &why)) {
	case FETCH_UNCHANGED:
		if (held && same_file(u, f->feed.name, fd))
			return carry(u, f, e);
		/* fall through */
	case FETCH_FILE:
		if (read_feed(u, f, fd, &why) < 0)
			return keep(u, f, &why, e);
		f->outcome = UPDATE_NEW;
		u->fresh++;
		return 0;
	case FETCH_NONE:
		if (!held && (f->feed.optional || u->q->from.n)) {
			f->outcome = UPDATE_ABSENT;
			return 0;
		}
		(void)err_set(&why, ERR_MISSING, "it is not there any more");
		return keep(u, f, &why, e);
	default:
		return keep(u, f, &why, e);
	}
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

static int collect(struct update *u, struct err *e)
{
	struct feed_list list = { 0 }, get = { 0 };

	if (list_feeds(&list, u, e) < 0)
		return -1;
	vec_each (feed, &list)
		if (wanted(u->q, feed->name) && !(feed->mirror_only && !u->q->from.n) &&
		    vec_push(&get, u->a, e, *feed) < 0)
			return -1;
	if (fetch_all(&u->fetch, &get, u->a, e) < 0)
		return -1;
	vec_each (feed, &list) {
		struct update_feed f = { .feed = *feed };

		if (update_one(u, &f, e) < 0)
			return err_within(e, STR_FMT, STR_ARG(feed->name));
		if (vec_push(&u->out->feeds, u->a, e, f) < 0)
			return -1;
		if (u->q->done)
			u->q->done(u->q->ctx, &f);
	}
	return keep_forgotten(u, e);
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
	return swap(&u, &depot, e);
}
