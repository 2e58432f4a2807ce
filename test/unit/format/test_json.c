#include "tap.h"

#include "base/buf.h"
#include "base/vec.h"
#include "format/json.h"

static bool accepts(str text)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;
	str raw;

	json_init(&j, text, &a);
	return json_skip(&raw, &j, &e) == 0 && json_end(&j, &e) == 0;
}

/* Byte offset that the refusal names, or SIZE_MAX when the text was accepted. */
static size_t refused_at(str text)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;
	unsigned long at;

	json_init(&j, text, &a);
	if (json_end(&j, &e) == 0)
		return SIZE_MAX;
	const char *byte = strstr(e.text, "(byte ");

	return byte && sscanf(byte, "(byte %lu)", &at) == 1 ? at : SIZE_MAX - 1;
}

TEST(json_accepts_what_rfc_8259_allows)
{
	static const str rows[] = {
		STR_INIT("null"),
		STR_INIT(" true\n"),
		STR_INIT("\t\r\n false"),
		STR_INIT("0"),
		STR_INIT("-0"),
		STR_INIT("-0.0e-0"),
		STR_INIT("1E+2"),
		STR_INIT("123456789012345678901234567890"),
		STR_INIT("1e99999"),
		STR_INIT("\"\""),
		STR_INIT("\"\x7f\""),
		STR_INIT("\"\\u0000\""),
		STR_INIT("\"\\uD834\\udd1e\""),
		STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
		STR_INIT(
			"\"\xc2\x80 \xe0\xa0\x80 \xed\x9f\xbf \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\""),
		STR_INIT("\"\xef\xbf\xbf\""),
		STR_INIT("[]"),
		STR_INIT("[ ]"),
		STR_INIT("[1 , [2] ,{}]"),
		STR_INIT("{}"),
		STR_INIT("{\"\":0}"),
		STR_INIT("{ \"a\" : {\"a\" : [] } , \"b\":\"a\"}"),
		STR_INIT("[{\"a\":1},{\"a\":1}]"),
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!accepts(rows[i]))
			printf("# row %zu\n", i);
		CHECK(accepts(rows[i]));
	}
}

TEST(json_refuses_all_else_and_says_where)
{
	static const struct {
		str text;
		size_t at;
	} rows[] = {
		/* clang-format off */
		{ STR_INIT(""), 0 },
		{ STR_INIT("  "), 2 },
		{ STR_INIT("\xef\xbb\xbf{}"), 0 },
		{ STR_INIT("nul"), 0 },
		{ STR_INIT("True"), 0 },
		{ STR_INIT("NaN"), 0 },
		{ STR_INIT("Infinity"), 0 },
		{ STR_INIT("01"), 0 },
		{ STR_INIT("-"), 0 },
		{ STR_INIT("+1"), 0 },
		{ STR_INIT(".5"), 0 },
		{ STR_INIT("1."), 0 },
		{ STR_INIT("1e"), 0 },
		{ STR_INIT("1e+"), 0 },
		{ STR_INIT("0x10"), 1 },
		{ STR_INIT("1 2"), 2 },
		{ STR_INIT("'a'"), 0 },
		{ STR_INIT("\"a"), 2 },
		{ STR_INIT("\"\\"), 1 },
		{ STR_INIT("\"\\x41\""), 1 },
		{ STR_INIT("\"\\u12g4\""), 1 },
		{ STR_INIT("\"\\u00"), 1 },
		{ STR_INIT("\"a\nb\""), 2 },
		{ STR_INIT("\"a\0b\""), 2 },
		{ STR_INIT("\"\\ud800\""), 1 },
		{ STR_INIT("\"\\ud800\\u0041\""), 1 },
		{ STR_INIT("\"\\udc00\\ud800\""), 1 },
		{ STR_INIT("\"\x80\""), 1 },
		{ STR_INIT("\"\xc0\xaf\""), 1 },
		{ STR_INIT("\"\xe0\x9f\xbf\""), 1 },
		{ STR_INIT("\"\xed\xa0\x80\""), 1 },
		{ STR_INIT("\"\xf0\x8f\xbf\xbf\""), 1 },
		{ STR_INIT("\"\xf4\x90\x80\x80\""), 1 },
		{ STR_INIT("\"\xf5\x80\x80\x80\""), 1 },
		{ STR_INIT("\"\xe2\x82\""), 1 },
		{ STR_INIT("["), 1 },
		{ STR_INIT("[1,]"), 3 },
		{ STR_INIT("[,1]"), 1 },
		{ STR_INIT("[1 2]"), 3 },
		{ STR_INIT("[1}"), 2 },
		{ STR_INIT("[]]"), 2 },
		{ STR_INIT("{"), 1 },
		{ STR_INIT("{\"a\"}"), 4 },
		{ STR_INIT("{\"a\":}"), 5 },
		{ STR_INIT("{\"a\":1,}"), 7 },
		{ STR_INIT("{,}"), 1 },
		{ STR_INIT("{a:1}"), 1 },
		{ STR_INIT("{\"a\":1 \"b\":2}"), 7 },
		{ STR_INIT("{\"a\":1]"), 6 },
		{ STR_INIT("{\"a\":1,\"a\":2}"), 7 },
		{ STR_INIT("{\"a\":1,\"\\u0061\":2}"), 7 },
		{ STR_INIT("{\"\":{\"x\":1},\"\":2}"), 12 },
		{ STR_INIT("// c\n1"), 0 },
		{ STR_INIT("[1]x"), 3 },
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (refused_at(rows[i].text) != rows[i].at)
			printf("# row %zu: %zu\n", i, refused_at(rows[i].text));
		CHECK(refused_at(rows[i].text) == rows[i].at);
	}
}

