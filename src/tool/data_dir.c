#include "tool/data_dir.h"

#include <unistd.h>

#define SYSTEM_DIR "/var/lib/plimsoll/db"
#define OWN_DIR	   "plimsoll/db"

const struct option_row option_data[] = {
	{ "data-dir", 0, "DIR", "Data", "where advisory data lies" },
	{ NULL },
};

int data_dir(const char **out, const struct options *o, struct err *e)
{
	str given = option_text(o, "data-dir"), path = STR_NONE;
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (given.n) {
		*out = given.p;
		return 0;
	}
	if (geteuid() == 0) {
		*out = SYSTEM_DIR;
		return 0;
	}
	if (data && data[0] == '/') {
		if (arena_printf(&path, o->arena, e, "%s/" OWN_DIR, data) < 0)
			return -1;
	} else if (home && home[0] == '/') {
		if (arena_printf(&path, o->arena, e, "%s/.local/share/" OWN_DIR, home) < 0)
			return -1;
	} else {
		return err_set(e, ERR_USAGE, "neither --data-dir nor HOME says where data lies");
	}
	*out = path.p;
	return 0;
}
