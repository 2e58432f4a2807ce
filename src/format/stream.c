#include "format/stream.h"

int stream_fill(struct stream *s, struct err *e)
{
	while (s->window.n == 0) {
		int r = s->more(s, e);

		if (r <= 0)
			return r;
	}
	return 1;
}

void stream_take(struct stream *s, size_t n)
{
	s->window = str_from(s->window, n);
	s->taken += n;
}

int stream_read(struct stream *s, void *to, size_t n, struct err *e)
{
	char *at = to;
	size_t left = n;

	while (left) {
		int r = stream_fill(s, e);

		if (r < 0)
			return -1;
		if (r == 0 && left == n)
			return 0;
		if (r == 0)
			return err_set(e, ERR_CORRUPT, "ends in the middle, at byte %llu",
				       (unsigned long long)s->taken);
		size_t part = MIN(left, s->window.n);

		memcpy(at, s->window.p, part);
		stream_take(s, part);
		at += part;
		left -= part;
	}
	return 1;
}

int stream_skip(struct stream *s, uint64_t n, struct err *e)
{
	while (n) {
		if (s->window.n == 0 && s->pass) {
			s->taken += n;
			return s->pass(s, n, e);
		}
		int r = stream_fill(s, e);

		if (r < 0)
			return -1;
		if (r == 0)
			return err_set(e, ERR_CORRUPT, "ends in the middle, at byte %llu",
				       (unsigned long long)s->taken);
		size_t part = (size_t)MIN(n, (uint64_t)s->window.n);

		stream_take(s, part);
		n -= part;
	}
	return 0;
}

static int memory_more(struct stream *s, struct err *e)
{
	struct memory_stream *m = (struct memory_stream *)s;

	(void)e;
	s->window = m->rest;
	m->rest = STR_NONE;
	return s->window.n > 0;
}

void memory_stream_init(struct memory_stream *m, str bytes)
{
	*m = (struct memory_stream){ .s.more = memory_more, .rest = bytes };
}

static int blob_more(struct stream *s, struct err *e)
{
	struct blob_stream *b = (struct blob_stream *)s;

	if (blob_peek(&s->window, &b->blob, b->at, b->to, b->size, e) < 0)
		return -1;
	b->at += s->window.n;
	return s->window.n > 0;
}

static int blob_pass(struct stream *s, uint64_t n, struct err *e)
{
	struct blob_stream *b = (struct blob_stream *)s;

	if (n > b->blob.size - b->at)
		return err_set(e, ERR_CORRUPT, "ends in the middle, at byte %llu",
			       (unsigned long long)b->blob.size);
	b->at += n;
	return 0;
}

void blob_stream_init(struct blob_stream *b, const struct blob *blob, char *to, size_t size)
{
	*b = (struct blob_stream){
		.s.more = blob_more, .s.pass = blob_pass, .blob = *blob, .to = to, .size = size
	};
}
