#include "image/tarsplit.h"

#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "base/reader.h"
#include "format/base64.h"
#include "format/gzip.h"
#include "format/json.h"
#include "image/role.h"
#include "image/unpacked.h"

enum entry_type {
	ENTRY_FILE = 1,
	ENTRY_SEGMENT = 2,
};

struct entry {
	uint64_t type, size;
	str name, name_raw, payload;
};

static const struct json_field entry_fields[] = {
	{ JSON_FIELD("type", JSON_AS_U64, struct entry, type), .required = true },
	{ JSON_FIELD("name", JSON_AS_STR, struct entry, name) },
	{ JSON_FIELD("name_raw", JSON_AS_STR, struct entry, name_raw) },
	{ JSON_FIELD("size", JSON_AS_U64, struct entry, size) },
	{ JSON_FIELD("payload", JSON_AS_STR, struct entry, payload) },
};
static const struct json_table entry_table = { .noun = "tar-split entry",
					       .fields = entry_fields,
					       .n = COUNT(entry_fields) };

struct split {
	int (*put)(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size, struct err *e);
	void *ctx;
	struct buf bytes; /* of the newest payload or name */
};

static int put_raw(struct split *s, str bytes, struct err *e)
{
	while (bytes.n) {
		str part = str_first(bytes, TARSPLIT_FRAME_MOST);

		if (s->put(s->ctx, TARSPLIT_RAW, part, 0, e) < 0)
			return -1;
		bytes = str_from(bytes, part.n);
	}
	return 0;
}

static int put_entry(struct split *s, const struct entry *entry, struct err *e)
{
	buf_clear(&s->bytes);
	if (entry->type == ENTRY_SEGMENT) {
		if (base64_read(&s->bytes, entry->payload, e) < 0)
			return -1;
		return put_raw(s, buf_str(&s->bytes), e);
	}
	if (entry->type != ENTRY_FILE)
		return err_set(e, ERR_UNSUPPORTED, "an entry of type %llu",
			       (unsigned long long)entry->type);
	if (entry->size == 0)
		return 0; /* it has no bytes in the archive */
	if (entry->name_raw.n && base64_read(&s->bytes, entry->name_raw, e) < 0)
		return -1;
	str name = entry->name_raw.n ? buf_str(&s->bytes) : entry->name;

	if (name.n == 0 || name.n > LIMIT_PATH_BYTES)
		return err_set(e, ERR_LIMIT, "a name of %zu bytes", name.n);
	return s->put(s->ctx, TARSPLIT_FILE, name, entry->size, e);
}

static int put_line(struct split *s, str line, struct err *e)
{
	CLEANUP(arena_free) struct arena scratch = ARENA(2 * LIMIT_TARSPLIT_LINE_BYTES);
	struct entry entry = { 0 };

	if (str_trim(line).n == 0)
		return 0;
	if (json_object_whole(&entry, line, &entry_table, &scratch, e) < 0)
		return -1;
	return put_entry(s, &entry, e);
}

/* Up to the next line's end: 1, or 0 at the end of the list. */
static int next_line(struct buf *line, struct stream *list, struct err *e)
{
	int r;

	buf_clear(line);
	while ((r = stream_fill(list, e)) > 0) {
		size_t at = str_find(list->window, '\n');

		buf_put(line, str_first(list->window, at));
		stream_take(list, at == SIZE_MAX ? list->window.n : at + 1);
		if (buf_check(line, e) < 0)
			return -1;
		if (at != SIZE_MAX)
			return 1;
	}
	return r < 0 ? -1 : line->n > 0;
}

static void split_free(struct split *s)
{
	buf_free(&s->bytes);
}

int tarsplit_read(struct stream *list,
		  int (*put)(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size,
			     struct err *e),
		  void *ctx, struct err *e)
{
	CLEANUP(split_free) struct split s = { .put = put,
					       .ctx = ctx,
					       .bytes = BUF(LIMIT_TARSPLIT_LINE_BYTES) };
	CLEANUP(buf_free) struct buf line = BUF(LIMIT_TARSPLIT_LINE_BYTES);
	uint64_t n = 0;
	int r;

	while ((r = next_line(&line, list, e)) > 0) {
		n++;
		if (put_line(&s, buf_str(&line), e) < 0)
			return err_within(e, "line %llu", (unsigned long long)n);
	}
	return r;
}

