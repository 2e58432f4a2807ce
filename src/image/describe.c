#include "image/describe.h"

#include "base/limits.h"

int platform_text(str *out, const struct platform *p, struct arena *a, struct err *e)
{
	return arena_printf(out, a, e, STR_FMT "/" STR_FMT "%s" STR_FMT, STR_ARG(p->os),
			    STR_ARG(p->arch), p->variant.n ? "/" : "", STR_ARG(p->variant));
}

int describe_other_platform(const struct describer *d, str have, struct err *e)
{
	str want;

	if (platform_text(&want, &d->job->platform, d->arena, e) < 0)
		return -1;
	return err_set(e, ERR_UNSUPPORTED,
		       "the image is for " STR_FMT ", not for " STR_FMT
		       "; --platform says which is wanted",
		       STR_ARG(str_first(have, 400)), STR_ARG(want));
}

int describe_config(struct describer *d, str text, struct err *e)
{
	struct image *img = &d->out->image;
	str have;

	if (image_config_parse(img, text, d->arena, e) < 0)
		return err_within(e, "configuration of the image");
	if (!img->platform.os.n && !img->platform.arch.n)
		return 0; /* it does not say that it is another one */
	if (platform_fits(&img->platform, &d->job->platform))
		return 0;
	if (platform_text(&have, &img->platform, d->arena, e) < 0)
		return -1;
	return describe_other_platform(d, have, e);
}

static int layer_place(struct describer *d, struct place *p, const struct layer *l, struct err *e)
{
	char text[DIGEST_TEXT];
	struct blob b;
	str name;

	if (p->unread.n)
		return 0;
	if (files_blob_name(&name, &l->digest, d->arena, e) < 0)
		return -1;
	p->size = l->size;
	if (!d->files->inside) {
		p->name = name;
		return 0;
	}
	if (d->files->find(d->files, &b, name, e) < 0)
		return -1;
	if (b.size != l->size)
		return err_set(e, ERR_CORRUPT, STR_FMT " should have %llu bytes but has %llu",
			       STR_ARG(digest_text(text, &l->digest)), (unsigned long long)l->size,
			       (unsigned long long)b.size);
	p->offset = b.offset;
	return 0;
}

int describe_layers(struct describer *d, const struct manifest *m, struct err *e)
{
	struct image *img = &d->out->image;

	if (m->layers.n != img->layers.n)
		return err_set(e, ERR_CORRUPT, "the manifest has %zu layers, the configuration %zu",
			       m->layers.n, img->layers.n);
	for (size_t i = 0; i < m->layers.n; i++) {
		struct layer *l = &img->layers.v[i];
		struct place p = { 0 };
		const char *why = NULL;

		l->digest = m->layers.v[i].digest;
		l->size = m->layers.v[i].size;
		l->media_type = m->layers.v[i].media_type;
		if (!layer_media_type(&l->coding, &why, l->media_type))
			p.unread = str_of(why);
		if (layer_place(d, &p, l, e) < 0)
			return err_within(e, "layer %zu", i);
		if (vec_push(&d->out->places, d->arena, e, p) < 0)
			return -1;
	}
	return 0;
}

static bool has(struct files *f, str name)
{
	struct blob b;
	struct err e;

	return f->find(f, &b, name, &e) == 0;
}

static int describe_archive(struct describer *d, struct err *e)
{
	if (has(d->files, STR("manifest.json")))
		return describe_docker(d, e);
	if (has(d->files, STR("index.json")))
		return describe_oci(d, e);
	return err_set(e, ERR_UNSUPPORTED,
		       "an archive without manifest.json or index.json holds no image");
}

int describe(struct description *out, const struct describe_job *job, struct files *f,
	     struct arena *a, struct err *e)
{
	static const struct {
		int (*run)(struct describer *d, struct err *e);
		str source;
	} kinds[DESCRIBE_KIND_COUNT_] = {
		[DESCRIBE_ARCHIVE] = { describe_archive, STR_INIT("") },
		[DESCRIBE_DOCKER_ARCHIVE] = { describe_docker, STR_INIT("docker-archive") },
		[DESCRIBE_OCI_ARCHIVE] = { describe_oci, STR_INIT("oci-archive") },
		[DESCRIBE_OCI] = { describe_oci, STR_INIT("oci") },
		[DESCRIBE_STORE] = { describe_store, STR_INIT("podman") },
		[DESCRIBE_CONTAINER] = { describe_container, STR_INIT("container") },
		[DESCRIBE_REGISTRY] = { describe_registry, STR_INIT("registry") },
		[DESCRIBE_CONTAINERD] = { describe_containerd, STR_INIT("containerd") },
	};
	struct description desc = { 0 };
	struct describer d = { .job = job, .files = f, .arena = a, .out = &desc };

	if (kinds[job->kind].run(&d, e) < 0)
		return -1;
	if (kinds[job->kind].source.n)
		desc.image.source = kinds[job->kind].source;
	*out = desc;
	return 0;
}
