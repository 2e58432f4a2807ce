#include "tap.h"

#include "format/json.h"
#include "format/json_write.h"

static void example(struct json_writer *w)
{
	json_put_object(w, NULL);
	json_put_str(w, "name", STR("a\"b\\c\n\x01\x1f\x7f"));
	json_put_array(w, "list");
	json_put_u64(w, NULL, UINT64_MAX);
	json_put_i64(w, NULL, INT64_MIN);
	json_put_null(w, NULL);
	json_put_object(w, NULL);
	json_put_end(w);
	json_put_array(w, NULL);
	json_put_end(w);
	json_put_end(w);
	json_put_key(w, STR("k\t"));
	json_put_bool(w, NULL, true);
	json_put_raw(w, "raw", STR("[1]"));
	json_put_str_or_null(w, "none", STR_NONE);
	json_put_end(w);
}

TEST(json_is_written_compact)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct json_writer w;

	json_writer_init(&w, &b, false);
	example(&w);
	CHECK_STR(
		buf_str(&b),
		STR("{\"name\":\"a\\\"b\\\\c\\n\\u0001\\u001f\x7f\",\"list\":[18446744073709551615,"
		    "-9223372036854775808,null,{},[]],\"k\\t\":true,\"raw\":[1],\"none\":null}"));
}

TEST(json_is_written_indented)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct json_writer w;

	json_writer_init(&w, &b, true);
	json_put_array(&w, NULL);
	json_put_object(&w, NULL);
	json_put_bool(&w, "a", false);
	json_put_array(&w, "b");
	json_put_end(&w);
	json_put_end(&w);
	json_put_str(&w, NULL, STR("x"));
	json_put_end(&w);
	CHECK_STR(buf_str(&b), STR("[\n  {\n    \"a\": false,\n    \"b\": []\n  },\n  \"x\"\n]"));
}

TEST(bytes_that_are_no_utf8_are_replaced_one_by_one)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };

	json_quote(&b, STR("\xc3\xa9\xff\xe2\x82z\xf0\x9f\x98\x80\xed\xa0\x80"));
	CHECK_STR(buf_str(&b), STR("\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xf0\x9f\x98\x80"
				   "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""));
}

TEST(doubles_are_written_so_that_they_read_back_the_same)
{
	static const struct {
		double v;
		str text;
	} rows[] = {
		{ 0.1, STR_INIT("0.1") },
		{ 9.8, STR_INIT("9.8") },
		{ -0.0, STR_INIT("-0") },
		{ 1e300, STR_INIT("1e+300") },
		{ 1.0 / 3, STR_INIT("0.3333333333333333") },
		{ __builtin_inf(), STR_INIT("null") },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_free)
		struct buf b = { 0 };
		struct json_writer w;

		json_writer_init(&w, &b, false);
		json_put_double(&w, NULL, rows[i].v);
		CHECK_STR(buf_str(&b), rows[i].text);
	}
}

TEST(what_is_written_reads_back)
{
	for (int byte = 0; byte < 256; byte++) {
		CLEANUP(buf_free)
		struct buf b = { 0 };
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 16);
		char text[3] = { 'x', (char)byte, 'y' };
		struct json j;
		struct err e;
		str s;

		json_quote(&b, (str){ text, 3 });
		json_init(&j, buf_str(&b), &a);
		CHECK(json_str(&s, &j, &e) == 0 && json_end(&j, &e) == 0);
		if (byte < 0x80)
			CHECK_STR(s, ((str){ text, 3 }));
		else
			CHECK_STR(s, STR("x\xef\xbf\xbdy"));
	}
}

TEST(a_writer_whose_buf_is_full_fails_once_and_for_all)
{
	CLEANUP(buf_free)
	struct buf b = BUF(20);
	struct json_writer w;
	struct err e;

	json_writer_init(&w, &b, false);
	example(&w);
	CHECK(buf_check(&b, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST_MAIN
