/* A store made of a few feeds, in a directory of its own. */
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "feed/builder.h"
#include "feed/parse.h"
#include "tap.h"

static const int64_t test_latest = 1800000000; /* 2027-01-15 */

struct test_dir {
	char path[64];
};

static inline struct test_dir test_dir_make(void)
{
	struct test_dir d = { "/tmp/plimsoll-feed-XXXXXX" };

	if (!mkdtemp(d.path))
		d.path[0] = 0;
	return d;
}

static inline void test_dir_remove(struct test_dir *d)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", d->path);
	if (d->path[0] && system(command) != 0)
		printf("# %s stays\n", d->path);
}

/* Parses and adds one feed; false and a line when that fails. */
static inline bool test_feed(struct builder *b, const char *name, enum feed_format format, str text)
{
	struct feed_origin o = { str_of(name), STR("https://example.org/feed"), STR("CC0-1.0"),
				 STR("sha256:00"), 1700000000 };
	struct buf frames = BUF(0);
	struct feed_sink sink;
	struct err e;
	bool ok;

	sink_init(&sink, &frames, name, test_latest);
	ok = feed_parse(&sink, format, text, &e) == 0 && builder_add(b, &o, &frames, &e) == 0;
	if (!ok)
		printf("# %s: %s\n", name, e.text);
	buf_free(&frames);
	return ok;
}

static inline bool test_file_read(struct buf *out, const char *path)
{
	CLEANUP(fd_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct err e;

	return fd >= 0 && fd_read(out, fd, BUF_MOST / 2, &e) == 0;
}
