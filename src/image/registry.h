/* Pulling from a registry: OCI distribution-spec v1.1, "Pull" and "Listing Referrers", with
 * Docker's token protocol. Bytes are carried, not looked into: what JSON a registry answers is read
 * by whoever `read` stands for, in a jail. Errors say what the user can do.
 *
 * A registry may be used by several threads at once. */
#pragma once

#include "base/buf.h"
#include "image/surroundings.h"
#include "model/reference.h"
#include "net/request.h"

enum registry_answer {
	REGISTRY_TOKEN, /* a token server's: one str, the token */
	REGISTRY_TAGS,	/* tags/list: the names */
	REGISTRY_ANSWER_COUNT_,
};

struct registry_options {
	const struct surroundings *around;
	/* Reads such an answer: 0 and what it says, in the arena, or -1 and *e. */
	int (*read)(void *ctx, struct str_list *out, enum registry_answer kind, str text,
		    struct arena *a, struct err *e);
	void *ctx;
};

struct registry;

/* Asks nothing yet. ref: [HOST/]PATH[:TAG][@DIGEST]; Docker Hub when it names no host. */
int registry_open(struct registry **out, str ref, const struct registry_options *o,
		  struct err *e) MUST_CHECK;
void registry_close(struct registry *r);
void registry_closep(struct registry **r);
/* The reference with everything written down; lives as long as the registry. */
str registry_name(const struct registry *r);
const struct reference *registry_reference(const struct registry *r);

/* A manifest or an index by digest, or, when `d` is DIGEST_NONE, by the reference's own tag. 0 and
 * its bytes; ERR_MISSING, with the tags that there are; ERR_DENIED; ERR_CORRUPT when it does not
 * have its digest (or the one that the registry itself says for a tag). */
int registry_manifest(struct buf *out, struct registry *r, const struct digest *d,
		      struct err *e) MUST_CHECK;

/* Writes a blob's bytes to `to` as they come; where a transfer breaks it goes on. Never more than
 * `size`, and as many or an error; the digest is for whoever reads them to check. EPIPE (e->sys)
 * when nobody does any more. */
int registry_blob(int to, struct registry *r, const struct digest *d, uint64_t size,
		  struct err *e) MUST_CHECK;

/* A small one (a configuration), whose size is not known: ERR_LIMIT past LIMIT_MANIFEST_BYTES. */
int registry_small_blob(int to, struct registry *r, const struct digest *d,
			struct err *e) MUST_CHECK;

struct referrers {
	struct str_list pages; /* indexes as they came; read them with manifest_parse, in a jail */
	bool fallback;	       /* the registry has no such API: this is the tag sha256-HEX */
};

/* What refers to a manifest: signatures, attestations, SBOMs. `type` asks for one artifact type, or
 * is empty. 0 and *out, without pages when nothing refers to it; -1 and *e when that is not known.
 */
int registry_referrers(struct referrers *out, struct registry *r, const struct digest *d, str type,
		       struct arena *a, struct err *e) MUST_CHECK;
