#include "tool/options.h"

#include <unistd.h>

#include "tap.h"
#include "tool/nearest.h"

/* clang-format off */
static const struct option_row rows[] = {
	{ "output",  'o', "FORMAT", "Output", "what to write", true, "json table" },
	{ "fail-on", 0,   "LEVEL",  "Policy", "what counts" },
	{ "all",     'a', NULL,     "Output", "everything" },
	{ NULL },
};
static const struct option_row others[] = {
	{ "scheme", 0, "S", "Input", "order of versions" },
	{ NULL },
};
/* clang-format on */

static const struct command scan = { .name = "scan",
				     .operands = "SOURCE",
				     .least = 1,
				     .most = 1,
				     .summary = "Look.",
				     .tables = { rows } };
static const struct command other = { .name = "other", .operands = "", .tables = { others } };
static const struct command *const all[] = { &scan, &other, NULL };

#define READ(...) options_read(&o, &scan, all, (const char *const[]){ __VA_ARGS__, NULL }, &a, &e)

#define SETUP                                         \
	CLEANUP(arena_free)                           \
	struct arena a = ARENA(1 << 20);              \
	struct options o;                             \
	struct err e = { 0 };                         \
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1); \
	setenv("HOME", "/nonexistent", 1);            \
	unsetenv("PLIMSOLL_FAIL_ON");                 \
	unsetenv("PLIMSOLL_OUTPUT")

