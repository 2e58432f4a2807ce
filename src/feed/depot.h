/* The data directory: immutable stores named by their digest, and `current`, a symbolic link to one
 * of them that is swapped by rename. One writer at a time holds the lock; readers need none. */
#pragma once

#include "base/err.h"
#include "feed/store.h"
#include "model/digest.h"

struct depot {
	const char *dir;
	int lock;
	char made[4096]; /* path of the file to build */
};

/* Makes the directory if need be and takes the lock: 0, or -1 and *e (ERR_DENIED when another
 * update runs). Removes what killed updates left behind. */
int depot_open(struct depot *d, const char *dir, struct err *e) MUST_CHECK;
void depot_close(struct depot *d);

/* Makes the finished file d->made the current store, on disk for good when this returns; keeps the
 * one before it for readers that are about to open it, and removes older ones. */
int depot_swap(struct depot *d, const struct digest *digest, struct err *e) MUST_CHECK;

/* Reads a whole store and compares its digest with what it says and is called: 0, or -1 and *e. */
int store_verify(const struct store *s, struct err *e) MUST_CHECK;
