#include "image/manifest.h"

#include "base/limits.h"
#include "format/json.h"

static int read_digest(void *out, struct json *j, struct err *e)
{
	str text;

	if (json_str(&text, j, e) < 0)
		return -1;
	return digest_parse(out, text, e);
}

static const struct json_field platform_fields[] = {
	{ JSON_FIELD("os", JSON_AS_STR, struct platform, os) },
	{ JSON_FIELD("architecture", JSON_AS_STR, struct platform, arch) },
	{ JSON_FIELD("variant", JSON_AS_STR, struct platform, variant) },
};
static const struct json_table platform_table = { .noun = "platform",
						  .fields = platform_fields,
						  .n = COUNT(platform_fields),
						  .size = sizeof(struct platform) };

struct annotations {
	str ref_name, full_name, docker_type;
};

static const struct json_field annotation_fields[] = {
	{ JSON_FIELD("org.opencontainers.image.ref.name", JSON_AS_STR, struct annotations,
		     ref_name) },
	{ JSON_FIELD("io.containerd.image.name", JSON_AS_STR, struct annotations, full_name) },
	{ JSON_FIELD("vnd.docker.reference.type", JSON_AS_STR, struct annotations, docker_type) },
};
static const struct json_table annotation_table = { .noun = "annotations",
						    .fields = annotation_fields,
						    .n = COUNT(annotation_fields),
						    .size = sizeof(struct annotations) };

static int read_annotations(void *out, struct json *j, struct err *e)
{
	struct descriptor *d = out;
	struct annotations a = { 0 };
	int kind = json_peek(j, e);

	if (kind < 0 || kind == JSON_NULL)
		return kind < 0 ? -1 : json_null(j, e);
	if (json_object(&a, j, &annotation_table, e) < 0)
		return -1;
	d->ref_name = a.ref_name;
	d->full_name = a.full_name;
	d->attestation = a.docker_type.n > 0;
	return 0;
}

static const struct json_field descriptor_fields[] = {
	{ JSON_FIELD("mediaType", JSON_AS_STR, struct descriptor, media_type) },
	{ JSON_FIELD("digest", JSON_AS_CALL, struct descriptor, digest), .required = true,
	  .read = read_digest },
	{ JSON_FIELD("size", JSON_AS_U64, struct descriptor, size), .required = true },
	{ JSON_FIELD("platform", JSON_AS_OBJECT, struct descriptor, platform),
	  .table = &platform_table },
	{ .name = STR_INIT("annotations"), .as = JSON_AS_CALL, .read = read_annotations },
};
static const struct json_table descriptor_table = { .noun = "descriptor",
						    .fields = descriptor_fields,
						    .n = COUNT(descriptor_fields),
						    .size = sizeof(struct descriptor) };

/* Which lists a text has is what tells a manifest from an index. */
struct manifest_seen {
	struct manifest m;
	bool has_config, has_layers, has_manifests;
};

static int read_config(void *out, struct json *j, struct err *e)
{
	struct manifest_seen *s = out;

	s->has_config = true;
	return json_object(&s->m.config, j, &descriptor_table, e);
}

static int read_list(struct descriptor_list *list, size_t most, struct json *j, struct err *e)
{
	int r;

	if (json_enter_array(j, e) < 0)
		return -1;
	while ((r = json_array_next(j, e)) > 0) {
		struct descriptor d = { 0 };

		if (list->n >= most)
			return err_set(e, ERR_LIMIT, "more than %zu of them in one list", most);
		if (json_object(&d, j, &descriptor_table, e) < 0)
			return -1;
		if (str_eq(d.platform.os, STR("unknown")) &&
		    str_eq(d.platform.arch, STR("unknown")))
			d.attestation = true;
		if (vec_push(list, j->arena, e, d) < 0)
			return -1;
	}
	return r;
}

static int read_layers(void *out, struct json *j, struct err *e)
{
	struct manifest_seen *s = out;

	s->has_layers = true;
	if (read_list(&s->m.layers, LIMIT_LAYERS, j, e) < 0)
		return err_within(e, "layers");
	return 0;
}

