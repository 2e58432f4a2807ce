/* containers-storage on this machine: where it is, and holding still while it is read. */
#pragma once

#include "image/surroundings.h"

/* For root: graphroot of /etc/containers/storage.conf (or the distribution's), else
 * /var/lib/containers/storage. For others: that of the user's own storage.conf, else
 * ~/.local/share/containers/storage. ERR_MISSING when there is none, ERR_DENIED when it may not be
 * read, ERR_UNSUPPORTED when its driver is not overlay. */
int store_root(str *out, const struct surroundings *s, struct arena *a, struct err *e) MUST_CHECK;
/* graphroot and driver of a storage.conf's text; empty when it does not say. */
void store_conf(str *graphroot, str *driver, str text);

/* Shared locks on the store's lists, so that they are not read while they are written. Waits for
 * a writer up to `seconds`. Closing fds lets go; those that could not be opened are -1. */
int store_lock(int fds[2], int root, unsigned seconds, struct err *e) MUST_CHECK;
