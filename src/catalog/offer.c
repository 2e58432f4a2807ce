#include "catalog/offer.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

/* What was said of one path: evidence[first] and those behind it with the same path. */
struct said {
	size_t first;
	bool gone;
};

/* One file on its way to the readers. The first bytes are looked at before it is known whether
 * anybody wants the rest. */
struct showing {
	uint64_t size;
	struct stream *content;
	char kept[CATALOG_HEAD]; /* first bytes: the window moves on while readers choose by them */
	size_t nkept;		 /* of them, those that had to be taken out of the stream */
	str head;
	bool whole; /* somebody wants .text */
	struct blob blob;
	str text;
};

void offer_init(struct offer *o, struct arena *a, struct evidence_list *evidence,
		struct reason_list *reasons, int scratch)
{
	*o = (struct offer){ .arena = a,
			     .evidence = evidence,
			     .reasons = reasons,
			     .scratch = scratch,
			     .text = BUF(OFFER_MEMORY) };
}

static void release(struct offer *o)
{
	if (o->mapped)
		munmap(o->mapped, o->mapped_size);
	o->mapped = NULL;
	/* A large one is not kept for the next, small ones. */
	if (o->text.cap > MIB)
		buf_free(&o->text);
	buf_clear(&o->text);
}

void offer_free(struct offer *o)
{
	release(o);
	buf_free(&o->text);
}

/* The first bytes, without taking them where the window has them all. */
static int look(struct showing *f, struct err *e)
{
	size_t n = (size_t)MIN(f->size, (uint64_t)CATALOG_HEAD);

	if (n && stream_fill(f->content, e) < 0)
		return -1;
	if (f->content->window.n >= n) {
		memcpy(f->kept, f->content->window.p, n);
		f->head = (str){ f->kept, n };
		return 0;
	}
	int r = stream_read(f->content, f->kept, n, e);

	if (r == 0)
		err_set(e, ERR_CORRUPT, "a file ends early");
	if (r <= 0)
		return -1;
	f->nkept = n;
	f->head = (str){ f->kept, n };
	return 0;
}

static int too_large(struct offer *o, const struct cataloger *row, str path,
		     const struct showing *f, struct err *e)
{
	return reason_add(o->reasons, o->arena, e, REASON_TOO_LARGE, path,
			  STR_FMT ": %llu bytes, more than the %llu it reads", STR_ARG(row->name),
			  (unsigned long long)f->size, (unsigned long long)row->limit);
}

enum {
	BY_PATH = 1, /* only rows that go by the path */
	SAY = 2,
	DIRECTORY = 4,
};

/* Who wants the file at this path: their number, or -1 and *e. With SAY, those for whom it is too
 * large are listed as a reason. */
static int select_rows(struct offer *o, const struct cataloger **rows, str path,
		       const struct showing *f, unsigned how, struct err *e)
{
	size_t n = catalog_candidates(rows, OFFER_ROWS, path, f->size);
	int kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct cataloger *row = rows[i];

		if (row->directory != ((how & DIRECTORY) != 0))
			continue;
		if ((how & BY_PATH) && !row->globs)
			continue;
		if (row->claims && !row->claims(path, f->head))
			continue;
		if (f->size <= row->limit)
			rows[kept++] = row;
		else if ((how & SAY) && too_large(o, row, path, f, e) < 0)
			return -1;
	}
	return kept;
}

static int gather_memory(struct offer *o, struct showing *f, struct err *e)
{
	size_t rest = (size_t)f->size - f->nkept;

	buf_clear(&o->text);
	buf_put(&o->text, (str){ f->kept, f->nkept });
	char *room = buf_room(&o->text, rest);

	if (!room)
		return err_nomem(e);
	int r = rest ? stream_read(f->content, room, rest, e) : 1;

	if (r == 0)
		err_set(e, ERR_CORRUPT, "a file ends early");
	if (r <= 0)
		return -1;
	o->text.n += rest;
	f->text = buf_str(&o->text);
	f->blob = blob_of(f->text);
	return 0;
}

static bool all_zero(str s)
{
	return s.n > 0 && s.p[0] == '\0' && memcmp(s.p, s.p + 1, s.n - 1) == 0;
}

/* The scratch file holds one content at a time, from its beginning. It is emptied first, so that
 * what is all zeros need not be written: a sparse file of gigabytes costs no disk. */
static int gather_scratch(struct offer *o, struct showing *f, struct err *e)
{
	uint64_t at = f->nkept;

	if (ftruncate(o->scratch, 0) < 0 || ftruncate(o->scratch, (off_t)f->size) < 0)
		return err_sys(e, "cannot use the scratch file");
	if (fd_write_at(o->scratch, 0, (str){ f->kept, f->nkept }, e) < 0)
		return -1;
	while (at < f->size) {
		int r = stream_fill(f->content, e);

		if (r == 0)
			err_set(e, ERR_CORRUPT, "a file ends early");
		if (r <= 0)
			return -1;
		str window = f->content->window;

		if (!all_zero(window) && fd_write_at(o->scratch, at, window, e) < 0)
			return -1;
		at += window.n;
		stream_take(f->content, window.n);
	}
	f->blob = (struct blob){ .fd = o->scratch, .size = f->size };
	if (!f->whole)
		return 0;
	void *p = mmap(NULL, (size_t)f->size, PROT_READ, MAP_SHARED, o->scratch, 0);

	if (p == MAP_FAILED)
		return err_sys(e, "cannot map %llu bytes", (unsigned long long)f->size);
	o->mapped = p;
	o->mapped_size = (size_t)f->size;
	f->text = (str){ p, (size_t)f->size };
	return 0;
}

