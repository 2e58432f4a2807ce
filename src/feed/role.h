/* Reading one feed's file: in this process, or as a worker's role. */
#pragma once

#include "feed/parse.h"
#include "net/role.h"

struct feed_job {
	str name; /* "osv/npm" */
	enum feed_format format;
	int64_t latest; /* as feed_sink.latest */
};

/* Maps the file, unpacks it if it is gzip, and parses it into frames. */
int feed_file_parse(struct buf *frames, const struct feed_job *job, int fd,
		    struct err *e) MUST_CHECK;

/* The role "feed": descriptor 0 is the file, 1 an empty one for the frames; the job is
 * feed_job_write's bytes, the result is empty. */
int feed_role(struct buf *result, const struct role_task *task, struct arena *a,
	      struct err *e) MUST_CHECK;
void feed_job_write(struct buf *out, const struct feed_job *job);