TEST(json_lets_duplicates_through_only_when_asked)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;

	json_init(&j, STR("{\"a\":1,\"a\":2}"), &a);
	j.repeats = true;
	CHECK(json_end(&j, &e) == 0);
	CHECK(!accepts(STR("{\"a\":1,\"a\":2}")));
}

static void nested(struct buf *b, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_put(b, i % 2 ? STR("{\"a\":") : STR("["));
	for (size_t i = depth; i-- > 0;)
		buf_put(b, i == depth - 1 ? (i % 2 ? STR("0}") : STR("]"))
					  : (i % 2 ? STR("}") : STR("]")));
}

TEST(json_refuses_nesting_beyond_its_limit)
{
	CLEANUP(buf_free)
	struct buf good = { 0 }, bad = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;

	nested(&good, LIMIT_JSON_DEPTH);
	nested(&bad, LIMIT_JSON_DEPTH + 1);
	CHECK(accepts(buf_str(&good)));
	json_init(&j, buf_str(&bad), &a);
	CHECK(json_end(&j, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(json_yields_members_in_order_and_skips_what_is_not_read)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	static const char *const keys[] = { "a", "b", "c\n", "d" };
	struct json j;
	struct err e;
	size_t n = 0;
	str key, s = STR_NONE;
	int r;

	json_init(&j, STR("{\"a\":[1,{\"x\":2}],\"b\":\"\\u00e9t\\u00e9\",\"c\\n\":{},\"d\":-1}"),
		  &a);
	CHECK(json_peek(&j, &e) == JSON_OBJECT);
	CHECK(json_enter_object(&j, &e) == 0);
	while ((r = json_object_next(&key, &j, &e)) > 0) {
		CHECK_STR(key, str_of(keys[n++]));
		if (str_eq(key, STR("b")))
			CHECK(json_str(&s, &j, &e) == 0);
	}
	CHECK(r == 0 && n == 4 && json_end(&j, &e) == 0);
	CHECK_STR(s, STR("été"));
}

TEST(json_allocates_only_for_escapes)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	str text = STR("{\"plain\":\"text\",\"list\":[\"a\",\"\"],\"esc\":\"a\\tb\"}");
	struct json j;
	struct err e;
	str key, s;

	json_init(&j, text, &a);
	CHECK(json_enter_object(&j, &e) == 0);
	CHECK(json_object_next(&key, &j, &e) == 1 && json_str(&s, &j, &e) == 0);
	CHECK(s.p > text.p && s.p < text.p + text.n);
	CHECK(json_object_next(&key, &j, &e) == 1 && json_enter_array(&j, &e) == 0);
	CHECK(json_array_next(&j, &e) == 1 && json_array_next(&j, &e) == 1);
	CHECK(json_str(&s, &j, &e) == 0 && s.n == 0 && s.p);
	CHECK(json_array_next(&j, &e) == 0 && a.count == 0);
	CHECK(json_object_next(&key, &j, &e) == 1 && json_str(&s, &j, &e) == 0);
	CHECK_STR(s, STR("a\tb"));
	CHECK(a.count == 1);
}

TEST(json_raw_is_exactly_the_bytes_of_the_value)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;
	str key, raw;

	json_init(&j, STR("{\"signed\" :  { \"a\" : [ 1 ,2 ] }  , \"sig\":1}"), &a);
	CHECK(json_enter_object(&j, &e) == 0 && json_object_next(&key, &j, &e) == 1);
	CHECK(json_skip(&raw, &j, &e) == 0);
	CHECK_STR(raw, STR("{ \"a\" : [ 1 ,2 ] }"));
}

