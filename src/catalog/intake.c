#include "catalog/intake.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "base/limits.h"
#include "format/gzip.h"
#include "format/zstd.h"

enum {
	SLOTS = 4,
	STACK_BYTES = 512 << 10,
};

#define SLOT_BYTES (256 * KIB)

/* The stored bytes, hashed as they come. */
struct stored {
	struct stream s;
	const struct layer_job *job;
	uint64_t at; /* bytes read */
	char *to;
	size_t size;
	struct hasher *hash;  /* or NULL */
	struct hasher *plain; /* or NULL: the archive is stored as it is, so its DiffID too */
	bool broken;	      /* reading itself failed */
};

struct intake {
	struct stream s; /* the taker's side */
	const struct layer_job *job;
	struct stored stored;
	struct gzip *gzip;
	struct zstd *zstd;
	char *input;
	struct hasher *stored_hash, *diff_hash;

	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock. The giver fills slots[given % SLOTS], the taker has slots[taken % SLOTS]
	 * in hand until it asks for more. */
	struct slot {
		char *bytes;
		size_t n;
	} slots[SLOTS];
	uint64_t given, taken;
	bool done, stop;
	int rc; /* of the giver, once done */

	bool given_up; /* the giver's own */
	struct err why;

	bool in_hand;
	uint64_t bytes;
	char memory[];
};

/* --- the giver ------------------------------------------------------------------------------- */

static ssize_t read_some(struct stored *st, char *to, size_t n)
{
	ssize_t got;

	do
		got = st->job->pipe ? read(st->job->fd, to, n)
				    : pread(st->job->fd, to, n, (off_t)(st->job->offset + st->at));
	while (got < 0 && errno == EINTR);
	return got;
}

/* Fills the buffer as far as it goes: a pipe gives little at a time. */
static int stored_more(struct stream *s, struct err *e)
{
	struct stored *st = (struct stored *)s;
	uint64_t left = st->job->pipe ? UINT64_MAX : st->job->size - st->at;
	size_t want = (size_t)MIN((uint64_t)st->size, left), got = 0;

	while (got < want) {
		ssize_t n = read_some(st, st->to + got, want - got);

		if (n < 0) {
			st->broken = true;
			return err_sys(e, "cannot read the layer");
		}
		if (n == 0)
			break;
		got += (size_t)n;
		st->at += (uint64_t)n;
	}
	s->window = (str){ st->to, got };
	if (st->hash)
		hasher_feed(st->hash, s->window);
	if (st->plain)
		hasher_feed(st->plain, s->window);
	if (got < want && got == 0 && !st->job->pipe)
		return err_set(e, ERR_CORRUPT, "cut short: %llu of %llu bytes are there",
			       (unsigned long long)st->at, (unsigned long long)st->job->size);
	return got > 0;
}

/* Where the next window of what comes out is made. */
static void lend(struct intake *in, char *to)
{
	if (in->gzip) {
		gzip_lend(in->gzip, to, SLOT_BYTES);
	} else if (in->zstd) {
		zstd_lend(in->zstd, to, SLOT_BYTES);
	} else {
		in->stored.to = to;
		in->stored.size = SLOT_BYTES;
	}
}

static struct stream *source(struct intake *in)
{
	return in->gzip ? gzip_bytes(in->gzip) : in->zstd ? zstd_bytes(in->zstd) : &in->stored.s;
}

/* A slot that nobody has; NULL when the taker wants no more. */
static struct slot *slot_free(struct intake *in)
{
	pthread_mutex_lock(&in->lock);
	while (in->given - in->taken == SLOTS && !in->stop)
		pthread_cond_wait(&in->changed, &in->lock);
	bool stop = in->stop;

	pthread_mutex_unlock(&in->lock);
	return stop ? NULL : &in->slots[in->given % SLOTS];
}

static void slot_give(struct intake *in)
{
	pthread_mutex_lock(&in->lock);
	in->given++;
	pthread_cond_signal(&in->changed);
	pthread_mutex_unlock(&in->lock);
}

/* The archive is over or broken, the stored bytes may not be: their digest is of all of them. */
static int stored_rest(struct intake *in, struct err *e)
{
	struct stored *st = &in->stored;
	int r;

	st->to = in->input;
	st->size = SLOT_BYTES;
	stream_take(&st->s, st->s.window.n);
	while ((r = stream_fill(&st->s, e)) > 0)
		stream_take(&st->s, st->s.window.n);
	return r;
}

static int give_all(struct intake *in, struct err *e)
{
	struct stream *from = source(in);
	uint64_t most = in->job->most ? in->job->most : LIMIT_LAYER_BYTES, total = 0;
	int r;

	for (struct slot *slot; (slot = slot_free(in));) {
		lend(in, slot->bytes);
		r = stream_fill(from, e);
		if (r <= 0)
			return r;
		slot->n = from->window.n;
		stream_take(from, slot->n);
		total += slot->n;
		slot_give(in);
		if (total > most)
			return err_set(e, ERR_LIMIT, "more than %llu bytes",
				       (unsigned long long)most);
	}
	in->given_up = true;
	return err_set(e, ERR_IO, "given up");
}

static void *giver(void *arg)
{
	struct intake *in = arg;
	struct err rest;
	int r = give_all(in, &in->why);

	if (!in->given_up && !in->stored.broken)
		(void)!stored_rest(in, &rest);
	pthread_mutex_lock(&in->lock);
	in->rc = r;
	in->done = true;
	pthread_cond_signal(&in->changed);
	pthread_mutex_unlock(&in->lock);
	return NULL;
}

