/* Which file says what system this is. */
#pragma once

#include "base/str.h"

#define OS_PRIORITY_MOST 100

/* How much a file's word on the system counts: the highest (at most
 * OS_PRIORITY_MOST) wins, 0 for a file that has none. */
int os_priority(str path);