static int read_manifests(void *out, struct json *j, struct err *e)
{
	struct manifest_seen *s = out;

	s->has_manifests = true;
	if (read_list(&s->m.manifests, LIMIT_INDEX_ENTRIES, j, e) < 0)
		return err_within(e, "manifests");
	return 0;
}

static const struct json_field manifest_fields[] = {
	{ JSON_FIELD("schemaVersion", JSON_AS_U64, struct manifest_seen, m.schema) },
	{ JSON_FIELD("mediaType", JSON_AS_STR, struct manifest_seen, m.media_type) },
	{ JSON_FIELD("artifactType", JSON_AS_STR, struct manifest_seen, m.artifact_type) },
	{ .name = STR_INIT("config"), .as = JSON_AS_CALL, .read = read_config },
	{ .name = STR_INIT("layers"), .as = JSON_AS_CALL, .read = read_layers },
	{ .name = STR_INIT("manifests"), .as = JSON_AS_CALL, .read = read_manifests },
};
static const struct json_table manifest_table = { .noun = "manifest",
						  .fields = manifest_fields,
						  .n = COUNT(manifest_fields) };

static const struct {
	str media_type;
	bool is_index;
} manifest_types[] = {
	{ STR_INIT("application/vnd.oci.image.manifest.v1+json"), false },
	{ STR_INIT("application/vnd.docker.distribution.manifest.v2+json"), false },
	{ STR_INIT("application/vnd.oci.image.index.v1+json"), true },
	{ STR_INIT("application/vnd.docker.distribution.manifest.list.v2+json"), true },
};

/* image-spec v1.1, manifest.md: a text that could be both is ambiguous and is nobody's image. */
static int check_kind(struct manifest_seen *s, struct err *e)
{
	if (s->m.schema != 2)
		return err_set(e, ERR_UNSUPPORTED,
			       "a manifest of schema %llu is not read, only of schema 2",
			       (unsigned long long)s->m.schema);
	s->m.is_index = s->has_manifests;
	if (s->has_manifests == (s->has_config && s->has_layers) ||
	    (s->has_manifests && (s->has_config || s->has_layers)))
		return err_set(e, ERR_CORRUPT, "neither a manifest nor an index of manifests");
	for (size_t i = 0; i < COUNT(manifest_types) && s->m.media_type.n; i++) {
		if (!str_eq(manifest_types[i].media_type, s->m.media_type))
			continue;
		if (manifest_types[i].is_index == s->m.is_index)
			return 0;
		return err_set(e, ERR_CORRUPT, "its media type \"" STR_FMT "\" is not what it is",
			       STR_ARG(s->m.media_type));
	}
	if (s->m.media_type.n)
		return err_set(e, ERR_UNSUPPORTED, "manifests of type \"" STR_FMT "\" are not read",
			       STR_ARG(str_first(s->m.media_type, 120)));
	return 0;
}

int manifest_parse(struct manifest *out, str text, struct arena *a, struct err *e)
{
	struct manifest_seen seen = { 0 };

	if (json_object_whole(&seen, text, &manifest_table, a, e) < 0 || check_kind(&seen, e) < 0)
		return -1;
	*out = seen.m;
	return 0;
}

static const struct json_field docker_fields[] = {
	{ JSON_FIELD("Config", JSON_AS_STR, struct docker_entry, config), .required = true },
	{ JSON_FIELD("RepoTags", JSON_AS_STRS, struct docker_entry, tags) },
	{ JSON_FIELD("Layers", JSON_AS_STRS, struct docker_entry, layers) },
};
static const struct json_table docker_table = { .noun = "image of manifest.json",
						.fields = docker_fields,
						.n = COUNT(docker_fields),
						.size = sizeof(struct docker_entry) };

