/* What went wrong: a kind that decides exit codes and retries, an errno, one line for people.
 * Lives on the caller's stack and never allocates. */
#pragma once

#include "base/str.h"

enum err_kind {
	ERR_NONE,
	ERR_IO,		 /* the system refused or failed: see .sys */
	ERR_CORRUPT,	 /* the bytes are not what their format or digest says */
	ERR_LIMIT,	 /* a named limit of base/limits.h was met */
	ERR_UNSUPPORTED, /* well formed, but of a kind we do not read */
	ERR_DENIED,	 /* not allowed, by the system or by policy */
	ERR_MISSING,	 /* what was asked for is not there */
	ERR_USAGE,	 /* the caller's words are off */
	ERR_NOMEM,
};

#define ERR_TEXT_MAX 1024

struct err {
	enum err_kind kind;
	int sys; /* errno, or 0 */
	char text[ERR_TEXT_MAX];
};

/* All return -1, so that a failing function ends in one line. Text that does not fit is cut;
 * control characters that came from hostile names are shown as '?'. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);
int err_sys(struct err *e, const char *fmt, ...) PRINTF(2, 3); /* ERR_IO and errno's words */
int err_nomem(struct err *e);
/* Puts "where: " before the text that is there. */
int err_within(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* The word that stands for a kind in reports: "io", "corrupt", … */
const char *err_kind_word(enum err_kind kind);
/* The inverse; ERR_IO for a word it does not know. */
enum err_kind err_kind_of(str word);
