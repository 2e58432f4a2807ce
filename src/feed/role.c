#include "feed/role.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/limits.h"
#include "format/bzip2.h"
#include "format/gzip.h"

struct mapping {
	str bytes;
};

static void unmap(struct mapping *m)
{
	if (m->bytes.n)
		munmap((void *)m->bytes.p, m->bytes.n);
}

static int map(struct mapping *m, int fd, struct err *e)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "the feed's file");
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return err_set(e, ERR_CORRUPT, "it is empty, or no file");
	if ((uint64_t)st.st_size > LIMIT_FEED_FILE_BYTES)
		return err_set(e, ERR_LIMIT, "it has more than %zu bytes", LIMIT_FEED_FILE_BYTES);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return err_sys(e, "the feed's file");
	m->bytes = (str){ p, (size_t)st.st_size };
	return 0;
}

static int inflate_all(struct buf *out, str packed, struct err *e)
{
	CLEANUP(gzip_closep)
	struct gzip *gz = NULL;
	struct memory_stream under;
	int r;

	memory_stream_init(&under, packed);
	if (gzip_open(&gz, &under.s, LIMIT_FEED_FILE_BYTES, e) < 0)
		return -1;
	struct stream *s = gzip_bytes(gz);

	while ((r = stream_fill(s, e)) > 0) {
		buf_put(out, s->window);
		stream_take(s, s->window.n);
	}
	return r < 0 ? -1 : buf_check(out, e);
}

int feed_file_parse(struct buf *frames, const struct feed_job *job, int fd, struct err *e)
{
	CLEANUP(unmap)
	struct mapping file = { 0 };
	CLEANUP(buf_free)
	struct buf plain = BUF(LIMIT_FEED_FILE_BYTES);
	struct feed_sink sink;
	char name[128];
	str text;

	if (map(&file, fd, e) < 0)
		return -1;
	text = file.bytes;
	if (bzip2_claims(str_first(text, 4))) {
		if (bzip2_unpack(&plain, text, e) < 0)
			return err_within(e, "unpacking");
		text = buf_str(&plain);
	} else if (gzip_claims(str_first(text, 4))) {
		if (inflate_all(&plain, text, e) < 0)
			return err_within(e, "unpacking");
		text = buf_str(&plain);
	}
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(job->name));
	sink_init(&sink, frames, name, job->latest);
	return feed_parse(&sink, job->format, text, e);
}

void feed_job_write(struct buf *out, const struct feed_job *job)
{
	buf_u32(out, (uint32_t)job->format);
	buf_u64(out, (uint64_t)job->latest);
	buf_lstr(out, job->name);
}

int feed_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf frames = BUF(0);
	struct reader r = reader_over(task->job);
	struct feed_job job;

	job.format = read_u32le(&r);
	job.latest = (int64_t)read_u64le(&r);
	job.name = read_lstr(&r);
	if (r.bad || reader_left(&r) || task->nfds != 2)
		return err_set(e, ERR_USAGE, "not a feed's job");
	if (feed_file_parse(&frames, &job, task->fds[0], e) < 0)
		return -1;
	return fd_write(task->fds[1], buf_str(&frames), e);
}
