/* The programs' commands, and what every one of them shares: exit codes and how to fail. */
#pragma once

#include "tool/options.h"

/* CONTRACT.md, exit codes. */
enum {
	EXIT_FIT = 0,
	EXIT_ERROR = 1,
	EXIT_VIOLATION = 2,
	EXIT_UNASSESSED = 3,
};

/* All commands of `plimsoll`, NULL-ended, in the order of the overview. A command is a file
 * cmd_NOUN.c with one struct for each command in it, named below, and a line in command.c. */
extern const struct command *const commands[];

/* Says on stderr what went wrong ("plimsoll: …") and gives the exit code for it. */
int command_fail(const struct err *e);

extern const struct command cmd_db_diff;
extern const struct command cmd_db_search;
extern const struct command cmd_db_status;
extern const struct command cmd_db_update;
extern const struct command cmd_db_verify;
extern const struct command cmd_scan;
extern const struct command cmd_sbom;
extern const struct command cmd_why;
extern const struct command cmd_options;
extern const struct command cmd_version_compare;
extern const struct command cmd_version_satisfies;
