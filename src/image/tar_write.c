#include "image/tar_write.h"

enum { BLOCK = 512 };

/* POSIX.1-2001, "ustar Interchange Format". */
struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100];
	char magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155], pad[12];
};

_Static_assert(sizeof(struct ustar) == BLOCK, "a header is one block");

static void octal(char *to, size_t n, uint64_t v)
{
	to[--n] = '\0';
	while (n--) {
		to[n] = (char)('0' + (v & 7));
		v >>= 3;
	}
}

static void put_field(char *to, size_t most, str s)
{
	s = str_first(s, most);
	if (s.n)
		memcpy(to, s.p, s.n);
}

static void put_header(struct buf *out, const struct tar_head *h)
{
	struct ustar u = { .type = h->type, .magic = "ustar", .version = { '0', '0' } };
	unsigned sum = 0;

	put_field(u.name, sizeof(u.name), h->path);
	put_field(u.link, sizeof(u.link), h->link);
	octal(u.mode, sizeof(u.mode), h->mode & 07777);
	octal(u.uid, sizeof(u.uid), 0);
	octal(u.gid, sizeof(u.gid), 0);
	octal(u.size, sizeof(u.size), h->size);
	octal(u.mtime, sizeof(u.mtime), 0);
	octal(u.major, sizeof(u.major), h->major);
	octal(u.minor, sizeof(u.minor), h->minor);
	memset(u.sum, ' ', sizeof(u.sum));
	for (size_t i = 0; i < BLOCK; i++)
		sum += ((const uint8_t *)&u)[i];
	octal(u.sum, 7, sum);
	buf_put(out, (str){ (const char *)&u, BLOCK });
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts itself too. */
static void put_record(struct buf *out, const char *key, str value)
{
	size_t body = strlen(key) + value.n + 3, digits = 1;

	for (size_t most = 10; body + digits >= most; most *= 10)
		digits++;
	buf_printf(out, "%zu %s=", body + digits, key);
	buf_put(out, value);
	buf_putc(out, '\n');
}

void tar_write_head(struct buf *out, const struct tar_head *h)
{
	CLEANUP(buf_free) struct buf pax = BUF(64 << 10);
	struct tar_head plain = *h;
	char size[24];

	if (h->path.n > 100)
		put_record(&pax, "path", h->path);
	if (h->link.n > 100)
		put_record(&pax, "linkpath", h->link);
	if (h->size >> 33) {
		snprintf(size, sizeof(size), "%llu", (unsigned long long)h->size);
		put_record(&pax, "size", str_of(size));
		plain.size = 0;
	}
	if (pax.n) {
		struct tar_head x = { .path = STR("pax"), .type = 'x', .size = pax.n };

		put_header(out, &x);
		buf_put(out, buf_str(&pax));
		tar_write_padding(out, pax.n);
	}
	out->failed = out->failed || pax.failed;
	put_header(out, &plain);
}

void tar_write_padding(struct buf *out, uint64_t size)
{
	static const char zeros[BLOCK];

	buf_put(out, (str){ zeros, (size_t)(-size % BLOCK) });
}

void tar_write_end(struct buf *out)
{
	static const char zeros[2 * BLOCK];

	buf_put(out, (str){ zeros, sizeof(zeros) });
}
