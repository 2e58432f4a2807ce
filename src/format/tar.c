#include "format/tar.h"

#include "base/buf.h"
#include "base/limits.h"
#include "format/pax.h"

enum { BLOCK = 512 };

/* Data of a sparse file: this many bytes from that offset on; all else is a hole. */
struct part {
	uint64_t offset, bytes;
};

struct tar {
	struct stream content;
	struct stream *under;
	bool failed;

	/* The newest entry's content as stored: what is left, and how much of the window below is
	 * out as ours. */
	uint64_t stored, padding;
	size_t lent;
	uint64_t size, at; /* of the content with its holes: how long, how far */
	bool sparse;
	struct part *parts; /* in order; the part that `at` has not passed is parts[part] */
	size_t nparts, cap, part;

	struct buf path, target, pax_text, long_name, long_link;
	bool has_pax, has_name, has_link;
	struct pax pax;
	uint64_t header_at;
	char block[BLOCK];
};

/* --- header fields ------------------------------------------------------------------------- */

/* POSIX.1-1988, "tar.h": offsets and lengths; GNU's and Schilling's own behind them. */
static const struct span {
	uint16_t at, n;
} NAME = { 0, 100 }, MODE = { 100, 8 }, UID = { 108, 8 }, GID = { 116, 8 }, SIZE = { 124, 12 },
  MTIME = { 136, 12 }, CHECKSUM = { 148, 8 }, LINK = { 157, 100 }, MAGIC = { 257, 8 },
  MAJOR = { 329, 8 }, MINOR = { 337, 8 }, PREFIX = { 345, 155 }, STAR_PREFIX = { 345, 131 },
  STAR_MAGIC = { 508, 4 }, GNU_REAL_SIZE = { 483, 12 };

enum {
	TYPE_AT = 156,
	GNU_PARTS_AT = 386,
	GNU_PARTS = 4,
	GNU_MORE_AT = 482,
	GNU_EXTENDED_PARTS = 21,
	GNU_EXTENDED_MORE_AT = 504,
};

static str field(const char *block, struct span s)
{
	return (str){ block + s.at, s.n };
}

static str field_text(const char *block, struct span s)
{
	str f = field(block, s);

	return str_first(f, str_find(f, '\0'));
}

/* Base-256 (GNU): the first bit says so, the second is the sign; big endian. */
static bool number_binary(str f, int64_t *out)
{
	bool minus = f.p[0] & 0x40;
	uint64_t v = minus ? UINT64_MAX : 0;

	for (size_t i = 0; i < f.n; i++) {
		uint8_t c = (uint8_t)f.p[i];

		if (i == 0)
			c = minus ? c | 0x80 : c & 0x7f;
		if (v >> 55 != (minus ? 0x1ff : 0))
			return false;
		v = v << 8 | c;
	}
	*out = (int64_t)v;
	return true;
}

