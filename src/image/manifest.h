/* The JSON that describes images: OCI index and manifest (image-spec v1.1), Docker's schema 2 of
 * both, the image configuration, and the manifest.json of `docker save`. Bytes in, structs out,
 * which borrow them or the arena. */
#pragma once

#include "base/arena.h"
#include "model/image.h"

struct descriptor {
	str media_type;
	struct digest digest;
	uint64_t size;
	struct platform platform; /* .os empty: none said */
	str ref_name;		  /* org.opencontainers.image.ref.name */
	str full_name;		  /* io.containerd.image.name */
	bool attestation;	  /* says something about another one: not an image */
};

struct descriptor_list VEC_BODY(struct descriptor);

struct manifest {
	str media_type, artifact_type;
	uint64_t schema;
	struct descriptor config;
	struct descriptor_list layers;	  /* of a manifest */
	struct descriptor_list manifests; /* of an index */
	bool is_index;
};

/* A manifest or an index, told apart by what is in it. A media type that says otherwise, or an
 * older schema, is refused. */
int manifest_parse(struct manifest *out, str text, struct arena *a, struct err *e) MUST_CHECK;

/* One image of manifest.json. */
struct docker_entry {
	str config;
	struct str_list tags, layers; /* layers: names in the archive, lowest first */
};

struct docker_list VEC_BODY(struct docker_entry);

int docker_manifest_parse(struct docker_list *out, str text, struct arena *a,
			  struct err *e) MUST_CHECK;

/* Fills in what the configuration says: platform, history, environment, and a layer with its
 * diff_id and the history entry that made it for each rootfs.diff_ids. */
int image_config_parse(struct image *img, str text, struct arena *a, struct err *e) MUST_CHECK;

/* How a layer's media type says that it is stored: 1 and *coding; 0 when layers of this kind are
 * not read, and *why says why not. */
int layer_media_type(enum layer_coding *coding, const char **why, str media_type);
/* Whether a manifest's configuration is that of a container image. */
bool image_config_media_type_ok(str media_type);
