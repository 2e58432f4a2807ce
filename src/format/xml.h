/* XML, element by element, as it streams by: names without their prefix, and the text that stands
 * directly in front of an end tag. Document types are refused: no feed has one, and entities are
 * how XML grows. */
#pragma once

#include "base/err.h"

/* Both may be NULL, and return 0, or -1 and *e, which ends the reading. */
struct xml_handler {
	void *ctx;
	int (*begin)(void *ctx, str name, const char *const *attributes, struct err *e);
	int (*end)(void *ctx, str name, str text, struct err *e);
};

/* The whole document: 0, or -1 and *e with the line. */
int xml_read(const struct xml_handler *h, str bytes, struct err *e) MUST_CHECK;
/* An attribute by its name without prefix; STR_NONE when it is not there. */
str xml_attribute(const char *const *attributes, const char *name);
