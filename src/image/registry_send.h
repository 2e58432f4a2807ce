/* Requests to a registry as they are really made: redirects followed without telling other hosts
 * who asks, busy servers asked again within bounds, broken transfers continued. For registry.c. */
#pragma once

#include "base/buf.h"
#include "image/surroundings.h"
#include "net/request.h"

/* Where an answer's body goes: into memory, or on to a descriptor. */
struct sink {
	struct buf *buf; /* emptied for each try; NULL: fd */
	int fd;
	uint64_t size; /* bytes that fd is to get */
	uint64_t done; /* bytes it got, over all tries */
	uint64_t skip; /* of this answer, which has from its beginning what fd has already */
	bool begun;
	char said[200]; /* the beginning of an answer that is no success */
	size_t nsaid;
};

struct sender {
	struct requester *http;
	const struct surroundings *around;
	struct arena *arena; /* of one job */
};

/* Sends q (its .from, .body, .ctx and TLS are set here) until there is an answer that another try
 * would not change: 0 and *out; -1 and *e. */
int send_request(struct answer *out, struct sender *s, struct request *q, struct sink *to,
		 struct err *e) MUST_CHECK;
