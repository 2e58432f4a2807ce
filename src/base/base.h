/* Words every file uses: attributes, scope-owned variables, sizes that cannot wrap,
 * and the libc calls that nobody here may use. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST_CHECK     __attribute__((warn_unused_result))
#define PRINTF(f, a)   __attribute__((format(printf, f, a)))
#define UNUSED	       __attribute__((unused))
#define CLEANUP(free_) __attribute__((cleanup(free_)))

/* Hands a scope-owned value on: yields it and leaves `none` behind. */
#define TAKE(var, none)                                                                            \
	({                                                                                         \
		__typeof__(var) taken_ = (var);                                                    \
		(var) = (none);                                                                    \
		taken_;                                                                            \
	})

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Arguments are evaluated twice: no side effects in them. */
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* a * b and a + b, or SIZE_MAX where they would wrap; every allocator refuses SIZE_MAX. */
static inline size_t size_mul(size_t a, size_t b)
{
	size_t r;

	return __builtin_mul_overflow(a, b, &r) ? SIZE_MAX : r;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t r;

	return __builtin_add_overflow(a, b, &r) ? SIZE_MAX : r;
}

/* libc headers that declare these must be read before this line; the three that do are above.
 * With clang and _FORTIFY_SOURCE glibc makes macros of two, and a macro cannot be poisoned. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol atoll atof gets strncpy