TEST(json_numbers_fit_or_are_refused)
{
	static const struct {
		str text;
		bool u, i;
		uint64_t uv;
		int64_t iv;
	} rows[] = {
		{ STR_INIT("0"), true, true, 0, 0 },
		{ STR_INIT("-0"), false, true, 0, 0 },
		{ STR_INIT("-1"), false, true, 0, -1 },
		{ STR_INIT("9223372036854775807"), true, true, INT64_MAX, INT64_MAX },
		{ STR_INIT("9223372036854775808"), true, false, (uint64_t)1 << 63, 0 },
		{ STR_INIT("-9223372036854775808"), false, true, 0, INT64_MIN },
		{ STR_INIT("-9223372036854775809"), false, false, 0, 0 },
		{ STR_INIT("18446744073709551615"), true, false, UINT64_MAX, 0 },
		{ STR_INIT("18446744073709551616"), false, false, 0, 0 },
		{ STR_INIT("1.0"), false, false, 0, 0 },
		{ STR_INIT("1e2"), false, false, 0, 0 },
		{ STR_INIT("\"1\""), false, false, 0, 0 },
	};

	for (size_t k = 0; k < COUNT(rows); k++) {
		uint64_t u = 0;
		int64_t i = 0;
		struct json j;
		struct err e;

		json_init(&j, rows[k].text, NULL);
		CHECK((json_u64(&u, &j, &e) == 0) == rows[k].u && u == rows[k].uv);
		json_init(&j, rows[k].text, NULL);
		CHECK((json_i64(&i, &j, &e) == 0) == rows[k].i && i == rows[k].iv);
	}
}

TEST(json_doubles_are_read_whole_or_refused)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct json j;
	struct err e;
	double v;

	json_init(&j, STR("-12.5e-1"), NULL);
	CHECK(json_double(&v, &j, &e) == 0 && v == -1.25);
	json_init(&j, STR("1e999"), NULL);
	CHECK(json_double(&v, &j, &e) == -1);
	for (size_t i = 0; i < 600; i++)
		buf_putc(&b, '1');
	json_init(&j, buf_str(&b), NULL);
	CHECK(json_double(&v, &j, &e) == -1 && e.kind == ERR_LIMIT);
}

/* An object of n keys k0, k1, …; the last is k<last>. */
static void wide(struct buf *b, size_t n, size_t last)
{
	buf_putc(b, '{');
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s\"k%zu\":[]", i ? "," : "", i + 1 < n ? i : last);
	buf_putc(b, '}');
}

TEST(json_finds_duplicates_in_objects_of_any_width)
{
	static const size_t widths[] = { 2, 31, 32, 33, 34, 35, 127, 128, 129, 130, 1000, 5000 };

	for (size_t i = 0; i < COUNT(widths); i++) {
		CLEANUP(buf_free)
		struct buf all = { 0 };
		size_t n = widths[i];

		buf_putz(&all, "[");
		wide(&all, n, n);
		buf_putz(&all, ",");
		wide(&all, n, n);
		buf_putz(&all, "]");
		CHECK(accepts(buf_str(&all)));
		for (size_t k = 0; k < 3; k++) {
			buf_clear(&all);
			wide(&all, n, k * (n - 2) / 2);
			CHECK(!accepts(buf_str(&all)));
		}
	}
}

TEST(json_reports_every_allocation_that_fails)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct json j;
	struct err e;

	buf_putz(&b, "[\"\\n\",{\"\\t\":1},");
	wide(&b, 500, 500);
	buf_putz(&b, "]");
	for (uint64_t n = 1;; n++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);

		a.fail_at = n;
		json_init(&j, buf_str(&b), &a);
		if (json_end(&j, &e) == 0) {
			CHECK(n > 3);
			break;
		}
		CHECK(e.kind == ERR_NOMEM && n < 100);
	}
}

TEST(json_memory_for_keys_is_bounded_by_the_widest_object)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct json j;
	struct err e;

	buf_putz(&b, "[");
	for (size_t i = 0; i < 2000; i++) {
		wide(&b, 100, 100);
		buf_putz(&b, i < 1999 ? "," : "]");
	}
	json_init(&j, buf_str(&b), &a);
	CHECK(json_end(&j, &e) == 0);
	CHECK(a.used < 8192);
}

TEST(json_names_line_and_column)
{
	size_t line, column;
	struct json j;
	struct err e;

	json_place(STR("ab\ncd\n"), 4, &line, &column);
	CHECK(line == 2 && column == 2);
	json_place(STR("ab\ncd\n"), 6, &line, &column);
	CHECK(line == 3 && column == 1);
	json_init(&j, STR("[1,\n  x]"), NULL);
	CHECK(json_end(&j, &e) == -1 && e.kind == ERR_CORRUPT);
	CHECK(strcmp(e.text, "line 2, column 3 (byte 6): expected a value") == 0);
}

