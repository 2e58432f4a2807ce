#include "tool/command.h"

/* clang-format off */
const struct command *const commands[] = {
	&cmd_scan,
	&cmd_sbom,
	&cmd_why,
	&cmd_db_update,
	&cmd_db_status,
	&cmd_db_search,
	&cmd_db_diff,
	&cmd_db_verify,
	&cmd_version_compare,
	&cmd_version_satisfies,
	&cmd_options,
	NULL,
};
/* clang-format on */

int command_fail(const struct err *e)
{
	fprintf(stderr, "plimsoll: %s\n", e->text);
	return EXIT_ERROR;
}

/* For completion and for checks of the man pages: every option of every command. */
static int options_run(const struct options *o)
{
	(void)o;
	for (const struct command *const *c = commands; *c; c++)
		options_list(stdout, *c);
	return EXIT_FIT;
}

/* A name that starts with '_' is not shown in the overview. */
const struct command cmd_options = {
	.name = "__options",
	.operands = "",
	.summary = "list every option of every command, for completion",
	.run = options_run,
};
