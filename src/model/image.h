/* An image as its manifest and configuration describe it, whatever it was read from. */
#pragma once

#include "model/digest.h"
#include "model/package.h"

struct platform {
	str os, arch, variant; /* "linux" "arm64" "v8"; variant may be empty */
};

/* "linux/arm64/v8" → *out, borrowing text; ERR_USAGE when it is not so. */
int platform_parse(struct platform *out, str text, struct err *e) MUST_CHECK;
/* "have" satisfies "want": os and arch equal (aarch64 = arm64, x86_64 = amd64), variant equal or
 * not asked for, arm64 without variant = v8. */
bool platform_fits(const struct platform *have, const struct platform *want);
/* This machine's. */
struct platform platform_here(void);

enum layer_coding {
	LAYER_PLAIN,
	LAYER_GZIP,
	LAYER_ZSTD,
	LAYER_DIR, /* an unpacked directory, read as if it were an archive */
};

struct layer {
	struct digest digest;  /* of the bytes as stored; DIGEST_NONE when the store has none */
	struct digest diff_id; /* of the archive inside */
	uint64_t size;	       /* of the bytes as stored */
	enum layer_coding coding;
	str media_type;
	str created_by; /* the history entry that made it; empty when unknown */
	str comment;
};

struct history {
	str created_by, created, comment, author;
	bool empty_layer;
};

struct label {
	str key, value;
};

struct label_list VEC_BODY(struct label);

struct image {
	str source;	       /* "docker-archive", "oci", "podman", "dir", … */
	str name;	       /* what it is called there: tag or reference; may be empty */
	struct digest digest;  /* of the manifest; DIGEST_NONE for docker archives and directories */
	struct digest id;      /* of the configuration */
	struct platform platform;
	str created; /* RFC 3339 as written */
	VEC(struct layer) layers; /* lowest first */
	VEC(struct history) history;
	struct str_list env, entrypoint, cmd;
	struct label_list labels;
	str user, working_dir;
	str config; /* the configuration's bytes */
};
