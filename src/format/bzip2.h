/* bzip2 as a whole: streams that follow one another, each with its checksum checked. */
#pragma once

#include "base/buf.h"

bool bzip2_claims(str head);
/* Appends what is in it; more than the buf takes is ERR_LIMIT. 0, or -1 and *e. */
int bzip2_unpack(struct buf *out, str packed, struct err *e) MUST_CHECK;
