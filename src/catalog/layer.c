#include "catalog/layer.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "base/reader.h"
#include "catalog/classifier.h"
#include "catalog/intake.h"
#include "catalog/offer.h"
#include "format/tar.h"

/* The digests are the caller's promise about this layer; the archive may still be broken. */

enum { DIRS = 4096 }; /* directories whose mark was added lately */

/* A hard link whose content somebody wants under this name too. */
struct hardlink {
	str path;
	bool served;
};

struct hardlink_list VEC_BODY(struct hardlink);

static const char gone_by[] = "a hard link, whose content cannot be read again";

struct pass {
	struct facts *facts;
	struct path_set *marks;
	const struct layer_job *job;
	struct arena *arena;
	struct offer offer;
	struct map hardlinks; /* target → struct hardlink_list */
	size_t nhardlinks;
	bool second; /* hard links' content only */
	uint64_t dirs[DIRS];
};

/* --- marks ----------------------------------------------------------------------------------- */

/* Directories are named again and again, by their own entry and by each file in them. */
static int mark_dir(struct pass *p, str path, bool *was, struct err *e)
{
	uint64_t mark = path_mark(p->job->key, path, true);
	uint64_t *slot = &p->dirs[mark >> 1 & (DIRS - 1)];

	*was = *slot == mark;
	*slot = mark;
	return *was ? 0 : path_set_add(p->marks, mark, e);
}

/* An archive need not list the directories its files are in; whoever unpacks it makes them. */
static int mark_path(struct pass *p, str path, bool is_dir, struct err *e)
{
	bool was = false;

	if (is_dir ? mark_dir(p, path, &was, e) < 0
		   : path_set_add(p->marks, path_mark(p->job->key, path, false), e) < 0)
		return -1;
	for (str dir = str_dir(path); dir.n && !was; dir = str_dir(dir))
		if (mark_dir(p, dir, &was, e) < 0 ||
		    (!was && offer_directory(&p->offer, dir, e) < 0))
			return -1;
	return is_dir ? offer_directory(&p->offer, path, e) : 0;
}

/* --- entries --------------------------------------------------------------------------------- */

static int say(struct pass *p, enum reason_code code, str where, const char *words, struct err *e)
{
	return reason_add(&p->facts->reasons, p->arena, e, code, where, "%s", words);
}

static int whiteout_add(struct pass *p, str path, enum whiteout_kind kind, struct err *e)
{
	struct whiteout w = { .kind = kind };

	if (p->facts->whiteouts.n >= LIMIT_LAYER_WHITEOUTS)
		return say(p, REASON_TOO_LARGE, STR_NONE, "more names taken away than are listed",
			   e);
	if (arena_str(&w.path, p->arena, path, e) < 0)
		return -1;
	return vec_push(&p->facts->whiteouts, p->arena, e, w);
}

/* OCI image-spec, layer.md, "Whiteouts". Names with the prefix twice are aufs' own housekeeping. */
static int whiteout_entry(struct pass *p, str path, str name, struct err *e)
{
	str dir = str_dir(path), gone;

	if (str_eq(name, STR(".wh..opq")))
		return whiteout_add(p, dir, WHITEOUT_OPAQUE, e);
	if (str_starts(name, STR(".wh.")))
		return 0;
	if (name.n == 0 || str_eq(name, STR(".")) || str_eq(name, STR("..")))
		return say(p, REASON_UNREADABLE, path, "a whiteout that names nothing", e);
	if (dir.n == 0)
		return whiteout_add(p, name, WHITEOUT_FILE, e);
	if (arena_printf(&gone, p->arena, e, STR_FMT "/" STR_FMT, STR_ARG(dir), STR_ARG(name)) < 0)
		return -1;
	return whiteout_add(p, gone, WHITEOUT_FILE, e);
}

static int symlink_entry(struct pass *p, const struct tar_entry *en, struct err *e)
{
	struct symlink l = { 0 };

	if (p->facts->links.n >= LIMIT_LAYER_LINKS)
		return say(p, REASON_TOO_LARGE, STR_NONE, "more symbolic links than are listed", e);
	if (arena_str(&l.path, p->arena, en->path, e) < 0 ||
	    arena_str(&l.target, p->arena, en->target, e) < 0)
		return -1;
	return vec_push(&p->facts->links, p->arena, e, l);
}

