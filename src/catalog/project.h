/* Where lock files count. What a project asks for is what it will be built with, when a project is
 * scanned; in an image or a root file system the same file is a leftover, and what is installed
 * speaks for itself. A directory is a project when nothing in it tells of a system: no OS identity,
 * no package of one. */
#pragma once

#include "model/package.h"

/* Takes packages of rows with scope CATALOG_PROJECT, and reasons about files that only such rows
 * read, out of the inventory unless `is_directory` and it is a project. Order stays, owned_by
 * follows. 0, or -1 and *e for lack of memory. */
int project_settle(struct inventory *inv, bool is_directory, struct arena *scratch,
		   struct err *e) MUST_CHECK;
