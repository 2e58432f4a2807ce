/* Options of the command line, table-driven: a row is one option, and from the row come parsing,
 * --help, the environment twin (PLIMSOLL_FAIL_ON), the configuration key (fail-on) and completion.
 * The command line wins over the environment, the environment over the file. */
#pragma once

#include "base/limits.h"
#include "model/package.h"

struct option_row {
	const char *name;  /* long name, without dashes; NULL ends a table */
	char letter;	   /* short name, or 0 */
	const char *arg;   /* what its argument is called; NULL: a switch */
	const char *group; /* heading in --help */
	const char *help;  /* one line; lower case, no full stop */
	bool repeat;	   /* may be given again; in the environment: split at commas */
	const char *words; /* values worth offering, separated by blanks, or NULL */
};

struct options;

/* One command: `plimsoll NAME`. NAME may be two words ("db update"). */
struct command {
	const char *name;
	const char *operands;	     /* as usage shows them: "SOURCE"; "" when it takes none */
	size_t least, most;	     /* how many operands it takes */
	const char *summary;	     /* one line for the overview */
	const char *text;	     /* what more --help says, whole lines; or NULL */
	const char *const *examples; /* NULL-ended, or NULL */
	const struct option_row *tables[5];  /* NULL-ended; option_common is always among them */
	int (*run)(const struct options *o); /* the exit code */
};

/* --help, --quiet and --config, which every command takes; added by options_read itself. */
extern const struct option_row option_common[];

enum option_origin {
	OPTION_UNSET,
	OPTION_FROM_FILE,
	OPTION_FROM_ENV,
	OPTION_FROM_LINE,
};

struct option_value {
	const struct option_row *row;
	struct str_list given; /* in order; a switch has "true" or "false" */
	enum option_origin origin;
};

struct options {
	const struct command *command;
	struct arena *arena; /* what the values live in; for the command's own small things too */
	VEC(struct option_value) values;
	struct str_list operands;
};

/* Reads what follows the command's name: 1 ready to run, 0 help was asked for, -1 and *e (usage).
 * `all` (NULL-ended) are the commands whose options a configuration file may name. Values and
 * operands are ended by a NUL, so .p may be given to libc. */
int options_read(struct options *out, const struct command *c, const struct command *const *all,
		 const char *const *argv, struct arena *a, struct err *e) MUST_CHECK;

/* Was it given (and, for a switch, is it on)? Asking for an option that the command's tables do
 * not have is a bug. */
bool option_on(const struct options *o, const char *name);
/* The last value given; empty when none was. */
str option_text(const struct options *o, const char *name);
/* All of them, in order. */
const struct str_list *option_all(const struct options *o, const char *name);
enum option_origin option_origin(const struct options *o, const char *name);

/* The text of --help, and the lines for completion and man page checks:
 * COMMAND<TAB>option<TAB>letter<TAB>ARG<TAB>repeat|once<TAB>words<TAB>help */
void options_help(FILE *to, const struct command *c);
void options_list(FILE *to, const struct command *c);
