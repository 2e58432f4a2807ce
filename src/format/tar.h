/* tar archives, pulled entry by entry out of a stream: V7, ustar (POSIX.1-1988), PAX
 * (POSIX.1-2001), GNU long names, base-256 numbers, and sparse files old GNU and PAX 0.0, 0.1, 1.0.
 * Names are bytes: no locale, no conversion. */
#pragma once

#include "format/stream.h"

enum tar_kind {
	TAR_FILE,
	TAR_DIR,
	TAR_SYMLINK,
	TAR_HARDLINK,
	TAR_CHAR,
	TAR_BLOCK,
	TAR_FIFO,
	TAR_OTHER, /* of a type flag that nobody knows: content, if any, is that of a file */
};

struct tar_entry {
	str path;   /* without leading "/", "./", doubled "/" or trailing "/"; empty for the root */
	str target; /* symbolic links: as written; hard links: like path */
	enum tar_kind kind;
	bool refused; /* path (or hard link's target) has a ".." part: given as written, not to be
			 used */
	bool sparse;
	uint32_t mode;	       /* permission bits */
	uint32_t major, minor; /* devices */
	uint64_t uid, gid;
	int64_t mtime;
	uint64_t size;	 /* of the content with its holes */
	uint64_t header; /* where in the archive its header starts (for messages) */
	uint64_t data;	 /* where its content starts; contiguous there unless sparse */
};

struct tar;

/* `under` is borrowed and must live as long. 0 and *out (free: tar_close), or -1 and *e. */
int tar_open(struct tar **out, struct stream *under, struct err *e) MUST_CHECK;
/* The next entry: 1 and *out, whose strs live until the next call; 0 at the end (two zero blocks, a
 * lone one, or the end of the stream between entries); -1 and *e, with the offset, when it is
 * damaged or meets a limit; then the archive cannot be read further. What the caller left of the
 * content before is passed over. What stands after the end is not looked at. */
int tar_next(struct tar *t, struct tar_entry *out, struct err *e) MUST_CHECK;
/* The newest entry's content, holes as zeros; ERR_CORRUPT when the archive ends inside it. */
struct stream *tar_content(struct tar *t);
void tar_close(struct tar *t);
void tar_closep(struct tar **t);

/* Whether a 512-byte block is a header with a right checksum. */
bool tar_claims(str head);

/* Normalises a path as tar_entry.path is, in place: 0, or -1 when it has a ".." part. */
int tar_path_clean(char *p, size_t *n) MUST_CHECK;