/* Octal digits between blanks and NULs; nothing at all is 0. */
static bool number(str f, int64_t *out)
{
	uint64_t v = 0;
	size_t i = 0;

	if (f.p[0] & 0x80)
		return number_binary(f, out);
	while (i < f.n && (f.p[i] == ' ' || f.p[i] == '\0'))
		i++;
	for (; i < f.n && f.p[i] >= '0' && f.p[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(f.p[i] - '0'); /* 12 digits at most: 36 bits */
	for (; i < f.n; i++)
		if (f.p[i] != ' ' && f.p[i] != '\0')
			return false;
	*out = (int64_t)v;
	return true;
}

/* A length or an offset: never negative. */
static int number_size(uint64_t *out, str f, struct err *e)
{
	int64_t v;

	if (!number(f, &v) || v < 0)
		return err_set(e, ERR_CORRUPT, "a size that is no number");
	*out = (uint64_t)v;
	return 0;
}

/* A field that only describes: 0 when it is not a number. */
static int64_t number_or_0(str f)
{
	int64_t v;

	return number(f, &v) ? v : 0;
}

/* The sum of all bytes of a block, eight at a time: four sums of two bytes each in one word, none
 * of which can pass 64 * 2 * 255. */
static uint32_t block_sum(const char *block)
{
	const uint64_t even = 0x00ff00ff00ff00ff;
	uint64_t sums = 0;

	for (size_t i = 0; i < BLOCK; i += 8) {
		uint64_t v;

		memcpy(&v, block + i, 8);
		sums += (v & even) + (v >> 8 & even);
	}
	return (uint32_t)((sums & 0xffff) + (sums >> 16 & 0xffff) + (sums >> 32 & 0xffff) +
			  (sums >> 48));
}

/* The sum of all bytes, its own field counted as blanks; some old ones summed signed chars. */
static bool checksum_right(const char *block)
{
	uint32_t sum = block_sum(block) + CHECKSUM.n * ' ';
	int32_t sum_signed = CHECKSUM.n * ' ';
	int64_t want;

	for (size_t i = CHECKSUM.at; i < CHECKSUM.at + CHECKSUM.n; i++)
		sum -= (uint8_t)block[i];
	if (!number(field(block, CHECKSUM), &want))
		return false;
	if (want == sum)
		return true;
	for (size_t i = 0; i < BLOCK; i++)
		if (i < CHECKSUM.at || i >= CHECKSUM.at + CHECKSUM.n)
			sum_signed += (signed char)block[i];
	return want == sum_signed;
}

static bool block_is_zero(const char *block)
{
	return block[0] == '\0' && memcmp(block, block + 1, BLOCK - 1) == 0;
}

bool tar_claims(str head)
{
	return head.n >= BLOCK && !block_is_zero(head.p) && checksum_right(head.p);
}

/* --- paths ---------------------------------------------------------------------------------- */

static bool has_dotdot(str path)
{
	for (str part; str_next(&path, '/', &part);)
		if (str_eq(part, STR("..")))
			return true;
	return false;
}

int tar_path_clean(char *p, size_t *n)
{
	str rest = { p, *n };
	size_t put = 0;

	if (has_dotdot(rest))
		return -1;
	for (str part; str_next(&rest, '/', &part);) {
		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		if (put)
			p[put++] = '/';
		memmove(p + put, part.p, part.n);
		put += part.n;
	}
	*n = put;
	return 0;
}

/* Copies a name into `to` and cleans it there; *refused when it may not be used. */
static int path_take(struct buf *to, str name, bool *refused, struct err *e)
{
	buf_clear(to);
	buf_put(to, name);
	if (name.n > LIMIT_PATH_BYTES)
		return err_set(e, ERR_LIMIT, "a path of more than %d bytes", LIMIT_PATH_BYTES);
	if (buf_check(to, e) < 0)
		return -1;
	if (to->n && tar_path_clean(to->p, &to->n) < 0)
		*refused = true;
	return 0;
}

/* --- content --------------------------------------------------------------------------------- */

/* Some of the stored bytes as the window, at most `most` of them. */
static int content_stored(struct tar *t, uint64_t most, struct err *e)
{
	int r = stream_fill(t->under, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_CORRUPT,
			       "the archive ends at byte %llu, %llu bytes before the file does",
			       (unsigned long long)t->under->taken, (unsigned long long)t->stored);
	t->lent = (size_t)MIN(MIN(most, t->stored), (uint64_t)t->under->window.n);
	t->stored -= t->lent;
	t->at += t->lent;
	t->content.window = str_first(t->under->window, t->lent);
	return 1;
}

static int content_hole(struct tar *t, uint64_t n)
{
	static const char zeros[16 << 10];

	t->content.window = (str){ zeros, (size_t)MIN(n, (uint64_t)sizeof(zeros)) };
	t->at += t->content.window.n;
	return 1;
}

static void content_return(struct tar *t)
{
	stream_take(t->under, t->lent);
	t->lent = 0;
}

static int content_more(struct stream *s, struct err *e)
{
	struct tar *t = (struct tar *)s;

	content_return(t);
	if (t->at == t->size)
		return 0;
	if (!t->sparse)
		return content_stored(t, t->size - t->at, e);
	while (t->part < t->nparts && t->parts[t->part].offset + t->parts[t->part].bytes <= t->at)
		t->part++;
	if (t->part == t->nparts)
		return content_hole(t, t->size - t->at);
	struct part *p = &t->parts[t->part];

	if (t->at < p->offset)
		return content_hole(t, p->offset - t->at);
	return content_stored(t, p->offset + p->bytes - t->at, e);
}

/* Passes over what is left of the newest entry. */
static int content_end(struct tar *t, struct err *e)
{
	content_return(t);
	t->content.window = STR_NONE;
	uint64_t left = t->stored + t->padding;

	t->stored = t->padding = 0;
	t->at = t->size;
	return stream_skip(t->under, left, e);
}

static int content_begin(struct tar *t, uint64_t stored, struct err *e)
{
	if (stored > INT64_MAX - BLOCK)
		return err_set(e, ERR_CORRUPT, "a size past all bounds");
	t->stored = t->size = stored;
	t->padding = -stored % BLOCK;
	t->at = 0;
	t->sparse = false;
	t->nparts = t->part = 0;
	t->content.taken = 0;
	t->content.window = STR_NONE;
	return 0;
}

/* --- sparse maps ----------------------------------------------------------------------------- */

static int part_add(struct tar *t, uint64_t offset, uint64_t bytes, struct err *e)
{
	uint64_t from =
		t->nparts ? t->parts[t->nparts - 1].offset + t->parts[t->nparts - 1].bytes : 0;

	if (offset < from || bytes > INT64_MAX || offset > INT64_MAX - bytes)
		return err_set(e, ERR_CORRUPT, "a sparse map out of order");
	if (t->nparts == LIMIT_SPARSE_PARTS)
		return err_set(e, ERR_LIMIT, "a sparse map of more than %d parts",
			       LIMIT_SPARSE_PARTS);
	if (t->nparts == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		struct part *v = reallocarray(t->parts, cap, sizeof(*v));

		if (!v)
			return err_nomem(e);
		t->parts = v;
		t->cap = cap;
	}
	t->parts[t->nparts++] = (struct part){ offset, bytes };
	return 0;
}

/* The map is whole: it must fit the size with holes and the bytes stored. */
static int sparse_begin(struct tar *t, uint64_t real, struct err *e)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < t->nparts; i++)
		sum += t->parts[i].bytes; /* cannot wrap: in order and below 2^63 */
	if (t->nparts && t->parts[t->nparts - 1].offset + t->parts[t->nparts - 1].bytes > real)
		return err_set(e, ERR_CORRUPT, "a sparse map past the end of its file");
	if (sum > t->stored || real > INT64_MAX)
		return err_set(e, ERR_CORRUPT, "a sparse map of more bytes than are stored");
	t->sparse = true;
	t->size = real;
	t->at = 0;
	t->content.taken = 0;
	return 0;
}

