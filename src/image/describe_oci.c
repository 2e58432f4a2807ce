#include "image/describe.h"

#include "base/limits.h"

/* An image layout (image-spec v1.1, "image-layout.md"): from index.json through at most
 * LIMIT_INDEX_NESTING indexes to the one manifest that is meant. */

static bool is_named(const struct descriptor *m, str tag)
{
	str name = m->full_name, head, tail;

	if (str_eq(m->ref_name, tag) || str_eq(name, tag))
		return true;
	return str_rcut(name, ':', &head, &tail) && str_eq(tail, tag);
}

static str name_of(const struct descriptor *m)
{
	return m->ref_name.n ? m->ref_name : m->full_name;
}

/* What there is to choose from, for people. */
static void list_choices(struct buf *b, const struct descriptor_list *list, struct arena *a)
{
	struct err e;
	str p;

	vec_each (m, list) {
		char text[DIGEST_TEXT];

		if (m->attestation)
			continue;
		buf_printf(b, "%s" STR_FMT, b->n ? ", " : "",
			   STR_ARG(name_of(m).n ? name_of(m) : digest_text(text, &m->digest)));
		if (m->platform.os.n && platform_text(&p, &m->platform, a, &e) == 0)
			buf_printf(b, " (" STR_FMT ")", STR_ARG(p));
	}
}

static int none_fits(const struct describer *d, const struct descriptor_list *list, struct err *e)
{
	CLEANUP(buf_free)
	struct buf have = BUF(400);
	str p;

	vec_each (m, list) {
		if (m->attestation || !m->platform.os.n)
			continue;
		if (platform_text(&p, &m->platform, d->arena, e) < 0)
			return -1;
		buf_printf(&have, "%s" STR_FMT, have.n ? ", " : "", STR_ARG(p));
	}
	if (!have.n)
		return err_set(e, ERR_MISSING, "the index lists no image");
	return describe_other_platform(d, buf_str(&have), e);
}

struct choice {
	const struct descriptor *first;
	bool several; /* that differ in more than their platform */
	bool named;   /* some had the tag */
};

static void consider(struct choice *c, const struct describer *d, const struct descriptor *m)
{
	if (m->platform.os.n && !platform_fits(&m->platform, &d->job->platform))
		return;
	if (c->first && !digest_eq(&c->first->digest, &m->digest) &&
	    (!str_eq(name_of(c->first), name_of(m)) || !m->platform.os.n))
		c->several = true;
	if (!c->first)
		c->first = m;
}

static int choose(const struct descriptor **out, const struct describer *d,
		  const struct descriptor_list *list, str tag, struct err *e)
{
	CLEANUP(buf_free)
	struct buf choices = BUF(700);
	struct choice c = { 0 };

	vec_each (m, list) {
		bool named = !tag.n || is_named(m, tag);

		if (m->attestation || !named)
			continue;
		c.named = true;
		consider(&c, d, m);
	}
	*out = c.first;
	if (c.first && !c.several)
		return 0;
	list_choices(&choices, list, d->arena);
	if (c.several)
		return err_set(e, ERR_USAGE,
			       "several images are here: add :NAME or @DIGEST of one of " STR_FMT,
			       STR_ARG(buf_str(&choices)));
	if (tag.n && !c.named)
		return err_set(e, ERR_MISSING, "no image \"" STR_FMT "\" is here, only " STR_FMT,
			       STR_ARG(tag), STR_ARG(buf_str(&choices)));
	return none_fits(d, list, e);
}

/* Finds a digest among the manifests of an index, however deep; else the blob alone will do. */
static const struct descriptor *with_digest(const struct descriptor_list *list,
					    const struct digest *digest)
{
	vec_each (m, list)
		if (digest_eq(&m->digest, digest))
			return m;
	return NULL;
}

static int read_image(struct describer *d, const struct manifest *m, struct err *e)
{
	str config;

	if (!image_config_media_type_ok(m->config.media_type))
		return err_set(e, ERR_UNSUPPORTED,
			       "not a container image, but something of type \"" STR_FMT "\"",
			       STR_ARG(str_first(m->artifact_type.n ? m->artifact_type
								    : m->config.media_type,
						 160)));
	if (files_blob(&config, d->files, &m->config.digest, m->config.size, d->arena, e) < 0)
		return err_within(e, "configuration of the image");
	d->out->image.id = m->config.digest;
	if (describe_config(d, config, e) < 0)
		return -1;
	return describe_layers(d, m, e);
}

/* An index or a manifest: a registry keeps them apart from blobs, and has one without a digest, that
 * which the tag stands for. */
static int read_manifest(struct manifest *out, struct describer *d, struct descriptor *m,
			 struct err *e)
{
	str text, name;

	if (d->job->kind != DESCRIBE_REGISTRY)
		return files_blob(&text, d->files, &m->digest, m->size, d->arena, e) < 0 ?
			       -1 :
			       manifest_parse(out, text, d->arena, e);
	if (m->digest.kind == DIGEST_NONE)
		name = STR("manifest");
	else if (files_blob_name(&name, &m->digest, d->arena, e) < 0 ||
		 arena_printf(&name, d->arena, e, "manifests" STR_FMT,
			      STR_ARG(str_from(name, sizeof("blobs") - 1))) < 0)
		return -1;
	if (files_text(&text, d->files, name, d->arena, e) < 0)
		return -1;
	if (m->digest.kind == DIGEST_NONE) {
		if (digest_of(&m->digest, DIGEST_SHA256, text, e) < 0)
			return -1;
	} else if (files_verify(&m->digest, text, "manifest", e) < 0) {
		return -1;
	}
	return manifest_parse(out, text, d->arena, e);
}

int describe_follow(struct describer *d, const struct descriptor *start, struct err *e)
{
	struct descriptor m = *start;

	for (int depth = 0; depth <= LIMIT_INDEX_NESTING; depth++) {
		const struct descriptor *next = NULL;
		struct manifest man = { 0 };

		if (read_manifest(&man, d, &m, e) < 0)
			return err_within(e, "manifest of the image");
		if (!man.is_index) {
			d->out->image.digest = m.digest;
			return read_image(d, &man, e);
		}
		if (choose(&next, d, &man.manifests, STR_NONE, e) < 0)
			return -1;
		m = *next;
	}
	return err_set(e, ERR_LIMIT, "indexes are nested more than %d deep", LIMIT_INDEX_NESTING);
}

int describe_registry(struct describer *d, struct err *e)
{
	struct descriptor start = { .digest = d->job->digest, .size = UINT64_MAX };

	d->out->image.name = d->job->tag;
	return describe_follow(d, &start, e);
}

int describe_oci(struct describer *d, struct err *e)
{
	const struct descriptor *start = NULL;
	struct descriptor by_digest = { .digest = d->job->digest, .size = UINT64_MAX };
	struct manifest index = { 0 };
	str text;

	d->out->image.source = STR("oci-archive");
	if (files_text(&text, d->files, STR("index.json"), d->arena, e) < 0)
		return -1;
	if (manifest_parse(&index, text, d->arena, e) < 0)
		return err_within(e, "index.json");
	if (!index.is_index)
		return err_set(e, ERR_CORRUPT, "index.json is not an index");
	if (d->job->digest.kind != DIGEST_NONE) {
		start = with_digest(&index.manifests, &d->job->digest);
		start = start ? start : &by_digest;
	} else if (choose(&start, d, &index.manifests, d->job->tag, e) < 0) {
		return -1;
	}
	d->out->image.name = name_of(start);
	return describe_follow(d, start, e);
}
