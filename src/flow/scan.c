#include "flow/scan.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "catalog/merge.h"
#include "catalog/project.h"
#include "flow/cache.h"
#include "flow/layers.h"
#include "flow/sbom.h"
#include "flow/worker.h"
#include "format/gzip.h"
#include "format/zstd.h"
#include "image/registry_role.h"

struct scan {
	const struct scan_options *options;
	const struct surroundings *around;
	struct arena *arena;
	struct scan_result *out;
	struct cache *cache; /* or NULL */
	struct hash_key key; /* of all facts of this scan */
	struct opened opened;
	bool inflated; /* the archive was compressed as a whole: the descriptor is a copy's */
	struct description description;
	const struct facts **facts; /* of each layer; NULL: not read */
	struct layer_task *tasks;
	size_t ntasks;
	struct reason_list reasons; /* of layers and of the source */
	struct scan_progress progress;
};

int scan_cache_dir(str *out, bool is_root, str xdg_cache_home, str home, struct arena *a,
		   struct err *e)
{
	*out = STR("");
	if (is_root)
		*out = STR("/var/cache/plimsoll");
	else if (str_starts(xdg_cache_home, STR("/"))) /* XDG: a relative one is to be ignored */
		return arena_printf(out, a, e, STR_FMT "/plimsoll", STR_ARG(xdg_cache_home));
	else if (home.n)
		return arena_printf(out, a, e, STR_FMT "/.cache/plimsoll", STR_ARG(home));
	return 0;
}

static int note(struct scan *s, const char *what, const struct err *why, struct err *e)
{
	str text;

	if (arena_printf(&text, s->arena, e, "%s: %s", what, why->text) < 0)
		return -1;
	return vec_push(&s->out->notes, s->arena, e, text);
}

static int open_cache(struct scan *s, struct err *e)
{
	struct err why;

	s->key = hash_key_new();
	if (!s->options->cache_dir.n ||
	    cache_open(&s->cache, s->options->cache_dir, s->options->cache_most, &why) == 0) {
		if (s->cache)
			s->key = cache_key(s->cache);
		return 0;
	}
	return note(s, "nothing is kept for the next scan", &why, e);
}

/* `docker save | gzip`: unpacked by a worker into a nameless file. */
static int inflate(struct scan *s, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(buf_free)
	struct buf result = BUF(64 << 10);
	CLEANUP(fd_closep)
	int plain = -1;
	char room[8];
	struct blob b = { .fd = s->opened.fd, .size = sizeof(room) };
	struct err none;
	str head;

	if (blob_peek(&head, &b, 0, room, sizeof(room), &none) < 0)
		return 0; /* too short for anything: the worker says so */
	if (!gzip_claims(head) && !zstd_claims(head))
		return 0;
	if (scratch_open(&plain, s->cache, e) < 0)
		return -1;
	int fds[] = { s->opened.fd, plain };
	struct worker_job job = { .role = "inflate",
				  .what = "the archive",
				  .fds = fds,
				  .nfds = COUNT(fds),
				  .limits = worker_limits(),
				  .seconds = LIMIT_LAYER_SECONDS,
				  .program = s->options->worker,
				  .unjailed = s->options->unjailed };

	job.limits.file_bytes = LIMIT_ARCHIVE_BYTES;
	if (worker_start(&w, &job, e) < 0 || worker_wait(w, &result, e) < 0)
		return -1;
	fd_closep(&s->opened.fd);
	s->opened.fd = TAKE(plain, -1);
	s->inflated = true;
	return 0;
}

static int describe_source(struct scan *s, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(buf_free)
	struct buf bytes = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf result = BUF(LIMIT_FRAME_BYTES);
	const struct source *src = &s->opened.source;
	struct describe_job what = { .kind = src->describe,
				     .tag = src->tag,
				     .digest = src->digest,
				     .platform = s->options->platform };
	str answer;

	if (!what.platform.os.n)
		what.platform = platform_here();
	describe_job_write(&bytes, &what);
	if (buf_check(&bytes, e) < 0)
		return -1;
	struct worker_job job = { .role = "image",
				  .what = "the image",
				  .fds = &s->opened.fd,
				  .nfds = src->kind == SOURCE_ARCHIVE,
				  .bytes = buf_str(&bytes),
				  .limits = worker_limits(),
				  .seconds = LIMIT_IMAGE_SECONDS,
				  .most = LIMIT_FRAME_BYTES,
				  .program = s->options->worker,
				  .unjailed = s->options->unjailed,
				  .answer = opened_answer,
				  .answer_ctx = &s->opened };

	if (worker_start(&w, &job, e) < 0 || worker_wait(w, &result, e) < 0)
		return -1;
	if (arena_str(&answer, s->arena, buf_str(&result), e) < 0)
		return -1;
	return description_read(&s->description, answer, s->arena, e);
}

