/* Which file says what system this is. */
#pragma once

#include "base/str.h"

/* How much a file's word on the system counts: the highest wins, 0 for a file that has none. */
int os_priority(str path);
