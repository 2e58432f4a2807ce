/* Headers of a tar archive, written: ustar, with a PAX record before what ustar cannot hold. */
#pragma once

#include "base/buf.h"

struct tar_head {
	str path, link;
	char type; /* '0' file, '1' hard link, '2' symbolic link, '3' '4' devices, '5' directory, '6' */
	uint32_t mode;
	uint64_t size;
	uint32_t major, minor;
};

void tar_write_head(struct buf *out, const struct tar_head *h);
/* Zeros up to the next block after a content of `size` bytes. */
void tar_write_padding(struct buf *out, uint64_t size);
void tar_write_end(struct buf *out);
