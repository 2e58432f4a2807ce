#include "format/zip.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "base/limits.h"
#include "base/reader.h"

enum {
	LOCAL_MARK = 0x04034b50,
	CENTRAL_MARK = 0x02014b50,
	END_MARK = 0x06054b50,
	END64_MARK = 0x06064b50,
	LOCATOR64_MARK = 0x07064b50,

	LOCAL_SIZE = 30,
	CENTRAL_SIZE = 46,
	END_SIZE = 22,
	END64_SIZE = 56,
	LOCATOR64_SIZE = 20,
	COMMENT_MOST = 0xffff,

	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,

	FLAG_ENCRYPTED = 1 << 0,
	FLAG_SIZES_FOLLOW = 1 << 3,
	FLAG_STRONG = 1 << 6,
	FLAG_MASKED = 1 << 13,

	MADE_ON_UNIX = 3,
	EXTRA_ZIP64 = 0x0001,

	DEFLATE_RATIO_MOST = 1032, /* 258 bytes for every 2 bits */

	IN_BYTES = 32 << 10,
	OUT_BYTES = 64 << 10,
};

/* What the end record says. */
struct end {
	uint64_t at; /* of the record that ends the directory */
	uint64_t entries, size, offset;
	bool wide; /* zip64: entries are counted in full */
};

/* The zip64 end record at `at`, which lies before its locator. 1, 0 when none is there. */
static int end64_at(struct end *end, const struct blob *b, uint64_t at, uint64_t locator,
		    struct err *e)
{
	char bytes[END64_SIZE];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });

	if (at > locator || locator - at < END64_SIZE)
		return 0;
	if (blob_read(b, at, bytes, sizeof(bytes), e) < 0)
		return -1;
	if (read_u32le(&r) != END64_MARK)
		return 0;
	reader_seek(&r, 32);
	*end = (struct end){ .at = at, .entries = read_u64le(&r), .wide = true };
	end->size = read_u64le(&r);
	end->offset = read_u64le(&r);
	return 1;
}

/* Takes what the zip64 record says, if there is one (4.3.14, 4.3.15). */
static int end64_read(struct end *end, const struct blob *b, struct err *e)
{
	char bytes[LOCATOR64_SIZE];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	uint64_t locator = end->at - LOCATOR64_SIZE;

	if (end->at < LOCATOR64_SIZE)
		return 0;
	if (blob_read(b, locator, bytes, sizeof(bytes), e) < 0)
		return -1;
	if (read_u32le(&r) != LOCATOR64_MARK)
		return 0;
	if (read_u32le(&r) != 0)
		return err_set(e, ERR_UNSUPPORTED, "a zip archive in parts");
	int got = end64_at(end, b, read_u64le(&r), locator, e);

	/* Data put before the archive shifts it: then it stands right before its locator. */
	if (got == 0 && locator >= END64_SIZE)
		got = end64_at(end, b, locator - END64_SIZE, locator, e);
	if (got == 0)
		return err_set(e, ERR_CORRUPT, "a zip64 archive without its end record");
	return got;
}

/* Takes the end record at `at` for the archive's, when its directory lies where it says. 1, 0 when
 * it is not one. */
static int end_try(struct zip *z, str record, uint64_t at, struct end *end, struct err *e)
{
	struct reader r = reader_over(record);
	char mark[4];
	uint64_t start;

	reader_seek(&r, 4);
	uint16_t disk = read_u16le(&r), from = read_u16le(&r), here = read_u16le(&r);

	*end = (struct end){ .at = at, .entries = read_u16le(&r) };
	end->size = read_u32le(&r);
	end->offset = read_u32le(&r);
	if (end->entries == UINT16_MAX || end->size == UINT32_MAX || end->offset == UINT32_MAX) {
		if (end64_read(end, &z->content, e) < 0)
			return -1;
	} else if (disk != 0 || from != 0 || here != end->entries) {
		return 0;
	}
	if (end->size > end->at)
		return 0;
	start = end->at - end->size;
	if (start < end->offset)
		return 0;
	if (end->size > 0) {
		if (blob_read(&z->content, start, mark, 4, e) < 0)
			return -1;
		if (memcmp(mark, "PK\1\2", 4) != 0)
			return 0;
	}
	z->start = start;
	z->base = start - end->offset;
	return 1;
}

/* 4.3.16: the end record is the last thing but for a comment; where a comment holds something that
 * looks like one, the one whose comment reaches the very end is meant, then the last. */
