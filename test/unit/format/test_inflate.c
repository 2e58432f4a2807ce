/* gzip and zstd: one table of what both must do. */
#include "tap.h"

#include "archive_kit.h"
#include "base/limits.h"
#include "format/gzip.h"
#include "format/zstd.h"

/* A stream that hands out a few bytes at a time. */
struct drip {
	struct stream s;
	str rest;
	size_t step;
};

static int drip_more(struct stream *s, struct err *e)
{
	struct drip *d = (struct drip *)s;

	s->window = str_first(d->rest, d->step);
	d->rest = str_from(d->rest, d->step);
	return s->window.n > 0;
}

static int drain(struct buf *out, struct stream *s, struct err *e)
{
	int r;

	while ((r = stream_fill(s, e)) > 0) {
		buf_put(out, s->window);
		stream_take(s, s->window.n);
	}
	return r;
}

static int gunzip(struct buf *out, str in, size_t step, size_t lend, struct err *e)
{
	CLEANUP(gzip_closep)
	struct gzip *g = NULL;
	struct drip d = { { .more = drip_more }, in, step };
	CLEANUP(buf_free)
	struct buf memory = BUF(8 << 20);

	if (gzip_open(&g, &d.s, 64 << 20, e) < 0)
		return -2;
	if (lend)
		gzip_lend(g, buf_room(&memory, lend), lend);
	return drain(out, gzip_bytes(g), e);
}

static int unzstd(struct buf *out, str in, size_t step, size_t lend, struct err *e)
{
	CLEANUP(zstd_closep)
	struct zstd *z = NULL;
	struct drip d = { { .more = drip_more }, in, step };
	CLEANUP(buf_free)
	struct buf memory = BUF(8 << 20);

	if (zstd_open(&z, &d.s, 64 << 20, e) < 0)
		return -2;
	if (lend)
		zstd_lend(z, buf_room(&memory, lend), lend);
	return drain(out, zstd_bytes(z), e);
}

static const struct coding {
	const char *name;
	void (*pack)(struct buf *to, str bytes);
	int (*unpack)(struct buf *out, str in, size_t step, size_t lend, struct err *e);
	bool (*claims)(str head);
} codings[] = {
	{ "gzip", kit_gzip, gunzip, gzip_claims },
	{ "zstd", kit_zstd, unzstd, zstd_claims },
};

static void sample(struct buf *b)
{
	kit_noise(b, 70000);
	for (size_t i = 0; i < 40000; i++)
		buf_printf(b, "line %zu of some text\n", i % 977);
}

TEST(what_was_packed_comes_back_whatever_the_windows)
{
	static const size_t steps[] = { 1, 7, 4096, 1 << 20 };
	static const size_t lends[] = { 0, 1, 1000, 300000 };
	CLEANUP(buf_free)
	struct buf plain = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf packed = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(8 << 20);
	struct err e;

	sample(&plain);
	for (size_t c = 0; c < COUNT(codings); c++) {
		buf_clear(&packed);
		codings[c].pack(&packed, buf_str(&plain));
		CHECK(!packed.failed && codings[c].claims(buf_str(&packed)));
		for (size_t i = 0; i < COUNT(steps); i++)
			for (size_t j = 0; j < COUNT(lends); j++) {
				buf_clear(&out);
				CHECK(codings[c].unpack(&out, buf_str(&packed), steps[i], lends[j],
							&e) == 0);
				CHECK(str_eq(buf_str(&out), buf_str(&plain)));
			}
	}
}

TEST(several_members_follow_one_another)
{
	CLEANUP(buf_free)
	struct buf packed = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(8 << 20);
	struct err e;

	for (size_t c = 0; c < COUNT(codings); c++) {
		buf_clear(&packed);
		buf_clear(&out);
		codings[c].pack(&packed, STR("first "));
		codings[c].pack(&packed, STR(""));
		codings[c].pack(&packed, STR("second"));
		CHECK(codings[c].unpack(&out, buf_str(&packed), 3, 0, &e) == 0);
		CHECK_STR(buf_str(&out), STR("first second"));
	}
}

TEST(bytes_after_the_end_are_an_error)
{
	static const str tails[] = { STR_INIT("x"), STR_INIT("\0\0\0\0"),
				     STR_INIT("trailing garbage") };
	CLEANUP(buf_free)
	struct buf packed = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(8 << 20);
	struct err e;

	for (size_t c = 0; c < COUNT(codings); c++)
		for (size_t i = 0; i < COUNT(tails); i++) {
			buf_clear(&packed);
			buf_clear(&out);
			codings[c].pack(&packed, STR("good"));
			buf_put(&packed, tails[i]);
			CHECK(codings[c].unpack(&out, buf_str(&packed), 1000, 0, &e) == -1);
			CHECK(e.kind == ERR_CORRUPT);
			CHECK_STR(buf_str(&out), STR("good"));
		}
}