int docker_manifest_parse(struct docker_list *out, str text, struct arena *a, struct err *e)
{
	struct docker_list list = { 0 };
	struct json j;
	int r;

	json_init(&j, text, a);
	if (json_enter_array(&j, e) < 0)
		return -1;
	while ((r = json_array_next(&j, e)) > 0) {
		struct docker_entry entry = { 0 };

		if (list.n >= LIMIT_INDEX_ENTRIES)
			return err_set(e, ERR_LIMIT, "more than %d images in one archive",
				       LIMIT_INDEX_ENTRIES);
		if (json_object(&entry, &j, &docker_table, e) < 0)
			return -1;
		if (entry.layers.n > LIMIT_LAYERS)
			return err_set(e, ERR_LIMIT, "more than %d layers", LIMIT_LAYERS);
		if (vec_push(&list, a, e, entry) < 0)
			return -1;
	}
	if (r < 0 || json_end(&j, e) < 0)
		return -1;
	*out = list;
	return 0;
}

static int read_labels(void *out, struct json *j, struct err *e)
{
	struct label_list *labels = out;
	int kind = json_peek(j, e), r;
	struct label l;

	if (kind < 0 || kind == JSON_NULL)
		return kind < 0 ? -1 : json_null(j, e);
	if (json_enter_object(j, e) < 0)
		return -1;
	while ((r = json_object_next(&l.key, j, e)) > 0)
		if (json_str(&l.value, j, e) < 0 || vec_push(labels, j->arena, e, l) < 0)
			return -1;
	return r;
}

static const struct json_field run_fields[] = {
	{ JSON_FIELD("User", JSON_AS_STR, struct image, user) },
	{ JSON_FIELD("WorkingDir", JSON_AS_STR, struct image, working_dir) },
	{ JSON_FIELD("Env", JSON_AS_STRS, struct image, env) },
	{ JSON_FIELD("Entrypoint", JSON_AS_STRS, struct image, entrypoint) },
	{ JSON_FIELD("Cmd", JSON_AS_STRS, struct image, cmd) },
	{ JSON_FIELD("Labels", JSON_AS_CALL, struct image, labels), .read = read_labels },
};
static const struct json_table run_table = { .noun = "config",
					     .fields = run_fields,
					     .n = COUNT(run_fields) };

static const struct json_field history_fields[] = {
	{ JSON_FIELD("created", JSON_AS_STR, struct history, created) },
	{ JSON_FIELD("created_by", JSON_AS_STR, struct history, created_by) },
	{ JSON_FIELD("comment", JSON_AS_STR, struct history, comment) },
	{ JSON_FIELD("author", JSON_AS_STR, struct history, author) },
	{ JSON_FIELD("empty_layer", JSON_AS_BOOL, struct history, empty_layer) },
};
static const struct json_table history_table = { .noun = "history",
						 .fields = history_fields,
						 .n = COUNT(history_fields),
						 .size = sizeof(struct history) };

struct rootfs {
	str type;
	struct str_list diff_ids;
};

static const struct json_field rootfs_fields[] = {
	{ JSON_FIELD("type", JSON_AS_STR, struct rootfs, type) },
	{ JSON_FIELD("diff_ids", JSON_AS_STRS, struct rootfs, diff_ids), .required = true },
};
static const struct json_table rootfs_table = { .noun = "rootfs",
						.fields = rootfs_fields,
						.n = COUNT(rootfs_fields) };

static int read_rootfs(void *out, struct json *j, struct err *e)
{
	struct image *img = out;
	struct rootfs fs = { 0 };

	if (json_object(&fs, j, &rootfs_table, e) < 0)
		return -1;
	if (fs.type.n && !str_eq(fs.type, STR("layers")))
		return err_set(e, ERR_UNSUPPORTED, "a root file system of type \"" STR_FMT "\"",
			       STR_ARG(str_first(fs.type, 60)));
	if (fs.diff_ids.n > LIMIT_LAYERS)
		return err_set(e, ERR_LIMIT, "more than %d layers", LIMIT_LAYERS);
	vec_each (id, &fs.diff_ids) {
		struct layer l = { 0 };

		if (digest_parse(&l.diff_id, *id, e) < 0)
			return err_within(e, "diff_ids");
		if (vec_push(&img->layers, j->arena, e, l) < 0)
			return -1;
	}
	return 0;
}

