/* Patterns over the bytes of a file, compiled by tools/classifiers when the program is built. A
 * match takes time in proportion to bytes times steps, whatever the bytes are, and a fixed amount
 * of memory: all ways are followed side by side, none is tried again. */
#pragma once

#include "base/str.h"

enum {
	PATTERN_LONGEST = 1024, /* bytes that one match may span */
	PATTERN_OPS = 1024,	/* steps of one pattern */
};

enum pattern_kind {
	PATTERN_BYTE,  /* x */
	PATTERN_SET,   /* one of pattern_sets[x] */
	PATTERN_SPLIT, /* on at x, or else at y */
	PATTERN_JUMP,  /* to x */
	PATTERN_OPEN,  /* what is wanted begins here */
	PATTERN_CLOSE,
	PATTERN_FIRST, /* at the beginning of the file */
	PATTERN_LAST,  /* at its end */
	PATTERN_END,
};

struct pattern_op {
	uint8_t kind;
	uint16_t x, y;
};

struct pattern {
	const struct pattern_op *ops;
	uint16_t n;
	uint16_t most;	 /* bytes that it spans */
	uint16_t lo, hi; /* how far from its beginning `literal` stands */
	str literal;	 /* in each match: searched for first */
};

extern const uint8_t pattern_sets[][32];

/* A part of a file. A match may begin before `starts` only. */
struct pattern_text {
	str bytes;
	size_t starts;
	bool first, last; /* the file begins, ends with it */
};

/* The first match in the part: true, and what it has in brackets (which borrows the bytes). */
bool pattern_find(str *out, const struct pattern *p, const struct pattern_text *text);
