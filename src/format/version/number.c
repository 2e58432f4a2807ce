#include "format/version/scheme.h"

static str without_zeros(str s)
{
	while (s.n && s.p[0] == '0')
		s = str_from(s, 1);
	return s;
}

int number_cmp(str a, str b)
{
	a = without_zeros(a);
	b = without_zeros(b);
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return str_cmp(a, b);
}

str number_take(str *s)
{
	size_t n = 0;

	while (n < s->n && ch_digit(s->p[n]))
		n++;
	str taken = str_first(*s, n);
	*s = str_from(*s, n);
	return taken;
}

bool number_is(str s)
{
	return number_take(&s).n > 0 && s.n == 0;
}

bool number_is_zero(str s)
{
	return without_zeros(s).n == 0;
}

enum version_order order_of(int difference)
{
	return (enum version_order)((difference > 0) - (difference < 0));
}

bool space_is(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

str space_trim(str s)
{
	while (s.n && space_is(s.p[0]))
		s = str_from(s, 1);
	while (s.n && space_is(s.p[s.n - 1]))
		s.n--;
	return s;
}