/* Tables. */

struct part {
	str name;
	uint64_t size;
};

struct thing {
	str name, raw;
	bool good;
	int64_t shift;
	double score;
	struct part first;
	VEC(struct part) parts;
	VEC(str) words;
	uint64_t sum;
	str either;
};

static int add_up(void *out, struct json *j, struct err *e)
{
	uint64_t v;

	if (json_u64(&v, j, e) < 0)
		return -1;
	*(uint64_t *)out += v;
	return 0;
}

static int str_or_number(void *out, struct json *j, struct err *e)
{
	return json_peek(j, e) == JSON_NUMBER ? json_number(out, j, e) : json_str(out, j, e);
}

/* clang-format off */
static const struct json_field part_fields[] = {
	{ JSON_FIELD("name", JSON_AS_STR, struct part, name), .required = true },
	{ JSON_FIELD("size", JSON_AS_U64, struct part, size) },
};
static const struct json_table part_table = {
	"part", part_fields, COUNT(part_fields), sizeof(struct part), .closed = true,
};
static const struct json_field thing_fields[] = {
	{ JSON_FIELD("name",   JSON_AS_STR,	struct thing, name), .required = true },
	{ JSON_FIELD("good",   JSON_AS_BOOL,	struct thing, good) },
	{ JSON_FIELD("shift",  JSON_AS_I64,	struct thing, shift) },
	{ JSON_FIELD("score",  JSON_AS_DOUBLE,	struct thing, score) },
	{ JSON_FIELD("raw",    JSON_AS_RAW,	struct thing, raw) },
	{ JSON_FIELD("first",  JSON_AS_OBJECT,	struct thing, first), .table = &part_table },
	{ JSON_FIELD("parts",  JSON_AS_OBJECTS,	struct thing, parts), .table = &part_table },
	{ JSON_FIELD("words",  JSON_AS_STRS,	struct thing, words) },
	{ JSON_FIELD("sum",    JSON_AS_EACH,	struct thing, sum), .read = add_up },
	{ JSON_FIELD("either", JSON_AS_CALL,	struct thing, either), .read = str_or_number },
};
static const struct json_table thing_table = {
	"thing", thing_fields, COUNT(thing_fields), sizeof(struct thing), .closed = false,
};
/* clang-format on */

TEST(json_reads_an_object_by_its_table)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct thing t = { .score = 7 };
	struct err e;

	CHECK(json_object_whole(
		      &t,
		      STR("{\"name\":\"n\",\"x-unknown\":[{}],\"good\":true,\"shift\":-3,"
			  "\"score\":null,\"raw\":[ 1 ],\"first\":{\"name\":\"f\"},"
			  "\"parts\":[{\"name\":\"p\",\"size\":5},{\"size\":6,\"name\":\"q\"}],"
			  "\"words\":[\"a\",\"b\"],\"sum\":[1,2,3],\"either\":1.5}"),
		      &thing_table, &a, &e) == 0);
	CHECK_STR(t.name, STR("n"));
	CHECK_STR(t.raw, STR("[ 1 ]"));
	CHECK_STR(t.first.name, STR("f"));
	CHECK_STR(t.either, STR("1.5"));
	CHECK(t.good && t.shift == -3 && t.score == 7 && t.sum == 6);
	CHECK(t.parts.n == 2 && t.parts.v[1].size == 6 && t.words.n == 2);
	CHECK_STR(t.parts.v[1].name, STR("q"));
	CHECK_STR(t.words.v[1], STR("b"));
}

TEST(json_tables_name_what_is_wrong)
{
	static const struct {
		str text;
		const char *words;
	} rows[] = {
		{ STR_INIT("{}"), "thing without \"name\"" },
		{ STR_INIT("{\"name\":null}"), "thing without \"name\"" },
		{ STR_INIT("{\"name\":1}"), "name: line 1, column 9 (byte 8): expected a string" },
		{ STR_INIT("{\"name\":\"\",\"first\":{\"name\":\"\",\"x\":1}}"),
		  "part with unknown \"x\"" },
		{ STR_INIT("{\"name\":\"\",\"parts\":[null]}"), "parts: line 1" },
		{ STR_INIT("{\"name\":\"\",\"words\":[1]}"), "words: line 1" },
		{ STR_INIT("{\"name\":\"\"} 1"), "something follows" },
		{ STR_INIT("[]"), "expected an object" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct thing t = { 0 };
		struct err e;

		CHECK(json_object_whole(&t, rows[i].text, &thing_table, &a, &e) == -1);
		if (!strstr(e.text, rows[i].words))
			printf("# row %zu: %s\n", i, e.text);
		CHECK(strstr(e.text, rows[i].words));
	}
}

TEST_MAIN
