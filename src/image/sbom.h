/* A bill of materials as the source of a scan: its text → the image it tells of and what is in it.
 * Readers for CycloneDX JSON 1.2 to 1.6 and SPDX JSON 2.2 and 2.3, of our own making and others'.
 * What a document lists and we cannot carry is a reason, counted. */
#pragma once

#include "image/description.h"
#include "net/role.h"

struct sbom {
	struct description described; /* layers as far as the document names them */
	struct inventory inventory;
};

/* Whether a file that begins so may be one. */
bool sbom_claims(str head);
/* Borrows text. ERR_UNSUPPORTED for documents of other kinds and versions. */
int sbom_read(struct sbom *out, str text, struct arena *a, struct err *e) MUST_CHECK;

/* The stable form, for frames; what is read back is hostile and checked. Copies nothing: `bytes`
 * must live on. */
int sbom_write(struct buf *out, const struct sbom *s, struct err *e) MUST_CHECK;
int sbom_wire_read(struct sbom *out, str bytes, struct arena *a, struct err *e) MUST_CHECK;

/* The worker's role "sbom": the first descriptor is the document; no job. */
int sbom_role(struct buf *result, const struct role_task *task, struct arena *a,
	      struct err *e) MUST_CHECK;