static int say(struct scan *s, enum reason_code code, size_t layer, str text, struct err *e)
{
	char where[32] = "";

	if (s->description.image.layers.n > 1)
		snprintf(where, sizeof(where), "layer %zu", layer);
	return reason_add(&s->reasons, s->arena, e, code, str_of(where), STR_FMT, STR_ARG(text));
}

/* 1 when the layer's facts are known from an earlier scan. */
static int from_cache(struct scan *s, size_t i, const struct layer_input *in, struct err *e)
{
	const struct digest *diff_id = &s->description.image.layers.v[i].diff_id;
	struct facts *f = arena_new(s->arena, struct facts);

	if (!f)
		return err_nomem(e);
	if (!s->cache || !in->stored.n || !cache_pair_known(s->cache, in->stored, diff_id))
		return 0;
	int r = cache_get(f, s->cache, diff_id, s->arena, e);

	if (r > 0) {
		s->facts[i] = f;
		s->out->layers_cached++;
		s->progress.done++;
	}
	return r;
}

static void task_fill(struct layer_task *t, const struct layer *l, size_t i,
		      const struct layer_input *in)
{
	bool fed = in->fd < 0 && !in->registry;

	*t = (struct layer_task){
		.job = { .fd = -1,
			 .scratch = -1,
			 .pipe = fed,
			 .offset = in->offset,
			 .size = in->size,
			 .coding = l->coding == LAYER_DIR ? LAYER_PLAIN : l->coding,
			 .overlay = fed && in->split < 0 },
		.input = *in,
		.number = i,
		.facts = -1,
		.arena = ARENA(16 * MIB),
	};
	if (!fed)
		t->job.digest = l->digest;
	if (!fed || in->split >= 0)
		t->job.diff_id = l->diff_id;
}

static int plan_layer(struct scan *s, size_t i, struct err *e)
{
	const struct layer *l = &s->description.image.layers.v[i];
	const struct place *p = &s->description.places.v[i];
	struct layer_input in;

	if (p->unread.n) {
		str text;

		if (arena_printf(&text, s->arena, e, STR_FMT " (" STR_FMT ")", STR_ARG(p->unread),
				 STR_ARG(l->media_type)) < 0)
			return -1;
		s->progress.done++;
		return say(s, REASON_UNSUPPORTED, i, text, e);
	}
	if (layer_input_open(&in, &s->opened, &s->description, i, s->arena, e) < 0)
		return err_within(e, "layer %zu", i);
	int r = from_cache(s, i, &in, e);

	if (r != 0) {
		layer_input_close(&in);
		return r < 0 ? -1 : 0;
	}
	task_fill(&s->tasks[s->ntasks], l, i, &in);
	s->tasks[s->ntasks++].job.key = s->key;
	if (in.split < 0 && l->diff_id.kind != DIGEST_NONE && s->opened.source.kind == SOURCE_STORE)
		return say(
			s, REASON_UNVERIFIED, i,
			STR("the store has no tar-split of this layer, so its files were read as they "
			    "lie and could not be checked against its DiffID"),
			e);
	return 0;
}

/* What a layer's failure means: the source is not what it says it is, and there is no image to
 * speak of; or one layer is missing from the answer. */
static bool is_fatal(const struct layer_task *t)
{
	return !t->died && t->err.kind != ERR_LIMIT && t->err.kind != ERR_NOMEM;
}

static int facts_of_task(struct facts *out, struct scan *s, struct layer_task *t, struct err *e)
{
	struct stat st;

	if (fstat(t->facts, &st) < 0)
		return err_sys(e, "cannot look at a layer's facts");
	struct blob b = { .fd = t->facts, .size = (uint64_t)st.st_size };
	char *bytes = b.size <= LIMIT_FACTS_BYTES ? arena_alloc(s->arena, b.size + 1) : NULL;

	if (!bytes)
		return err_set(e, ERR_LIMIT, "a layer taught %llu bytes, more than can be held",
			       (unsigned long long)b.size);
	if (blob_read(&b, 0, bytes, b.size, e) < 0 ||
	    facts_read(out, (str){ bytes, b.size }, s->arena, e) < 0)
		return -1;
	if (t->job.diff_id.kind != DIGEST_NONE && !digest_eq(&t->job.diff_id, &out->diff_id))
		return err_set(e, ERR_CORRUPT, "the reader answered for another layer");
	if (!hash_key_eq(t->job.key, out->key))
		return err_set(e, ERR_CORRUPT, "the reader hashed with another key");
	return 0;
}

