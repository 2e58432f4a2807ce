#include "image/description.h"

#include "base/limits.h"
#include "base/reader.h"

static void put_digest(struct buf *b, const struct digest *d)
{
	buf_u8(b, (uint8_t)d->kind);
	buf_put(b, (str){ (const char *)d->bytes, sizeof(d->bytes) });
}

static void read_digest(struct digest *d, struct reader *r)
{
	uint8_t kind = read_u8(r);
	str bytes = read_bytes(r, sizeof(d->bytes));

	if (kind > DIGEST_SHA512)
		r->bad = true;
	if (r->bad)
		return;
	d->kind = kind;
	memcpy(d->bytes, bytes.p, bytes.n);
}

static void put_strs(struct buf *b, const struct str_list *list)
{
	buf_u32(b, (uint32_t)list->n);
	vec_each(s, list)
		buf_lstr(b, *s);
}

static int read_strs(struct str_list *list, struct reader *r, struct arena *a, struct err *e)
{
	for (uint32_t n = read_u32le(r); n && !r->bad; n--)
		if (vec_push(list, a, e, read_lstr(r)) < 0)
			return -1;
	return 0;
}

static void put_layer(struct buf *b, const struct layer *l, const struct place *p)
{
	put_digest(b, &l->digest);
	put_digest(b, &l->diff_id);
	buf_u64(b, l->size);
	buf_u8(b, (uint8_t)l->coding);
	buf_lstr(b, l->media_type);
	buf_lstr(b, l->created_by);
	buf_lstr(b, l->comment);
	buf_u64(b, p->offset);
	buf_u64(b, p->size);
	buf_lstr(b, p->name);
	buf_lstr(b, p->unread);
}

static void read_layer(struct layer *l, struct place *p, struct reader *r)
{
	read_digest(&l->digest, r);
	read_digest(&l->diff_id, r);
	l->size = read_u64le(r);
	uint8_t coding = read_u8(r);

	l->coding = coding;
	l->media_type = read_lstr(r);
	l->created_by = read_lstr(r);
	l->comment = read_lstr(r);
	p->offset = read_u64le(r);
	p->size = read_u64le(r);
	p->name = read_lstr(r);
	p->unread = read_lstr(r);
	if (coding > LAYER_DIR)
		r->bad = true;
}

/* Every plain string of an image, in the order of the wire. */
static const size_t image_strs[] = {
	offsetof(struct image, source),	     offsetof(struct image, name),
	offsetof(struct image, platform.os), offsetof(struct image, platform.arch),
	offsetof(struct image, platform.variant), offsetof(struct image, created),
	offsetof(struct image, user),	     offsetof(struct image, working_dir),
	offsetof(struct image, config),
};

static const size_t image_lists[] = {
	offsetof(struct image, env),
	offsetof(struct image, entrypoint),
	offsetof(struct image, cmd),
};

int description_write(struct buf *out, const struct description *d, struct err *e)
{
	const struct image *img = &d->image;
	const char *base = (const char *)img;

	for (size_t i = 0; i < COUNT(image_strs); i++)
		buf_lstr(out, *(const str *)(base + image_strs[i]));
	for (size_t i = 0; i < COUNT(image_lists); i++)
		put_strs(out, (const struct str_list *)(base + image_lists[i]));
	put_digest(out, &img->digest);
	put_digest(out, &img->id);
	buf_u32(out, (uint32_t)img->labels.n);
	vec_each(l, &img->labels) {
		buf_lstr(out, l->key);
		buf_lstr(out, l->value);
	}
	buf_u32(out, (uint32_t)img->history.n);
	vec_each(h, &img->history) {
		buf_lstr(out, h->created_by);
		buf_lstr(out, h->created);
		buf_lstr(out, h->comment);
		buf_lstr(out, h->author);
		buf_u8(out, h->empty_layer);
	}
	buf_u32(out, (uint32_t)img->layers.n);
	for (size_t i = 0; i < img->layers.n; i++)
		put_layer(out, &img->layers.v[i], &d->places.v[i]);
	return buf_check(out, e);
}

static int read_labels(struct image *img, struct reader *r, struct arena *a, struct err *e)
{
	for (uint32_t n = read_u32le(r); n && !r->bad; n--) {
		struct label l = { .key = read_lstr(r) };

		l.value = read_lstr(r);
		if (vec_push(&img->labels, a, e, l) < 0)
			return -1;
	}
	return 0;
}

static int read_history(struct image *img, struct reader *r, struct arena *a, struct err *e)
{
	for (uint32_t n = read_u32le(r); n && !r->bad; n--) {
		struct history h = { .created_by = read_lstr(r) };

		h.created = read_lstr(r);
		h.comment = read_lstr(r);
		h.author = read_lstr(r);
		h.empty_layer = read_u8(r) != 0;
		if (vec_push(&img->history, a, e, h) < 0)
			return -1;
	}
	return 0;
}

static int read_layers(struct description *d, struct reader *r, struct arena *a, struct err *e)
{
	uint32_t n = read_u32le(r);

	if (n > LIMIT_LAYERS)
		r->bad = true;
	for (; n && !r->bad; n--) {
		struct layer l = { 0 };
		struct place p = { 0 };

		read_layer(&l, &p, r);
		if (vec_push(&d->image.layers, a, e, l) < 0 || vec_push(&d->places, a, e, p) < 0)
			return -1;
	}
	return 0;
}

int description_read(struct description *out, str bytes, struct arena *a, struct err *e)
{
	struct reader r = reader_over(bytes);
	struct description d = { 0 };
	char *base = (char *)&d.image;

	for (size_t i = 0; i < COUNT(image_strs); i++)
		*(str *)(base + image_strs[i]) = read_lstr(&r);
	for (size_t i = 0; i < COUNT(image_lists); i++)
		if (read_strs((struct str_list *)(base + image_lists[i]), &r, a, e) < 0)
			return -1;
	read_digest(&d.image.digest, &r);
	read_digest(&d.image.id, &r);
	if (read_labels(&d.image, &r, a, e) < 0 || read_history(&d.image, &r, a, e) < 0 ||
	    read_layers(&d, &r, a, e) < 0)
		return -1;
	if (r.bad || reader_left(&r))
		return err_set(e, ERR_CORRUPT, "the reader of the image answered nonsense");
	*out = d;
	return 0;
}

void describe_job_write(struct buf *out, const struct describe_job *job)
{
	buf_u8(out, (uint8_t)job->kind);
	buf_lstr(out, job->tag);
	put_digest(out, &job->digest);
	buf_lstr(out, job->platform.os);
	buf_lstr(out, job->platform.arch);
	buf_lstr(out, job->platform.variant);
}

int describe_job_read(struct describe_job *out, str bytes, struct err *e)
{
	struct reader r = reader_over(bytes);
	struct describe_job job = { 0 };
	uint8_t kind = read_u8(&r);

	job.tag = read_lstr(&r);
	read_digest(&job.digest, &r);
	job.platform.os = read_lstr(&r);
	job.platform.arch = read_lstr(&r);
	job.platform.variant = read_lstr(&r);
	if (r.bad || reader_left(&r) || kind >= DESCRIBE_KIND_COUNT_)
		return err_set(e, ERR_CORRUPT, "a job that says nothing sensible");
	job.kind = kind;
	*out = job;
	return 0;
}
