#include "base/reader.h"

struct reader reader_over(str bytes)
{
	return (struct reader){ .all = bytes };
}

size_t reader_left(const struct reader *r)
{
	return r->bad ? 0 : r->all.n - r->at;
}

void reader_seek(struct reader *r, size_t at)
{
	if (at > r->all.n)
		r->bad = true;
	else
		r->at = at;
}

str read_bytes(struct reader *r, size_t n)
{
	if (r->bad || n > r->all.n - r->at) {
		r->bad = true;
		return STR_NONE;
	}
	str s = str_sub(r->all, r->at, n);

	r->at += n;
	return s;
}

static uint64_t read_be(struct reader *r, size_t n)
{
	str s = read_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | (uint8_t)s.p[i];
	return v;
}

static uint64_t read_le(struct reader *r, size_t n)
{
	str s = read_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = s.n; i-- > 0;)
		v = v << 8 | (uint8_t)s.p[i];
	return v;
}

uint8_t read_u8(struct reader *r)
{
	return (uint8_t)read_be(r, 1);
}

uint16_t read_u16be(struct reader *r)
{
	return (uint16_t)read_be(r, 2);
}

uint32_t read_u32be(struct reader *r)
{
	return (uint32_t)read_be(r, 4);
}

uint64_t read_u64be(struct reader *r)
{
	return read_be(r, 8);
}

uint16_t read_u16le(struct reader *r)
{
	return (uint16_t)read_le(r, 2);
}

uint32_t read_u32le(struct reader *r)
{
	return (uint32_t)read_le(r, 4);
}

uint64_t read_u64le(struct reader *r)
{
	return read_le(r, 8);
}

str read_lstr(struct reader *r)
{
	return read_bytes(r, read_u32le(r));
}

str read_zstr(struct reader *r)
{
	size_t n = r->bad ? SIZE_MAX : str_find(str_from(r->all, r->at), '\0');

	if (n == SIZE_MAX) {
		r->bad = true;
		return STR_NONE;
	}
	str s = read_bytes(r, n);

	r->at++;
	return s;
}

uint64_t read_uvarint(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 70; shift += 7) {
		uint8_t b = read_u8(r);

		if (shift < 64)
			v |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return v;
	}
	r->bad = true;
	return 0;
}
