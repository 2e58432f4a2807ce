#include "base/str.h"

#include <limits.h>

str str_of(const char *z)
{
	return z ? (str){ z, strlen(z) } : STR_NONE;
}

bool str_eq(str a, str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_nocase(str a, str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ch_down(a.p[i]) != ch_down(b.p[i]))
			return false;
	return true;
}

int str_cmp(str a, str b)
{
	size_t n = MIN(a.n, b.n);
	int r = n ? memcmp(a.p, b.p, n) : 0;

	return r ? r : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
	return s.n >= prefix.n && str_eq(str_first(s, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
	return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

size_t str_find(str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_rfind(str s, char c)
{
	const char *hit = s.n ? memrchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_search(str s, str needle)
{
	if (needle.n == 0)
		return 0;
	const char *hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;

	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

bool str_has(str s, str needle)
{
	return str_search(s, needle) != SIZE_MAX;
}

str str_from(str s, size_t at)
{
	at = MIN(at, s.n);
	return s.p ? (str){ s.p + at, s.n - at } : STR_NONE;
}

str str_first(str s, size_t n)
{
	return (str){ s.p, MIN(n, s.n) };
}

str str_sub(str s, size_t at, size_t n)
{
	return str_first(str_from(s, at), n);
}

str str_trim(str s)
{
	while (s.n && ch_blank(s.p[0]))
		s = str_from(s, 1);
	while (s.n && ch_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

str str_base(str path)
{
	size_t at = str_rfind(path, '/');

	return at == SIZE_MAX ? path : str_from(path, at + 1);
}

str str_dir(str path)
{
	size_t at = str_rfind(path, '/');

	return at == SIZE_MAX ? str_first(path, 0) : str_first(path, at);
}

bool str_skip(str *s, str prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	*s = str_from(*s, prefix.n);
	return true;
}

bool str_chop(str *s, str suffix)
{
	if (!str_ends(*s, suffix))
		return false;
	s->n -= suffix.n;
	return true;
}

static bool cut_at(str s, size_t at, str *head, str *tail)
{
	if (at == SIZE_MAX) {
		*head = s;
		*tail = str_from(s, s.n);
		return false;
	}
	*head = str_first(s, at);
	*tail = str_from(s, at + 1);
	return true;
}

bool str_cut(str s, char c, str *head, str *tail)
{
	return cut_at(s, str_find(s, c), head, tail);
}

bool str_rcut(str s, char c, str *head, str *tail)
{
	return cut_at(s, str_rfind(s, c), head, tail);
}

bool str_next(str *rest, char c, str *piece)
{
	if (rest->n == 0)
		return false;
	str s = *rest;
	cut_at(s, str_find(s, c), piece, rest);
	return true;
}

bool str_u64(str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ch_digit(s.p[i]) || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool str_u32(str s, uint32_t *out)
{
	uint64_t v;

	if (!str_u64(s, &v) || v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

/* One remembered star of each kind is enough: a later '*' makes an earlier one settle, and
 * only a '**' may have to grow again once a '*' behind it has met a '/'. */
bool str_glob(str pattern, str s)
{
	size_t p = 0, i = 0;
	size_t star_p = SIZE_MAX, star_i = 0, deep_p = SIZE_MAX, deep_i = 0;

	for (;;) {
		if (p < pattern.n && pattern.p[p] == '*') {
			bool deep = p + 1 < pattern.n && pattern.p[p + 1] == '*';

			p += deep ? 2 : 1;
			if (deep) {
				deep_p = p;
				deep_i = i;
				star_p = SIZE_MAX;
			} else {
				star_p = p;
				star_i = i;
			}
			continue;
		}
		if (p == pattern.n && i == s.n)
			return true;
		if (p < pattern.n && i < s.n &&
		    (pattern.p[p] == s.p[i] || (pattern.p[p] == '?' && s.p[i] != '/'))) {
			p++;
			i++;
		} else if (star_p != SIZE_MAX && star_i < s.n && s.p[star_i] != '/') {
			p = star_p;
			i = ++star_i;
		} else if (deep_p != SIZE_MAX && deep_i < s.n) {
			p = deep_p;
			i = ++deep_i;
			star_p = SIZE_MAX;
		} else {
			return false;
		}
	}
}
