#include "tap.h"

#include "archive_kit.h"
#include "base/limits.h"
#include "format/tar.h"

struct listing {
	struct buf text;
	struct err err;
	size_t entries;
	int rc;
};

static void listing_free(struct listing *l)
{
	buf_free(&l->text);
}

static const char kinds[] = {
	[TAR_FILE] = 'f', [TAR_DIR] = 'd',   [TAR_SYMLINK] = 'l', [TAR_HARDLINK] = 'h',
	[TAR_CHAR] = 'c', [TAR_BLOCK] = 'b', [TAR_FIFO] = 'p',	  [TAR_OTHER] = '?'
};

/* One line an entry: kind, path, size; target; small content in brackets. */
static void list_entry(struct listing *l, struct tar *t, const struct tar_entry *en)
{
	struct stream *s = tar_content(t);
	int r;

	buf_printf(&l->text, "%c%s " STR_FMT, kinds[en->kind], en->refused ? "!" : "",
		   STR_ARG(en->path));
	if (en->target.n)
		buf_printf(&l->text, " -> " STR_FMT, STR_ARG(en->target));
	if (en->kind == TAR_FILE) {
		buf_printf(&l->text, " %llu [", (unsigned long long)en->size);
		while ((r = stream_fill(s, &l->err)) > 0) {
			buf_put(&l->text, str_first(s->window, 64));
			stream_take(s, s->window.n);
		}
		buf_printf(&l->text, "]%s", r < 0 ? " cut" : "");
	}
	buf_putc(&l->text, '\n');
}

static struct listing list(str archive)
{
	struct listing l = { .text = BUF(1 << 20) };
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	struct memory_stream m;
	struct tar_entry en;

	memory_stream_init(&m, archive);
	l.rc = tar_open(&t, &m.s, &l.err);
	while (l.rc >= 0 && (l.rc = tar_next(t, &en, &l.err)) > 0) {
		l.entries++;
		list_entry(&l, t, &en);
	}
	return l;
}

TEST(plain_entries_are_listed_with_clean_paths)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '5', "./");
	KIT_ADD(&b, '5', "./etc/");
	KIT_ADD(&b, '0', "/etc//./passwd", .content = STR("root"));
	KIT_ADD(&b, '2', "bin", "usr/bin/../bin");
	KIT_ADD(&b, '1', "etc/shadow", "./etc/passwd");
	KIT_ADD(&b, '3', "dev/null", .major = 1, .minor = 3);
	KIT_ADD(&b, '4', "dev/sda");
	KIT_ADD(&b, '6', "run/pipe");
	KIT_ADD(&b, '\0', "old/");
	KIT_ADD(&b, '7', "contiguous", .content = STR("abc"));
	KIT_ADD(&b, 'Z', "unknown", .content = STR("zzz"));
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK(l.rc == 0 && l.entries == 11);
	CHECK_STR(buf_str(&l.text),
		  STR("d \nd etc\nf etc/passwd 4 [root]\nl bin -> usr/bin/../bin\n"
		      "h etc/shadow -> etc/passwd\nc dev/null\nb dev/sda\n"
		      "p run/pipe\nd old\nf contiguous 3 [abc]\n? unknown\n"));
}

TEST(a_path_that_climbs_is_refused_but_shown)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "../../etc/passwd", .content = STR("x"));
	KIT_ADD(&b, '0', "a/../b");
	KIT_ADD(&b, '1', "fine", "../outside");
	KIT_ADD(&b, '0', "..fine/a..b/...", .content = STR("y"));
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK_STR(buf_str(&l.text),
		  STR("f! ../../etc/passwd 1 [x]\nf! a/../b 0 []\nh! fine -> ../outside\n"
		      "f ..fine/a..b/... 1 [y]\n"));
}

