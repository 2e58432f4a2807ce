/* Where advisory data lies, for every command that reads or updates it. */
#pragma once

#include "tool/options.h"

/* --data-dir */
extern const struct option_row option_data[];

/* --data-dir; else /var/lib/plimsoll/db for root; else $XDG_DATA_HOME/plimsoll/db, or
 * ~/.local/share/plimsoll/db. 0 and *out, a C string in the options' arena, or -1 and *e. */
int data_dir(const char **out, const struct options *o, struct err *e) MUST_CHECK;