/* `n` pairs of numbers at `p`; an empty one ends the list. */
static int sparse_old_pairs(struct tar *t, const char *p, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++, p += 24) {
		uint64_t offset = 0, bytes = 0;

		if (p[0] == '\0' && p[12] == '\0')
			return 0;
		if (number_size(&offset, (str){ p, 12 }, e) < 0 ||
		    number_size(&bytes, (str){ p + 12, 12 }, e) < 0 ||
		    part_add(t, offset, bytes, e) < 0)
			return -1;
	}
	return 0;
}

/* Type 'S': four pairs in the header, then blocks of 21 until one says it is the last. */
static int sparse_old(struct tar *t, struct err *e)
{
	bool more = t->block[GNU_MORE_AT] != '\0';
	char block[BLOCK];
	uint64_t real = 0;

	if (number_size(&real, field(t->block, GNU_REAL_SIZE), e) < 0 ||
	    sparse_old_pairs(t, t->block + GNU_PARTS_AT, GNU_PARTS, e) < 0)
		return -1;
	while (more) {
		int r = stream_read(t->under, block, BLOCK, e);

		if (r == 0)
			err_set(e, ERR_CORRUPT, "the archive ends inside a sparse map");
		if (r <= 0 || sparse_old_pairs(t, block, GNU_EXTENDED_PARTS, e) < 0)
			return -1;
		more = block[GNU_EXTENDED_MORE_AT] != '\0';
	}
	return sparse_begin(t, real, e);
}

/* PAX 0.1: "offset,bytes,offset,bytes". */
static int sparse_map_text(struct tar *t, str map, struct err *e)
{
	for (str offset, bytes; str_next(&map, ',', &offset);) {
		uint64_t at, n;

		if (!str_next(&map, ',', &bytes) || !str_u64(offset, &at) || !str_u64(bytes, &n))
			return err_set(e, ERR_CORRUPT, "a sparse map that is no list of numbers");
		if (part_add(t, at, n, e) < 0)
			return -1;
	}
	return 0;
}

