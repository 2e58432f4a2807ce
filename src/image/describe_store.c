#include "image/describe.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/buf.h"
#include "format/base64.h"
#include "format/json.h"
#include "model/reference.h"

/* containers-storage with the overlay driver: overlay-images/images.json names images and their
 * topmost layer, overlay-layers/layers.json chains layers downwards, overlay-images/ID/ holds
 * manifest and configuration as the registry had them. */

struct store_image {
	str id, digest, layer;
	struct str_list names;
};

struct store_layer {
	str id, parent, diff_digest;
};

static const struct json_field image_fields[] = {
	{ JSON_FIELD("id", JSON_AS_STR, struct store_image, id), .required = true },
	{ JSON_FIELD("digest", JSON_AS_STR, struct store_image, digest) },
	{ JSON_FIELD("layer", JSON_AS_STR, struct store_image, layer) },
	{ JSON_FIELD("names", JSON_AS_STRS, struct store_image, names) },
};
static const struct json_table image_table = { .noun = "image",
					       .fields = image_fields,
					       .n = COUNT(image_fields),
					       .size = sizeof(struct store_image) };

static const struct json_field layer_fields[] = {
	{ JSON_FIELD("id", JSON_AS_STR, struct store_layer, id), .required = true },
	{ JSON_FIELD("parent", JSON_AS_STR, struct store_layer, parent) },
	{ JSON_FIELD("diff-digest", JSON_AS_STR, struct store_layer, diff_digest) },
};
static const struct json_table layer_table = { .noun = "layer",
					       .fields = layer_fields,
					       .n = COUNT(layer_fields),
					       .size = sizeof(struct store_layer) };

struct found {
	struct store_image image;
	str name;
	int rank;
	bool several;
};

enum {
	RANK_ID = 1, /* any name is stronger, as in podman */
	RANK_DIGEST = 9,
	ID_LEAST = 3, /* digits of an abbreviated id */
};

static bool is_hex(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n > 0;
}

static bool is_id(str s)
{
	return s.n == 64 && is_hex(s);
}

/* "sha256:ID", an id or its beginning. */
static int rank_by_id(const struct store_image *image, str asked)
{
	str_skip(&asked, STR("sha256:"));
	if (asked.n < ID_LEAST || !is_hex(asked) || !str_starts(image->id, asked))
		return 0;
	return asked.n == 64 ? RANK_DIGEST : RANK_ID;
}

static int rank_by_name(const struct store_image *image, const struct reference *r, str *name)
{
	int best = 0;

	vec_each (n, &image->names) {
		str plain, digest;

		if (!str_cut(*n, '@', &plain, &digest))
			plain = *n;
		int rank = reference_rank(r, plain);

		if (rank > best)
			*name = *n;
		best = MAX(best, rank);
	}
	return best;
}

static int rank_of(const struct store_image *image, str asked, str *name)
{
	char text[DIGEST_TEXT];
	struct reference r;
	struct err e;
	int id = rank_by_id(image, asked);

	*name = image->names.n ? image->names.v[0] : image->id;
	if (reference_parse(&r, asked, &e) < 0)
		return id;
	if (r.digest.kind != DIGEST_NONE)
		return str_eq(digest_text(text, &r.digest), image->digest) ? RANK_DIGEST : id;
	int rank = rank_by_name(image, &r, name);

	return rank ? MAX(id, rank + RANK_ID) : id;
}

static int find_image(struct found *out, struct describer *d, str asked, str text, struct err *e)
{
	struct found f = { 0 };
	struct json j;
	int r;

	json_init(&j, text, d->arena);
	if (json_enter_array(&j, e) < 0)
		return -1;
	while ((r = json_array_next(&j, e)) > 0) {
		struct store_image image = { 0 };
		str name = STR("");

		if (json_object(&image, &j, &image_table, e) < 0)
			return -1;
		int rank = rank_of(&image, asked, &name);

		if (rank && rank == f.rank)
			f.several = true;
		if (rank > f.rank)
			f = (struct found){ .image = image, .name = name, .rank = rank };
	}
	if (r < 0)
		return -1;
	if (!f.rank)
		return err_set(e, ERR_MISSING, "the store has no image \"" STR_FMT "\"",
			       STR_ARG(asked));
	if (f.several)
		return err_set(e, ERR_USAGE,
			       "\"" STR_FMT "\" may be several images of the store: say more of it",
			       STR_ARG(asked));
	*out = f;
	return 0;
}

