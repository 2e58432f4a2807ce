/* One request to a server, one answer: for protocols that decide by status and header fields what
 * to ask next. Redirects are not followed here: whoever asks decides what may be told to another
 * host. TLS is always checked. libcurl is loaded when the first requester is made. */
#pragma once

#include "base/arena.h"

struct request {
	str url;
	str accept;	   /* media types, or empty */
	str authorization; /* the field's value, or empty */
	str form;	   /* what is posted; empty: GET */
	str unix_socket;   /* path of the server's socket; empty: TCP */
	str ca;		   /* certificates in PEM, trusted beside the system's; or empty */
	str client_cert, client_key; /* paths; or empty */
	uint64_t from;		     /* ask for what follows this byte (Range); 0: all */
	/* Gets the body as it comes; 0, or -1 and *e, which ends the transfer. */
	int (*body)(void *ctx, long status, str bytes, struct err *e);
	void *ctx;
};

/* Header fields that matter, of the last answer; each empty when it was not there. */
struct answer {
	long status;
	str challenges; /* WWW-Authenticate, one line each */
	str media_type, digest, retry_after, range, link, oci_subject;
	str redirect;	/* where a 3xx leads, as a whole URL */
	bool transient; /* after a -1: trying again may help */
};

struct requester;

int requester_new(struct requester **out, struct err *e) MUST_CHECK;
void requester_free(struct requester *r);
void requester_freep(struct requester **r);

/* 0 and *out (in the arena), whatever the status; -1 and *e when there is no whole answer, and then
 * what of *out is known. A requester keeps its connections for the next request. */
int request_send(struct answer *out, struct requester *r, const struct request *q, struct arena *a,
		 struct err *e) MUST_CHECK;
