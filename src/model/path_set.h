/* Which paths a layer has: path marks (model/facts.h), gathered in memory of their own (8 bytes
 * each, no copy while growing), then sorted. */
#pragma once

#include "base/err.h"

struct path_set {
	uint64_t *marks;
	size_t n, cap;
};

/* 0, or -1 and *e (ERR_LIMIT past LIMIT_LAYER_FILES). */
int path_set_add(struct path_set *s, uint64_t mark, struct err *e) MUST_CHECK;
/* Sorts in place and drops doubles. */
void path_set_sort(struct path_set *s);
void path_set_free(struct path_set *s);
