#include "feed/key.h"

enum spelling {
	SPELL_EXACT,
	SPELL_LOWER,  /* case does not count */
	SPELL_PEP503, /* nor do runs of "-", "_" and "." */
};

static const struct {
	str base;
	enum spelling spelling;
	bool by_source;
} ecosystems[] = {
	{ STR_INIT("PyPI"), SPELL_PEP503, false },
	{ STR_INIT("NuGet"), SPELL_LOWER, false },
	{ STR_INIT("Packagist"), SPELL_LOWER, false },
	{ STR_INIT("GitHub Actions"), SPELL_LOWER, false },
	{ STR_INIT("Debian"), SPELL_EXACT, true },
	{ STR_INIT("Ubuntu"), SPELL_EXACT, true },
	{ STR_INIT("Alpine"), SPELL_EXACT, true },
	{ STR_INIT("Alpaquita"), SPELL_EXACT, true },
	{ STR_INIT("BellSoft Hardened Containers"), SPELL_EXACT, true },
	{ STR_INIT("Chainguard"), SPELL_EXACT, true },
	{ STR_INIT("Wolfi"), SPELL_EXACT, true },
	{ STR_INIT("MinimOS"), SPELL_EXACT, true },
	{ STR_INIT("Echo"), SPELL_EXACT, true },
	{ STR_INIT("Mageia"), SPELL_EXACT, true },
};

str ecosystem_base(str ecosystem)
{
	return str_first(ecosystem, MIN(str_find(ecosystem, ':'), ecosystem.n));
}

str ecosystem_canonical(str ecosystem)
{
	if (str_eq(ecosystem, STR("kubernetes")))
		return STR("Kubernetes");
	return ecosystem;
}

static enum spelling spelling_of(str ecosystem)
{
	str base = ecosystem_base(ecosystem);

	for (size_t i = 0; i < COUNT(ecosystems); i++)
		if (str_eq(ecosystems[i].base, base))
			return ecosystems[i].spelling;
	return SPELL_EXACT;
}

bool ecosystem_by_source(str ecosystem)
{
	str base = ecosystem_base(ecosystem);

	for (size_t i = 0; i < COUNT(ecosystems); i++)
		if (str_eq(ecosystems[i].base, base))
			return ecosystems[i].by_source;
	return false;
}

static bool key_begin(struct key *k, enum key_kind kind, size_t n)
{
	k->n = 0;
	if (n > KEY_MOST - 1)
		return false;
	k->bytes[k->n++] = (char)kind;
	return true;
}

static void key_put(struct key *k, str s)
{
	if (s.n)
		memcpy(k->bytes + k->n, s.p, s.n);
	k->n += s.n;
}

static void key_put_lower(struct key *k, str s)
{
	for (size_t i = 0; i < s.n; i++)
		k->bytes[k->n++] = ch_down(s.p[i]);
}

static bool is_pep503_mark(char c)
{
	return c == '-' || c == '_' || c == '.';
}

/* PEP 503, "Normalized Names". */
static void key_put_pep503(struct key *k, str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_pep503_mark(s.p[i]))
			k->bytes[k->n++] = ch_down(s.p[i]);
		else if (i == 0 || !is_pep503_mark(s.p[i - 1]))
			k->bytes[k->n++] = '-';
}

bool key_word(struct key *k, enum key_kind kind, str word)
{
	if (!key_begin(k, kind, word.n))
		return false;
	key_put(k, word);
	return true;
}

bool key_name(struct key *k, str name)
{
	if (!key_begin(k, KEY_NAME, name.n))
		return false;
	key_put_lower(k, name);
	return true;
}

bool key_package(struct key *k, str ecosystem, str name)
{
	ecosystem = ecosystem_canonical(ecosystem);
	if (!key_begin(k, KEY_AFFECTED, ecosystem.n + 1 + name.n))
		return false;
	key_put(k, ecosystem);
	key_put(k, STR("\0"));
	switch (spelling_of(ecosystem)) {
	case SPELL_PEP503:
		key_put_pep503(k, name);
		break;
	case SPELL_LOWER:
		key_put_lower(k, name);
		break;
	default:
		key_put(k, name);
	}
	return true;
}

bool key_details(struct key *k, str id, uint32_t source)
{
	char tail[3] = { 0, (char)(source >> 8), (char)source };

	if (!key_begin(k, KEY_DETAILS, id.n + sizeof(tail)))
		return false;
	key_put(k, id);
	key_put(k, (str){ tail, sizeof(tail) });
	return true;
}

void key_split(str key, str *ecosystem, str *name)
{
	str_cut(str_from(key, 1), 0, ecosystem, name);
}
