/* YAML 1.1 in, by libyaml, as tools write it into lock files: one item a value, with the keys that
 * lead to it. Aliases are refused: a few lines of them may stand for billions of values.
 *
 *	while ((r = yaml_walk_next(&item, y, e)) > 0)
 *		if (item.depth == 3 && str_eq(item.keys[0], STR("packages")))
 *			…
 *
 * "walk" is in the names because libyaml exports a yaml_free of its own. */
#pragma once

#include "base/err.h"
#include "base/limits.h"

enum yaml_kind {
	YAML_SCALAR,
	YAML_MAPPING, /* begins; its members follow */
	YAML_LIST,    /* begins; its items have the list's keys */
};

/* Good until the next call. */
struct yaml_item {
	enum yaml_kind kind;
	size_t depth; /* how many keys lead to it */
	str keys[LIMIT_YAML_DEPTH];
	str value; /* scalars */
};

struct yaml_walk;

/* `text` is borrowed. 0 and *out (free: yaml_walk_free), or -1 and *e. */
int yaml_walk_open(struct yaml_walk **out, str text, struct err *e) MUST_CHECK;
/* 1, 0 at the end, -1 and *e: ERR_UNSUPPORTED for aliases and for keys that are no scalars,
 * ERR_LIMIT for deeper nesting than LIMIT_YAML_DEPTH. */
int yaml_walk_next(struct yaml_item *out, struct yaml_walk *y, struct err *e) MUST_CHECK;
void yaml_walk_free(struct yaml_walk *y);
void yaml_walk_freep(struct yaml_walk **y);
