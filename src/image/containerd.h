/* containerd's root directory: its content store, and its database as it stood at one moment. */
#pragma once

#include "base/arena.h"

/* *content: the directory with blobs/sha256; *meta: a copy of meta.db. ERR_MISSING when there is no
 * containerd, ERR_DENIED when it is not for us. */
int containerd_open(int *content, int *meta, str root, struct arena *a, struct err *e) MUST_CHECK;
