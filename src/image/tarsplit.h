/* tar-split: how container stores remember the exact archive that a layer was unpacked from. A list
 * of raw pieces (headers, padding) and of files whose contents lie in the unpacked directory.
 *
 * The worker reads the list; the parent gets it as frames through a pipe and puts the archive
 * together again. What the worker says is hostile: names are only opened beneath the directory. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "format/stream.h"

enum tarsplit_kind {
	TARSPLIT_RAW = 1, /* bytes of the archive */
	TARSPLIT_FILE,	  /* a file's content, `size` bytes of it */
	TARSPLIT_END,
};

#define TARSPLIT_FRAME_MOST (64 * (size_t)1024) /* bytes of a frame behind its header */

/* Reads the list (JSON, an entry a line) and calls `put` for each part: raw bytes, at most
 * TARSPLIT_FRAME_MOST at a time, or a file's name and size. 0 at the end of the list, or -1. */
int tarsplit_read(struct stream *list,
		  int (*put)(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size,
			     struct err *e),
		  void *ctx, struct err *e) MUST_CHECK;

/* One part as a frame: kind u8, size u64, length u32, bytes. */
void tarsplit_frame(struct buf *out, enum tarsplit_kind kind, str bytes, uint64_t size);

/* The parent's side: writes the archive to `to`, from the frames that come out of `frames` and the
 * files beneath `dir`. */
int tarsplit_join(int to, int frames, int dir, struct err *e) MUST_CHECK;
