#include "tap.h"

#include "format/base64.h"

/* RFC 4648 section 10 */
static const char *const vectors[][2] = {
	{ "", "" },	       { "f", "Zg==" },	       { "fo", "Zm8=" },	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
};

TEST(base64_goes_there_and_back)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		CLEANUP(buf_free) struct buf there = { 0 };
		CLEANUP(buf_free) struct buf back = { 0 };
		struct err e;

		base64_write(&there, str_of(vectors[i][0]));
		CHECK_STR(buf_str(&there), str_of(vectors[i][1]));
		CHECK(base64_read(&back, str_of(vectors[i][1]), &e) == 0);
		CHECK_STR(buf_str(&back), str_of(vectors[i][0]));
	}
}

TEST(what_is_not_base64_is_refused)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zh==", "Z===", "Zm9v!", "Zm=v", "====" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		CLEANUP(buf_free) struct buf back = { 0 };
		struct err e;

		CHECK(base64_read(&back, str_of(bad[i]), &e) == -1 && e.kind == ERR_CORRUPT);
	}
}

TEST_MAIN