/* What a program is by its contents, it is under the name where they stand: every Debian image has
 * a hard link or two to such a one, and reading the layer twice for that would double a scan. */
static bool wanted_by_path(str path)
{
	const struct cataloger *rows[OFFER_ROWS];
	size_t n = catalog_candidates(rows, OFFER_ROWS, path, 1);

	for (size_t i = 0; i < n; i++)
		if (rows[i]->globs && !str_eq(rows[i]->name, STR(CLASSIFIER_READER)))
			return true;
	return false;
}

/* The content stands at another entry, perhaps long gone by: remembered for a second pass. */
static int hardlink_entry(struct pass *p, const struct tar_entry *en, struct err *e)
{
	struct hardlink_list *list = map_get(&p->hardlinks, en->target);
	struct hardlink l = { 0 };
	str target;

	if (!wanted_by_path(en->path))
		return 0;
	if (p->nhardlinks++ >= LIMIT_LAYER_HARDLINKS)
		return say(p, REASON_TOO_LARGE, en->path, "more hard links than are followed", e);
	if (!list) {
		list = arena_new(p->arena, struct hardlink_list);
		if (!list)
			return err_nomem(e);
		if (arena_str(&target, p->arena, en->target, e) < 0 ||
		    map_put(&p->hardlinks, p->arena, target, list, e) < 0)
			return -1;
	}
	if (arena_str(&l.path, p->arena, en->path, e) < 0)
		return -1;
	return vec_push(list, p->arena, e, l);
}

static int first_entry(struct pass *p, struct tar *t, const struct tar_entry *en, struct err *e)
{
	str name = str_base(en->path);

	p->facts->files++;
	if (en->refused)
		return say(p, REASON_UNREADABLE, en->path, "a path that leads outside", e);
	if (en->path.n == 0)
		return 0;
	if (str_skip(&name, STR(".wh.")))
		return whiteout_entry(p, en->path, name, e);
	if (en->kind == TAR_CHAR && p->job->overlay && en->major == 0 && en->minor == 0)
		return whiteout_add(p, en->path, WHITEOUT_FILE, e);
	offer_forget(&p->offer, en->path);
	if (mark_path(p, en->path, en->kind == TAR_DIR, e) < 0)
		return -1;
	switch (en->kind) {
	case TAR_FILE:
		return offer_file(&p->offer, &en->path, 1, en->mode, en->size, tar_content(t),
				  false, e);
	case TAR_SYMLINK:
		return symlink_entry(p, en, e);
	case TAR_HARDLINK:
		return hardlink_entry(p, en, e);
	case TAR_OTHER:
		return say(p, REASON_UNSUPPORTED, en->path, "an entry of no known kind", e);
	case TAR_DIR:
	case TAR_CHAR:
	case TAR_BLOCK:
	case TAR_FIFO:
		break;
	}
	return 0;
}

static int second_entry(struct pass *p, struct tar *t, const struct tar_entry *en, struct err *e)
{
	struct hardlink_list *list = map_get(&p->hardlinks, en->path);

	if (!list || en->kind != TAR_FILE || en->refused)
		return 0;
	str *paths = arena_array(p->arena, str, list->n);

	if (!paths)
		return err_nomem(e);
	for (size_t i = 0; i < list->n; i++) {
		paths[i] = list->v[i].path;
		list->v[i].served = true;
	}
	return offer_file(&p->offer, paths, list->n, en->mode, en->size, tar_content(t), true, e);
}

/* --- the walk -------------------------------------------------------------------------------- */

/* All entries of the archive. 0, or -1 and *e when it cannot be read further. */
static int walk(struct pass *p, struct stream *bytes, struct err *e)
{
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	struct tar_entry en;
	int r;

	if (tar_open(&t, bytes, e) < 0)
		return -1;
	while ((r = tar_next(t, &en, e)) > 0)
		if ((p->second ? second_entry(p, t, &en, e) : first_entry(p, t, &en, e)) < 0)
			return -1;
	return r;
}

