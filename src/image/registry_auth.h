/* Answering a registry that asks who is there: Basic, or a token from the server that the registry
 * names (distribution's "Token Authentication Specification"), for nobody, by password, or by
 * refresh token. */
#pragma once

#include "image/credentials.h"
#include "image/registry.h"
#include "image/registry_host.h"

struct registry_auth {
	const struct registry_options *options;
	struct registry_host host;
	str repository; /* as the registry has it */
	bool mirror;	/* what the user gave by hand is not for its owner */
	int known; /* 1: credential is what is known of the user; 0: nothing is; -1: not asked yet
		    */
	struct credential credential;
	/* One request, redirects followed, tried again when the server is busy; by registry.c. */
	int (*send)(struct buf *body, struct answer *out, const struct request *q, void *ctx,
		    struct err *e);
	void *ctx;
};

/* What to put into Authorization after an answer with these challenges: 1 and *out, in the arena; 0
 * when there is nothing (more) to say; -1 and *e. */
int registry_auth_answer(str *out, struct registry_auth *au, str challenges, struct arena *a,
			 struct err *e) MUST_CHECK;