void tarsplit_frame(struct buf *out, enum tarsplit_kind kind, str bytes, uint64_t size)
{
	buf_u8(out, (uint8_t)kind);
	buf_u64(out, size);
	buf_lstr(out, bytes);
}

/* The worker's side: frames gathered into writes of a fair size. */
struct frames_out {
	struct buf buf;
	int fd;
};

static int frames_flush(struct frames_out *out, size_t least, struct err *e)
{
	if (out->buf.n < least || out->buf.n == 0)
		return buf_check(&out->buf, e);
	if (buf_check(&out->buf, e) < 0 || fd_write(out->fd, buf_str(&out->buf), e) < 0)
		return -1;
	buf_clear(&out->buf);
	return 0;
}

static int frames_put(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size, struct err *e)
{
	struct frames_out *out = ctx;

	tarsplit_frame(&out->buf, kind, bytes, size);
	return frames_flush(out, TARSPLIT_FRAME_MOST, e);
}

static void frames_free(struct frames_out *out)
{
	buf_free(&out->buf);
}

int tarsplit_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	CLEANUP(frames_free) struct frames_out out = { .buf = BUF(4 * TARSPLIT_FRAME_MOST) };
	CLEANUP(gzip_closep) struct gzip *gz = NULL;
	struct blob_stream stored;
	struct blob whole = { .size = INT64_MAX };
	char *room = arena_alloc(a, 64 * KIB);

	(void)result;
	if (!room)
		return err_nomem(e);
	if (task->nfds != 2)
		return err_set(e, ERR_USAGE, "two descriptors are wanted");
	off_t end = lseek(task->fds[0], 0, SEEK_END);

	if (end < 0)
		return err_sys(e, "cannot find the end of the list");
	whole.fd = task->fds[0];
	whole.size = (uint64_t)end;
	out.fd = task->fds[1];
	blob_stream_init(&stored, &whole, room, 64 * KIB);
	if (gzip_open(&gz, &stored.s, LIMIT_TARSPLIT_BYTES, e) < 0 ||
	    tarsplit_read(gzip_bytes(gz), frames_put, &out, e) < 0)
		return -1;
	tarsplit_frame(&out.buf, TARSPLIT_END, STR(""), 0);
	return frames_flush(&out, 0, e);
}

struct frame_head {
	uint8_t kind;
	uint64_t size;
	uint32_t length;
};

static int frame_head_read(struct frame_head *h, int frames, struct err *e)
{
	char bytes[13];
	int r = fd_read_exact(frames, bytes, sizeof(bytes), e);
	struct reader rd = reader_over((str){ bytes, sizeof(bytes) });

	if (r <= 0)
		return r < 0 ? -1 : err_set(e, ERR_CORRUPT, "the list of parts ends too early");
	h->kind = read_u8(&rd);
	h->size = read_u64le(&rd);
	h->length = read_u32le(&rd);
	if (h->kind < TARSPLIT_RAW || h->kind > TARSPLIT_END || h->length > TARSPLIT_FRAME_MOST)
		return err_set(e, ERR_CORRUPT, "a part of the list makes no sense");
	return 0;
}

int tarsplit_join(int to, int frames, int dir, struct err *e)
{
	CLEANUP(buf_free) struct buf bytes = BUF(TARSPLIT_FRAME_MOST + 1);
	char *room = buf_room(&bytes, TARSPLIT_FRAME_MOST);
	struct frame_head h = { 0 };

	if (!room)
		return buf_check(&bytes, e);
	for (;;) {
		if (frame_head_read(&h, frames, e) < 0)
			return -1;
		if (h.kind == TARSPLIT_END)
			return 0;
		int r = h.length ? fd_read_exact(frames, room, h.length, e) : 1;

		if (r <= 0)
			return r < 0 ? -1 : err_set(e, ERR_CORRUPT, "a part is cut short");
		str text = { room, h.length };

		r = h.kind == TARSPLIT_RAW ? fd_write(to, text, e) :
					     unpacked_copy(to, dir, text, h.size, e);
		if (r < 0)
			return -1;
	}
}