static char *write_config(const char *text)
{
	static char path[64];

	snprintf(path, sizeof(path), "/tmp/plimsoll-test-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
	return path;
}

TEST(long_options_take_their_value_with_an_equals_sign_or_a_space)
{
	SETUP;
	CHECK(READ("--fail-on=high", "--output", "json", "image.tar") == 1);
	CHECK_STR(option_text(&o, "fail-on"), STR("high"));
	CHECK_STR(option_text(&o, "output"), STR("json"));
	CHECK(o.operands.n == 1);
	CHECK_STR(o.operands.v[0], STR("image.tar"));
	CHECK(!option_on(&o, "all"));
}

TEST(short_options_stand_alone_or_together)
{
	SETUP;
	CHECK(READ("-aqojson", "-o", "table", "x") == 1);
	CHECK(option_on(&o, "all"));
	CHECK(option_on(&o, "quiet"));
	CHECK(option_all(&o, "output")->n == 2);
	CHECK_STR(option_all(&o, "output")->v[0], STR("json"));
	CHECK_STR(option_all(&o, "output")->v[1], STR("table"));
}

TEST(two_dashes_end_the_options)
{
	SETUP;
	CHECK(READ("--", "--all") == 1);
	CHECK_STR(o.operands.v[0], STR("--all"));
	CHECK(!option_on(&o, "all"));
}

TEST(an_unknown_option_names_the_nearest)
{
	SETUP;
	CHECK(READ("--fial-on=high", "x") == -1);
	CHECK(e.kind == ERR_USAGE);
	CHECK(str_has(str_of(e.text), STR("did you mean --fail-on?")));
	CHECK(READ("--zzzzzzzzzz", "x") == -1);
	CHECK(!str_has(str_of(e.text), STR("did you mean")));
	CHECK(READ("-Z", "x") == -1);
	CHECK(str_has(str_of(e.text), STR("-Z")));
}

TEST(missing_values_and_operands_are_refused)
{
	SETUP;
	CHECK(READ("x", "--fail-on") == -1);
	CHECK(READ("x", "--fail-on=") == -1);
	CHECK(READ("x", "-o") == -1);
	CHECK(READ("--all=perhaps", "x") == -1);
	CHECK(READ("--all") == -1);
	CHECK(str_has(str_of(e.text), STR("needs SOURCE")));
	CHECK(READ("x", "y") == -1);
	CHECK(str_has(str_of(e.text), STR("\"y\"")));
}

TEST(help_wins_over_missing_operands)
{
	SETUP;
	CHECK(READ("-h") == 0);
	CHECK(READ("--all", "--help") == 0);
}

TEST(the_environment_stands_behind_the_line)
{
	SETUP;
	setenv("PLIMSOLL_FAIL_ON", "low", 1);
	setenv("PLIMSOLL_OUTPUT", "json=a, table", 1);
	CHECK(READ("x") == 1);
	CHECK_STR(option_text(&o, "fail-on"), STR("low"));
	CHECK(option_origin(&o, "fail-on") == OPTION_FROM_ENV);
	CHECK(option_all(&o, "output")->n == 2);
	CHECK_STR(option_all(&o, "output")->v[1], STR("table"));
	CHECK(READ("--fail-on=high", "x") == 1);
	CHECK_STR(option_text(&o, "fail-on"), STR("high"));
}

TEST(the_file_stands_behind_the_environment)
{
	SETUP;
	char *path =
		write_config("# ours\nfail-on: medium\noutput:\n  - json\n  - table\nall: yes\n"
			     "scheme: deb\n");

	CHECK(READ("--config", path, "x") == 1);
	CHECK_STR(option_text(&o, "fail-on"), STR("medium"));
	CHECK(option_origin(&o, "fail-on") == OPTION_FROM_FILE);
	CHECK(option_all(&o, "output")->n == 2);
	CHECK(option_on(&o, "all"));
	setenv("PLIMSOLL_FAIL_ON", "low", 1);
	CHECK(READ("--config", path, "--all=no", "x") == 1);
	CHECK_STR(option_text(&o, "fail-on"), STR("low"));
	CHECK(!option_on(&o, "all"));
	unlink(path);
}

TEST(an_unknown_key_of_the_file_is_refused_with_its_line)
{
	SETUP;
	char *path = write_config("all: true\nfail_on: high\n");

	CHECK(READ("--config", path, "x") == -1);
	CHECK(str_has(str_of(e.text), STR("line 2: there is no option \"fail_on\"")));
	CHECK(str_has(str_of(e.text), STR("did you mean \"fail-on\"?")));
	unlink(path);
	CHECK(READ("--config", path, "x") == -1);
	path = write_config("help: true\n");
	CHECK(READ("--config", path, "x") == -1);
	unlink(path);
	path = write_config("fail-on: [low, high]\n");
	CHECK(READ("--config", path, "x") == -1);
	unlink(path);
}

TEST(help_shows_every_row_under_its_heading_once)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	options_help(f, &scan);
	fclose(f);
	str s = { text, n };
	size_t first = str_search(s, STR("\nOutput:\n"));

	CHECK(first != SIZE_MAX);
	CHECK(str_search(str_from(s, first + 1), STR("\nOutput:\n")) == SIZE_MAX);
	CHECK(str_has(s, STR("-o, --output=FORMAT")));
	CHECK(str_has(s, STR("--fail-on=LEVEL")));
	CHECK(str_has(s, STR("-h, --help")));
	CHECK(str_starts(s, STR("Usage: plimsoll scan [OPTION]... SOURCE\n")));
	free(text);
}

TEST(the_list_has_a_line_for_each_option)
{
	char *text = NULL;
	size_t n = 0, lines = 0;
	FILE *f = open_memstream(&text, &n);

	options_list(f, &scan);
	fclose(f);
	str rest = { text, n }, line;

	while (str_next(&rest, '\n', &line))
		lines++;
	CHECK(lines == 6);
	CHECK(str_starts((str){ text, n },
			 STR("scan\toutput\to\tFORMAT\trepeat\tjson table\twhat to write\n")));
	free(text);
}

TEST(the_nearest_word_is_within_a_slip_or_two)
{
	static const struct {
		str wanted, best;
	} cases[] = {
		{ STR_INIT("scna"), STR_INIT("scan") },
		{ STR_INIT("scann"), STR_INIT("scan") },
		{ STR_INIT("sca"), STR_INIT("scan") },
		{ STR_INIT("sbmo"), STR_INIT("sbom") },
		{ STR_INIT("upgrade"), STR_INIT("") },
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("version"), STR_INIT("version") },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct nearest n = nearest_to(cases[i].wanted);

		nearest_see(&n, STR("scan"));
		nearest_see(&n, STR("sbom"));
		nearest_see(&n, STR("version"));
		CHECK_STR(n.best, cases[i].best);
	}
}

TEST_MAIN
