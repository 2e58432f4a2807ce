#include "tool/options.h"

#define HELP_COLUMN 30

/* Rows of all tables of a command, one after another: NULL past the last. */
struct walk {
	const struct command *c;
	const struct option_row *row;
	size_t table;
};

static const struct option_row *next(struct walk *w)
{
	size_t n = 0;

	while (n < COUNT(w->c->tables) && w->c->tables[n])
		n++;
	for (;;) {
		if (w->row && w->row[0].name && w->row[1].name)
			return ++w->row;
		if (w->row)
			w->table++;
		if (w->table > n)
			return NULL;
		w->row = w->table < n ? w->c->tables[w->table] : option_common;
		if (w->row->name)
			return w->row;
	}
}

static void help_row(FILE *to, const struct option_row *r)
{
	char left[128];
	int n = r->letter ? snprintf(left, sizeof(left), "  -%c, --%s", r->letter, r->name)
			  : snprintf(left, sizeof(left), "      --%s", r->name);

	if (r->arg)
		n += snprintf(left + n, sizeof(left) - (size_t)n, "=%s", r->arg);
	if (n < HELP_COLUMN - 1)
		fprintf(to, "%-*s%s%s\n", HELP_COLUMN, left, r->help,
			r->repeat ? "; may be given again" : "");
	else
		fprintf(to, "%s\n%*s%s%s\n", left, HELP_COLUMN, "", r->help,
			r->repeat ? "; may be given again" : "");
	if (r->words)
		fprintf(to, "%*s(%s)\n", HELP_COLUMN, "", r->words);
}

static void help_group(FILE *to, const struct command *c, const char *group)
{
	struct walk w = { .c = c };

	fprintf(to, "\n%s:\n", group);
	for (const struct option_row *r; (r = next(&w));)
		if (strcmp(r->group, group) == 0)
			help_row(to, r);
}

/* True when no row before this one stands under the same heading. */
static bool first_of_group(const struct command *c, const struct option_row *row)
{
	struct walk w = { .c = c };

	for (const struct option_row *r; (r = next(&w)) && r != row;)
		if (strcmp(r->group, row->group) == 0)
			return false;
	return true;
}

void options_help(FILE *to, const struct command *c)
{
	struct walk w = { .c = c };

	fprintf(to, "Usage: plimsoll %s [OPTION]...%s%s\n\n%s\n", c->name, *c->operands ? " " : "",
		c->operands, c->summary);
	if (c->text)
		fprintf(to, "\n%s", c->text);
	for (const struct option_row *r; (r = next(&w));)
		if (first_of_group(c, r))
			help_group(to, c, r->group);
	fputs("\nAn option may also stand in the environment (--fail-on as PLIMSOLL_FAIL_ON) or in the\n"
	      "configuration file (as \"fail-on: high\").\n",
	      to);
	if (c->examples)
		fputs("\nExamples:\n", to);
	for (const char *const *x = c->examples; x && *x; x++)
		fprintf(to, "  %s\n", *x);
}

void options_list(FILE *to, const struct command *c)
{
	struct walk w = { .c = c };

	for (const struct option_row *r; (r = next(&w));)
		fprintf(to, "%s\t%s\t%.*s\t%s\t%s\t%s\t%s\n", c->name, r->name, r->letter ? 1 : 0,
			&r->letter, r->arg ? r->arg : "", r->repeat ? "repeat" : "once",
			r->words ? r->words : "", r->help);
}
