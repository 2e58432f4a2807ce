/* str: a pointer and a length, borrowed, not terminated, any bytes. The one struct passed by value. */
#pragma once

#include <stdarg.h>

#include "base/base.h"

typedef struct str {
	const char *p;
	size_t n;
} str;

#define STR(lit)       ((str){ "" lit, sizeof(lit) - 1 })
#define STR_NONE       ((str){ NULL, 0 })
#define STR_FMT	       "%.*s"
#define STR_ARG(s)     (int)MIN((s).n, (size_t)INT32_MAX), (s).p ? (s).p : ""
#define STR_INIT(lit)  { "" lit, sizeof(lit) - 1 } /* for static tables */

/* Borrows a C string; NULL gives the empty str. */
str str_of(const char *z);

bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b); /* ASCII only */
int str_cmp(str a, str b);	  /* bytes, then length: <0 0 >0 */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_has(str s, str needle);

/* Offset of the first (last) `c` in s, or SIZE_MAX. */
size_t str_find(str s, char c);
size_t str_rfind(str s, char c);
/* Offset of the first `needle` in s, or SIZE_MAX. */
size_t str_search(str s, str needle);

/* Parts of s; offsets past the end are cut to it. */
str str_from(str s, size_t at);
str str_first(str s, size_t n);
str str_sub(str s, size_t at, size_t n);
str str_trim(str s); /* blanks, tabs, CR and LF on both sides */
str str_base(str path); /* what follows the last '/' */
str str_dir(str path);	/* what stands before the last '/', empty if there is none */

/* If s starts (ends) with it, cuts it off and says true. */
bool str_skip(str *s, str prefix);
bool str_chop(str *s, str suffix);

/* Splits at the first `c`: *head gets what stands before it, *tail what follows. False, *head
 * all of s and *tail empty when there is none. head or tail may alias nothing else. */
bool str_cut(str s, char c, str *head, str *tail);
bool str_rcut(str s, char c, str *head, str *tail); /* at the last `c` */

/* Takes the next piece of *rest up to `c` (which is dropped); false when *rest is used up.
 * "a,b" gives a, b; "a," gives a; "" gives nothing. */
bool str_next(str *rest, char c, str *piece);

/* Decimal digits only, no sign, no blanks; false when s is anything else or does not fit. */
bool str_u64(str s, uint64_t *out);
bool str_u32(str s, uint32_t *out);

/* `pattern` with '*' for any run without '/', '**' for any run with '/', '?' for one character.
 * Matches the whole of s. Linear in practice: one backtrack point for each kind of star. */
bool str_glob(str pattern, str s);

static inline bool ch_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool ch_lower(char c) { return c >= 'a' && c <= 'z'; }
static inline bool ch_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool ch_alpha(char c) { return ch_lower((char)(c | 0x20)); }
static inline bool ch_alnum(char c) { return ch_digit(c) || ch_alpha(c); }
static inline bool ch_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static inline char ch_down(char c) { return ch_upper(c) ? (char)(c + 32) : c; }
