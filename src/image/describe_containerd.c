#include "image/describe.h"

#include "base/buf.h"
#include "base/limits.h"
#include "format/bolt.h"
#include "model/reference.h"

/* containerd's metadata (its metadata/buckets.go): v1 / NAMESPACE / images / NAME / target has the
 * digest, size and media type of a manifest or index in the content store. */

/* Where people's images are: ctr and nerdctl, Kubernetes, Docker. */
static const str namespaces[] = { STR_INIT("default"), STR_INIT("k8s.io"), STR_INIT("moby") };

static int down(struct bolt_bucket *out, struct bolt *b, const str *path, size_t n, struct err *e)
{
	struct bolt_bucket at = b->top;
	int r = 1;

	for (size_t i = 0; i < n && r > 0; i++)
		r = bolt_bucket(&at, b, &at, path[i], e);
	if (r > 0)
		*out = at;
	return r;
}

/* Go's binary.PutVarint: zigzag, then seven bits a byte. */
static uint64_t varint(str bytes)
{
	uint64_t u = 0;

	for (size_t i = 0; i < bytes.n && i < 9; i++)
		u |= (uint64_t)(bytes.p[i] & 0x7f) << (7 * i);
	return u >> 1;
}

static int read_target(struct descriptor *out, struct bolt *b, str space, str name, struct err *e)
{
	const str path[] = { STR("v1"), space, STR("images"), name, STR("target") };
	struct bolt_bucket target;
	str digest = STR(""), size = STR("");
	int r = down(&target, b, path, COUNT(path), e);

	if (r <= 0)
		return r;
	if (bolt_value(&digest, b, &target, STR("digest"), e) < 0 ||
	    bolt_value(&size, b, &target, STR("size"), e) < 0)
		return -1;
	*out = (struct descriptor){ .size = size.n ? varint(size) : UINT64_MAX };
	return digest_parse(&out->digest, digest, e) < 0 ? -1 : 1;
}

/* The same name in several namespaces is one image, or the user has to say which. */
static int find_name(struct descriptor *out, struct describer *d, struct bolt *b, str name,
		     struct err *e)
{
	int found = 0;

	for (size_t i = 0; i < COUNT(namespaces); i++) {
		struct descriptor one;
		int r = read_target(&one, b, namespaces[i], name, e);

		if (r < 0)
			return -1;
		if (r && found && !digest_eq(&one.digest, &out->digest))
			return err_set(e, ERR_USAGE,
				       "\"" STR_FMT "\" is another image in the namespace " STR_FMT
				       ": say which by @DIGEST",
				       STR_ARG(name), STR_ARG(namespaces[i]));
		if (r)
			*out = one;
		found |= r;
	}
	if (found)
		d->out->image.name = name;
	return found;
}

static int add_name(void *ctx, str key, str value, bool is_bucket, struct err *e)
{
	struct buf *out = ctx;

	(void)value, (void)is_bucket, (void)e;
	buf_printf(out, "%s" STR_FMT, out->n ? ", " : "", STR_ARG(key));
	return out->n > 300;
}

static int none_there(struct bolt *b, str asked, struct err *e)
{
	CLEANUP(buf_free)
	struct buf list = BUF(4 << 10);

	for (size_t i = 0; i < COUNT(namespaces); i++) {
		const str path[] = { STR("v1"), namespaces[i], STR("images") };
		struct bolt_bucket images;
		int r = down(&images, b, path, COUNT(path), e);

		if (r < 0 || (r && bolt_each(b, &images, add_name, &list, e) < 0))
			return -1;
	}
	return err_set(e, ERR_MISSING, "containerd has no image \"" STR_FMT "\"%s" STR_FMT,
		       STR_ARG(asked), list.n ? ", but " : "",
		       STR_ARG(str_first(buf_str(&list), 500)));
}

/* As it was written, then with what Docker leaves out. */
static int find(struct descriptor *out, struct describer *d, struct bolt *b, struct err *e)
{
	str asked = d->job->tag, full, rest;
	struct reference r;
	int found = find_name(out, d, b, asked, e);

	if (found != 0)
		return found;
	if (reference_parse(&r, asked, e) < 0 || reference_full(&full, &r, d->arena, e) < 0)
		return -1;
	found = r.digest.kind == DIGEST_NONE ? find_name(out, d, b, full, e) : 0;
	if (found != 0 || r.digest.kind == DIGEST_NONE)
		return found;
	/* by its digest alone, whatever it is called */
	*out = (struct descriptor){ .digest = r.digest, .size = UINT64_MAX };
	str_cut(asked, '@', &d->out->image.name, &rest);
	return 1;
}

int describe_containerd(struct describer *d, struct err *e)
{
	struct descriptor target;
	struct bolt b;
	struct blob db;

	if (d->files->find(d->files, &db, STR("meta.db"), e) < 0 ||
	    bolt_open(&b, &db, d->arena, e) < 0)
		return -1;
	int r = find(&target, d, &b, e);

	if (r < 0)
		return -1;
	return r ? describe_follow(d, &target, e) : none_there(&b, d->job->tag, e);
}
