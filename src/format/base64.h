/* base64 as RFC 4648 section 4 writes it: with '=' at the end and nothing foreign inside. */
#pragma once

#include "base/buf.h"

void base64_write(struct buf *out, str bytes);
/* Appends what text stands for: 0, or -1 and *e when it is not base64. */
int base64_read(struct buf *out, str text, struct err *e) MUST_CHECK;