static const struct json_field config_fields[] = {
	{ JSON_FIELD("created", JSON_AS_STR, struct image, created) },
	{ JSON_FIELD("os", JSON_AS_STR, struct image, platform.os) },
	{ JSON_FIELD("architecture", JSON_AS_STR, struct image, platform.arch) },
	{ JSON_FIELD("variant", JSON_AS_STR, struct image, platform.variant) },
	{ .name = STR_INIT("config"), .as = JSON_AS_OBJECT, .table = &run_table },
	{ .name = STR_INIT("rootfs"), .as = JSON_AS_CALL, .read = read_rootfs, .required = true },
	{ JSON_FIELD("history", JSON_AS_OBJECTS, struct image, history), .table = &history_table },
};
static const struct json_table config_table = { .noun = "configuration",
						.fields = config_fields,
						.n = COUNT(config_fields) };

/* image-spec v1.1, config.md: the entries that are no empty_layer are those of the layers. */
static void match_history(struct image *img)
{
	size_t made = 0, at = 0;

	vec_each (h, &img->history)
		made += !h->empty_layer;
	if (made != img->layers.n)
		return; /* it tells of other layers */
	vec_each (h, &img->history) {
		if (h->empty_layer)
			continue;
		img->layers.v[at].created_by = h->created_by;
		img->layers.v[at++].comment = h->comment;
	}
}

int image_config_parse(struct image *img, str text, struct arena *a, struct err *e)
{
	if (json_object_whole(img, text, &config_table, a, e) < 0)
		return -1;
	match_history(img);
	img->config = text;
	return 0;
}

static const struct {
	str media_type;
	enum layer_coding coding;
	const char *why; /* not read */
} layer_types[] = {
	/* clang-format off */
	{ STR_INIT("application/vnd.oci.image.layer.v1.tar"),		 LAYER_PLAIN, NULL },
	{ STR_INIT("application/vnd.oci.image.layer.v1.tar+gzip"),	 LAYER_GZIP, NULL },
	{ STR_INIT("application/vnd.oci.image.layer.v1.tar+zstd"),	 LAYER_ZSTD, NULL },
	{ STR_INIT("application/vnd.docker.image.rootfs.diff.tar"),	 LAYER_PLAIN, NULL },
	{ STR_INIT("application/vnd.docker.image.rootfs.diff.tar.gzip"), LAYER_GZIP, NULL },
	{ STR_INIT("application/vnd.docker.image.rootfs.diff.tar.zstd"), LAYER_ZSTD, NULL },
	{ STR_INIT("application/vnd.docker.image.rootfs.foreign.diff.tar"),
	  LAYER_PLAIN, "a foreign layer, which is not part of the image" },
	{ STR_INIT("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
	  LAYER_GZIP, "a foreign layer, which is not part of the image" },
	/* clang-format on */
};

int layer_media_type(enum layer_coding *coding, const char **why, str media_type)
{
	*coding = LAYER_PLAIN;
	if (str_ends(media_type, STR("+encrypted"))) {
		*why = "an encrypted layer";
		return 0;
	}
	if (str_starts(media_type, STR("application/vnd.oci.image.layer.nondistributable."))) {
		*why = "a nondistributable layer, which is not part of the image";
		return 0;
	}
	*why = "a layer of a type that is not read";
	for (size_t i = 0; i < COUNT(layer_types); i++) {
		if (!str_eq(layer_types[i].media_type, media_type))
			continue;
		*coding = layer_types[i].coding;
		*why = layer_types[i].why;
		return !layer_types[i].why;
	}
	return 0;
}

bool image_config_media_type_ok(str media_type)
{
	return str_eq(media_type, STR("application/vnd.oci.image.config.v1+json")) ||
	       str_eq(media_type, STR("application/vnd.docker.container.image.v1+json"));
}
