/* From the files of an image to its description: which image in the source is meant, its manifest,
 * configuration and layers, each checked against the digest that names it. No I/O but `files`. */
#pragma once

#include "image/description.h"
#include "image/files.h"
#include "image/manifest.h"

/* ERR_USAGE when several images might be meant (they are listed), ERR_MISSING when none is,
 * ERR_UNSUPPORTED when it is for another platform, ERR_CORRUPT when a digest is wrong. */
int describe(struct description *out, const struct describe_job *job, struct files *f,
	     struct arena *a, struct err *e) MUST_CHECK;

/* The parts, one for each kind of source; what they share. */
struct describer {
	const struct describe_job *job;
	struct files *files;
	struct arena *arena;
	struct description *out;
};

int describe_docker(struct describer *d, struct err *e) MUST_CHECK;
int describe_oci(struct describer *d, struct err *e) MUST_CHECK;
int describe_store(struct describer *d, struct err *e) MUST_CHECK;
int describe_container(struct describer *d, struct err *e) MUST_CHECK;
int describe_registry(struct describer *d, struct err *e) MUST_CHECK;
int describe_containerd(struct describer *d, struct err *e) MUST_CHECK;
/* From one descriptor, an index or a manifest, down to the image that is meant. */
int describe_follow(struct describer *d, const struct descriptor *start, struct err *e) MUST_CHECK;

/* Reads the configuration and refuses it when it is for another platform. */
int describe_config(struct describer *d, str text, struct err *e) MUST_CHECK;
/* Puts manifest's layers beside those of the configuration. */
int describe_layers(struct describer *d, const struct manifest *m, struct err *e) MUST_CHECK;
/* The words of one that is not the one asked for. */
int describe_other_platform(const struct describer *d, str have, struct err *e);
/* "linux/arm64/v8" */
int platform_text(str *out, const struct platform *p, struct arena *a, struct err *e) MUST_CHECK;