/* One decimal number and its line end, out of the content. */
static int sparse_line(struct tar *t, uint64_t *out, struct err *e)
{
	char digits[24];
	size_t n = 0;

	for (;;) {
		int r = stream_read(&t->content, digits + n, 1, e);

		if (r < 0)
			return -1;
		if (r == 0 || n == sizeof(digits) - 1)
			return err_set(e, ERR_CORRUPT, "a sparse map that is no list of numbers");
		if (digits[n] == '\n')
			break;
		n++;
	}
	if (!str_u64((str){ digits, n }, out))
		return err_set(e, ERR_CORRUPT, "a sparse map that is no list of numbers");
	return 0;
}

/* PAX 1.0: the map stands before the data, as lines, filled up to a whole block. */
static int sparse_lines(struct tar *t, struct err *e)
{
	uint64_t count = 0, offset = 0, bytes = 0;

	if (sparse_line(t, &count, e) < 0)
		return -1;
	if (count > LIMIT_SPARSE_PARTS)
		return err_set(e, ERR_LIMIT, "a sparse map of more than %d parts",
			       LIMIT_SPARSE_PARTS);
	for (uint64_t i = 0; i < count; i++)
		if (sparse_line(t, &offset, e) < 0 || sparse_line(t, &bytes, e) < 0 ||
		    part_add(t, offset, bytes, e) < 0)
			return -1;
	if (stream_skip(&t->content, -t->content.taken % BLOCK, e) < 0)
		return -1;
	/* What of the window below is out but not taken goes back: content starts afresh. */
	t->stored += t->content.window.n;
	t->lent -= t->content.window.n;
	content_return(t);
	t->content.window = STR_NONE;
	return 0;
}

static int sparse_pax(struct tar *t, struct err *e)
{
	const struct pax *p = &t->pax;
	uint64_t offset = 0, bytes = 0;
	str pairs = p->pairs;
	int r = 0;

	if (!p->has_sparse_size)
		return err_set(e, ERR_CORRUPT, "a sparse file that does not say its size");
	if (p->version != UINT32_MAX && p->version != 0 && p->version != 1 && p->version != 0x100)
		return err_set(e, ERR_UNSUPPORTED, "sparse files of version %u.%u", p->version >> 8,
			       p->version & 255);
	if (p->version == 0x100)
		r = sparse_lines(t, e);
	else if (p->sparse_map.n)
		r = sparse_map_text(t, p->sparse_map, e);
	else
		while ((r = pax_pair(&offset, &bytes, &pairs, e)) > 0)
			if (part_add(t, offset, bytes, e) < 0)
				return -1;
	return r < 0 ? -1 : sparse_begin(t, p->sparse_size, e);
}

/* --- extension headers ----------------------------------------------------------------------- */

static int extension_text(struct tar *t, struct buf *to, struct err *e)
{
	uint64_t size = 0;

	if (number_size(&size, field(t->block, SIZE), e) < 0)
		return -1;
	if (size > LIMIT_PAX_HEADER_BYTES)
		return err_set(e, ERR_LIMIT, "an extended header of more than %zu bytes",
			       LIMIT_PAX_HEADER_BYTES);
	buf_clear(to);
	char *room = buf_room(to, (size_t)size);

	if (!room)
		return buf_check(to, e);
	int r = size ? stream_read(t->under, room, (size_t)size, e) : 1;

	if (r == 0)
		err_set(e, ERR_CORRUPT, "the archive ends inside an extended header");
	if (r <= 0)
		return -1;
	to->n = (size_t)size;
	return stream_skip(t->under, -size % BLOCK, e);
}

static int read_local(struct tar *t, struct err *e)
{
	if (extension_text(t, &t->pax_text, e) < 0 ||
	    pax_parse(&t->pax, buf_str(&t->pax_text), e) < 0)
		return -1;
	t->has_pax = true;
	return 0;
}

/* Container engines (Go's archive/tar) pass over what a global header says, POSIX applies it to all
 * that follows. Where the two would see different files, we say so instead of choosing. */
