/* TOML 1.0 in, as tools write it into lock files: a pull reader over bytes in memory that yields
 * one scalar at a time, wherever it stands. It checks syntax and UTF-8; it does not look for keys
 * that are set twice, nor into numbers and dates, which it yields as written.
 *
 *	toml_init(&t, text, &arena);
 *	while ((r = toml_next(&item, &t, e)) > 0)
 *		if (item.kind == TOML_STRING && str_eq(item.key, STR("name")))
 *			…
 */
#pragma once

#include "base/arena.h"
#include "base/limits.h"

enum toml_kind {
	TOML_TABLE,   /* [table] begins */
	TOML_ELEMENT, /* [[table]] begins */
	TOML_STRING,
	TOML_OTHER, /* number, boolean or date */
};

/* Strs are good until the next call, except .value. Dotted keys and inline tables are one key, with
 * dots: `source = { git = "x" }` yields "source.git"; so is a quoted key that has dots of its own.
 * Items of an array all have the array's key; an empty one yields nothing. */
struct toml_item {
	enum toml_kind kind;
	str table; /* header that it stands under; empty before the first */
	str key;   /* values only */
	str value; /* values only; borrows the text, or the arena when it had escapes */
};

struct toml {
	str all;
	size_t at;
	struct arena *arena;
	int state;
	uint32_t depth;
	struct toml_frame {
		bool array;
		size_t key; /* of the container, in `key` */
	} frames[LIMIT_TOML_DEPTH];
	size_t ntable, nkey;
	char table[LIMIT_TOML_KEY_BYTES], key[LIMIT_TOML_KEY_BYTES];
};

/* The struct is some 2 KiB. Text and arena are borrowed. */
void toml_init(struct toml *t, str text, struct arena *a);
/* 1, 0 at the end, -1 and *e with the line. ERR_LIMIT for deeper nesting than LIMIT_TOML_DEPTH and
 * keys of more than LIMIT_TOML_KEY_BYTES. */
int toml_next(struct toml_item *out, struct toml *t, struct err *e) MUST_CHECK;
