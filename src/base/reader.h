/* Bounds-checked reading of binary bytes. A short read makes the reader bad for good and yields
 * zeros, so a record is read whole and .bad is asked once. */
#pragma once

#include "base/str.h"

struct reader {
	str all;
	size_t at;
	bool bad;
};

struct reader reader_over(str bytes);
size_t reader_left(const struct reader *r);
void reader_seek(struct reader *r, size_t at);

uint8_t read_u8(struct reader *r);
uint16_t read_u16be(struct reader *r);
uint32_t read_u32be(struct reader *r);
uint64_t read_u64be(struct reader *r);
uint16_t read_u16le(struct reader *r);
uint32_t read_u32le(struct reader *r);
uint64_t read_u64le(struct reader *r);
str read_bytes(struct reader *r, size_t n); /* borrowed from what the reader stands on */
str read_lstr(struct reader *r);	    /* u32le length, bytes */
str read_zstr(struct reader *r);	    /* up to a NUL, which is skipped; bad when there is none */
uint64_t read_uvarint(struct reader *r);    /* LEB128, at most 10 bytes */
