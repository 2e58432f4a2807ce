#include "image/role.h"

#include <sys/stat.h>

#include "base/fd.h"
#include "base/limits.h"
#include "format/gzip.h"
#include "format/zstd.h"
#include "image/archive.h"
#include "image/describe.h"
#include "image/tarsplit.h"

static int blob_over(struct blob *out, int fd, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "cannot look at the file");
	*out = (struct blob){ .fd = fd, .size = (uint64_t)st.st_size };
	return 0;
}

/* Files that the parent opens. */
struct asked_files {
	struct files files;
	int fds[LIMIT_ASKED_FILES];
	size_t n;
};

static int asked_find(struct files *f, struct blob *out, str name, struct err *e)
{
	struct asked_files *asked = (struct asked_files *)f;

	if (asked->n == COUNT(asked->fds))
		return err_set(e, ERR_LIMIT, "an image described in more than %d files",
			       LIMIT_ASKED_FILES);
	if (role_ask(&asked->fds[asked->n], name, e) < 0)
		return -1;
	return blob_over(out, asked->fds[asked->n++], e);
}

static void asked_free(struct asked_files *asked)
{
	for (size_t i = 0; i < asked->n; i++)
		fd_closep(&asked->fds[i]);
}

static int describe_asked(struct description *out, const struct describe_job *job, struct arena *a,
			  struct err *e)
{
	CLEANUP(asked_free) struct asked_files asked = { .files.find = asked_find };

	return describe(out, job, &asked.files, a, e);
}

static int describe_inside(struct description *out, const struct describe_job *job, int fd,
			   struct arena *a, struct err *e)
{
	struct archive ar;
	struct blob whole;

	if (blob_over(&whole, fd, e) < 0 || archive_open(&ar, &whole, a, e) < 0)
		return -1;
	return describe(out, job, &ar.files, a, e);
}

int image_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	struct description d;
	struct describe_job job;

	if (describe_job_read(&job, task->job, e) < 0)
		return -1;
	int r = task->nfds ? describe_inside(&d, &job, task->fds[0], a, e) :
			     describe_asked(&d, &job, a, e);

	return r < 0 ? -1 : description_write(result, &d, e);
}

static int copy_out(struct stream *s, int to, struct err *e)
{
	int r;

	while ((r = stream_fill(s, e)) > 0) {
		if (fd_write(to, s->window, e) < 0)
			return -1;
		stream_take(s, s->window.n);
	}
	return r;
}

int inflate_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	CLEANUP(gzip_closep) struct gzip *gz = NULL;
	CLEANUP(zstd_closep) struct zstd *zs = NULL;
	struct blob_stream stored;
	struct blob whole;
	char head_room[8], *room = arena_alloc(a, 256 * KIB);
	str head;

	(void)result;
	if (!room)
		return err_nomem(e);
	if (task->nfds != 2 || blob_over(&whole, task->fds[0], e) < 0 ||
	    blob_peek(&head, &whole, 0, head_room, sizeof(head_room), e) < 0)
		return -1;
	blob_stream_init(&stored, &whole, room, 256 * KIB);
	if (zstd_claims(head)) {
		if (zstd_open(&zs, &stored.s, LIMIT_ARCHIVE_BYTES, e) < 0)
			return -1;
		return copy_out(zstd_bytes(zs), task->fds[1], e);
	}
	if (gzip_open(&gz, &stored.s, LIMIT_ARCHIVE_BYTES, e) < 0)
		return -1;
	return copy_out(gzip_bytes(gz), task->fds[1], e);
}