TEST(names_come_from_the_strongest_that_names)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	kit_pax(&b, 'x', "path", STR("from/pax"));
	KIT_ADD(&b, '0', "header");
	kit_pax(&b, 'x', "path", STR("from/pax"));
	KIT_ADD(&b, 'L', "././@LongLink", .content = STR("from/gnu\0"));
	KIT_ADD(&b, '0', "header");
	kit_pax(&b, 'x', "linkpath", STR("far/away"));
	KIT_ADD(&b, '2', "l1", "near");
	KIT_ADD(&b, 'K', "././@LongLink", .content = STR("long/target\0"));
	KIT_ADD(&b, '2', "l2", "near");
	KIT_ADD(&b, '0', "after");
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK_STR(buf_str(&l.text), STR("f from/pax 0 []\nf from/gnu 0 []\nl l1 -> far/away\n"
					"l l2 -> long/target\nf after 0 []\n"));
}

TEST(a_pax_size_counts_and_a_global_one_is_not_guessed_at)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	kit_pax(&b, 'g', "comment", STR("of no matter"));
	kit_pax(&b, 'x', "size", STR("3"));
	KIT_ADD(&b, '0', "f", .content = STR("abc"), .lie = 7);
	KIT_ADD(&b, '0', "after");
	kit_pax(&b, 'g', "size", STR("0"));
	KIT_ADD(&b, '0', "never", .content = STR("abc"));
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK_STR(buf_str(&l.text), STR("f f 3 [abc]\nf after 0 []\n"));
	CHECK(l.rc == -1 && l.err.kind == ERR_UNSUPPORTED);
}

TEST(sparse_files_have_zeros_for_holes)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf map = BUF(1 << 20);
	char block[512];

	/* old GNU: two parts in the header */
	kit_header(block, &(struct kit_entry){ 'S', "old", .content = STR("abcd") });
	memcpy(block + 257, "ustar  ", 8);
	memset(block + 345, 0, 167);
	kit_octal(block + 386, 12, 2);
	kit_octal(block + 398, 12, 3);
	kit_octal(block + 410, 12, 6);
	kit_octal(block + 422, 12, 1);
	kit_octal(block + 483, 12, 9);
	kit_checksum(block);
	buf_put(&b, (str){ block, 512 });
	buf_put(&b, STR("abcd"));
	kit_pad(&b);
	/* PAX 1.0: the map stands before the data */
	buf_put(&map,
		STR("31 GNU.sparse.name=dir/new.txt\n22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
		    "25 GNU.sparse.realsize=6\n"));
	KIT_ADD(&b, 'x', "pax", .content = buf_str(&map));
	buf_clear(&map);
	buf_put(&map, STR("1\n4\n2\n"));
	kit_pad(&map);
	buf_put(&map, STR("yz"));
	KIT_ADD(&b, '0', "GNUSparseFile.0/new", .content = buf_str(&map));
	KIT_ADD(&b, '0', "after", .content = STR("!"));
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK_STR(buf_str(&l.text), STR("f old 9 [\0\0abc\0d\0\0]\nf dir/new.txt 6 [\0\0\0\0yz]\n"
					"f after 1 [!]\n"));
}

TEST(a_sparse_map_that_lies_is_an_error)
{
	static const struct {
		str map, size;
	} rows[] = {
		{ STR_INIT("0,1,0,1"), STR_INIT("9") },			  /* overlapping */
		{ STR_INIT("5,1,2,1"), STR_INIT("9") },			  /* backwards */
		{ STR_INIT("0,5"), STR_INIT("9") },			  /* more than is stored */
		{ STR_INIT("8,2"), STR_INIT("9") },			  /* past the end */
		{ STR_INIT("1"), STR_INIT("9") },			  /* half a pair */
		{ STR_INIT("a,b"), STR_INIT("9") },			  /* no numbers */
		{ STR_INIT("9223372036854775807,1"), STR_INIT("9") },	  /* wraps */
		{ STR_INIT("0,1"), STR_INIT("99999999999999999999999") }, /* no number */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_free)
		struct buf b = BUF(1 << 20);
		CLEANUP(buf_free)
		struct buf records = BUF(1 << 20);
		char line[128];

		for (int k = 0; k < 2; k++) {
			snprintf(line, sizeof(line), " %s=" STR_FMT "\n",
				 k ? "GNU.sparse.map" : "GNU.sparse.size",
				 STR_ARG(k ? rows[i].map : rows[i].size));
			buf_printf(&records, "%zu%s", strlen(line) + 2, line);
		}
		KIT_ADD(&b, 'x', "pax", .content = buf_str(&records));
		KIT_ADD(&b, '0', "f", .content = STR("abc"));
		kit_end(&b);
		CLEANUP(listing_free)
		struct listing l = list(buf_str(&b));

		CHECK(l.rc == -1 && l.err.kind == ERR_CORRUPT && l.entries == 0);
	}
}

