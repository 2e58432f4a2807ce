/* What the worker's role "image" answers: the image, and where the bytes of each layer are. */
#pragma once

#include "base/buf.h"
#include "model/image.h"

struct place {
	uint64_t offset, size; /* in the archive */
	str name;   /* the file that holds it, or the layer's id in a store; empty in an archive */
	str unread; /* why this layer is not read: "an encrypted layer"; empty when it is */
};

struct description {
	struct image image;
	VEC(struct place) places; /* one for each of image.layers */
};

/* The stable form, for frames. What is read back borrows `bytes` and is hostile: counts are
 * bounded, enums in range, names as they were given. */
int description_write(struct buf *out, const struct description *d, struct err *e) MUST_CHECK;
int description_read(struct description *out, str bytes, struct arena *a, struct err *e) MUST_CHECK;

/* What the role is asked: the kind of source, which image in it, for which platform. */
enum describe_kind {
	DESCRIBE_ARCHIVE, /* Docker's or OCI's, by what is in it */
	DESCRIBE_DOCKER_ARCHIVE,
	DESCRIBE_OCI_ARCHIVE,
	DESCRIBE_OCI,	/* a directory */
	DESCRIBE_STORE, /* containers-storage: podman, buildah, CRI-O */
	DESCRIBE_CONTAINER, /* one of its containers: the image, and what changed since */
	DESCRIBE_REGISTRY,
	DESCRIBE_CONTAINERD,
	DESCRIBE_KIND_COUNT_,
};

struct describe_job {
	enum describe_kind kind;
	str tag; /* which image: a tag, a reference, an id; empty when there is but one */
	struct digest digest; /* which manifest; DIGEST_NONE: not said */
	struct platform platform;
};

void describe_job_write(struct buf *out, const struct describe_job *job);
int describe_job_read(struct describe_job *out, str bytes, struct err *e) MUST_CHECK;
