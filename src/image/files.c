#include "image/files.h"

#include "base/limits.h"

int files_text(str *out, struct files *f, str name, struct arena *a, struct err *e)
{
	return files_text_most(out, f, name, LIMIT_MANIFEST_BYTES, a, e);
}

int files_text_most(str *out, struct files *f, str name, size_t most, struct arena *a,
		    struct err *e)
{
	struct blob b;

	if (f->find(f, &b, name, e) < 0)
		return -1;
	if (b.size > most)
		return err_set(e, ERR_LIMIT,
			       STR_FMT " has %llu bytes, more than the %zu read of such",
			       STR_ARG(name), (unsigned long long)b.size, most);
	char *text = arena_alloc(a, (size_t)b.size + 1);

	if (!text)
		return err_nomem(e);
	if (blob_read(&b, 0, text, (size_t)b.size, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(name));
	*out = (str){ text, (size_t)b.size };
	return 0;
}

int files_blob_name(str *out, const struct digest *d, struct arena *a, struct err *e)
{
	char text[DIGEST_TEXT];
	str kind, hex;

	if (!str_cut(digest_text(text, d), ':', &kind, &hex))
		return err_set(e, ERR_CORRUPT, "a blob without a digest");
	return arena_printf(out, a, e, "blobs/" STR_FMT "/" STR_FMT, STR_ARG(kind), STR_ARG(hex));
}

int files_verify(const struct digest *d, str text, const char *what, struct err *e)
{
	char want[DIGEST_TEXT], got[DIGEST_TEXT];
	struct digest is;

	if (digest_of(&is, d->kind, text, e) < 0)
		return -1;
	if (digest_eq(&is, d))
		return 0;
	return err_set(e, ERR_CORRUPT, "%s should be " STR_FMT " but is " STR_FMT, what,
		       STR_ARG(digest_text(want, d)), STR_ARG(digest_text(got, &is)));
}

int files_blob(str *out, struct files *f, const struct digest *d, uint64_t size, struct arena *a,
	       struct err *e)
{
	char want[DIGEST_TEXT];
	str name, text;

	if (files_blob_name(&name, d, a, e) < 0 || files_text(&text, f, name, a, e) < 0)
		return -1;
	if (size != UINT64_MAX && text.n != size)
		return err_set(e, ERR_CORRUPT,
			       "blob " STR_FMT " should have %llu bytes but has %zu",
			       STR_ARG(digest_text(want, d)), (unsigned long long)size, text.n);
	if (files_verify(d, text, "blob", e) < 0)
		return -1;
	*out = text;
	return 0;
}
