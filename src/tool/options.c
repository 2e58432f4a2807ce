#include "tool/options.h"

#include <assert.h>

#include "tool/config.h"
#include "tool/nearest.h"

#define ENV_PREFIX	  "PLIMSOLL_"
#define CONFIG_OF_MACHINE "/etc/plimsoll/config.yaml"

/* clang-format off */
const struct option_row option_common[] = {
	{ "quiet",  'q', NULL,   "General", "say nothing on stderr but errors" },
	{ "config", 0,   "FILE", "General", "read options from FILE instead of plimsoll/config.yaml" },
	{ "help",   'h', NULL,   "General", "show this help" },
	{ NULL },
};
/* clang-format on */

static int add_rows(struct options *o, const struct option_row *rows, struct err *e)
{
	for (; rows->name; rows++)
		if (vec_push(&o->values, o->arena, e, (struct option_value){ .row = rows }) < 0)
			return -1;
	return 0;
}

static int add_tables(struct options *o, struct err *e)
{
	const struct option_row *const *tables = o->command->tables;

	for (size_t i = 0; i < COUNT(o->command->tables) && tables[i]; i++)
		if (add_rows(o, tables[i], e) < 0)
			return -1;
	return add_rows(o, option_common, e);
}

static struct option_value *by_name(const struct options *o, str name)
{
	vec_each (v, &o->values)
		if (str_eq(str_of(v->row->name), name))
			return v;
	return NULL;
}

static struct option_value *by_letter(const struct options *o, char letter)
{
	vec_each (v, &o->values)
		if (v->row->letter == letter)
			return v;
	return NULL;
}

/* A switch's word: 1 on, 0 off, -1 neither. */
static int switch_word(str word)
{
	static const char *const on[] = { "true", "yes", "on", "1" };
	static const char *const off[] = { "false", "no", "off", "0", "" };

	for (size_t i = 0; i < COUNT(on); i++)
		if (str_eq_nocase(word, str_of(on[i])))
			return 1;
	for (size_t i = 0; i < COUNT(off); i++)
		if (str_eq_nocase(word, str_of(off[i])))
			return 0;
	return -1;
}

static int set(struct options *o, struct option_value *v, enum option_origin origin, str word,
	       struct err *e)
{
	if (!v->row->arg) {
		int on = switch_word(word);

		if (on < 0)
			return err_set(e, ERR_USAGE, "--%s is true or false, not \"" STR_FMT "\"",
				       v->row->name, STR_ARG(word));
		word = on ? STR("true") : STR("false");
	} else if (word.n == 0) {
		return err_set(e, ERR_USAGE, "--%s needs its %s", v->row->name, v->row->arg);
	}
	if (!v->row->repeat)
		v->given.n = 0;
	v->origin = origin;
	return vec_push(&v->given, o->arena, e, word);
}

static int unknown(const struct options *o, str name, struct err *e)
{
	struct nearest near = nearest_to(name);

	vec_each (v, &o->values)
		nearest_see(&near, str_of(v->row->name));
	if (near.best.n)
		return err_set(e, ERR_USAGE,
			       "%s: there is no option --" STR_FMT "; did you mean --" STR_FMT "?",
			       o->command->name, STR_ARG(name), STR_ARG(near.best));
	return err_set(e, ERR_USAGE,
		       "%s: there is no option --" STR_FMT " (plimsoll %s --help lists them)",
		       o->command->name, STR_ARG(name), o->command->name);
}

/* "--name", "--name=value", "--name value". */
static int read_long(struct options *o, const char *const **argv, struct err *e)
{
	str name, value;
	bool has_value = str_cut(str_of(**argv + 2), '=', &name, &value);
	struct option_value *v = by_name(o, name);

	if (!v)
		return unknown(o, name, e);
	if (!v->row->arg && !has_value)
		value = STR("true");
	if (v->row->arg && !has_value) {
		if (!(*argv)[1])
			return err_set(e, ERR_USAGE, "--%s needs its %s", v->row->name,
				       v->row->arg);
		value = str_of(*++*argv);
	}
	return set(o, v, OPTION_FROM_LINE, value, e);
}

