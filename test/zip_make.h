/* Makes zip archives for tests, honest ones and, by the caller's hand, others. */
#pragma once

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include "base/buf.h"

struct zip_make {
	struct buf bytes, directory;
	uint16_t entries;
	bool wide;		/* zip64 throughout */
	uint16_t flags, method; /* what entries say, if not 0 */
};

static void zip_u16(struct buf *b, uint16_t v)
{
	buf_u8(b, (uint8_t)v);
	buf_u8(b, (uint8_t)(v >> 8));
}

static str zip_packed(struct buf *out, str bytes)
{
	struct isal_zstream s;

	isal_deflate_stateless_init(&s);
	s.next_in = (uint8_t *)(uintptr_t)bytes.p;
	s.avail_in = (uint32_t)bytes.n;
	s.end_of_stream = 1;
	s.next_out = (uint8_t *)buf_room(out, bytes.n * 2 + 1024);
	s.avail_out = (uint32_t)(bytes.n * 2 + 1024);
	isal_deflate_stateless(&s);
	out->n = s.total_out;
	return buf_str(out);
}

/* Both headers' common part, from the flags to the sizes. */
static void zip_fields(struct buf *b, const struct zip_make *z, bool packed, uint32_t crc, str data,
		       size_t size)
{
	zip_u16(b, z->flags);
	zip_u16(b, z->method ? z->method : packed ? 8 : 0);
	buf_u32(b, 0);
	buf_u32(b, crc);
	buf_u32(b, z->wide ? UINT32_MAX : (uint32_t)data.n);
	buf_u32(b, z->wide ? UINT32_MAX : (uint32_t)size);
}

static UNUSED void zip_add(struct zip_make *z, const char *name, str bytes, bool packed)
{
	CLEANUP(buf_free)
	struct buf squeezed = { 0 };
	str data = packed ? zip_packed(&squeezed, bytes) : bytes;
	uint32_t crc = crc32_gzip_refl(0, (const unsigned char *)bytes.p, bytes.n);
	uint64_t at = z->bytes.n;

	buf_put(&z->bytes, STR("PK\3\4"));
	zip_u16(&z->bytes, 20);
	zip_fields(&z->bytes, z, packed, crc, data, bytes.n);
	zip_u16(&z->bytes, (uint16_t)strlen(name));
	zip_u16(&z->bytes, 0);
	buf_putz(&z->bytes, name);
	buf_put(&z->bytes, data);

	struct buf *d = &z->directory;

	buf_put(d, STR("PK\1\2"));
	zip_u16(d, 20);
	zip_u16(d, 20);
	zip_fields(d, z, packed, crc, data, bytes.n);
	zip_u16(d, (uint16_t)strlen(name));
	zip_u16(d, z->wide ? 28 : 0);
	zip_u16(d, 0);
	zip_u16(d, 0);
	zip_u16(d, 0);
	buf_u32(d, 0);
	buf_u32(d, z->wide ? UINT32_MAX : (uint32_t)at);
	buf_putz(d, name);
	if (z->wide) {
		zip_u16(d, 1);
		zip_u16(d, 24);
		buf_u64(d, bytes.n);
		buf_u64(d, data.n);
		buf_u64(d, at);
	}
	z->entries++;
}

static void zip_end64(struct zip_make *z, size_t start)
{
	size_t at = z->bytes.n;

	buf_put(&z->bytes, STR("PK\6\6"));
	buf_u64(&z->bytes, 44);
	zip_u16(&z->bytes, 45);
	zip_u16(&z->bytes, 45);
	buf_u32(&z->bytes, 0);
	buf_u32(&z->bytes, 0);
	buf_u64(&z->bytes, z->entries);
	buf_u64(&z->bytes, z->entries);
	buf_u64(&z->bytes, z->directory.n);
	buf_u64(&z->bytes, start);
	buf_put(&z->bytes, STR("PK\6\7"));
	buf_u32(&z->bytes, 0);
	buf_u64(&z->bytes, at);
	buf_u32(&z->bytes, 1);
}

/* Puts the directory and the end behind the entries; the archive's bytes. */
static UNUSED str zip_made(struct zip_make *z, str comment)
{
	size_t start = z->bytes.n;

	buf_put(&z->bytes, buf_str(&z->directory));
	if (z->wide)
		zip_end64(z, start);
	buf_put(&z->bytes, STR("PK\5\6\0\0\0\0"));
	zip_u16(&z->bytes, z->wide ? UINT16_MAX : z->entries);
	zip_u16(&z->bytes, z->wide ? UINT16_MAX : z->entries);
	buf_u32(&z->bytes, z->wide ? UINT32_MAX : (uint32_t)z->directory.n);
	buf_u32(&z->bytes, z->wide ? UINT32_MAX : (uint32_t)start);
	zip_u16(&z->bytes, (uint16_t)comment.n);
	buf_put(&z->bytes, comment);
	return buf_str(&z->bytes);
}

static UNUSED void zip_make_free(struct zip_make *z)
{
	buf_free(&z->bytes);
	buf_free(&z->directory);
}