/* What was cut short was never seen to have its DiffID, so it must not answer for it later. */
static bool is_whole(const struct facts *f)
{
	vec_each (r, &f->reasons)
		if (r->code == REASON_LAYER_UNREADABLE ||
		    (r->code == REASON_TOO_LARGE && r->where.n == 0))
			return false;
	return true;
}

static int keep(struct scan *s, const struct layer_task *t, const struct facts *f, struct err *e)
{
	struct err why;

	if (!s->cache || !t->input.stored.n || t->job.diff_id.kind == DIGEST_NONE || !is_whole(f))
		return 0;
	if (t->uncached)
		return err_set(&why, ERR_IO, "the disk did not take it"),
		       note(s, "the cache could not be written", &why, e);
	if (cache_put(s->cache, t->facts, &f->diff_id, &why) < 0 ||
	    cache_pair_note(s->cache, t->input.stored, &f->diff_id, &why) < 0)
		return note(s, "the cache could not be written", &why, e);
	return 0;
}

static int take_task(struct scan *s, struct layer_task *t, struct err *e)
{
	struct facts *f = arena_new(s->arena, struct facts);

	if (!f)
		return err_nomem(e);
	if (t->result == 0 && facts_of_task(f, s, t, &t->err) < 0) {
		t->result = -1;
		t->died = true; /* it answered nonsense: as good as dead */
	}
	if (t->result < 0 && is_fatal(t)) {
		*e = t->err;
		return err_within(e, "layer %zu", t->number);
	}
	if (t->result < 0)
		return say(s, REASON_LAYER_UNREADABLE, t->number, str_of(t->err.text), e);
	s->facts[t->number] = f;
	s->out->layers_read++;
	vec_each (r, &t->reasons)
		if (reason_join(&s->reasons, s->arena, e, r) < 0)
			return -1;
	return keep(s, t, f, e);
}

static int read_layers(struct scan *s, struct err *e)
{
	struct err why;

	if (layers_read(s->tasks, s->ntasks, s->cache, s->options, &s->progress, e) < 0)
		return -1;
	for (size_t i = 0; i < s->ntasks; i++)
		if (take_task(s, &s->tasks[i], e) < 0)
			return -1;
	if (s->cache && s->ntasks && cache_trim(s->cache, &why) < 0)
		return note(s, "the cache could not be trimmed", &why, e);
	return 0;
}

/* A directory is an image of one layer that has neither digest nor platform. */
static int describe_directory(struct scan *s, struct err *e)
{
	struct image *img = &s->description.image;
	struct layer l = { .coding = LAYER_DIR };

	img->source = STR("dir");
	img->name = s->opened.source.path;
	return vec_push(&img->layers, s->arena, e, l);
}

static int plan_directory(struct scan *s, struct err *e)
{
	struct layer_input in = { .fd = -1, .split = -1 };

	in.dir = dup(s->opened.fd);
	if (in.dir < 0)
		return err_sys(e, "cannot open the directory again");
	task_fill(&s->tasks[s->ntasks++], &s->description.image.layers.v[0], 0, &in);
	s->tasks[0].job.key = s->key;
	s->tasks[0].job.overlay = false;
	return 0;
}

static int plan(struct scan *s, struct err *e)
{
	size_t n = s->description.image.layers.n;

	s->facts = arena_array(s->arena, const struct facts *, n);
	s->tasks = arena_array(s->arena, struct layer_task, n);
	if (!s->facts || !s->tasks)
		return err_nomem(e);
	s->progress.layers = n;
	if (s->opened.source.kind == SOURCE_DIR)
		return plan_directory(s, e);
	for (size_t i = 0; i < n; i++)
		if (plan_layer(s, i, e) < 0)
			return -1;
	return 0;
}

/* What a registry answers beside images is read in the jail, too. */
static int read_answer(void *ctx, struct str_list *out, enum registry_answer kind, str text,
		       struct arena *a, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(buf_free)
	struct buf bytes = BUF(2 * LIMIT_TAGS_BYTES);
	CLEANUP(buf_free)
	struct buf result = BUF(2 * LIMIT_TAGS_BYTES);
	const struct scan *s = ctx;
	str answer;

	registry_job_write(&bytes, kind, text);
	if (buf_check(&bytes, e) < 0)
		return -1;
	struct worker_job job = { .role = "registry",
				  .what = "the registry's answer",
				  .bytes = buf_str(&bytes),
				  .limits = worker_limits(),
				  .seconds = LIMIT_IMAGE_SECONDS,
				  .most = 2 * LIMIT_TAGS_BYTES,
				  .program = s->options->worker,
				  .unjailed = s->options->unjailed };

	if (worker_start(&w, &job, e) < 0 || worker_wait(w, &result, e) < 0 ||
	    arena_str(&answer, a, buf_str(&result), e) < 0)
		return -1;
	return registry_said_read(out, answer, a, e);
}