TEST(cut_short_anywhere_is_an_error_and_keeps_what_came_before)
{
	CLEANUP(buf_free)
	struct buf plain = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf packed = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(8 << 20);
	struct err e;

	for (size_t i = 0; i < 200; i++)
		buf_printf(&plain, "%zu squared is %zu\n", i, i * i);
	for (size_t c = 0; c < COUNT(codings); c++) {
		buf_clear(&packed);
		codings[c].pack(&packed, buf_str(&plain));
		for (size_t n = 0; n < packed.n; n++) {
			buf_clear(&out);
			CHECK(codings[c].unpack(&out, str_first(buf_str(&packed), n), 4096, 0,
						&e) == -1);
			CHECK(e.kind == ERR_CORRUPT);
			CHECK(str_starts(buf_str(&plain), buf_str(&out)));
		}
	}
}

TEST(no_flipped_bit_of_gzip_goes_unseen)
{
	CLEANUP(buf_free)
	struct buf packed = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(80 << 20);
	str plain = STR("a few bytes, a few bytes, and a few bytes more");
	size_t unseen = 0;
	struct err e;

	kit_gzip(&packed, plain);
	for (size_t i = 0; i < packed.n * 8; i++) {
		packed.p[i / 8] ^= (char)(1 << i % 8);
		buf_clear(&out);
		int r = gunzip(&out, buf_str(&packed), 4096, 0, &e);

		packed.p[i / 8] ^= (char)(1 << i % 8);
		/* Time, system and extra flags of the header (bytes 4 to 9) mean nothing to us. */
		if (r == 0 && (i / 8 < 3 || i / 8 > 9))
			unseen += !str_eq(buf_str(&out), plain);
	}
	CHECK(unseen == 0);
}

TEST(a_bomb_is_stopped_at_the_limit)
{
	CLEANUP(buf_free)
	struct buf plain = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf packed = BUF(8 << 20);
	struct err e;
	char *zeros = buf_room(&plain, 4 << 20);

	memset(zeros, 0, 4 << 20);
	plain.n = 4 << 20;
	for (size_t c = 0; c < COUNT(codings); c++) {
		CLEANUP(gzip_closep)
		struct gzip *g = NULL;
		CLEANUP(zstd_closep)
		struct zstd *z = NULL;
		struct memory_stream m;
		uint64_t most = c ? 1 << 20 : 4 << 20, got = 0;
		struct stream *s;
		int r;

		for (most = 1 << 20; most <= 4 << 20; most *= 4) {
			buf_clear(&packed);
			codings[c].pack(&packed, buf_str(&plain));
			memory_stream_init(&m, buf_str(&packed));
			gzip_close(TAKE(g, NULL));
			zstd_close(TAKE(z, NULL));
			CHECK(c == 0 ? gzip_open(&g, &m.s, most, &e) == 0
				     : zstd_open(&z, &m.s, most, &e) == 0);
			s = c == 0 ? gzip_bytes(g) : zstd_bytes(z);
			for (got = 0; (r = stream_fill(s, &e)) > 0;) {
				got += s->window.n;
				stream_take(s, s->window.n);
			}
			CHECK(got == most);
			CHECK(most == 4 << 20 ? r == 0 : r == -1 && e.kind == ERR_LIMIT);
		}
	}
}

TEST(a_zstd_frame_may_not_ask_for_any_window)
{
	/* magic, descriptor without single segment, window 2^(10+exponent), last empty raw block */
	char frame[] = "\x28\xb5\x2f\xfd\x00\x00\x01\x00\x00";
	CLEANUP(buf_free)
	struct buf out = BUF(1 << 20);
	struct err e;

	frame[5] = (25 - 10) << 3;
	CHECK((size_t)1 << 25 == LIMIT_ZSTD_WINDOW);
	CHECK(unzstd(&out, (str){ frame, 9 }, 100, 0, &e) == 0);
	frame[5] = (char)((26 - 10) << 3);
	CHECK(unzstd(&out, (str){ frame, 9 }, 100, 0, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(a_skippable_zstd_frame_is_passed_over)
{
	CLEANUP(buf_free)
	struct buf packed = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf out = BUF(1 << 20);
	struct err e;

	buf_put(&packed, STR("\x50\x2a\x4d\x18\x03\x00\x00\x00"
			     "abc"));
	kit_zstd(&packed, STR("here"));
	CHECK(zstd_claims(buf_str(&packed)));
	CHECK(unzstd(&out, buf_str(&packed), 2, 0, &e) == 0);
	CHECK_STR(buf_str(&out), STR("here"));
}

TEST_MAIN
