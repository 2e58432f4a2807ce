/* JSON in: a strict pull reader over bytes in memory (RFC 8259). It walks forward once, copies
 * nothing but strings that have escapes, and refuses what is not exactly JSON: bad UTF-8, lone
 * surrogates, trailing commas, duplicate keys, nesting beyond LIMIT_JSON_DEPTH.
 *
 *	json_init(&j, text, &arena);
 *	if (json_enter_object(&j, e) < 0)
 *		return -1;
 *	while ((r = json_object_next(&key, &j, e)) > 0)
 *		if (str_eq(key, STR("name")) && json_str(&name, &j, e) < 0)
 *			return -1;
 *	if (r < 0 || json_end(&j, e) < 0)
 *		return -1;
 *
 * A value that is not read before the next `next` is skipped (and checked) by it. What was entered
 *is walked until `next` says 0. After a -1 the reader must not be used again. */
#pragma once

#include "base/arena.h"
#include "base/limits.h"

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* How many key hashes of open objects are held without asking the arena. */
#define JSON_SEEN_FIXED 128

struct json {
	str all;
	size_t at;	     /* of the next byte */
	struct arena *arena; /* for strings with escapes, and for the keys of very large objects */
	void *context;	     /* the caller's, for callbacks of tables; not touched */
	bool repeats;	     /* set after init: duplicate keys are let through */

	bool pending; /* a value has been announced and not read */
	uint32_t depth;
	struct json_frame {
		bool object, filled;
		uint32_t base;	 /* objects: index of its first key in seen */
		uint64_t bloom;	 /* of its keys */
		uint64_t *table; /* when it has many keys; kept for the next one of this depth */
		size_t table_cap, table_used;
	} frames[LIMIT_JSON_DEPTH + 1];
	uint64_t *seen, seen_fixed[JSON_SEEN_FIXED]; /* hashes of the keys of open objects */
	size_t nseen, seen_cap;
	char *scratch; /* keys with escapes, of objects that are only skipped */
	size_t scratch_cap;
};

/* Stands before the one value of `text`. The arena is used only as said above; both must outlive
 * what is read. The struct must not be moved while in use. */
void json_init(struct json *j, str text, struct arena *a);

/* The kind of the value that comes next, a json_kind, or -1 and *e when none does. */
int json_peek(struct json *j, struct err *e) MUST_CHECK;

/* One value of a kind: 0, or -1 and *e when it is of another kind or does not fit. Numbers for u64
 * and i64 have neither fraction nor exponent. A string borrows the text, or the arena when it had
 * escapes; its .p is never NULL, so STR_NONE can stand for absent. */
int json_str(str *out, struct json *j, struct err *e) MUST_CHECK;
int json_bool(bool *out, struct json *j, struct err *e) MUST_CHECK;
int json_u64(uint64_t *out, struct json *j, struct err *e) MUST_CHECK;
int json_i64(int64_t *out, struct json *j, struct err *e) MUST_CHECK;
int json_double(double *out, struct json *j, struct err *e) MUST_CHECK;
int json_number(str *out, struct json *j, struct err *e) MUST_CHECK; /* as written */
int json_null(struct json *j, struct err *e) MUST_CHECK;

/* Passes over one value of any kind, checking all of it. *raw, if not NULL, gets exactly its bytes,
 * for signatures and for reading it later by another json_init. */
int json_skip(str *raw, struct json *j, struct err *e) MUST_CHECK;

/* Steps into the next value, which must be an object (array). */
int json_enter_object(struct json *j, struct err *e) MUST_CHECK;
int json_enter_array(struct json *j, struct err *e) MUST_CHECK;
/* 1 and a member's key, its value comes next; 0 when the object has been left; -1 and *e. */
int json_object_next(str *key, struct json *j, struct err *e) MUST_CHECK;
/* 1, an item comes next; 0 when the array has been left; -1 and *e. */
int json_array_next(struct json *j, struct err *e) MUST_CHECK;

/* Nothing but blanks may follow: 0, or -1 and *e. */
int json_end(struct json *j, struct err *e) MUST_CHECK;

/* For callers who find a value wrong: ERR_CORRUPT with the line and column just read. */
int json_refuse(const struct json *j, struct err *e, const char *fmt, ...) PRINTF(3, 4);
/* Line and column (both from 1, columns in bytes) of a byte of the text. */
void json_place(str text, size_t at, size_t *line, size_t *column);

/* Objects by table. */

enum json_as {
	JSON_AS_STR,	 /* str */
	JSON_AS_BOOL,	 /* bool */
	JSON_AS_U64,	 /* uint64_t */
	JSON_AS_I64,	 /* int64_t */
	JSON_AS_DOUBLE,	 /* double */
	JSON_AS_RAW,	 /* str: the value's bytes, any kind */
	JSON_AS_OBJECT,	 /* a struct in place, by .table */
	JSON_AS_OBJECTS, /* an array into a VEC of structs, by .table */
	JSON_AS_STRS,	 /* an array of strings into a VEC(str) */
	JSON_AS_EACH,	 /* an array: .read is called before each item */
	JSON_AS_CALL,	 /* .read is called before the value, whatever it is */
};

struct json_table;

struct json_field {
	str name;
	enum json_as as;
	size_t offset; /* in the struct that the table fills */
	bool required;
	const struct json_table *table;
	/* Reads one value; `out` is the struct's base plus offset. j->arena, j->context are at
	 * hand. */
	int (*read)(void *out, struct json *j, struct err *e);
};

/* { JSON_FIELD("name", JSON_AS_STR, struct thing, name), .required = true } */
#define JSON_FIELD(name_, as_, type_, member_) \
	.name = STR_INIT(name_), .as = (as_), .offset = offsetof(type_, member_)

enum { JSON_FIELDS_MOST = 64 };

struct json_table {
	const char *noun; /* for messages: "advisory" */
	const struct json_field *fields;
	size_t n;    /* at most JSON_FIELDS_MOST */
	size_t size; /* of the struct, for JSON_AS_OBJECTS */
	bool closed; /* unknown members are refused, by name */
};

/* Reads the next value, an object, into `out`, which the caller has set to its defaults. null
 * counts as absent (except for RAW and CALL). 0, or -1 and *e, which names the member. */
int json_object(void *out, struct json *j, const struct json_table *t, struct err *e) MUST_CHECK;
/* The whole of `text` is one such object. Needs some 10 KiB of stack. */
int json_object_whole(void *out, str text, const struct json_table *t, struct arena *a,
		      struct err *e) MUST_CHECK;