/* "-q", "-qo json", "-ojson". */
static int read_short(struct options *o, const char *const **argv, struct err *e)
{
	for (const char *c = **argv + 1; *c; c++) {
		struct option_value *v = by_letter(o, *c);

		if (!v)
			return err_set(e, ERR_USAGE,
				       "%s: there is no option -%c (plimsoll %s --help lists them)",
				       o->command->name, *c, o->command->name);
		if (!v->row->arg) {
			if (set(o, v, OPTION_FROM_LINE, STR("true"), e) < 0)
				return -1;
			continue;
		}
		if (!c[1] && !(*argv)[1])
			return err_set(e, ERR_USAGE, "-%c needs its %s", *c, v->row->arg);
		return set(o, v, OPTION_FROM_LINE, str_of(c[1] ? c + 1 : *++*argv), e);
	}
	return 0;
}

static int read_line(struct options *o, const char *const *argv, struct err *e)
{
	bool only_operands = false;

	for (; *argv; argv++) {
		str word = str_of(*argv);
		int r = 0;

		if (only_operands || word.n < 2 || word.p[0] != '-')
			r = vec_push(&o->operands, o->arena, e, word);
		else if (str_eq(word, STR("--")))
			only_operands = true;
		else if (word.p[1] == '-')
			r = read_long(o, &argv, e);
		else
			r = read_short(o, &argv, e);
		if (r < 0)
			return -1;
	}
	return 0;
}

static void env_name(char out[96], const char *name)
{
	snprintf(out, 96, ENV_PREFIX "%s", name);
	for (char *c = out + strlen(ENV_PREFIX); *c; c++)
		*c = *c == '-' ? '_' : ch_lower(*c) ? (char)(*c - 32) : *c;
}

static int read_env_of(struct options *o, struct option_value *v, struct err *e)
{
	char name[96];

	env_name(name, v->row->name);
	const char *text = getenv(name);

	if (!text || !*text)
		return 0;
	str rest = str_of(text), piece;

	if (!v->row->repeat)
		return set(o, v, OPTION_FROM_ENV, rest, e) < 0 ? err_within(e, "%s", name) : 0;
	while (str_next(&rest, ',', &piece)) {
		if (arena_str(&piece, o->arena, str_trim(piece), e) < 0)
			return -1;
		if (set(o, v, OPTION_FROM_ENV, piece, e) < 0)
			return err_within(e, "%s", name);
	}
	return 0;
}

/* --help is asked for on the line or not at all. */
static bool line_only(const struct option_row *row)
{
	return strcmp(row->name, "help") == 0;
}

static int read_env(struct options *o, struct err *e)
{
	vec_each (v, &o->values)
		if (v->origin == OPTION_UNSET && !line_only(v->row) && read_env_of(o, v, e) < 0)
			return -1;
	return 0;
}

/* Shows every option name that any command has to `seen`; true when `name` is one of them. */
static bool known_anywhere(const struct command *const *all, str name, struct nearest *near)
{
	bool known = false;

	for (; *all; all++) {
		for (size_t i = 0; i < COUNT((*all)->tables) && (*all)->tables[i]; i++) {
			for (const struct option_row *r = (*all)->tables[i]; r->name; r++) {
				nearest_see(near, str_of(r->name));
				known = known || str_eq(str_of(r->name), name);
			}
		}
	}
	return known;
}

static int unknown_key(const struct config_entry *entry, str near, struct err *e)
{
	if (near.n)
		return err_set(e, ERR_USAGE,
			       "line %u: there is no option \"" STR_FMT
			       "\"; did you mean \"" STR_FMT "\"?",
			       entry->line, STR_ARG(entry->key), STR_ARG(near));
	return err_set(e, ERR_USAGE, "line %u: there is no option \"" STR_FMT "\"", entry->line,
		       STR_ARG(entry->key));
}

