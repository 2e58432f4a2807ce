/* zip_list FILE: a line an entry, with its size and CRC after all of it was read, or what is wrong.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/zip.h"

static int entry_check(const struct zip *z, const struct zip_entry *en, struct err *e)
{
	CLEANUP(zip_stream_freep)
	struct zip_stream *zs = NULL;
	struct stream *s;
	int r;

	if (zip_stream_open(&zs, z, en, e) < 0)
		return -1;
	s = zip_stream_bytes(zs);
	while ((r = stream_fill(s, e)) > 0)
		stream_take(s, s->window.n);
	return r;
}

int main(int argc, char **argv)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	struct zip_entry en;
	struct stat st;
	struct err e;
	struct zip z;

	if (fd < 0 || fstat(fd, &st) < 0)
		return 1;
	struct blob b = { .fd = fd, .size = (uint64_t)st.st_size };

	if (zip_open(&z, &b, &a, &e) < 0) {
		printf("! %s\n", e.text);
		return 0;
	}
	for (size_t at = 0; zip_next(&en, &z, &at);) {
		if (entry_check(&z, &en, &e) < 0)
			printf("! %s\n", e.text);
		else
			printf("%llu %08x " STR_FMT "\n", (unsigned long long)en.size, en.crc,
			       STR_ARG(en.name));
	}
	close(fd);
	return 0;
}
