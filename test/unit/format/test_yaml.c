#include "tap.h"

#include "base/buf.h"
#include "format/yaml.h"

/* All items as lines "kind|key/key|value", or "!" and the error. */
static bool reads_as(str text, str expected)
{
	CLEANUP(buf_free)
	struct buf out = BUF(64 << 10);
	CLEANUP(yaml_walk_freep)
	struct yaml_walk *y = NULL;
	struct yaml_item it;
	struct err e;
	int r = yaml_walk_open(&y, text, &e);

	while (r >= 0 && (r = yaml_walk_next(&it, y, &e)) > 0) {
		buf_printf(&out, "%c|", "SML"[it.kind]);
		for (size_t i = 0; i < it.depth; i++)
			buf_printf(&out, "%s" STR_FMT, i ? "/" : "", STR_ARG(it.keys[i]));
		buf_printf(&out, "|" STR_FMT "\n", STR_ARG(it.value));
	}
	if (r < 0)
		buf_printf(&out, "!%s %s\n", err_kind_word(e.kind), e.text);
	if (str_starts(buf_str(&out), expected) && (expected.n == out.n || r < 0))
		return true;
	printf("# got:\n" STR_FMT "\n", STR_ARG(buf_str(&out)));
	return false;
}

TEST(each_value_has_the_keys_that_lead_to_it)
{
	CHECK(reads_as(
		STR("a: 1\nb:\n  c: 'x'\n  d: {}\ne:\n- f: 2\n- 3\ng:\n"),
		STR("M||\nS|a|1\nM|b|\nS|b/c|x\nM|b/d|\nL|e|\nM|e|\nS|e/f|2\nS|e|3\nS|g|\n")));
}

TEST(an_empty_text_has_nothing)
{
	CHECK(reads_as(STR(""), STR("")));
	CHECK(reads_as(STR_NONE, STR("")));
}

TEST(what_is_not_read_is_refused)
{
	CHECK(reads_as(STR("a: &x 1\nb: *x\n"), STR("M||\nS|a|1\n!unsupported line 2: an alias")));
	CHECK(reads_as(STR("{[1]: 2}"), STR("M||\n!unsupported line 1: a key that is no word")));
	CHECK(reads_as(STR("a: [1"), STR("M||\nL|a|\nS|a|1\n!corrupt line ")));
	CHECK(reads_as(STR("a: \xff"), STR("!corrupt line ")));
}

TEST(nesting_has_a_limit)
{
	char text[LIMIT_YAML_DEPTH + 1];
	CLEANUP(yaml_walk_freep)
	struct yaml_walk *y = NULL;
	struct yaml_item it;
	struct err e;
	size_t items = 0;

	memset(text, '[', sizeof(text));
	CHECK(yaml_walk_open(&y, (str){ text, sizeof(text) }, &e) == 0);
	while (yaml_walk_next(&it, y, &e) > 0)
		items++;
	CHECK(items == LIMIT_YAML_DEPTH && e.kind == ERR_LIMIT);
}

TEST_MAIN