static int end_find(struct zip *z, struct end *end, struct err *e)
{
	char tail[END_SIZE + COMMENT_MOST];
	uint64_t at = z->content.size - MIN(z->content.size, (uint64_t)sizeof(tail));
	str bytes;

	if (blob_peek(&bytes, &z->content, at, tail, sizeof(tail), e) < 0)
		return -1;
	for (int exact = 1; exact >= 0 && bytes.n >= END_SIZE; exact--) {
		for (size_t i = bytes.n - END_SIZE + 1; i-- > 0;) {
			if (memcmp(bytes.p + i, "PK\5\6", 4) != 0)
				continue;
			size_t comment = (uint8_t)bytes.p[i + 20] | (size_t)(uint8_t)bytes.p[i + 21]
									    << 8;
			size_t left = bytes.n - END_SIZE - i;

			if (exact ? comment != left : comment >= left)
				continue;
			int r = end_try(z, str_sub(bytes, i, END_SIZE), at + i, end, e);

			if (r != 0)
				return r;
		}
	}
	return err_set(e, ERR_CORRUPT, "not a zip archive, or cut short");
}

/* 4.5.3: the fields that are all ones in the header stand here, in this order. */
static bool zip64_extra(struct zip_entry *en, str extra)
{
	struct reader r = reader_over(extra);

	while (reader_left(&r) >= 4) {
		uint16_t id = read_u16le(&r), n = read_u16le(&r);
		struct reader field = reader_over(read_bytes(&r, n));

		if (id != EXTRA_ZIP64)
			continue;
		if (en->size == UINT32_MAX)
			en->size = read_u64le(&field);
		if (en->packed == UINT32_MAX)
			en->packed = read_u64le(&field);
		if (en->header == UINT32_MAX)
			en->header = read_u64le(&field);
		return !field.bad;
	}
	return true;
}

/* One record of the directory; false when there is none, or it is cut short. */
static bool central_read(struct zip_entry *en, struct reader *r)
{
	uint16_t made, name, extra, comment;
	uint32_t mode;

	if (read_u32le(r) != CENTRAL_MARK)
		return false;
	made = read_u16le(r);
	read_u16le(r);
	*en = (struct zip_entry){ .flags = read_u16le(r) };
	en->method = read_u16le(r);
	read_u32le(r); /* time and date */
	en->crc = read_u32le(r);
	en->packed = read_u32le(r);
	en->size = read_u32le(r);
	name = read_u16le(r);
	extra = read_u16le(r);
	comment = read_u16le(r);
	read_u16le(r);
	read_u16le(r);
	mode = read_u32le(r);
	en->mode = made >> 8 == MADE_ON_UNIX ? mode >> 16 : 0;
	en->header = read_u32le(r);
	en->name = read_bytes(r, name);
	str fields = read_bytes(r, extra);

	read_bytes(r, comment);
	return !r->bad && zip64_extra(en, fields);
}

bool zip_next(struct zip_entry *out, const struct zip *z, size_t *at)
{
	struct reader r = reader_over(z->directory);

	reader_seek(&r, *at);
	if (reader_left(&r) == 0 || !central_read(out, &r))
		return false;
	out->header += z->base;
	*at = r.at;
	return true;
}

bool zip_find(struct zip_entry *out, const struct zip *z, str name)
{
	for (size_t at = 0; zip_next(out, z, &at);)
		if (str_eq(out->name, name))
			return true;
	return false;
}

struct extent {
	uint64_t start, end;
};

