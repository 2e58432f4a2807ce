/* Makes archives for tests: tar entries one by one, gzip members, zstd frames. */
#pragma once

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "base/buf.h"

struct kit_entry {
	char type;
	const char *name;
	const char *link;
	str content;
	unsigned mode, major, minor;
	uint64_t lie; /* a size to claim instead of the content's, when not 0 */
};

/* n - 1 digits and a NUL. */
static inline void kit_octal(char *to, size_t n, uint64_t v)
{
	to[--n] = '\0';
	for (; n-- > 0; v >>= 3)
		to[n] = (char)('0' + (v & 7));
}

static inline void kit_checksum(char block[512])
{
	unsigned sum = 0;

	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)block[i];
	kit_octal(block + 148, 7, sum);
}

static inline void kit_pad(struct buf *to)
{
	while (to->n % 512 && !to->failed)
		buf_u8(to, 0);
}

static inline void kit_header(char block[512], const struct kit_entry *en)
{
	memset(block, 0, 512);
	memcpy(block, en->name, MIN(strlen(en->name), (size_t)100));
	kit_octal(block + 100, 8, en->mode ? en->mode : 0644);
	kit_octal(block + 108, 8, 0);
	kit_octal(block + 116, 8, 0);
	kit_octal(block + 124, 12, en->lie ? en->lie : en->content.n);
	kit_octal(block + 136, 12, 1000000000);
	block[156] = en->type;
	if (en->link)
		memcpy(block + 157, en->link, MIN(strlen(en->link), (size_t)100));
	memcpy(block + 257, "ustar\00000", 8);
	kit_octal(block + 329, 8, en->major);
	kit_octal(block + 337, 8, en->minor);
	kit_checksum(block);
}

static inline void kit_add(struct buf *to, const struct kit_entry *en)
{
	char block[512];

	kit_header(block, en);
	buf_put(to, (str){ block, 512 });
	buf_put(to, en->content);
	kit_pad(to);
}

#define KIT_ADD(to, ...) kit_add((to), &(struct kit_entry){ __VA_ARGS__ })

/* A PAX header with one record. */
static inline void kit_pax(struct buf *to, char type, const char *key, str value)
{
	CLEANUP(buf_free)
	struct buf record = BUF(64 << 20);
	size_t rest = strlen(key) + value.n + 3, n = rest + 1;

	for (size_t digits = 1; digits < 9; digits++) {
		char text[16];

		n = rest + digits;
		if ((size_t)snprintf(text, sizeof(text), "%zu", n) == digits)
			break;
	}
	buf_printf(&record, "%zu %s=", n, key);
	buf_put(&record, value);
	buf_putc(&record, '\n');
	KIT_ADD(to, type, "pax", .content = buf_str(&record));
}

static inline void kit_end(struct buf *to)
{
	for (size_t i = 0; i < 1024; i++)
		buf_u8(to, 0);
}

static inline void kit_gzip(struct buf *to, str bytes)
{
	struct isal_zstream z;
	char *room = buf_room(to, bytes.n + bytes.n / 8 + 4096);

	if (!room)
		return;
	isal_deflate_stateless_init(&z);
	z.gzip_flag = IGZIP_GZIP;
	z.end_of_stream = 1;
	z.flush = NO_FLUSH;
	z.next_in = (uint8_t *)(uintptr_t)bytes.p;
	z.avail_in = (uint32_t)bytes.n;
	z.next_out = (uint8_t *)room;
	z.avail_out = (uint32_t)(bytes.n + bytes.n / 8 + 4096);
	if (isal_deflate_stateless(&z) != COMP_OK)
		to->failed = true;
	else
		to->n += z.total_out;
}

static inline void kit_zstd(struct buf *to, str bytes)
{
	size_t cap = ZSTD_compressBound(bytes.n);
	char *room = buf_room(to, cap);
	size_t n = room ? ZSTD_compress(room, cap, bytes.p, bytes.n, 3) : 0;

	if (!room || ZSTD_isError(n))
		to->failed = true;
	else
		to->n += n;
}

/* Bytes that hardly compress, always the same. */
static inline void kit_noise(struct buf *to, size_t n)
{
	uint64_t x = 88172645463325252u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		buf_u8(to, (uint8_t)(x >> 32));
	}
}
