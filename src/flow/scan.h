/* From the words a user writes to an inventory: the source is opened, its layers are read by jailed
 * workers or taken from the cache, and merged. Nothing here matches or judges. */
#pragma once

#include "image/surroundings.h"
#include "model/image.h"

struct scan_progress {
	size_t layers;	/* of the image; 0 while it is not known yet */
	size_t done;	/* read, or taken from the cache */
	size_t reading; /* at this moment */
};

struct scan_options {
	str source;		  /* "oci:DIR:TAG", "docker-archive:FILE", a path, … */
	struct platform platform; /* what must be there; .os empty: this machine's */
	str cache_dir;		  /* see scan_cache_dir; empty: nothing is kept */
	uint64_t cache_most;	  /* bytes it may hold; 0: CACHE_MOST_BYTES */
	unsigned jobs;		  /* layers read at once; 0: one for each core */
	bool unjailed;		  /* workers run without their jail */
	const struct surroundings *around; /* NULL: nothing is known of them */
	const char *worker;	  /* the worker's program; NULL: beside this one */
	/* Called from several threads, never two at once; or NULL. */
	void (*progress)(void *ctx, const struct scan_progress *p);
	void *progress_ctx;
};

struct scan_result {
	struct image image;
	struct inventory inventory; /* sorted by package_cmp; .layer indexes image.layers */
	struct str_list notes;	    /* for people, on stderr: "the cache is full", … */
	size_t layers_read;	    /* by a worker, this time */
	size_t layers_cached;	    /* known from an earlier scan */
};

/* Reads the image. All of *out lives in `a`. What could not be read inside it is a reason in the
 * inventory; -1 and *e only when there is no image to speak of: ERR_USAGE for words that name no
 * source, ERR_MISSING, ERR_CORRUPT when a digest is not what it should be, ERR_UNSUPPORTED for
 * other platforms and things that are no image. Encrypted and foreign layers are reasons. */
int scan_image(struct scan_result *out, const struct scan_options *o, struct arena *a,
	       struct err *e) MUST_CHECK;

/* Where layers' facts are kept when the user does not say: /var/cache/plimsoll for root, else
 * $XDG_CACHE_HOME/plimsoll or $HOME/.cache/plimsoll, whose values the caller passes in (empty:
 * not set). *out is empty when there is no such place. */
int scan_cache_dir(str *out, bool is_root, str xdg_cache_home, str home, struct arena *a,
		   struct err *e) MUST_CHECK;