static int extent_cmp(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static int extent_of(struct extent *out, const struct zip *z, const struct zip_entry *en,
		     struct err *e)
{
	uint64_t end;

	if (__builtin_add_overflow(en->header, LOCAL_SIZE + en->name.n, &end) ||
	    __builtin_add_overflow(end, en->packed, &end) || en->header < z->base || end > z->start)
		return err_set(e, ERR_CORRUPT, STR_FMT ": lies outside the archive",
			       STR_ARG(en->name));
	if (en->method == METHOD_STORED ? en->size != en->packed && !(en->flags & FLAG_ENCRYPTED)
					: en->size / DEFLATE_RATIO_MOST > en->packed)
		return err_set(e, ERR_CORRUPT, STR_FMT ": %llu bytes cannot become %llu",
			       STR_ARG(en->name), (unsigned long long)en->packed,
			       (unsigned long long)en->size);
	*out = (struct extent){ en->header, end };
	return 0;
}

/* Walks the directory once: all of it is records, as many as were announced, and no two entries
 * share bytes (which is how a small archive becomes a huge one). */
static int directory_check(struct zip *z, const struct end *end, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(LIMIT_ZIP_ENTRIES * sizeof(struct extent) + KIB);
	size_t most = MIN(z->directory.n / CENTRAL_SIZE, (size_t)LIMIT_ZIP_ENTRIES), n = 0, at = 0;
	struct extent *extents = arena_array(&a, struct extent, most);
	struct zip_entry en;

	if (!extents)
		return err_nomem(e);
	while (zip_next(&en, z, &at)) {
		if (n == most)
			return err_set(e, ERR_LIMIT, "more than %zu entries in a zip archive",
				       most);
		if (extent_of(&extents[n++], z, &en, e) < 0)
			return -1;
	}
	/* Writers without zip64 let the 16 bits wrap. */
	if (at != z->directory.n ||
	    (end->wide ? end->entries : end->entries & 0xffff) != (end->wide ? n : n & 0xffff))
		return err_set(e, ERR_CORRUPT, "the directory of the zip archive is damaged");
	qsort(extents, n, sizeof(*extents), extent_cmp);
	for (size_t i = 1; i < n; i++)
		if (extents[i].start < extents[i - 1].end)
			return err_set(e, ERR_CORRUPT, "entries of the zip archive overlap");
	z->entries = n;
	return 0;
}

int zip_open(struct zip *out, const struct blob *content, struct arena *a, struct err *e)
{
	struct zip z = { .content = *content };
	struct end end;
	char *room = NULL;

	if (end_find(&z, &end, e) < 0)
		return -1;
	if (end.size > LIMIT_ZIP_LIST_BYTES)
		return err_set(e, ERR_LIMIT, "the directory of the zip archive has %llu bytes",
			       (unsigned long long)end.size);
	if (!content->memory) {
		room = arena_alloc(a, (size_t)end.size);
		if (!room)
			return err_nomem(e);
	}
	if (blob_peek(&z.directory, content, z.start, room, (size_t)end.size, e) < 0 ||
	    directory_check(&z, &end, e) < 0)
		return -1;
	*out = z;
	return 0;
}

/* The packed bytes of an entry, behind a local header that agrees with the directory. */
static int packed_bytes(struct blob *out, const struct zip *z, const struct zip_entry *en,
			struct err *e)
{
	char bytes[LOCAL_SIZE];
	struct reader r = reader_over((str){ bytes, sizeof(bytes) });
	uint16_t flags, method, name, extra;
	uint32_t packed;
	uint64_t at;

	if (en->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED))
		return err_set(e, ERR_UNSUPPORTED, STR_FMT ": is encrypted", STR_ARG(en->name));
	if (blob_read(&z->content, en->header, bytes, sizeof(bytes), e) < 0)
		return -1;
	if (read_u32le(&r) != LOCAL_MARK)
		return err_set(e, ERR_CORRUPT, STR_FMT ": no entry is there", STR_ARG(en->name));
	read_u16le(&r);
	flags = read_u16le(&r);
	method = read_u16le(&r);
	reader_seek(&r, 18);
	packed = read_u32le(&r);
	reader_seek(&r, 26);
	name = read_u16le(&r);
	extra = read_u16le(&r);
	at = en->header + LOCAL_SIZE + name + extra;
	if (method != en->method || name != en->name.n || at + en->packed > z->start ||
	    (!(flags & FLAG_SIZES_FOLLOW) && packed != UINT32_MAX && packed != en->packed))
		return err_set(e, ERR_CORRUPT, STR_FMT ": its header contradicts the directory",
			       STR_ARG(en->name));
	*out = blob_part(&z->content, at, en->packed);
	return 0;
}

int zip_stored(struct blob *out, const struct zip *z, const struct zip_entry *en, struct err *e)
{
	if (en->method != METHOD_STORED)
		return 0;
	return packed_bytes(out, z, en, e) < 0 ? -1 : 1;
}

struct zip_stream {
	struct stream s;
	struct blob packed;
	struct zip_entry entry; /* its name is borrowed */
	uint64_t at;		/* packed bytes given to the inflater */
	uint64_t made;		/* bytes given out */
	uint32_t crc;
	struct inflate_state inflate;
	char in[IN_BYTES], out[OUT_BYTES];
};

/* Counts a window that is about to be given out, and at the end compares. */
static int window_give(struct zip_stream *zs, str bytes, bool last, struct err *e)
{
	const struct zip_entry *en = &zs->entry;

	zs->made += bytes.n;
	zs->crc = crc32_gzip_refl(zs->crc, (const unsigned char *)bytes.p, bytes.n);
	if (zs->made > en->size || (last && zs->made != en->size))
		return err_set(e, ERR_CORRUPT, STR_FMT ": is not the %llu bytes it says",
			       STR_ARG(en->name), (unsigned long long)en->size);
	if (last && zs->crc != en->crc)
		return err_set(e, ERR_CORRUPT, STR_FMT ": does not match its CRC",
			       STR_ARG(en->name));
	zs->s.window = bytes;
	return bytes.n > 0;
}