/* Damage in the archive ends the walk and is a reason; what is wrong with us is an error. */
static int walked(struct pass *p, int r, const struct err *why, struct err *e)
{
	if (r == 0)
		return 0;
	if (why->kind == ERR_NOMEM || why->kind == ERR_IO) {
		*e = *why;
		return -1;
	}
	return say(p, why->kind == ERR_LIMIT ? REASON_TOO_LARGE : REASON_LAYER_UNREADABLE, STR_NONE,
		   why->text, e);
}

/* `is` what was computed, `want` what was promised. */
static int digest_check(const struct digest *is, const struct digest *want, const char *name,
			const struct intake_end *end, struct err *e)
{
	char a[DIGEST_TEXT], b[DIGEST_TEXT];

	if (want->kind == DIGEST_NONE || digest_eq(is, want))
		return 0;
	digest_text(a, is);
	digest_text(b, want);
	if (is->kind == DIGEST_NONE)
		return err_set(e, end->why.kind == ERR_LIMIT ? ERR_LIMIT : ERR_CORRUPT,
			       "its %s cannot be compared with %s: %s", name, b, end->why.text);
	if (end->cut)
		return err_set(e, ERR_CORRUPT, "its %s is %s, not %s: %s", name, a, b,
			       end->why.text);
	return err_set(e, ERR_CORRUPT, "its %s is %s, not %s", name, a, b);
}

/* A stored digest that is right vouches for a layer that cannot be inflated to its end; without
 * one, nothing vouches for what was read of it. */
static int digests_check(struct facts *facts, const struct layer_job *job,
			 const struct intake_end *end, struct err *e)
{
	if (digest_check(&end->stored, &job->digest, "digest", end, e) < 0)
		return -1;
	facts->bytes = end->bytes;
	facts->diff_id = end->diff_id;
	if (end->cut && job->digest.kind != DIGEST_NONE) {
		facts->diff_id = job->diff_id;
		return 0;
	}
	return digest_check(&end->diff_id, &job->diff_id, "DiffID", end, e);
}

static int first_pass(struct pass *p, struct err *e)
{
	CLEANUP(intake_freep)
	struct intake *in = NULL;
	struct intake_end end;
	struct err why = { 0 };

	if (intake_start(&in, p->job, e) < 0)
		return -1;
	int r = walk(p, intake_bytes(in), &why);

	if (intake_finish(&end, in, e) < 0 || digests_check(p->facts, p->job, &end, e) < 0)
		return -1;
	/* The archive may look whole before the place where inflating failed. */
	if (r == 0 && end.cut) {
		r = -1;
		why = end.why;
	}
	return walked(p, r, &why, e);
}

static int second_pass(struct pass *p, struct err *e)
{
	CLEANUP(intake_freep)
	struct intake *in = NULL;
	struct err why = { 0 };

	if (p->job->pipe)
		return 0;
	p->second = true;
	if (intake_start(&in, p->job, e) < 0)
		return -1;
	int r = walk(p, intake_bytes(in), &why);

	/* What ended the first walk ends this one, and has been said. */
	if (r < 0 && (why.kind == ERR_NOMEM || why.kind == ERR_IO)) {
		*e = why;
		return -1;
	}
	return 0;
}

/* Hard links whose content nobody saw: their target is in no entry before the end. */
static int hardlinks_left(struct pass *p, struct err *e)
{
	const char *words = p->job->pipe ? gone_by
					 : "a hard link to a file that the layer does not have";

	map_each(slot, &p->hardlinks)
	{
		struct hardlink_list *list = slot->value;

		for (size_t i = 0; i < list->n; i++)
			if (!list->v[i].served &&
			    say(p, REASON_UNREADABLE, list->v[i].path, words, e) < 0)
				return -1;
	}
	return 0;
}

int layer_read(struct facts *out, struct path_set *paths, const struct layer_job *job,
	       struct arena *a, struct err *e)
{
	struct facts f = { .key = job->key };
	struct pass *p = arena_new(a, struct pass);
	int r;

