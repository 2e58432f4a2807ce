/* Several layers read at once, each by a worker of its own, in threads that only wait and carry
 * bytes. */
#pragma once

#include "catalog/layer.h"
#include "flow/cache.h"
#include "flow/scan.h"
#include "image/open.h"

/* One layer to be read. The caller fills in the first part and frees with layer_tasks_free. */
struct layer_task {
	struct layer_job job; /* but for its descriptors */
	struct layer_input input;
	size_t number; /* of the layer, for messages */

	int facts; /* file of facts, not checked yet */
	int result;	/* 0, or -1 and err */
	struct err err;
	bool again;  /* a pipe was not enough: hard links want what has gone by */
	bool unsent; /* its registry did not send it whole */
	bool died; /* the worker did, so what it read is to blame and not the source */
	struct arena arena; /* for the reasons */
	struct reason_list reasons; /* files of a directory that could not be read */
	bool uncached; /* the facts could not be written where the cache is */
};

/* Reads them all. -1 and *e only when no thread could be started; each task has its own outcome. */
int layers_read(struct layer_task *tasks, size_t n, struct cache *cache,
		const struct scan_options *o, struct scan_progress *p, struct err *e) MUST_CHECK;
void layer_task_free(struct layer_task *t);

/* A nameless file for what is only needed now: in the cache, or where temporary files go. */
int scratch_open(int *fd, struct cache *cache, struct err *e) MUST_CHECK;
