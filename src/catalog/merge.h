/* The facts of an image's layers, lowest first, made into what the image holds: whiteouts and
 * replaced files are gone, each package knows the layer that brought it and the OS package that
 * owns it. */
#pragma once

#include "model/facts.h"

/* layers[i] may be NULL: a layer that could not be read (its reason is the caller's to give). The
 * inventory borrows the facts' strs; the rest of it is made in `a`. Sorted by package_cmp. 0, or -1
 * and *e for lack of memory. */
int merge_layers(struct inventory *out, const struct facts *const *layers, size_t n,
		 struct arena *a, struct err *e) MUST_CHECK;