	if (!p)
		return err_nomem(e);
	*p = (struct pass){ .facts = &f, .marks = paths, .job = job, .arena = a };
	offer_init(&p->offer, a, &f.evidence, &f.reasons, job->scratch);
	p->offer.key = job->key;
	r = first_pass(p, e);
	if (r == 0 && p->hardlinks.n)
		r = second_pass(p, e);
	if (r == 0)
		r = hardlinks_left(p, e);
	offer_compact(&p->offer);
	offer_free(&p->offer);
	if (r < 0)
		return -1;
	path_set_sort(paths);
	f.paths = paths->marks;
	f.npaths = paths->n;
	*out = f;
	return 0;
}

/* --- the role -------------------------------------------------------------------------------- */

static void write_digest(struct buf *out, const struct digest *d)
{
	buf_u32(out, d->kind);
	buf_put(out, (str){ (const char *)d->bytes, sizeof(d->bytes) });
}

static void read_digest(struct digest *d, struct reader *r)
{
	d->kind = read_u32le(r);
	str bytes = read_bytes(r, sizeof(d->bytes));

	if (bytes.n == sizeof(d->bytes))
		memcpy(d->bytes, bytes.p, bytes.n);
}

void layer_job_write(struct buf *out, const struct layer_job *job)
{
	buf_u8(out, job->pipe);
	buf_u8(out, job->overlay);
	buf_u32(out, job->coding);
	buf_u64(out, job->key.k[0]);
	buf_u64(out, job->key.k[1]);
	buf_u64(out, job->offset);
	buf_u64(out, job->size);
	buf_u64(out, job->most);
	write_digest(out, &job->digest);
	write_digest(out, &job->diff_id);
}

int layer_job_read(struct layer_job *out, str bytes, struct err *e)
{
	struct reader r = reader_over(bytes);
	struct layer_job job = { .fd = -1, .scratch = -1 };

	job.pipe = read_u8(&r);
	job.overlay = read_u8(&r);
	job.coding = read_u32le(&r);
	job.key.k[0] = read_u64le(&r);
	job.key.k[1] = read_u64le(&r);
	job.offset = read_u64le(&r);
	job.size = read_u64le(&r);
	job.most = read_u64le(&r);
	read_digest(&job.digest, &r);
	read_digest(&job.diff_id, &r);
	if (r.bad || reader_left(&r) || (uint32_t)job.coding > LAYER_DIR ||
	    (uint32_t)job.digest.kind > DIGEST_SHA512 || (uint32_t)job.diff_id.kind > DIGEST_SHA512)
		return err_set(e, ERR_USAGE, "a layer's job is malformed");
	*out = job;
	return 0;
}

static int facts_store(int fd, const struct facts *f, struct err *e)
{
	CLEANUP(buf_free)
	struct buf head = BUF(256 * MIB);

	if (facts_write_head(&head, f, e) < 0 || fd_write(fd, buf_str(&head), e) < 0)
		return -1;
	return fd_write(fd, (str){ (const char *)f->paths, f->npaths * sizeof(*f->paths) }, e);
}

static bool lacks_hardlinks(const struct facts *f)
{
	vec_each (r, &f->reasons)
		if (str_eq(r->text, str_of(gone_by)))
			return true;
	return false;
}

int layer_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	CLEANUP(path_set_free)
	struct path_set paths = { 0 };
	struct layer_job job;
	struct facts f;

	if (layer_job_read(&job, task->job, e) < 0)
		return -1;
	if (task->nfds != LAYER_FD_COUNT_)
		return err_set(e, ERR_USAGE, "a layer's job wants %d descriptors", LAYER_FD_COUNT_);
	job.fd = task->fds[LAYER_FD_STORED];
	job.scratch = task->fds[LAYER_FD_SCRATCH];
	if (layer_read(&f, &paths, &job, a, e) < 0)
		return -1;
	if (job.pipe && lacks_hardlinks(&f))
		buf_u8(result, 1);
	return facts_store(task->fds[LAYER_FD_FACTS], &f, e);
}
