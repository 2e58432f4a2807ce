/* UTF-8: one character at a time, and the plain runs between. */
#pragma once

#include "base/base.h"

/* Bytes of the character at p (which is < end and not ASCII), 0 when it is none: no overlong forms,
 * no surrogates, nothing above U+10FFFF (RFC 3629). */
size_t utf8_len(const char *p, const char *end);
/* Writes a code point; returns its bytes, at most 4. */
size_t utf8_put(char *to, uint32_t c);

static inline uint64_t utf8_load64_(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? v : __builtin_bswap64(v);
}

#define UTF8_EACH_(byte) (0x0101010101010101u * (uint64_t)(byte))

/* The high bit of each byte that ends a plain run: '"', '\\', below 0x20, above 0x7f. Bytes above
 * the first hit may be marked falsely, by the borrow; the first never is. */
static inline uint64_t utf8_not_plain_(uint64_t v)
{
	uint64_t quote = v ^ UTF8_EACH_('"'), slash = v ^ UTF8_EACH_('\\');

	return (((quote - UTF8_EACH_(1)) & ~quote) | ((slash - UTF8_EACH_(1)) & ~slash) |
		(v - UTF8_EACH_(0x20)) | v) &
	       UTF8_EACH_(0x80);
}

/* The end of the run of plain ASCII at p: what a JSON string holds as it is. */
static inline const char *utf8_plain_run(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t hit = utf8_not_plain_(utf8_load64_(p));

		if (hit)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && (uint8_t)*p >= 0x20 && (uint8_t)*p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}
