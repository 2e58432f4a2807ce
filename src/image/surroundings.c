#include "image/surroundings.h"

/* XDG base directories: a relative one is to be ignored. */
static int under(str *out, str xdg, str home, const char *usual, const char *name, struct arena *a,
		 struct err *e)
{
	*out = STR("");
	if (str_starts(xdg, STR("/")))
		return arena_printf(out, a, e, STR_FMT "/%s", STR_ARG(xdg), name);
	if (!home.n)
		return 0;
	return arena_printf(out, a, e, STR_FMT "/%s/%s", STR_ARG(home), usual, name);
}

int surroundings_config(str *out, const struct surroundings *s, const char *name, struct arena *a,
			struct err *e)
{
	return under(out, s->config_home, s->home, ".config", name, a, e);
}

int surroundings_data(str *out, const struct surroundings *s, const char *name, struct arena *a,
		      struct err *e)
{
	return under(out, s->data_home, s->home, ".local/share", name, a, e);
}
