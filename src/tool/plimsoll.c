/* main() of plimsoll: which command is meant, and what is common to all of them. */
#include <errno.h>
#include <signal.h>

#include "tool/command.h"
#include "tool/nearest.h"

/* Memory for options and configuration; commands make arenas of their own for their work. */
#define OPTIONS_BYTES (8 * MIB)

static void overview(FILE *to)
{
	fputs("Usage: plimsoll COMMAND [OPTION]... [OPERAND]...\n\n"
	      "What is in a container image, what is wrong with it, and whether it may sail.\n\n"
	      "Commands:\n",
	      to);
	for (const struct command *const *c = commands; *c; c++)
		if ((*c)->name[0] != '_')
			fprintf(to, "  %-18s %s\n", (*c)->name, (*c)->summary);
	fputs("\nplimsoll COMMAND --help says more of each. Exit codes: 0 fit, 1 error,\n"
	      "2 policy violated, 3 could not be assessed.\n",
	      to);
}

/* How many words of argv the command's name takes up; 0 when it is another command. */
static size_t command_words(const struct command *c, const char *const *argv)
{
	str rest = str_of(c->name), word;
	size_t n = 0;

	while (str_next(&rest, ' ', &word)) {
		if (!argv[n] || !str_eq(word, str_of(argv[n])))
			return 0;
		n++;
	}
	return n;
}

static const struct command *find(const char *const *argv, size_t *words)
{
	const struct command *best = NULL;

	*words = 0;
	for (const struct command *const *c = commands; *c; c++) {
		size_t n = command_words(*c, argv);

		if (n > *words) {
			*words = n;
			best = *c;
		}
	}
	return best;
}

/* True when commands begin with that word and a second one. */
static bool begins_family(str word)
{
	for (const struct command *const *c = commands; *c; c++) {
		str rest = str_of((*c)->name);

		if (str_skip(&rest, word) && rest.n && rest.p[0] == ' ')
			return true;
	}
	return false;
}

/* "plimsoll db" and "plimsoll db --help": lists the commands that begin with that word. */
static bool list_family(FILE *to, str word)
{
	bool any = false;

	for (const struct command *const *c = commands; *c; c++) {
		str rest = str_of((*c)->name);

		if (!str_skip(&rest, word) || rest.n == 0 || rest.p[0] != ' ')
			continue;
		if (!any)
			fprintf(to,
				"Usage: plimsoll " STR_FMT " COMMAND [OPTION]...\n\nCommands:\n",
				STR_ARG(word));
		any = true;
		fprintf(to, "  %-18s %s\n", (*c)->name, (*c)->summary);
	}
	return any;
}

static bool is_help(const char *word)
{
	return word && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0);
}

static int no_command(const char *const *argv)
{
	struct nearest near = nearest_to(str_of(argv[0]));
	bool help = is_help(argv[1]);
	char both[256];

	if ((!argv[1] || help) && list_family(help ? stdout : stderr, near.wanted))
		return help ? EXIT_FIT : EXIT_ERROR;
	if (argv[1] && begins_family(near.wanted)) {
		snprintf(both, sizeof(both), "%s %s", argv[0], argv[1]);
		near = nearest_to(str_of(both));
	}
	for (const struct command *const *c = commands; *c; c++)
		if ((*c)->name[0] != '_')
			nearest_see(&near, str_of((*c)->name));
	fprintf(stderr, "plimsoll: there is no command \"" STR_FMT "\"", STR_ARG(near.wanted));
	if (near.best.n)
		fprintf(stderr, "; did you mean \"" STR_FMT "\"?\n", STR_ARG(near.best));
	else
		fputs(" (plimsoll --help lists them)\n", stderr);
	return EXIT_ERROR;
}

static int run(const struct command *c, const char *const *argv)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(OPTIONS_BYTES);
	struct options o;
	struct err e = { 0 };
	int r = options_read(&o, c, commands, argv, &a, &e);

	if (r < 0)
		return command_fail(&e);
	if (r > 0)
		return c->run(&o);
	options_help(stdout, c);
	return EXIT_FIT;
}

static int dispatch(const char *const *argv)
{
	size_t words;

	if (!argv[0]) {
		overview(stderr);
		return EXIT_ERROR;
	}
	if (is_help(argv[0]) || (strcmp(argv[0], "help") == 0 && !argv[1])) {
		overview(stdout);
		return EXIT_FIT;
	}
	if (strcmp(argv[0], "--version") == 0) {
		puts("plimsoll " PLIMSOLL_VERSION);
		return EXIT_FIT;
	}
	if (strcmp(argv[0], "help") == 0) {
		const struct command *c = find(argv + 1, &words);

		if (!c)
			return no_command(argv + 1);
		options_help(stdout, c);
		return EXIT_FIT;
	}
	const struct command *c = find(argv, &words);

	return c ? run(c, argv + words) : no_command(argv);
}

int main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	int code = argc > 0 ? dispatch((const char *const *)argv + 1) : EXIT_ERROR;

	/* A report that was cut short by a full disk is no report. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno != EPIPE)
			fprintf(stderr, "plimsoll: standard output: %s\n", strerror(errno));
		return EXIT_ERROR;
	}
	return code;
}