static int read_global(struct tar *t, struct err *e)
{
	struct pax all;

	/* What a local header before it said stands in the same memory and counts no longer. */
	t->has_pax = false;
	if (extension_text(t, &t->pax_text, e) < 0 || pax_parse(&all, buf_str(&t->pax_text), e) < 0)
		return -1;
	if (all.path.n || all.link.n || all.has_size || all.sparse)
		return err_set(e, ERR_UNSUPPORTED,
			       "a global header that sets names or sizes of all files");
	return 0;
}

static int read_long(struct tar *t, struct buf *to, bool *has, struct err *e)
{
	if (extension_text(t, to, e) < 0)
		return -1;
	to->n = MIN(to->n, str_find(buf_str(to), '\0'));
	*has = to->n > 0;
	return 0;
}

static int read_long_name(struct tar *t, struct err *e)
{
	return read_long(t, &t->long_name, &t->has_name, e);
}

static int read_long_link(struct tar *t, struct err *e)
{
	return read_long(t, &t->long_link, &t->has_link, e);
}

static const struct type {
	char flag;
	enum tar_kind kind;
	bool no_content; /* a size in the header means nothing (as Go's archive/tar has it) */
	int (*extension)(struct tar *t, struct err *e);
} types[] = {
	/* clang-format off */
	{ '0',  TAR_FILE,     false, NULL },
	{ '\0', TAR_FILE,     false, NULL },
	{ '1',  TAR_HARDLINK, true,  NULL },
	{ '2',  TAR_SYMLINK,  true,  NULL },
	{ '3',  TAR_CHAR,     true,  NULL },
	{ '4',  TAR_BLOCK,    true,  NULL },
	{ '5',  TAR_DIR,      true,  NULL },
	{ '6',  TAR_FIFO,     true,  NULL },
	{ '7',  TAR_FILE,     false, NULL },
	{ 'D',  TAR_DIR,      false, NULL },
	{ 'S',  TAR_FILE,     false, NULL },
	{ 'x',  TAR_OTHER,    false, read_local },
	{ 'g',  TAR_OTHER,    false, read_global },
	{ 'L',  TAR_OTHER,    false, read_long_name },
	{ 'K',  TAR_OTHER,    false, read_long_link },
	/* clang-format on */
};

static const struct type *type_of(char flag)
{
	static const struct type other = { '?', TAR_OTHER, false, NULL };

	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].flag == flag)
			return &types[i];
	return &other;
}

/* --- entries --------------------------------------------------------------------------------- */

/* The name in the header itself: with ustar's prefix before it, when it has one. */
static int header_name(struct tar *t, struct buf *to, struct err *e)
{
	str prefix = STR_NONE;

	if (str_eq(str_first(field(t->block, MAGIC), 6), STR("ustar\0")))
		prefix = field_text(t->block, str_eq(field(t->block, STAR_MAGIC), STR("tar\0"))
						      ? STAR_PREFIX
						      : PREFIX);
	buf_clear(to);
	buf_put(to, prefix);
	if (prefix.n)
		buf_putc(to, '/');
	buf_put(to, field_text(t->block, NAME));
	return buf_check(to, e);
}

/* Which name counts, the weakest first: header, PAX path, GNU long name, PAX sparse name. */
static int entry_names(struct tar *t, struct tar_entry *out, bool *slash, struct err *e)
{
	str name, link = field_text(t->block, LINK);
	bool pax = t->has_pax;

	if (!t->has_name && header_name(t, &t->long_name, e) < 0)
		return -1;
	name = buf_str(&t->long_name);
	if (!t->has_name && pax && t->pax.path.n)
		name = t->pax.path;
	if (pax && t->pax.sparse_name.n)
		name = t->pax.sparse_name;
	if (t->has_link)
		link = buf_str(&t->long_link);
	else if (pax && t->pax.link.n)
		link = t->pax.link;
	*slash = str_ends(name, STR("/"));
	if (path_take(&t->path, name, &out->refused, e) < 0)
		return -1;
	out->path = buf_str(&t->path);
	out->target = STR_NONE;
	if (out->kind == TAR_HARDLINK) {
		if (path_take(&t->target, link, &out->refused, e) < 0)
			return -1;
		out->target = buf_str(&t->target);
	} else if (out->kind == TAR_SYMLINK) {
		if (link.n > LIMIT_PATH_BYTES)
			return err_set(e, ERR_LIMIT, "a link's target of more than %d bytes",
				       LIMIT_PATH_BYTES);
		buf_clear(&t->target);
		buf_put(&t->target, link);
		out->target = buf_str(&t->target);
		return buf_check(&t->target, e);
	}
	return 0;
}

