#include "image/describe.h"

#include "format/gzip.h"
#include "format/zstd.h"
#include "model/reference.h"

/* The images of an archive, for people who have to choose: "a:1, b:2". */
static int list_names(struct buf *b, const struct docker_list *list)
{
	vec_each(entry, list) {
		vec_each(tag, &entry->tags)
			buf_printf(b, "%s" STR_FMT, b->n ? ", " : "", STR_ARG(*tag));
		if (!entry->tags.n)
			buf_printf(b, "%s(untagged) " STR_FMT, b->n ? ", " : "",
				   STR_ARG(entry->config));
	}
	return b->failed;
}

static int rank_of(const struct docker_entry *entry, str asked, str *tag)
{
	struct reference r;
	struct err e;
	int best = 0;

	if (entry->config.n && str_starts(str_base(entry->config), asked) && asked.n >= 12)
		best = 1; /* an image's id */
	if (reference_parse(&r, asked, &e) < 0)
		return best;
	vec_each(t, &entry->tags) {
		int rank = str_eq(*t, asked) ? 4 : reference_rank(&r, *t);

		if (rank > best)
			*tag = *t;
		best = MAX(best, rank);
	}
	return best;
}

static int choose(const struct docker_entry **out, str *tag, const struct docker_list *list,
		  const struct describer *d, struct err *e)
{
	CLEANUP(buf_free) struct buf names = BUF(600);
	const struct docker_entry *found = NULL;
	int best = 0, ties = 0;

	if (list->n == 1 && !d->job->tag.n) {
		*out = &list->v[0];
		*tag = list->v[0].tags.n ? list->v[0].tags.v[0] : STR("");
		return 0;
	}
	vec_each(entry, list) {
		str as = STR("");
		int rank = d->job->tag.n ? rank_of(entry, d->job->tag, &as) : 0;

		ties = rank > best ? 0 : ties + (rank == best && rank > 0);
		if (rank > best) {
			*tag = as;
			found = entry;
		}
		best = MAX(best, rank);
	}
	*out = found;
	if (found && !ties)
		return 0;
	list_names(&names, list);
	if (!d->job->tag.n || ties)
		return err_set(e, ERR_USAGE,
			       list->n ? "several images are here: add one of " STR_FMT :
					 "no image is here" STR_FMT,
			       STR_ARG(buf_str(&names)));
	return err_set(e, ERR_MISSING, "no image \"" STR_FMT "\" is here, only " STR_FMT,
		       STR_ARG(d->job->tag), STR_ARG(buf_str(&names)));
}

/* The configuration is named by its digest: "<hex>.json", or "blobs/sha256/<hex>". */
static int named_digest(struct digest *out, str name)
{
	char text[DIGEST_TEXT];
	struct err e;

	name = str_base(name);
	str_chop(&name, STR(".json"));
	if (name.n != 64)
		return 0;
	snprintf(text, sizeof(text), "sha256:" STR_FMT, STR_ARG(name));
	return digest_parse(out, str_of(text), &e) == 0;
}

static int sniff(enum layer_coding *out, const struct blob *b, struct err *e)
{
	char room[8];
	str head;

	if (blob_peek(&head, b, 0, room, sizeof(room), e) < 0)
		return -1;
	*out = gzip_claims(head) ? LAYER_GZIP : zstd_claims(head) ? LAYER_ZSTD : LAYER_PLAIN;
	return 0;
}

static int add_layer(struct describer *d, size_t i, str name, struct err *e)
{
	struct layer *l = &d->out->image.layers.v[i];
	struct blob b;

	if (d->files->find(d->files, &b, name, e) < 0 || sniff(&l->coding, &b, e) < 0)
		return -1;
	l->size = b.size;
	if (str_starts(name, STR("blobs/sha256/")))
		(void)named_digest(&l->digest, name);
	return vec_push(&d->out->places, d->arena, e,
			{ .offset = b.offset, .size = b.size, .name = STR("") });
}

int describe_docker(struct describer *d, struct err *e)
{
	struct image *img = &d->out->image;
	const struct docker_entry *entry = NULL;
	struct docker_list list;
	struct digest named;
	str text, config;

	img->source = STR("docker-archive");
	if (files_text(&text, d->files, STR("manifest.json"), d->arena, e) < 0)
		return -1;
	if (docker_manifest_parse(&list, text, d->arena, e) < 0)
		return err_within(e, "manifest.json");
	if (choose(&entry, &img->name, &list, d, e) < 0 ||
	    files_text(&config, d->files, entry->config, d->arena, e) < 0)
		return -1;
	if (named_digest(&named, entry->config) &&
	    files_verify(&named, config, "the image's configuration", e) < 0)
		return -1;
	if (digest_of(&img->id, DIGEST_SHA256, config, e) < 0 || describe_config(d, config, e) < 0)
		return -1;
	if (entry->layers.n != img->layers.n)
		return err_set(e, ERR_CORRUPT,
			       "manifest.json has %zu layers, the configuration %zu",
			       entry->layers.n, img->layers.n);
	for (size_t i = 0; i < entry->layers.n; i++)
		if (add_layer(d, i, entry->layers.v[i], e) < 0)
			return err_within(e, "layer %zu", i);
	return 0;
}
