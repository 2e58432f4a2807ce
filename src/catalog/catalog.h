/* Who asks for which file of a layer. A row is one reader; adding an ecosystem is a file with its
 * reader and a line in the table of catalog.c. Readers run in the jail, have no I/O but the blob,
 * and say what they found as evidence (model/facts.h). */
#pragma once

#include "base/blob.h"
#include "model/facts.h"

/* How much of a file a reader that goes by content is shown before it decides. */
#define CATALOG_HEAD 512

struct catalog_file {
	str path; /* in the layer, no leading '/' */
	uint64_t size;
	uint32_t mode;	     /* permission bits */
	struct blob content; /* all of it */
	str text;	     /* all of it in memory, for rows with `whole` set; else empty */
};

struct catalog_out {
	struct hash_key key; /* for the hashes of owned paths */
	struct evidence *evidence; /* path and reader are set already */
	struct reason_list *reasons; /* parts that could not be read: say so and go on */
	struct arena *arena;
};

/* What a row's packages mean. */
enum catalog_scope {
	CATALOG_INSTALLED, /* they are there */
	CATALOG_PROJECT,   /* a project asks for them: counts only where a project is scanned */
};

struct cataloger {
	str name; /* evidence's reader: "dpkg-status" */
	const char *const *globs; /* NULL-ended, str_glob patterns on the path; NULL: any path */
	bool (*claims)(str path, str head); /* decides by the first bytes; NULL: the path suffices */
	enum catalog_scope scope;
	bool whole;	/* wants .text */
	bool directory; /* wants directories, which have no content, and no files */
	uint64_t limit; /* a larger file is not read and REASON_TOO_LARGE says so */
	/* 0, or -1 and *e: the file is listed as REASON_UNREADABLE with e's text, and what was put
	 * into evidence so far is kept. */
	int (*read)(struct catalog_out *out, const struct catalog_file *f, struct err *e);
};

/* Rows that may want a file at this path, by index into the table; returns how many (at most
 * `most`). Rows with `claims` still have to be asked when the first bytes are there. */
size_t catalog_candidates(const struct cataloger **out, size_t most, str path, uint64_t size);

/* Whether the row of this name says what a project asks for. */
bool catalog_is_project(str reader);

/* Adds a package to the evidence: fills nothing in, copies nothing; 0 or -1 and *e. */
int catalog_add(struct catalog_out *out, const struct package *p, struct err *e) MUST_CHECK;