/* --- the taker ------------------------------------------------------------------------------- */

static int intake_more(struct stream *s, struct err *e)
{
	struct intake *in = (struct intake *)s;

	pthread_mutex_lock(&in->lock);
	if (in->in_hand) {
		in->taken++;
		in->in_hand = false;
		pthread_cond_signal(&in->changed);
	}
	while (in->given == in->taken && !in->done)
		pthread_cond_wait(&in->changed, &in->lock);
	in->in_hand = in->given > in->taken;
	pthread_mutex_unlock(&in->lock);
	if (!in->in_hand) {
		if (in->rc < 0)
			*e = in->why;
		return in->rc;
	}
	struct slot *slot = &in->slots[in->taken % SLOTS];

	s->window = (str){ slot->bytes, slot->n };
	in->bytes += slot->n;
	if (!in->stored.plain)
		hasher_feed(in->diff_hash, s->window);
	return 1;
}

static int hashers_make(struct intake *in, struct err *e)
{
	const struct layer_job *job = in->job;
	enum digest_kind diff = job->diff_id.kind ? job->diff_id.kind : DIGEST_SHA256;
	bool plain = job->coding == LAYER_PLAIN || job->coding == LAYER_DIR;

	if (hasher_new(&in->diff_hash, diff, e) < 0)
		return -1;
	in->stored.plain = plain ? in->diff_hash : NULL;
	if (job->digest.kind == DIGEST_NONE || (plain && job->digest.kind == diff))
		return 0;
	if (hasher_new(&in->stored_hash, job->digest.kind, e) < 0)
		return -1;
	in->stored.hash = in->stored_hash;
	return 0;
}

static int inflater_make(struct intake *in, struct err *e)
{
	uint64_t most = in->job->most ? in->job->most : LIMIT_LAYER_BYTES;

	if (in->job->coding == LAYER_GZIP)
		return gzip_open(&in->gzip, &in->stored.s, most, e);
	if (in->job->coding == LAYER_ZSTD)
		return zstd_open(&in->zstd, &in->stored.s, most, e);
	return 0;
}

static int thread_start(struct intake *in, struct err *e)
{
	pthread_attr_t attr;

	if (pthread_attr_init(&attr))
		return err_nomem(e);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	errno = pthread_create(&in->thread, &attr, giver, in);
	pthread_attr_destroy(&attr);
	if (errno)
		return err_sys(e, "cannot start a thread");
	in->running = true;
	return 0;
}

int intake_start(struct intake **out, const struct layer_job *job, struct err *e)
{
	CLEANUP(intake_freep)
	struct intake *in = malloc(sizeof(*in) + (SLOTS + 1) * SLOT_BYTES);

	if (!in)
		return err_nomem(e);
	memset(in, 0, sizeof(*in));
	pthread_mutex_init(&in->lock, NULL);
	pthread_cond_init(&in->changed, NULL);
	for (size_t i = 0; i < SLOTS; i++)
		in->slots[i].bytes = in->memory + i * SLOT_BYTES;
	in->input = in->memory + SLOTS * SLOT_BYTES;
	in->s.more = intake_more;
	in->job = job;
	in->stored = (struct stored){
		.s.more = stored_more, .job = job, .to = in->input, .size = SLOT_BYTES
	};
	if (hashers_make(in, e) < 0 || inflater_make(in, e) < 0 || thread_start(in, e) < 0)
		return -1;
	*out = TAKE(in, NULL);
	return 0;
}

struct stream *intake_bytes(struct intake *in)
{
	return &in->s;
}

static void intake_join(struct intake *in)
{
	if (in->running)
		pthread_join(in->thread, NULL);
	in->running = false;
}

int intake_finish(struct intake_end *out, struct intake *in, struct err *e)
{
	struct intake_end end = { 0 };
	int r;

	stream_take(&in->s, in->s.window.n);
	while ((r = stream_fill(&in->s, &end.why)) > 0)
		stream_take(&in->s, in->s.window.n);
	intake_join(in);
	if (in->stored.broken) {
		*e = end.why;
		return -1;
	}
	end.cut = r < 0;
	end.bytes = in->bytes;
	if (!end.cut && hasher_end(&end.diff_id, in->diff_hash, e) < 0)
		return -1;
	if (in->stored_hash && hasher_end(&end.stored, in->stored_hash, e) < 0)
		return -1;
	/* Stored as it is, with one digest for both. When it was cut, the digest of what is there.
	 */
	if (!in->stored_hash && in->job->digest.kind) {
		end.stored = end.diff_id;
		if (end.cut && hasher_end(&end.stored, in->diff_hash, e) < 0)
			return -1;
	}
	*out = end;
	return 0;
}

void intake_free(struct intake *in)
{
	if (!in)
		return;
	pthread_mutex_lock(&in->lock);
	in->stop = true;
	pthread_cond_signal(&in->changed);
	pthread_mutex_unlock(&in->lock);
	intake_join(in);
	pthread_mutex_destroy(&in->lock);
	pthread_cond_destroy(&in->changed);
	gzip_close(in->gzip);
	zstd_close(in->zstd);
	hasher_free(in->stored_hash);
	hasher_free(in->diff_hash);
	free(in);
}

void intake_freep(struct intake **in)
{
	intake_free(*in);
}
