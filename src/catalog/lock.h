/* What the readers of lock files share. A lock file says what a project asks for, so that all of
 * them have scope CATALOG_PROJECT (catalog/project.h). */
#pragma once

#include "catalog/artefact.h"

/* For .claims: false below folders of installed dependencies, which bring lock files that nobody
 * installs from. */
bool lock_claims(str path, str head);

/* What a lock file leaves open, counted by why, and said once a reason at the end. */
struct lock_open {
	size_t count;
	const char *why; /* "requirements without a pinned version" */
	str example;
};

void lock_open_note(struct lock_open *o, str example);
/* Says it, if there was any: 0, or -1 and *e. */
int lock_open_say(const struct lock_open *o, struct catalog_out *out, struct err *e) MUST_CHECK;

/* Adds one of this type; nothing when name or version is empty. */
int lock_put(struct catalog_out *out, str type, str name, str version, struct err *e) MUST_CHECK;
