/* By which name and secret a registry knows the user: what was given, else the files that `podman
 * login` and `docker login` write, else the credential helpers these name. */
#pragma once

#include "image/surroundings.h"

enum credential_kind {
	CREDENTIAL_PASSWORD,
	CREDENTIAL_IDENTITY, /* secret is a refresh token: it is exchanged, never sent as a password
			      */
	CREDENTIAL_BEARER,   /* secret is what follows "Bearer" */
};

struct credential {
	enum credential_kind kind;
	str user, secret;
	str from; /* where it was found, for messages */
};

/* For a repository of a registry ("docker.io", "library/alpine"): 1 and *out, in the arena; 0 when
 * nobody knows any; -1 and *e when a file is not what it should be or a helper fails. */
int credential_find(struct credential *out, str host, str repository, const struct surroundings *s,
		    struct arena *a, struct err *e) MUST_CHECK;

/* One such file, read. */
struct credential_entry {
	str key; /* HOST[:PORT][/NAMESPACE…], without what Docker writes around it */
	str auth, identity, registry_token, user, password;
};

struct credential_helper {
	str host, helper;
};

struct credential_file {
	VEC(struct credential_entry) auths;
	VEC(struct credential_helper) helpers;
	str store; /* the helper for all others */
};

int credential_file_parse(struct credential_file *out, str text, struct arena *a,
			  struct err *e) MUST_CHECK;
/* 1 and *out from `auths`, the longest key that the repository is under; 0 when there is none, and
 * then the helper that would know in *helper, or an empty str. */
int credential_file_find(struct credential *out, str *helper, const struct credential_file *f,
			 str host, str repository, struct arena *a, struct err *e) MUST_CHECK;
/* What a helper prints on `get`. */
int credential_helper_parse(struct credential *out, str text, struct arena *a,
			    struct err *e) MUST_CHECK;