TEST(too_many_sparse_parts_are_too_many)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 20);
	CLEANUP(buf_free)
	struct buf map = BUF(1 << 20);

	buf_put(&map,
		STR("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n25 GNU.sparse.realsize=6\n"));
	KIT_ADD(&b, 'x', "pax", .content = buf_str(&map));
	buf_clear(&map);
	buf_printf(&map, "%d\n", LIMIT_SPARSE_PARTS + 1);
	KIT_ADD(&b, '0', "f", .content = buf_str(&map));
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK(l.rc == -1 && l.err.kind == ERR_LIMIT);
}

TEST(numbers_may_be_in_base_256)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	char block[512];

	kit_header(block, &(struct kit_entry){ '0', "f" });
	memset(block + 124, 0, 12);
	block[124] = (char)0x80;
	block[135] = 3;
	kit_checksum(block);
	buf_put(&b, (str){ block, 512 });
	buf_put(&b, STR("abc"));
	kit_pad(&b);
	memset(block + 124, 0xff, 12);
	kit_checksum(block);
	buf_put(&b, (str){ block, 512 });
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK_STR(buf_str(&l.text), STR("f f 3 [abc]\n"));
	CHECK(l.rc == -1 && l.err.kind == ERR_CORRUPT);
	CHECK(strstr(l.err.text, "byte 1024") != NULL);
}

TEST(a_size_that_lies_is_found_out)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "f", .content = STR("abc"), .lie = 1 << 30);
	kit_end(&b);
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK(l.rc == -1 && l.err.kind == ERR_CORRUPT);
	CHECK(str_has(buf_str(&l.text), STR(" cut")));
}

TEST(cut_at_any_byte_there_is_an_error_or_an_end_never_more)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	kit_pax(&b, 'x', "path", STR("some/file"));
	KIT_ADD(&b, '0', "f", .content = STR("abc"));
	KIT_ADD(&b, 'L', "././@LongLink", .content = STR("long"));
	KIT_ADD(&b, '5', "d");
	size_t whole = b.n;

	kit_end(&b);
	for (size_t n = 0; n < b.n; n++) {
		CLEANUP(listing_free)
		struct listing l = list(str_first(buf_str(&b), n));
		bool between = n == 0 || n == 2048 || (n >= whole && n % 512 == 0);

		/* The second of the two zero blocks is not looked at. */
		between |= n > whole + 512;
		CHECK(l.rc == (between ? 0 : -1));
		CHECK(l.rc == 0 || l.err.kind == ERR_CORRUPT);
		CHECK(l.entries == (n >= whole ? 2u : n >= 1536 ? 1u : 0u));
	}
}

TEST(no_flipped_bit_of_a_header_goes_unseen)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "f", .content = STR("abc"));
	kit_end(&b);
	for (size_t i = 0; i < 512 * 8; i++) {
		b.p[i / 8] ^= (char)(1 << i % 8);
		CLEANUP(listing_free)
		struct listing l = list(buf_str(&b));

		b.p[i / 8] ^= (char)(1 << i % 8);
		/* In the checksum's own padding a blank or NUL may change without meaning. */
		CHECK(l.rc == -1 || (i / 8 >= 148 && i / 8 < 156));
	}
}