static void entry_attributes(const struct tar *t, struct tar_entry *out)
{
	const struct pax *p = &t->pax;
	const char *b = t->block;

	out->mode = (uint32_t)number_or_0(field(b, MODE)) & 07777;
	out->uid = t->has_pax && p->has_uid ? p->uid : (uint64_t)number_or_0(field(b, UID));
	out->gid = t->has_pax && p->has_gid ? p->gid : (uint64_t)number_or_0(field(b, GID));
	out->mtime = t->has_pax && p->has_mtime ? p->mtime : number_or_0(field(b, MTIME));
	out->major = (uint32_t)number_or_0(field(b, MAJOR));
	out->minor = (uint32_t)number_or_0(field(b, MINOR));
}

static int entry_content(struct tar *t, const struct type *type, struct err *e)
{
	uint64_t stored = 0;

	/* Checked even when it means nothing: a header that is off is off. */
	if (number_size(&stored, field(t->block, SIZE), e) < 0)
		return -1;
	if (t->has_pax && t->pax.has_size)
		stored = t->pax.size;
	if (content_begin(t, type->no_content ? 0 : stored, e) < 0)
		return -1;
	if (type->flag == 'S')
		return sparse_old(t, e);
	if (t->has_pax && t->pax.sparse && type->kind == TAR_FILE)
		return sparse_pax(t, e);
	return 0;
}

static int entry_make(struct tar *t, const struct type *type, struct tar_entry *out, struct err *e)
{
	struct tar_entry entry = { .kind = type->kind, .header = t->header_at };
	bool slash;

	if (entry_names(t, &entry, &slash, e) < 0 || entry_content(t, type, e) < 0)
		return -1;
	if (type->flag == '\0' && slash)
		entry.kind = TAR_DIR; /* V7 had no other way to say so */
	entry_attributes(t, &entry);
	entry.size = t->size;
	entry.sparse = t->sparse;
	entry.data = t->under->taken;
	*out = entry;
	return 0;
}

/* The next header block into t->block: 1, 0 at the end of the archive, -1 and *e. */
static int header_next(struct tar *t, struct err *e)
{
	t->header_at = t->under->taken;
	int r = stream_read(t->under, t->block, BLOCK, e);

	if (r <= 0)
		return r;
	if (block_is_zero(t->block))
		return 0;
	if (!checksum_right(t->block))
		return err_set(e, ERR_CORRUPT, "no header where one should be");
	return 1;
}

static int entry_next(struct tar *t, struct tar_entry *out, struct err *e)
{
	bool extended = false;
	int r;

	t->has_pax = t->has_name = t->has_link = false;
	while ((r = header_next(t, e)) > 0) {
		const struct type *type = type_of(t->block[TYPE_AT]);

		if (!type->extension)
			return entry_make(t, type, out, e) < 0 ? -1 : 1;
		if (type->extension(t, e) < 0)
			return -1;
		extended |= type->flag != 'g';
	}
	if (r == 0 && extended)
		return err_set(e, ERR_CORRUPT, "the archive ends after an extended header");
	return r;
}

int tar_next(struct tar *t, struct tar_entry *out, struct err *e)
{
	if (t->failed)
		return err_set(e, ERR_CORRUPT, "the archive cannot be read further");
	int r = content_end(t, e);

	if (r == 0)
		r = entry_next(t, out, e);
	t->failed = r < 0;
	if (r < 0)
		err_within(e, "tar: entry at byte %llu", (unsigned long long)t->header_at);
	return r;
}

int tar_open(struct tar **out, struct stream *under, struct err *e)
{
	struct tar *t = calloc(1, sizeof(*t));

	if (!t)
		return err_nomem(e);
	t->content.more = content_more;
	t->under = under;
	*out = t;
	return 0;
}

struct stream *tar_content(struct tar *t)
{
	return &t->content;
}

void tar_close(struct tar *t)
{
	if (!t)
		return;
	buf_free(&t->path);
	buf_free(&t->target);
	buf_free(&t->pax_text);
	buf_free(&t->long_name);
	buf_free(&t->long_link);
	free(t->parts);
	free(t);
}

void tar_closep(struct tar **t)
{
	tar_close(*t);
}