static int stored_more(struct stream *s, struct err *e)
{
	struct zip_stream *zs = (struct zip_stream *)s;
	str bytes;

	if (blob_peek(&bytes, &zs->packed, zs->at, zs->out, sizeof(zs->out), e) < 0)
		return -1;
	zs->at += bytes.n;
	return window_give(zs, bytes, zs->at == zs->packed.size, e);
}

static int input_feed(struct zip_stream *zs, struct err *e)
{
	str bytes;

	if (zs->inflate.avail_in > 0)
		return 0;
	if (blob_peek(&bytes, &zs->packed, zs->at, zs->in, sizeof(zs->in), e) < 0)
		return -1;
	zs->at += bytes.n;
	zs->inflate.next_in = (uint8_t *)(uintptr_t)bytes.p;
	zs->inflate.avail_in = (uint32_t)bytes.n;
	return 0;
}

static int deflated_more(struct stream *s, struct err *e)
{
	struct zip_stream *zs = (struct zip_stream *)s;
	struct inflate_state *in = &zs->inflate;
	bool done = in->block_state == ISAL_BLOCK_FINISH;
	size_t got = 0;

	while (!done && got == 0) {
		if (input_feed(zs, e) < 0)
			return -1;
		bool starved = in->avail_in == 0;

		in->next_out = (uint8_t *)zs->out;
		in->avail_out = sizeof(zs->out);
		int r = isal_inflate(in);

		got = sizeof(zs->out) - in->avail_out;
		done = in->block_state == ISAL_BLOCK_FINISH;
		if (r < 0 || r == ISAL_NEED_DICT || (starved && got == 0 && !done))
			return err_set(e, ERR_CORRUPT, STR_FMT ": %s", STR_ARG(zs->entry.name),
				       starved ? "is cut short" : "cannot be inflated");
	}
	if (done && zs->at - in->avail_in - (uint64_t)in->read_in_length / 8 != zs->packed.size)
		return err_set(e, ERR_CORRUPT, STR_FMT ": something follows the packed bytes",
			       STR_ARG(zs->entry.name));
	return window_give(zs, (str){ zs->out, got }, done, e);
}

int zip_stream_open(struct zip_stream **out, const struct zip *z, const struct zip_entry *en,
		    struct err *e)
{
	struct blob packed;
	struct zip_stream *zs;

	if (packed_bytes(&packed, z, en, e) < 0)
		return -1;
	if (en->method != METHOD_STORED && en->method != METHOD_DEFLATED)
		return err_set(e, ERR_UNSUPPORTED, STR_FMT ": packed by method %d",
			       STR_ARG(en->name), en->method);
	zs = malloc(sizeof(*zs));
	if (!zs)
		return err_nomem(e);
	zs->s = (struct stream){ .more = en->method ? deflated_more : stored_more };
	zs->packed = packed;
	zs->entry = *en;
	zs->at = zs->made = 0;
	zs->crc = 0;
	isal_inflate_init(&zs->inflate);
	zs->inflate.avail_in = 0;
	zs->inflate.crc_flag = ISAL_DEFLATE;
	*out = zs;
	return 0;
}

struct stream *zip_stream_bytes(struct zip_stream *zs)
{
	return &zs->s;
}

void zip_stream_free(struct zip_stream *zs)
{
	free(zs);
}

void zip_stream_freep(struct zip_stream **zs)
{
	zip_stream_free(*zs);
}

int zip_read(str *out, const struct zip *z, const struct zip_entry *en, size_t most,
	     struct arena *a, struct err *e)
{
	CLEANUP(zip_stream_freep)
	struct zip_stream *zs = NULL;
	size_t n = 0;
	char *to;
	int r;

	if (en->size > most)
		return err_set(e, ERR_LIMIT, STR_FMT ": %llu bytes are too many", STR_ARG(en->name),
			       (unsigned long long)en->size);
	if (zip_stream_open(&zs, z, en, e) < 0)
		return -1;
	to = arena_alloc(a, (size_t)en->size);
	if (!to)
		return err_nomem(e);
	while ((r = stream_fill(&zs->s, e)) > 0) {
		memcpy(to + n, zs->s.window.p, zs->s.window.n);
		n += zs->s.window.n;
		stream_take(&zs->s, zs->s.window.n);
	}
	if (r < 0)
		return -1;
	*out = (str){ to, n };
	return 0;
}