/* All of the content where the readers can get at it: in place when the window has it. */
static int gather(struct offer *o, struct showing *f, struct err *e)
{
	if (f->nkept == 0 && f->content->window.n >= f->size) {
		f->text = str_first(f->content->window, (size_t)f->size);
		f->blob = blob_of(f->text);
		return 0;
	}
	return f->size <= OFFER_MEMORY ? gather_memory(o, f, e) : gather_scratch(o, f, e);
}

static enum reason_code code_of(enum err_kind kind)
{
	return kind == ERR_LIMIT	 ? REASON_TOO_LARGE
	       : kind == ERR_UNSUPPORTED ? REASON_UNSUPPORTED
					 : REASON_UNREADABLE;
}

static int run_row(struct offer *o, const struct cataloger *row, const struct catalog_file *file,
		   struct err *e)
{
	struct evidence ev = { .path = file->path, .reader = row->name };
	struct catalog_out out = { o->key, &ev, o->reasons, o->arena };
	struct catalog_file f = *file;
	struct err why;

	if (!row->whole)
		f.text = STR_NONE;
	if (row->read(&out, &f, &why) < 0 &&
	    reason_add(o->reasons, o->arena, e, code_of(why.kind), file->path, STR_FMT ": %s",
		       STR_ARG(row->name), why.text) < 0)
		return -1;
	return vec_push(o->evidence, o->arena, e, ev);
}

static int said_put(struct offer *o, str path, struct err *e)
{
	struct said *s = arena_new(o->arena, struct said);

	if (!s)
		return err_nomem(e);
	s->first = o->evidence->n;
	return map_put(&o->last, o->arena, path, s, e);
}

static int show(struct offer *o, str path, uint32_t mode, const struct showing *f, unsigned how,
		struct err *e)
{
	const struct cataloger *rows[OFFER_ROWS];
	struct catalog_file file = { path, f->size, mode, f->blob, f->text };
	int n = select_rows(o, rows, path, f, how, e);

	if (n <= 0)
		return n;
	if (arena_str(&file.path, o->arena, path, e) < 0 || said_put(o, file.path, e) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (run_row(o, rows[i], &file, e) < 0)
			return -1;
	return 0;
}

static int show_all(struct offer *o, const str *paths, size_t n, uint32_t mode,
		    const struct showing *f, unsigned how, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		offer_forget(o, paths[i]);
		if (show(o, paths[i], mode, f, how, e) < 0)
			return -1;
	}
	return 0;
}

int offer_file(struct offer *o, const str *paths, size_t n, uint32_t mode, uint64_t size,
	       struct stream *content, bool by_path, struct err *e)
{
	const struct cataloger *rows[OFFER_ROWS];
	struct showing f = { .size = size, .content = content };
	unsigned how = by_path ? BY_PATH : 0;
	int wanted = 0;

	/* Most files end here: nobody wants the path, and its bytes are not touched. */
	for (size_t i = 0; i < n && !wanted; i++)
		wanted = catalog_candidates(rows, OFFER_ROWS, paths[i], size) > 0;
	if (!wanted)
		return 0;
	if (look(&f, e) < 0)
		return -1;
	wanted = 0;
	for (size_t i = 0; i < n; i++) {
		int r = select_rows(o, rows, paths[i], &f, how | SAY, e);

		if (r < 0)
			return -1;
		wanted += r;
		for (int k = 0; k < r; k++)
			f.whole |= rows[k]->whole;
	}
	if (!wanted)
		return 0;
	if (size > OFFER_MEMORY && (o->scratch < 0 || size > LIMIT_SCRATCH_BYTES))
		return reason_add(o->reasons, o->arena, e, REASON_TOO_LARGE, paths[0],
				  "%llu bytes, and no place to put them", (unsigned long long)size);
	int r = gather(o, &f, e);

	if (r == 0)
		r = show_all(o, paths, n, mode, &f, how, e);
	release(o);
	return r;
}

int offer_directory(struct offer *o, str path, struct err *e)
{
	const struct showing nothing = { .blob = blob_of(STR_NONE) };

	offer_forget(o, path);
	return show(o, path, 0, &nothing, BY_PATH | DIRECTORY, e);
}

void offer_forget(struct offer *o, str path)
{
	struct said *s = map_get(&o->last, path);

	if (!s || s->gone)
		return;
	s->gone = true;
	for (size_t i = s->first; i < o->evidence->n && str_eq(o->evidence->v[i].path, path); i++)
		o->evidence->v[i].reader = STR_NONE;
}

void offer_compact(struct offer *o)
{
	size_t kept = 0;

	vec_each (ev, o->evidence)
		if (ev->reader.n)
			o->evidence->v[kept++] = *ev;
	o->evidence->n = kept;
}
