#include "format/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct buf *out, str bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < bytes.n ? (uint8_t)bytes.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_putc(out, i + k > bytes.n ? '=' : digits[v >> (18 - 6 * k) & 63]);
	}
}

static int value_of(char c)
{
	if (ch_upper(c))
		return c - 'A';
	if (ch_lower(c))
		return c - 'a' + 26;
	if (ch_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int base64_read(struct buf *out, str text, struct err *e)
{
	size_t pad = str_ends(text, STR("==")) ? 2 : str_ends(text, STR("="));
	size_t n = text.n - pad, size = text.n / 4 * 3 - pad, bits = 0;
	char *to = text.n % 4 ? NULL : buf_room(out, size + 1);
	uint32_t v = 0;
	size_t at = 0;

	if (text.n % 4)
		return err_set(e, ERR_CORRUPT, "base64 of %zu digits", text.n);
	if (!to)
		return buf_check(out, e);
	for (size_t i = 0; i < n; i++) {
		int d = value_of(text.p[i]);

		if (d < 0)
			return err_set(e, ERR_CORRUPT, "no base64 digit at %zu", i);
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8)
			to[at++] = (char)(v >> (bits -= 8));
	}
	if (v & ((1u << bits) - 1))
		return err_set(e, ERR_CORRUPT, "base64 with bits left over");
	out->n += at;
	return 0;
}
