/* When upstream itself last said that a feed is current: DIR/checked, lines of NAME, tab, RFC 3339.
 * It stands beside the store, because asking again changes no data and so must not change its
 * digest. */
#pragma once

#include "feed/store.h"

struct checked {
	str name, at;
};

struct checked_list VEC_BODY(struct checked);

/* What DIR/checked says; nothing when it is not there or not readable: then only the data's own
 * dates count. -1 when memory is used up. */
int checked_read(struct checked_list *out, const char *dir, struct arena *a,
		 struct err *e) MUST_CHECK;
/* Replaces it, atomically. */
int checked_write(const struct checked_list *list, const char *dir, struct err *e) MUST_CHECK;
