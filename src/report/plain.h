/* Words from images, made safe to show: what could move a cursor, turn text around or is not UTF-8
 * at all never reaches a terminal. */
#pragma once

#include "base/buf.h"

/* Appends s: control characters and direction overrides become '?', each byte that is not UTF-8
 * becomes U+FFFD. */
void plain_put(struct buf *out, str s);
/* Columns that plain_put fills: one for each character. */
size_t plain_width(str s);
/* The same, cut to `width` columns, with an ellipsis in the last when something was cut off, and
 * filled up with blanks when `fill`. width 0: neither cut nor filled. */
void plain_cell(struct buf *out, str s, size_t width, bool fill);
/* As plain_cell without filling, but cut in front: the end of a path says more than its start. */
void plain_tail(struct buf *out, str s, size_t width);
