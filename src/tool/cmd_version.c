/* plimsoll version compare|satisfies --scheme S: lines in, one answer a line out. */
#include "format/version/version.h"
#include "tool/command.h"

static const char *answer_order(const struct version_scheme *s, str a, str b)
{
	static const char *const words[] = { "<\n", "=\n", ">\n", "!\n" };

	return words[version_compare(s, a, b) + 1];
}

static const char *answer_verdict(const struct version_scheme *s, str version, str range)
{
	static const char *const words[] = { "no\n", "yes\n", "!\n" };

	return words[version_satisfies(s, version, range)];
}

/* What stands before and after the tab of a line, to the word that answers it. */
struct question {
	const struct version_scheme *scheme;
	const char *(*answer)(const struct version_scheme *s, str left, str right);
};

static int answer_all(const struct question *q, FILE *in, struct err *e)
{
	size_t cap = 0, number = 0;
	char *text = NULL;
	int r = 0;

	for (ssize_t n; r == 0 && (n = getline(&text, &cap, in)) >= 0;) {
		str line = { text, (size_t)n }, left, right;

		number++;
		str_chop(&line, STR("\n"));
		if (str_cut(line, '\t', &left, &right))
			fputs(q->answer(q->scheme, left, right), stdout);
		else
			r = err_set(e, ERR_USAGE, "line %zu has no tab", number);
	}
	free(text);
	return r == 0 && ferror(in) ? err_sys(e, "standard input") : r;
}

static int answer_run(const struct options *o, struct question q)
{
	str name = option_text(o, "scheme");
	struct err e = { 0 };

	q.scheme = version_scheme_find(name);
	if (name.n == 0)
		(void)err_set(&e, ERR_USAGE, "--scheme is missing");
	else if (!q.scheme)
		(void)err_set(&e, ERR_USAGE, "no scheme is called \"" STR_FMT "\"", STR_ARG(name));
	else if (answer_all(&q, stdin, &e) == 0)
		return EXIT_FIT;
	return command_fail(&e);
}

static int compare_run(const struct options *o)
{
	return answer_run(o, (struct question){ .answer = answer_order });
}

static int satisfies_run(const struct options *o)
{
	return answer_run(o, (struct question){ .answer = answer_verdict });
}

static const struct option_row version_options[] = {
	{ "scheme", 0, "S", "Versions", "the package manager whose rules count", false,
	  "deb rpm apk semver npm pep440 gem maven golang cargo nuget composer pub hex cran alpm "
	  "portage bitnami" },
	{ 0 },
};

static const char *const compare_examples[] = {
	"printf '1.0~rc1\\t1.0\\n' | plimsoll version compare --scheme deb",
	NULL,
};

static const char *const satisfies_examples[] = {
	"printf '1.4.2\\t^1.2\\n' | plimsoll version satisfies --scheme npm",
	NULL,
};

const struct command cmd_version_compare = {
	.name = "version compare",
	.operands = "",
	.summary = "order versions as their package manager does",
	.text = "Reads lines A<TAB>B from standard input and writes one of < = > for each, or !\n"
		"when either is not a version.\n",
	.examples = compare_examples,
	.tables = { version_options },
	.run = compare_run,
};

const struct command cmd_version_satisfies = {
	.name = "version satisfies",
	.operands = "",
	.summary = "say whether versions lie in ranges, in their package manager's syntax",
	.text = "Reads lines VERSION<TAB>RANGE from standard input and writes yes or no for each,\n"
		"or ! when one is not a version or the other not a range.\n",
	.examples = satisfies_examples,
	.tables = { version_options },
	.run = satisfies_run,
};
