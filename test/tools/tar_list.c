/* Lists a tar from standard input, a line an entry: kind, path and target in hex ("-" for none),
 * size, SHA-256 of the content ("-" when it is more than a gigabyte). Exit 1 and the error when
 * damaged. */
#include <unistd.h>

#include "base/fd.h"
#include "format/tar.h"
#include "model/digest.h"

struct input {
	struct stream s;
	char room[64 << 10];
};

static int input_more(struct stream *s, struct err *e)
{
	struct input *in = (struct input *)s;
	ssize_t n = read(0, in->room, sizeof(in->room));

	if (n < 0)
		return err_sys(e, "cannot read");
	s->window = (str){ in->room, (size_t)n };
	return n > 0;
}

static void hex(str s)
{
	putchar(' ');
	if (s.n == 0)
		putchar('-');
	for (size_t i = 0; i < s.n; i++)
		printf("%02x", (uint8_t)s.p[i]);
}

static int content(struct tar *t, const struct tar_entry *en, struct err *e)
{
	CLEANUP(hasher_freep)
	struct hasher *h = NULL;
	struct stream *s = tar_content(t);
	char text[DIGEST_TEXT];
	struct digest d;
	int r;

	if (en->kind != TAR_FILE || en->size > 1 << 30) {
		puts(" -");
		return 0;
	}
	if (hasher_new(&h, DIGEST_SHA256, e) < 0)
		return -1;
	while ((r = stream_fill(s, e)) > 0) {
		hasher_feed(h, s->window);
		stream_take(s, s->window.n);
	}
	if (r < 0 || hasher_end(&d, h, e) < 0)
		return -1;
	printf(" " STR_FMT "\n", STR_ARG(str_from(digest_text(text, &d), 7)));
	return 0;
}

int main(void)
{
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	static struct input in = { .s.more = input_more };
	struct tar_entry en;
	struct err e;
	int r = tar_open(&t, &in.s, &e);

	while (r >= 0 && (r = tar_next(t, &en, &e)) > 0) {
		putchar("fdlhcbp?"[en.kind]);
		hex(en.path);
		hex(en.target);
		printf(" %llu", (unsigned long long)en.size);
		r = content(t, &en, &e);
	}
	if (r < 0)
		printf("error %s\n", e.text);
	return r < 0;
}
