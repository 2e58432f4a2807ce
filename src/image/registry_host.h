/* A registry's address, and what the user's machine says about speaking to it. */
#pragma once

#include "image/surroundings.h"

struct registry_host {
	str name;   /* HOST[:PORT] as users write it */
	str base;   /* "https://registry-1.docker.io" */
	str prefix; /* of repositories' paths there: "" or "mirror/" */
	bool plain; /* without TLS, because the user said so */
};

/* Where requests for `domain` go. */
int registry_host(struct registry_host *out, str domain, const struct surroundings *s,
		  struct arena *a, struct err *e) MUST_CHECK;
/* The mirror that the user set for it: 1 and *out, or 0. */
int registry_mirror(struct registry_host *out, str domain, const struct surroundings *s,
		    struct arena *a, struct err *e) MUST_CHECK;

struct tls_files {
	str ca;	       /* PEM */
	str cert, key; /* paths */
};

/* HOST[:PORT]'s own certificates: the .crt, .cert and .key files of the first directory that has a
 * folder of that name. As containers-certs.d(5) and Docker have it. */
int tls_files_find(struct tls_files *out, str host, const struct surroundings *s, struct arena *a,
		   struct err *e) MUST_CHECK;

/* "https://a.example:444/x?y" → "https://a.example:444" and "a.example:444"; false for what is no
 * http or https URL, or has a user's name in it. */
bool url_origin(str *origin, str *host, str url);