static int open_engine(struct scan *s, const struct source *src, struct err *e)
{
	int spool = -1;

	if (scratch_open(&spool, s->cache, e) < 0)
		return -1;
	return opened_engine(&s->opened, src, spool, e);
}

static int open_one(struct scan *s, const struct source *src, struct err *e)
{
	const struct registry_options ro = { .around = s->around, .read = read_answer, .ctx = s };

	if (src->kind == SOURCE_ENGINE)
		return open_engine(s, src, e);
	if (src->kind == SOURCE_REGISTRY)
		return opened_registry(&s->opened, src, &ro, e);
	return opened_open(&s->opened, src, s->arena, e);
}

/* Opens it and finds out what is in it. */
static int take_source(struct scan *s, const struct source *src, struct err *e)
{
	struct image *img = &s->description.image;

	if (open_one(s, src, e) < 0)
		return -1;
	if (src->kind == SOURCE_DIR)
		return describe_directory(s, e);
	if (src->kind == SOURCE_SBOM)
		return sbom_scan(s->out, &s->opened, s->options, s->arena, e);
	if (src->kind == SOURCE_ARCHIVE && inflate(s, e) < 0)
		return -1;
	if (describe_source(s, e) < 0)
		return -1;
	if (src->kind == SOURCE_ENGINE) {
		img->source = STR("docker");
		img->name = src->tag;
	}
	return 0;
}

/* A place that is not there, has no such image, or is not for this user, is no reason not to look in
 * the next one; what is wrong with an image that was found is. */
static bool may_be_elsewhere(const struct err *e)
{
	return e->kind == ERR_MISSING || e->kind == ERR_DENIED;
}

static int guess_source(struct scan *s, str reference, struct err *e)
{
	CLEANUP(buf_free)
	struct buf tried = BUF(ERR_TEXT_MAX);
	struct source src;
	unsigned step = 0;

	*e = (struct err){ .kind = ERR_MISSING };
	while (source_guess(&src, &step, reference, s->around, s->arena)) {
		if (take_source(s, &src, e) == 0)
			return 0;
		opened_close(&s->opened);
		s->opened = (struct opened){ .fd = -1, .locks = { -1, -1 }, .meta = -1 };
		s->description = (struct description){ 0 };
		if (!may_be_elsewhere(e) && src.kind != SOURCE_REGISTRY)
			return err_within(e, STR_FMT, STR_ARG(reference));
		buf_printf(&tried, "%s%s: %s", tried.n ? "; " : "", source_place(src.kind),
			   e->text);
	}
	return err_set(e, e->kind, STR_FMT ": no such file. " STR_FMT, STR_ARG(reference),
		       STR_ARG(buf_str(&tried)));
}

static int open_source(struct scan *s, struct err *e)
{
	struct source src;

	if (source_parse(&src, s->options->source, s->around, s->arena, e) < 0)
		return -1;
	if (src.guessed)
		return guess_source(s, src.tag, e);
	if (take_source(s, &src, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(s->options->source));
	return 0;
}

static int finish(struct scan *s, struct err *e)
{
	struct scan_result *out = s->out;

	out->image = s->description.image;
	if (merge_layers(&out->inventory, s->facts, out->image.layers.n, s->arena, e) < 0 ||
	    project_settle(&out->inventory, s->opened.source.kind == SOURCE_DIR, s->arena, e) < 0)
		return -1;
	vec_each (r, &s->reasons)
		if (reason_join(&out->inventory.reasons, s->arena, e, r) < 0)
			return -1;
	return 0;
}

static int scan_run(struct scan *s, struct err *e)
{
	if (open_cache(s, e) < 0 || open_source(s, e) < 0)
		return -1;
	if (s->opened.source.kind == SOURCE_SBOM)
		return 0;
	if (plan(s, e) < 0)
		return -1;
	opened_unlock(&s->opened);
	if (read_layers(s, e) < 0)
		return -1;
	return finish(s, e);
}

static void scan_free(struct scan *s)
{
	for (size_t i = 0; i < s->ntasks; i++)
		layer_task_free(&s->tasks[i]);
	opened_close(&s->opened);
	cache_close(s->cache);
}

int scan_image(struct scan_result *out, const struct scan_options *o, struct arena *a,
	       struct err *e)
{
	static const struct surroundings nothing;
	struct scan_result result = { 0 };
	CLEANUP(scan_free)
	struct scan s = { .options = o,
			  .arena = a,
			  .out = &result,
			  .around = o->around ? o->around : &nothing,
			  .opened = { .fd = -1, .locks = { -1, -1 }, .meta = -1 } };

	if (scan_run(&s, e) < 0)
		return -1;
	*out = result;
	return 0;
}
