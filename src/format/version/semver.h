/* Semantic Versioning 2.0.0, the ground of half the schemes. */
#pragma once

#include "format/version/version.h"

struct semver {
	str major, minor, patch; /* decimal digits */
	str pre;		 /* what follows '-', without it; empty when there is none */
	str build;		 /* what follows '+' */
};

/* Strictly by the specification (sections 2, 9, 10): false when it is anything else. */
bool semver_read(struct semver *out, str s);
/* Reads "-pre+build", both optional, to the end of s. */
bool semver_read_tail(struct semver *out, str s);
/* The same, with leading zeros where the specification forbids them. */
bool semver_read_loose_tail(struct semver *out, str s);
/* One decimal number without leading zeros, taken off *s; false when there is none. */
bool semver_take_number(str *s, str *number);

/* Precedence (section 11): <0 0 >0. */
int semver_cmp(const struct semver *a, const struct semver *b);
int semver_cmp_core(const struct semver *a, const struct semver *b);
/* Pre-releases alone; the empty one is the release and comes last. */
int semver_cmp_pre(str a, str b);
