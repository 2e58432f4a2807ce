#include "report/plain.h"

#include "format/utf8.h"

/* Zero-width and direction marks (Unicode Bidi_Control, U+200B..U+200F, U+2028.., U+2066.., BOM)
 * can make one name look like another. */
static bool misleads(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	if (n == 2)
		return u[0] == 0xC2 && u[1] < 0xA0; /* C1 controls */
	if (n != 3)
		return false;
	uint32_t c = (uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 | (u[2] & 0x3F);

	return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x061C;
}

/* The next character as it may be shown; s gets shorter. */
static str next_plain(str *s)
{
	char c = s->p[0];
	str shown = { s->p, 1 };
	size_t n = 1;

	if (c >= 0) {
		if ((unsigned char)c < 0x20 || c == 0x7F)
			shown = STR("?");
	} else {
		n = utf8_len(s->p, s->p + s->n);
		shown = n ? (str){ s->p, n } : STR("\xEF\xBF\xBD");
		if (n && misleads(s->p, n))
			shown = STR("?");
		n = n ? n : 1;
	}
	*s = str_from(*s, n);
	return shown;
}

void plain_put(struct buf *out, str s)
{
	while (s.n)
		buf_put(out, next_plain(&s));
}

size_t plain_width(str s)
{
	size_t width = 0;

	for (; s.n; width++)
		next_plain(&s);
	return width;
}

void plain_cell(struct buf *out, str s, size_t width, bool fill)
{
	size_t all = plain_width(s), shown = 0;

	if (width == 0) {
		plain_put(out, s);
		return;
	}
	size_t room = all > width ? width - 1 : all;

	for (; shown < room; shown++)
		buf_put(out, next_plain(&s));
	if (all > width) {
		buf_putz(out, "…");
		shown++;
	}
	for (; fill && shown < width; shown++)
		buf_putc(out, ' ');
}

void plain_tail(struct buf *out, str s, size_t width)
{
	size_t all = plain_width(s);

	if (width && all > width) {
		buf_putz(out, "…");
		for (; all > width - 1; all--)
			next_plain(&s);
	}
	plain_put(out, s);
}
