#include "tap.h"

#include "base/buf.h"
#include "format/toml.h"

/* All items as lines "kind|table|key|value", or "!" and the error. */
static void print_all(struct buf *out, str text, struct arena *a)
{
	static const char kinds[] = "TESO";
	struct toml_item item;
	struct toml t;
	struct err e;
	int r;

	toml_init(&t, text, a);
	while ((r = toml_next(&item, &t, &e)) > 0)
		buf_printf(out, "%c|" STR_FMT "|" STR_FMT "|" STR_FMT "\n", kinds[item.kind],
			   STR_ARG(item.table), STR_ARG(item.key), STR_ARG(item.value));
	if (r < 0)
		buf_printf(out, "!%s %s\n", err_kind_word(e.kind), e.text);
}

static bool reads_as(str text, str expected)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	CLEANUP(buf_free)
	struct buf out = BUF(64 << 10);

	print_all(&out, text, &a);
	if (str_eq(buf_str(&out), expected))
		return true;
	printf("# got:\n" STR_FMT "# of:\n" STR_FMT "\n", STR_ARG(buf_str(&out)), STR_ARG(text));
	return false;
}

static bool refuses(str text, str words)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	CLEANUP(buf_free)
	struct buf out = BUF(64 << 10);

	print_all(&out, text, &a);
	if (str_has(buf_str(&out), STR("!")) && str_has(buf_str(&out), words))
		return true;
	printf("# got:\n" STR_FMT "# of:\n" STR_FMT "\n", STR_ARG(buf_str(&out)), STR_ARG(text));
	return false;
}

TEST(a_lock_file_is_read_item_by_item)
{
	CHECK(reads_as(STR("# by a tool\nversion = 3\n\n[[package]]\nname = \"a\" # x\n"
			   "deps = [\n  \"b 1.0\",\n  \"c\", # last\n]\n[metadata.\"x y\"]\nk='v'"),
		       STR("O||version|3\nE|package||\nS|package|name|a\nS|package|deps|b 1.0\n"
			   "S|package|deps|c\nT|metadata.x y||\nS|metadata.x y|k|v\n")));
}

TEST(inline_tables_and_dotted_keys_are_one_key)
{
	CHECK(reads_as(STR("a.b = { c = 1, d.e = [ { f = \"g\" }, {} ] }\nh = []\n"),
		       STR("O||a.b.c|1\nS||a.b.d.e.f|g\n")));
	CHECK(reads_as(STR("a = [[\"x\"], [\"y\",],]\r\nb = true\r\n"),
		       STR("S||a|x\nS||a|y\nO||b|true\n")));
}

TEST(strings_of_all_four_kinds)
{
	CHECK(reads_as(STR("a = \"q\\\"\\u00e9\\U0001F600\\t\"\nb = 'c:\\d'\n"),
		       STR("S||a|q\"é😀\t\nS||b|c:\\d\n")));
	CHECK(reads_as(STR("a = \"\"\"\none\n\"\"two\\\n   three\"\"\"\"\"\n"),
		       STR("S||a|one\n\"\"twothree\"\"\n")));
	CHECK(reads_as(STR("a = '''\nx\\y\n'''\nb = \"\"\nc = ''\n"),
		       STR("S||a|x\\y\n\nS||b|\nS||c|\n")));
}

TEST(numbers_and_dates_come_as_written)
{
	CHECK(reads_as(STR("a = 1979-05-27 07:32:00Z # x\nb = -0x1f\nc = +1_000.5e-3\n"),
		       STR("O||a|1979-05-27 07:32:00Z\nO||b|-0x1f\nO||c|+1_000.5e-3\n")));
}

TEST(what_is_not_toml_is_refused_with_its_line)
{
	CHECK(refuses(STR("a = 1\nb\n"), STR("line 2: a key without a value")));
	CHECK(refuses(STR("a = \n"), STR("line 1: no value")));
	CHECK(refuses(STR("a = \"x\n\""), STR("no string may hold")));
	CHECK(refuses(STR("a = \"x"), STR("a string without end")));
	CHECK(refuses(STR("a = \"x\\"), STR("a string without end")));
	CHECK(refuses(STR("a = \"\\q\""), STR("unknown escape")));
	CHECK(refuses(STR("a = \"\\ud800\""), STR("no character")));
	CHECK(refuses(STR("a = \"\\u12\""), STR("hexadecimal")));
	CHECK(refuses(STR("a = \"\xff\""), STR("no string may hold")));
	CHECK(refuses(STR("a = 1 2x = 3"), STR("something follows a value")));
	CHECK(refuses(STR("[a"), STR("not closed")));
	CHECK(refuses(STR("[a] b"), STR("something follows a table")));
	CHECK(refuses(STR("[[a]\n"), STR("not closed")));
	CHECK(refuses(STR("[]\n"), STR("no key")));
	CHECK(refuses(STR("a = [1 , 2"), STR("not closed")));
	CHECK(refuses(STR("a = [,]"), STR("no value")));
	CHECK(refuses(STR("a = { b = 1"), STR("not closed")));
	CHECK(refuses(STR("\0\0"), STR("no key")));
}

static bool nests(unsigned depth)
{
	CLEANUP(buf_free)
	struct buf text = BUF(64 << 10);

	buf_putz(&text, "a = ");
	for (unsigned i = 0; i < depth; i++)
		buf_putc(&text, '[');
	for (unsigned i = 0; i < depth; i++)
		buf_putc(&text, ']');
	return reads_as(buf_str(&text), STR(""));
}

TEST(nesting_and_keys_have_limits)
{
	CLEANUP(buf_free)
	struct buf text = BUF(64 << 10);

	CHECK(nests(LIMIT_TOML_DEPTH));
	for (unsigned i = 0; i <= LIMIT_TOML_DEPTH; i++)
		buf_putz(&text, i ? "[" : "a = [");
	CHECK(refuses(buf_str(&text), STR("!limit line 1: nested more than")));
	buf_clear(&text);
	for (unsigned i = 0; i < LIMIT_TOML_KEY_BYTES; i++)
		buf_putc(&text, 'k');
	buf_putz(&text, "k = 1");
	CHECK(refuses(buf_str(&text), STR("!limit line 1: a key of more than")));
}

TEST(an_escape_needs_memory)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	struct toml_item item;
	struct toml t;
	struct err e;

	a.fail_at = 1;
	toml_init(&t, STR("a = \"\\t\""), &a);
	CHECK(toml_next(&item, &t, &e) == -1 && e.kind == ERR_NOMEM);
}

TEST_MAIN
