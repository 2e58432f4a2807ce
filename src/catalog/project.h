/* Where lock files count. What a project asks for is what it will be built with, when a project is
 * scanned; in an image or a root file system the same file is a leftover, and what is installed
 * speaks for itself. A directory is a project when nothing in it tells of a system: no OS identity,
 * no package of one. */
#pragma once

#include "model/package.h"

/* Takes packages of rows with scope CATALOG_PROJECT, and reasons about files that only such rows
 * read, out of the inventory unless `is_directory` and it is a project. In a project, what a lock
 * file names and what is installed beside it in the same version is one package, found in two
 * places. Order stays, owned_by follows; paths that are added live in `a`. 0, or -1 and *e for lack
 * of memory. */
int project_settle(struct inventory *inv, bool is_directory, struct arena *a,
		   struct err *e) MUST_CHECK;