TEST(a_checksum_of_signed_bytes_counts_too)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	char block[512];
	int sum = 8 * ' ';

	kit_header(block, &(struct kit_entry){ '0', "caf\xc3\xa9" });
	for (int i = 0; i < 512; i++)
		sum += i < 148 || i >= 156 ? (signed char)block[i] : 0;
	kit_octal(block + 148, 7, (uint64_t)sum);
	buf_put(&b, (str){ block, 512 });
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK(l.rc == 0 && l.entries == 1);
	memset(block, 0xff, 148);
	kit_checksum(block);
	CHECK(tar_claims((str){ block, 512 }));
}

TEST(what_follows_the_end_is_not_looked_at)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "f");
	kit_end(&b);
	KIT_ADD(&b, '0', "hidden");
	buf_put(&b, STR("garbage"));
	CLEANUP(listing_free)
	struct listing l = list(buf_str(&b));

	CHECK(l.rc == 0 && l.entries == 1);
}

TEST(long_names_and_headers_have_limits)
{
	static const struct {
		size_t n;
		enum err_kind kind;
	} rows[] = {
		{ LIMIT_PATH_BYTES, ERR_NONE },
		{ LIMIT_PATH_BYTES + 1, ERR_LIMIT },
		{ LIMIT_PAX_HEADER_BYTES, ERR_LIMIT },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_free)
		struct buf b = BUF(8 << 20);
		CLEANUP(buf_free)
		struct buf name = BUF(8 << 20);

		memset(buf_room(&name, rows[i].n), 'a', rows[i].n);
		name.n = rows[i].n;
		kit_pax(&b, 'x', "path", buf_str(&name));
		KIT_ADD(&b, '0', "f");
		kit_end(&b);
		CLEANUP(listing_free)
		struct listing l = list(buf_str(&b));

		CHECK(rows[i].kind ? l.rc == -1 && l.err.kind == rows[i].kind : l.entries == 1);
	}
}

TEST(malformed_pax_records_are_errors)
{
	static const str rows[] = {
		STR_INIT("x"),
		STR_INIT("5 a=b"),
		STR_INIT("99 path=x\n"),
		STR_INIT("3 =\n"),
		STR_INIT("0 \n"),
		STR_INIT("12 path=a\0b\n"),
		STR_INIT("9 nokey\n\n"),
		STR_INIT("11 size=-1\n"),
		STR_INIT("99999999999999999999999999 path=x\n"),
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_free)
		struct buf b = BUF(1 << 20);

		KIT_ADD(&b, 'x', "pax", .content = rows[i]);
		KIT_ADD(&b, '0', "f");
		kit_end(&b);
		CLEANUP(listing_free)
		struct listing l = list(buf_str(&b));

		CHECK(l.rc == -1 && l.err.kind == ERR_CORRUPT);
	}
}

/* A million extended headers before one file, made on the fly. */
struct endless {
	struct stream s;
	struct buf header;
	size_t left;
};

static int endless_more(struct stream *s, struct err *e)
{
	struct endless *d = (struct endless *)s;

	if (d->left == 0)
		return 0;
	d->left--;
	s->window = buf_str(&d->header);
	return 1;
}

TEST(a_million_headers_do_not_fill_the_memory)
{
	struct endless d = { { .more = endless_more }, BUF(1 << 20), 1000000 };
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	struct tar_entry en;
	struct err e;

	kit_pax(&d.header, 'x', "path", STR("some/rather/long/name/for/a/file"));
	int r = tar_open(&t, &d.s, &e);

	if (r == 0)
		r = tar_next(t, &en, &e);
	buf_free(&d.header);
	CHECK(r == -1 && e.kind == ERR_CORRUPT);
}

TEST_MAIN