static int read_layers(struct map *out, struct describer *d, str text, struct err *e)
{
	struct json j;
	int r;

	json_init(&j, text, d->arena);
	if (json_enter_array(&j, e) < 0)
		return -1;
	while ((r = json_array_next(&j, e)) > 0) {
		struct store_layer *l = arena_new(d->arena, struct store_layer);

		if (!l)
			return err_nomem(e);
		if (json_object(l, &j, &layer_table, e) < 0 ||
		    map_put(out, d->arena, l->id, l, e) < 0)
			return -1;
	}
	return r;
}

/* The chain goes from the topmost layer down; the configuration's list goes up. */
static int place_layers(struct describer *d, const struct map *layers, str top, struct err *e)
{
	struct image *img = &d->out->image;
	char want[DIGEST_TEXT];
	size_t i = img->layers.n;

	for (size_t k = 0; k < img->layers.n; k++)
		if (vec_push(&d->out->places, d->arena, e, { 0 }) < 0)
			return -1;
	for (str id = top; id.n && i > 0;) {
		const struct store_layer *l = map_get(layers, id);

		if (!l || !is_id(l->id))
			return err_set(e, ERR_CORRUPT, "layer " STR_FMT " is not in the store",
				       STR_ARG(str_first(id, 80)));
		i--;
		if (l->diff_digest.n &&
		    !str_eq(l->diff_digest, digest_text(want, &img->layers.v[i].diff_id)))
			return err_set(e, ERR_CORRUPT,
				       "layer %zu should be %s but the store has " STR_FMT, i, want,
				       STR_ARG(str_first(l->diff_digest, DIGEST_TEXT)));
		d->out->places.v[i].name = l->id;
		img->layers.v[i].coding = LAYER_DIR;
		id = l->parent;
		if (i == 0 && id.n)
			return err_set(e, ERR_CORRUPT, "the store has more layers than the image");
	}
	if (i)
		return err_set(e, ERR_CORRUPT, "the store has %zu layers fewer than the image", i);
	return 0;
}

/* containers/storage names a file of big data by itself when it is of [a-z0-9.] only, else by '='
 * and base64 (images.go, makeBigDataBaseName). */
static int config_name(str *out, str image_id, str key, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf coded = BUF(1 << 10);

	base64_write(&coded, key);
	if (buf_check(&coded, e) < 0)
		return -1;
	return arena_printf(out, a, e, "overlay-images/" STR_FMT "/=" STR_FMT, STR_ARG(image_id),
			    STR_ARG(buf_str(&coded)));
}

static int read_manifest(struct manifest *out, struct describer *d, const struct store_image *image,
			 struct err *e)
{
	struct digest want;
	str name, text;

	if (arena_printf(&name, d->arena, e, "overlay-images/" STR_FMT "/manifest",
			 STR_ARG(image->id)) < 0 ||
	    files_text(&text, d->files, name, d->arena, e) < 0)
		return -1;
	if (image->digest.n) {
		if (digest_parse(&want, image->digest, e) < 0 ||
		    files_verify(&want, text, "the image's manifest", e) < 0)
			return -1;
		d->out->image.digest = want;
	}
	if (manifest_parse(out, text, d->arena, e) < 0)
		return err_within(e, "manifest of the image");
	if (out->is_index)
		return err_set(e, ERR_UNSUPPORTED,
			       "this is a list of images for several platforms, not an image");
	return 0;
}

static int read_config(struct describer *d, const struct store_image *image,
		       const struct manifest *m, struct err *e)
{
	char key[DIGEST_TEXT];
	str name, text;

	if (!image_config_media_type_ok(m->config.media_type))
		return err_set(e, ERR_UNSUPPORTED,
			       "not a container image, but something of type \"" STR_FMT "\"",
			       STR_ARG(str_first(m->config.media_type, 160)));
	if (config_name(&name, image->id, digest_text(key, &m->config.digest), d->arena, e) < 0 ||
	    files_text(&text, d->files, name, d->arena, e) < 0)
		return -1;
	if (files_verify(&m->config.digest, text, "the image's configuration", e) < 0)
		return -1;
	d->out->image.id = m->config.digest;
	return describe_config(d, text, e);
}

static int add_manifest_layers(struct describer *d, const struct manifest *m, struct err *e)
{
	struct image *img = &d->out->image;

	if (m->layers.n != img->layers.n)
		return err_set(e, ERR_CORRUPT, "the manifest has %zu layers, the configuration %zu",
			       m->layers.n, img->layers.n);
	for (size_t i = 0; i < m->layers.n; i++) {
		img->layers.v[i].digest = m->layers.v[i].digest;
		img->layers.v[i].size = m->layers.v[i].size;
		img->layers.v[i].media_type = m->layers.v[i].media_type;
	}
	return 0;
}

