/* The same walk by libarchive, where the build found it: only to compare with. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts the entries of a tar in memory; false when there is no libarchive. */
bool walk_libarchive(const char *bytes, size_t n, uint64_t *entries);
