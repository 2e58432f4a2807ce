#include "tap.h"

#include "format/stream.h"

TEST(a_blob_stream_reads_what_it_is_asked_for_and_passes_over_the_rest)
{
	struct blob whole = blob_of(STR("0123456789abcdef"));
	struct blob_stream b;
	struct err e;
	char to[4], got[3];

	blob_stream_init(&b, &whole, to, sizeof(to));
	CHECK(stream_read(&b.s, got, 3, &e) == 1 && memcmp(got, "012", 3) == 0);
	CHECK(stream_skip(&b.s, 9, &e) == 0 && b.s.taken == 12);
	CHECK(stream_read(&b.s, got, 3, &e) == 1 && memcmp(got, "cde", 3) == 0);
	CHECK(stream_skip(&b.s, 1, &e) == 0);
	CHECK(stream_fill(&b.s, &e) == 0);
	CHECK(stream_read(&b.s, got, 1, &e) == 0);
}

TEST(passing_over_more_than_there_is_is_an_error)
{
	struct blob whole = blob_of(STR("0123456789"));
	struct blob_stream b;
	struct err e;
	char to[4];

	blob_stream_init(&b, &whole, to, sizeof(to));
	CHECK(stream_skip(&b.s, 11, &e) == -1 && e.kind == ERR_CORRUPT);
	blob_stream_init(&b, &whole, to, sizeof(to));
	CHECK(stream_skip(&b.s, UINT64_MAX, &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST_MAIN