static int take_entry(struct options *o, const struct command *const *all,
		      const struct config_entry *entry, struct err *e)
{
	struct nearest near = nearest_to(entry->key);
	struct option_value *v = by_name(o, entry->key);

	if (v && (line_only(v->row) || strcmp(v->row->name, "config") == 0))
		return unknown_key(entry, STR_NONE, e);
	if (!v)
		return known_anywhere(all, entry->key, &near) ? 0
							      : unknown_key(entry, near.best, e);
	if (v->origin > OPTION_FROM_FILE)
		return 0;
	if (!v->row->repeat && entry->values.n != 1)
		return err_set(e, ERR_USAGE, "line %u: \"%s\" takes one value", entry->line,
			       v->row->name);
	vec_each (word, &entry->values)
		if (set(o, v, OPTION_FROM_FILE, *word, e) < 0)
			return err_within(e, "line %u", entry->line);
	return 0;
}

/* 1 and *path when there is a file to read, 0 when not. One that was asked for must be there. */
static int find_config(struct options *o, str *text, str *path, struct err *e)
{
	str asked = option_text(o, "config");
	const char *home = getenv("XDG_CONFIG_HOME"), *user = getenv("HOME");
	int r = 0;

	*path = asked;
	if (asked.n) {
		r = config_load(text, asked.p, o->arena, e);
		return r ? r : err_set(e, ERR_USAGE, "%s: there is no such file", asked.p);
	}
	if (home && *home)
		r = arena_printf(path, o->arena, e, "%s/plimsoll/config.yaml", home);
	else if (user && *user)
		r = arena_printf(path, o->arena, e, "%s/.config/plimsoll/config.yaml", user);
	if (r < 0)
		return -1;
	r = path->n ? config_load(text, path->p, o->arena, e) : 0;
	if (r)
		return r;
	*path = STR(CONFIG_OF_MACHINE);
	return config_load(text, path->p, o->arena, e);
}

static int read_file(struct options *o, const struct command *const *all, struct err *e)
{
	struct config config;
	str text, path;
	int r = find_config(o, &text, &path, e);

	if (r <= 0)
		return r;
	if (config_parse(&config, text, o->arena, e) < 0)
		return err_within(e, "%s", path.p);
	vec_each (entry, &config)
		if (take_entry(o, all, entry, e) < 0)
			return err_within(e, "%s", path.p);
	return 0;
}

static int check_operands(const struct options *o, struct err *e)
{
	const struct command *c = o->command;

	if (o->operands.n < c->least)
		return err_set(e, ERR_USAGE, "%s needs %s (plimsoll %s --help says more)", c->name,
			       c->operands, c->name);
	if (o->operands.n > c->most)
		return err_set(e, ERR_USAGE, "%s: what is \"" STR_FMT "\" for? It takes %s",
			       c->name, STR_ARG(o->operands.v[c->most]),
			       c->most ? c->operands : "no operand");
	return 0;
}

int options_read(struct options *out, const struct command *c, const struct command *const *all,
		 const char *const *argv, struct arena *a, struct err *e)
{
	*out = (struct options){ .command = c, .arena = a };
	if (add_tables(out, e) < 0 || read_line(out, argv, e) < 0)
		return -1;
	if (option_on(out, "help"))
		return 0;
	if (read_env(out, e) < 0 || read_file(out, all, e) < 0 || check_operands(out, e) < 0)
		return -1;
	return 1;
}

static const struct option_value *value_of(const struct options *o, const char *name)
{
	const struct option_value *v = by_name(o, str_of(name));

	assert(v);
	return v;
}

bool option_on(const struct options *o, const char *name)
{
	const struct option_value *v = value_of(o, name);

	if (v->row->arg)
		return v->given.n > 0;
	return v->given.n > 0 && str_eq(v->given.v[v->given.n - 1], STR("true"));
}

str option_text(const struct options *o, const char *name)
{
	const struct option_value *v = value_of(o, name);

	return v->given.n ? v->given.v[v->given.n - 1] : STR_NONE;
}

const struct str_list *option_all(const struct options *o, const char *name)
{
	return &value_of(o, name)->given;
}

enum option_origin option_origin(const struct options *o, const char *name)
{
	return value_of(o, name)->origin;
}
