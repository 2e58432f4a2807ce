/* Reads frames of a u32 length (little endian) and a text from standard input; answers each with a
 * frame that holds the text read and written again, compact, or with length 2^32-1 when refused. */
#include <stdio.h>

#include "../json_copy.h"

static int answer(str text)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	CLEANUP(buf_free)
	struct buf copy = { 0 };
	struct json_writer w;
	struct json j;
	struct err e;
	uint32_t n = UINT32_MAX;

	json_init(&j, text, &a);
	json_writer_init(&w, &copy, false);
	if (json_copy_value(&w, &j, &e) == 0 && json_end(&j, &e) == 0 && buf_check(&copy, &e) == 0)
		n = (uint32_t)copy.n;
	if (fwrite(&n, sizeof(n), 1, stdout) != 1)
		return -1;
	if (n != UINT32_MAX && n > 0 && fwrite(copy.p, n, 1, stdout) != 1)
		return -1;
	return fflush(stdout);
}

int main(void)
{
	static char text[1 << 20];
	uint32_t n;

	while (fread(&n, sizeof(n), 1, stdin) == 1) {
		if (n > sizeof(text) || (n && fread(text, n, 1, stdin) != 1))
			return 1;
		if (answer((str){ text, n }) < 0)
			return 1;
	}
	return 0;
}
