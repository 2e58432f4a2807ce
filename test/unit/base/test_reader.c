#include "tap.h"

#include "base/buf.h"
#include "base/reader.h"

TEST(a_short_read_is_bad_for_good_and_yields_zeros)
{
	struct reader r = reader_over(STR("\x01\x02\x03"));

	CHECK(read_u16be(&r) == 0x0102 && !r.bad);
	CHECK(read_u32le(&r) == 0 && r.bad);
	CHECK(read_u8(&r) == 0 && r.bad);
	CHECK(reader_left(&r) == 0);
}

TEST(what_a_buf_wrote_a_reader_reads)
{
	CLEANUP(buf_free) struct buf b = BUF(0);

	buf_u8(&b, 7);
	buf_u32(&b, 0xdeadbeef);
	buf_u64(&b, 0x0102030405060708);
	buf_lstr(&b, STR("words"));
	struct reader r = reader_over(buf_str(&b));

	CHECK(read_u8(&r) == 7);
	CHECK(read_u32le(&r) == 0xdeadbeef);
	CHECK(read_u64le(&r) == 0x0102030405060708);
	CHECK_STR(read_lstr(&r), STR("words"));
	CHECK(!r.bad && reader_left(&r) == 0);
}

TEST(a_length_that_lies_is_caught)
{
	struct reader r = reader_over(STR("\xff\xff\xff\xff" "abc"));

	CHECK(read_lstr(&r).n == 0 && r.bad);
}

TEST(varints)
{
	struct reader r = reader_over(STR("\xac\x02\x80"));

	CHECK(read_uvarint(&r) == 300);
	read_uvarint(&r);
	CHECK(r.bad);
}

TEST_MAIN
