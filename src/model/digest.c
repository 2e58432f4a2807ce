#include "model/digest.h"

#include <openssl/evp.h>

static const struct kind {
	enum digest_kind kind;
	str name;
	size_t size;
} kinds[] = {
	{ DIGEST_SHA256, STR_INIT("sha256"), 32 },
	{ DIGEST_SHA512, STR_INIT("sha512"), 64 },
};

static const struct kind *kind_of(enum digest_kind kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}

static int hex_value(char c)
{
	return ch_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool hex_read(uint8_t *to, str hex)
{
	for (size_t i = 0; i < hex.n; i += 2) {
		int hi = hex_value(hex.p[i]), lo = hex_value(hex.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		to[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

int digest_parse(struct digest *out, str text, struct err *e)
{
	struct digest d = { 0 };
	str name, hex;

	if (!str_cut(text, ':', &name, &hex))
		return err_set(e, ERR_CORRUPT, "\"" STR_FMT "\" is not a digest",
			       STR_ARG(str_first(text, 160)));
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!str_eq(kinds[i].name, name))
			continue;
		d.kind = kinds[i].kind;
		if (hex.n != kinds[i].size * 2 || !hex_read(d.bytes, hex))
			return err_set(e, ERR_CORRUPT, "\"" STR_FMT "\" is not a digest",
				       STR_ARG(str_first(text, 160)));
		*out = d;
		return 0;
	}
	return err_set(e, ERR_UNSUPPORTED, "digest algorithm \"" STR_FMT "\" is not supported",
		       STR_ARG(str_first(name, 32)));
}

str digest_text(char out[DIGEST_TEXT], const struct digest *d)
{
	const struct kind *k = kind_of(d->kind);
	size_t at = 0;

	if (!k) {
		memcpy(out, "none", 5);
		return (str){ out, 4 };
	}
	memcpy(out, k->name.p, k->name.n);
	at = k->name.n;
	out[at++] = ':';
	for (size_t i = 0; i < k->size; i++) {
		out[at++] = "0123456789abcdef"[d->bytes[i] >> 4];
		out[at++] = "0123456789abcdef"[d->bytes[i] & 15];
	}
	out[at] = '\0';
	return (str){ out, at };
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
	return a->kind == b->kind && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

size_t digest_size(enum digest_kind kind)
{
	const struct kind *k = kind_of(kind);

	return k ? k->size : 0;
}

struct hasher {
	enum digest_kind kind;
	EVP_MD_CTX *ctx;
	bool failed;
};

int hasher_new(struct hasher **out, enum digest_kind kind, struct err *e)
{
	CLEANUP(hasher_freep) struct hasher *h = calloc(1, sizeof(*h));
	const EVP_MD *md = kind == DIGEST_SHA512 ? EVP_sha512() : EVP_sha256();

	if (!h)
		return err_nomem(e);
	h->kind = kind;
	h->ctx = EVP_MD_CTX_new();
	if (!h->ctx || EVP_DigestInit_ex(h->ctx, md, NULL) != 1)
		return err_nomem(e);
	*out = TAKE(h, NULL);
	return 0;
}

void hasher_feed(struct hasher *h, str bytes)
{
	if (bytes.n && EVP_DigestUpdate(h->ctx, bytes.p, bytes.n) != 1)
		h->failed = true;
}

int hasher_end(struct digest *out, struct hasher *h, struct err *e)
{
	struct digest d = { .kind = h->kind };

	if (h->failed || EVP_DigestFinal_ex(h->ctx, d.bytes, NULL) != 1)
		return err_set(e, ERR_IO, "the crypto library could not hash");
	*out = d;
	return 0;
}

void hasher_free(struct hasher *h)
{
	if (h)
		EVP_MD_CTX_free(h->ctx);
	free(h);
}

void hasher_freep(struct hasher **h)
{
	hasher_free(*h);
}

int digest_of(struct digest *out, enum digest_kind kind, str bytes, struct err *e)
{
	CLEANUP(hasher_freep) struct hasher *h = NULL;

	if (hasher_new(&h, kind, e) < 0)
		return -1;
	hasher_feed(h, bytes);
	return hasher_end(out, h, e);
}
