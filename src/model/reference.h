/* What people call an image: [DOMAIN/]PATH[:TAG][@DIGEST], by the grammar of the distribution
 * project's "reference" and the habits of Docker and Podman. */
#pragma once

#include "base/arena.h"
#include "model/digest.h"

struct reference {
	str domain; /* "docker.io", "localhost", "registry:5000"; empty when it was not written */
	str path;   /* "library/alpine", "org/app" */
	str tag;    /* empty when it was not written */
	struct digest digest;
};

/* Borrows text; nothing is filled in. ERR_USAGE when it is none. */
int reference_parse(struct reference *out, str text, struct err *e) MUST_CHECK;
/* The same with what Docker leaves out written down: docker.io/library/NAME:latest. */
int reference_full(str *out, const struct reference *r, struct arena *a, struct err *e) MUST_CHECK;
/* How well the full name of an image in a store ("localhost/app:1") answers what was asked: 0 not
 * at all; 1 some registry's (the same path's end and tag, no domain asked for); 2 localhost's; 3
 * exactly, or what Docker would take it for. */
int reference_rank(const struct reference *asked, str full_name);