static int describe_image(struct describer *d, str asked, struct err *e)
{
	struct manifest m = { 0 };
	struct map layers = { 0 };
	struct found f;
	str images_text, layers_text;

	if (files_text_most(&images_text, d->files, STR("overlay-images/images.json"),
			    LIMIT_STORE_INDEX_BYTES, d->arena, e) < 0 ||
	    files_text_most(&layers_text, d->files, STR("overlay-layers/layers.json"),
			    LIMIT_STORE_INDEX_BYTES, d->arena, e) < 0)
		return -1;
	if (find_image(&f, d, asked, images_text, e) < 0)
		return err_within(e, "overlay-images/images.json");
	if (read_layers(&layers, d, layers_text, e) < 0)
		return err_within(e, "overlay-layers/layers.json");
	if (!is_id(f.image.id))
		return err_set(e, ERR_CORRUPT, "an image of the store has no proper id");
	d->out->image.name = f.name;
	if (read_manifest(&m, d, &f.image, e) < 0 || read_config(d, &f.image, &m, e) < 0 ||
	    add_manifest_layers(d, &m, e) < 0)
		return -1;
	return place_layers(d, &layers, f.image.layer, e);
}

int describe_store(struct describer *d, struct err *e)
{
	if (!d->job->tag.n)
		return err_set(e, ERR_USAGE, "which image of the store?");
	return describe_image(d, d->job->tag, e);
}

/* --- containers ------------------------------------------------------------------------------ */

struct store_container {
	str id, image, layer;
	struct str_list names;
};

static const struct json_field container_fields[] = {
	{ JSON_FIELD("id", JSON_AS_STR, struct store_container, id), .required = true },
	{ JSON_FIELD("image", JSON_AS_STR, struct store_container, image) },
	{ JSON_FIELD("layer", JSON_AS_STR, struct store_container, layer) },
	{ JSON_FIELD("names", JSON_AS_STRS, struct store_container, names) },
};
static const struct json_table container_table = { .noun = "container",
						   .fields = container_fields,
						   .n = COUNT(container_fields),
						   .size = sizeof(struct store_container) };

/* A name is exact; an id may be short. */
static bool is_container(const struct store_container *c, str asked)
{
	vec_each (n, &c->names)
		if (str_eq(*n, asked))
			return true;
	return asked.n >= ID_LEAST && is_hex(asked) && str_starts(c->id, asked);
}

/* How many containers of one list are meant; the last of them in *out. */
static int find_containers(struct store_container *out, struct describer *d, const char *list,
			   struct err *e)
{
	struct json j;
	int r, found = 0;
	str text;

	if (files_text_most(&text, d->files, str_of(list), LIMIT_STORE_INDEX_BYTES, d->arena, e) < 0)
		return e->kind == ERR_MISSING ? 0 : -1;
	json_init(&j, text, d->arena);
	if (json_enter_array(&j, e) < 0)
		return -1;
	while ((r = json_array_next(&j, e)) > 0) {
		struct store_container c = { 0 };

		if (json_object(&c, &j, &container_table, e) < 0)
			return -1;
		if (!is_container(&c, d->job->tag))
			continue;
		*out = c;
		found++;
	}
	return r < 0 ? err_within(e, "%s", list) : found;
}

/* What the container wrote lies in a layer of its own above the image's. */
static int add_changes(struct describer *d, const struct store_container *c, struct err *e)
{
	struct layer l = { .coding = LAYER_DIR,
			   .created_by = STR("what changed in the container since it was made") };
	struct place p = { .name = c->layer };

	if (!is_id(c->layer))
		return err_set(e, ERR_CORRUPT, "a container of the store has no proper layer");
	if (vec_push(&d->out->image.layers, d->arena, e, l) < 0)
		return -1;
	return vec_push(&d->out->places, d->arena, e, p);
}

int describe_container(struct describer *d, struct err *e)
{
	static const char *const lists[] = { "overlay-containers/containers.json",
					     "overlay-containers/volatile-containers.json" };
	struct store_container c = { 0 };
	int found = 0;

	for (size_t i = 0; i < COUNT(lists); i++) {
		int n = find_containers(&c, d, lists[i], e);

		if (n < 0)
			return -1;
		found += n;
	}
	if (!found)
		return err_set(e, ERR_MISSING, "the store has no container \"" STR_FMT "\"",
			       STR_ARG(d->job->tag));
	if (found > 1)
		return err_set(e, ERR_USAGE,
			       "\"" STR_FMT "\" may be several containers: say more of it",
			       STR_ARG(d->job->tag));
	if (!is_id(c.image))
		return err_set(e, ERR_UNSUPPORTED,
			       "the container was not made of an image, but of a directory");
	if (describe_image(d, c.image, e) < 0 || add_changes(d, &c, e) < 0)
		return -1;
	d->out->image.name = c.names.n ? c.names.v[0] : c.id;
	return 0;
}
