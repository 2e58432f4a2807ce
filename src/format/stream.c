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
