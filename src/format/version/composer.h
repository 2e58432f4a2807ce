/* Composer's normal form of a version, between the file that makes it and the one of ranges. */
#pragma once

#include "base/limits.h"
#include "format/version/version.h"

enum { COMPOSER_TEXT_BYTES = 2 * LIMIT_VERSION_BYTES + 64 };

struct composer {
	size_t n; /* of text */
	char text[COMPOSER_TEXT_BYTES];
};

/* What may follow the numbers: [._-]?(word numbers)?([.-]?dev)?, ignoring case. */
struct composer_modifier {
	str word, numbers;
	bool dev;
};

static inline str composer_str(const struct composer *c)
{
	return (str){ c->text, c->n };
}
static inline bool composer_is_branch(const struct composer *c)
{
	return str_starts(composer_str(c), STR("dev-"));
}

/* All of s must be a modifier. */
bool composer_read_modifier(struct composer_modifier *m, str s);
/* False when Composer would refuse; s is at most LIMIT_VERSION_BYTES and a suffix of our own. */
bool composer_normalize(struct composer *out, str s);
/* Appends; what does not fit is a bug, as the limits rule it out. */
void composer_put(struct composer *c, str s);
/* PHP's version_compare. */
int composer_cmp(const struct composer *a, const struct composer *b);
/* "stable", "RC", … "dev", ignoring case: cuts "@word" off the end. */
bool composer_chop_stability(str *s, str *word);
/* "X as Y": leaves X. */
void composer_chop_alias(str *s);
