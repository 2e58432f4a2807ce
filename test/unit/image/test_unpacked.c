#include "tap.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "base/limits.h"
#include "format/tar.h"
#include "image/tarsplit.h"
#include "image/tar_write.h"
#include "image/unpacked.h"

struct place {
	char path[64];
	int dir;
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void place_free(struct place *p)
{
	fd_closep(&p->dir);
	nftw(p->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const struct place *p, const char *name, str text)
{
	CLEANUP(fd_closep)
	int fd = openat(p->dir, name, O_WRONLY | O_CREAT, 0640);
	struct err e;

	if (fd < 0 || fd_write(fd, text, &e) < 0)
		abort();
}

#define LONG_NAME                                                                               \
	"long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-" \
	"long-long-long-long-long-long"

static struct place place_new(void)
{
	struct place p = { "/tmp/plimsoll-test-XXXXXX", -1 };

	if (!mkdtemp(p.path))
		abort();
	p.dir = open(p.path, O_RDONLY | O_DIRECTORY);
	if (p.dir < 0 || mkdirat(p.dir, "d", 0755) < 0 || mkdirat(p.dir, "b", 0700) < 0)
		abort();
	put(&p, "d/file", STR("hello"));
	put(&p, "d/" LONG_NAME, STR("x"));
	put(&p, "a", STR(""));
	if (symlinkat("../d/file", p.dir, "b/link") < 0 ||
	    symlinkat("/etc/passwd", p.dir, "out") < 0 || symlinkat("d", p.dir, "dd") < 0 ||
	    mkfifoat(p.dir, "fifo", 0600) < 0)
		abort();
	return p;
}

/* The walk's archive as lines: kind, path, size, target. */
static int walk_lines(struct buf *lines, const struct place *p, struct reason_list *reasons,
		      struct arena *a, struct err *e)
{
	CLEANUP(fd_closep)
	int to = open("/tmp", O_RDWR | O_TMPFILE, 0600);
	CLEANUP(tar_closep)
	struct tar *tar = NULL;
	const struct unpacked u = { .to = to, .reasons = reasons, .arena = a };
	struct blob whole = { .fd = to };
	struct blob_stream s;
	struct tar_entry entry;
	struct stat st;
	char window[512];
	int r;

	if (to < 0 || unpacked_walk(&u, p->dir, e) < 0 || fstat(to, &st) < 0)
		return -1;
	whole.size = (uint64_t)st.st_size;
	blob_stream_init(&s, &whole, window, sizeof(window));
	if (tar_open(&tar, &s.s, e) < 0)
		return -1;
	while ((r = tar_next(tar, &entry, e)) > 0)
		buf_printf(lines, "%d " STR_FMT " %llu " STR_FMT "\n", entry.kind,
			   STR_ARG(entry.path), (unsigned long long)entry.size,
			   STR_ARG(entry.target));
	return r;
}

TEST(a_tree_becomes_an_archive_in_a_fixed_order)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf lines = { 0 };
	struct reason_list reasons = { 0 };
	struct err e;

	CHECK(walk_lines(&lines, &p, &reasons, &a, &e) == 0);
	CHECK_STR(buf_str(&lines), STR("0 a 0 \n"
				       "1 b 0 \n"
				       "2 b/link 0 ../d/file\n"
				       "1 d 0 \n"
				       "0 d/file 5 \n"
				       "0 d/" LONG_NAME " 1 \n"
				       "2 dd 0 d\n"
				       "6 fifo 0 \n"
				       "2 out 0 /etc/passwd\n"));
	CHECK(reasons.n == 0);
}

TEST(directories_nested_too_deep_are_said_to_be_unread)
{
	CLEANUP(place_free)
	struct place p = { "/tmp/plimsoll-test-XXXXXX", -1 };
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf lines = { 0 };
	struct reason_list reasons = { 0 };
	struct err e;

	CHECK(mkdtemp(p.path) != NULL);
	p.dir = open(p.path, O_RDONLY | O_DIRECTORY);
	int at = dup(p.dir);

	for (int i = 0; i < LIMIT_DIRECTORY_DEPTH + 2; i++) {
		CHECK(mkdirat(at, "d", 0700) == 0);
		int next = openat(at, "d", O_RDONLY | O_DIRECTORY);

		close(at);
		at = next;
	}
	close(at);
	CHECK(walk_lines(&lines, &p, &reasons, &a, &e) == 0);
	CHECK(reasons.n == 1 && reasons.v[0].code == REASON_UNREADABLE);
	CHECK(str_starts(reasons.v[0].where, STR("d/d/d/")));
}

TEST(no_name_leads_out_of_a_directory)
{
	static const struct {
		const char *name;
		bool plain, rooted; /* whether it opens */
	} rows[] = {
		{ "d/file", true, true },
		{ "dd/file", false, true },
		{ "b/link", false, false },
		{ "out", false, false },
		{ "../etc/passwd", false, false },
		{ "/etc/passwd", false, false },
		{ "d", false, false },
		{ "fifo", false, false },
		{ "none", false, false },
		{ "", false, false },
		{ "d/../a", false, true },
		{ "./a", true, true },
	};
	CLEANUP(place_free)
	struct place p = place_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(fd_closep)
		int one = -1;
		CLEANUP(fd_closep)
		int two = -1;
		CLEANUP(fd_closep)
		int three = -1;
		struct err e;
		str name = str_of(rows[i].name);
		int plain = beneath_open(&one, p.dir, name, BENEATH_NO_LINKS, &e);
		int rooted = beneath_open(&two, p.dir, name, BENEATH_ROOTED, &e);
		int steps = beneath_open_stepwise(&three, p.dir, name, &e);

		/* a ".." that stays inside is no danger, but the steps take none */
		bool dots = str_has(name, STR(".."));

		if (((plain == 0) != rows[i].plain && !dots) || (rooted == 0) != rows[i].rooted ||
		    (steps == 0) != rows[i].plain)
			printf("# %s: %d %d %d\n", rows[i].name, plain, rooted, steps);
		CHECK((plain == 0) == rows[i].plain || dots);
		CHECK((rooted == 0) == rows[i].rooted);
		CHECK((steps == 0) == rows[i].plain);
	}
}

static int join(struct buf *out, const struct place *p, const struct buf *frames, struct err *e)
{
	CLEANUP(fd_closep)
	int from = open("/tmp", O_RDWR | O_TMPFILE, 0600);
	CLEANUP(fd_closep)
	int to = open("/tmp", O_RDWR | O_TMPFILE, 0600);

	if (from < 0 || to < 0 || fd_write(from, buf_str(frames), e) < 0 ||
	    lseek(from, 0, SEEK_SET) < 0)
		return -1;
	if (tarsplit_join(to, from, p->dir, e) < 0 || lseek(to, 0, SEEK_SET) < 0)
		return -1;
	return fd_read(out, to, 1 << 20, e);
}

static int put_frame(void *ctx, enum tarsplit_kind kind, str bytes, uint64_t size, struct err *e)
{
	(void)e;
	tarsplit_frame(ctx, kind, bytes, size);
	return 0;
}

static int from_list(struct buf *out, const struct place *p, const char *list, struct err *e)
{
	CLEANUP(buf_free)
	struct buf frames = { 0 };
	struct memory_stream s;

	memory_stream_init(&s, str_of(list));
	if (tarsplit_read(&s.s, put_frame, &frames, e) < 0)
		return -1;
	tarsplit_frame(&frames, TARSPLIT_END, STR(""), 0);
	return join(out, p, &frames, e);
}

TEST(an_archive_is_put_together_again_from_its_list)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(buf_free)
	struct buf out = { 0 };
	struct err e;

	CHECK(from_list(
		      &out, &p,
		      "{\"type\":2,\"payload\":\"PDwxPj4=\",\"position\":0}\n"
		      "{\"type\":1,\"name\":\"./d/file\",\"size\":5,\"payload\":\"AAAA\",\"position\":1}\n"
		      "{\"type\":1,\"name\":\"a\",\"payload\":null,\"position\":2}\n"
		      "{\"type\":2,\"payload\":\"PDwyPj4=\",\"position\":3}\n"
		      "{\"type\":1,\"name_raw\":\"ZGQvZmlsZQ==\",\"size\":5,\"payload\":\"\"}\n",
		      &e) == 0);
	CHECK_STR(buf_str(&out), STR("<<1>>hello<<2>>hello"));
}

static const struct list_row {
	const char *list;
	enum err_kind kind;
} bad_lists[] = {
	{ "{\"type\":1,\"name\":\"d/file\",\"size\":6}\n", ERR_CORRUPT },
	{ "{\"type\":1,\"name\":\"none\",\"size\":6}\n", ERR_MISSING },
	{ "{\"type\":1,\"name\":\"../../etc/passwd\",\"size\":6}\n", ERR_MISSING },
	{ "{\"type\":1,\"name\":\"out\",\"size\":6}\n", ERR_DENIED },
	{ "{\"type\":1,\"name\":\"fifo\",\"size\":6}\n", ERR_UNSUPPORTED },
	{ "{\"type\":1,\"size\":6}\n", ERR_LIMIT },
	{ "{\"type\":3}\n", ERR_UNSUPPORTED },
	{ "{\"type\":2,\"payload\":\"!\"}\n", ERR_CORRUPT },
	{ "{\"type\":2,\"payload\":\"AA==\"\n", ERR_CORRUPT },
	{ "{}\n", ERR_CORRUPT },
};

TEST(a_list_that_lies_is_refused)
{
	CLEANUP(place_free)
	struct place p = place_new();

	for (size_t i = 0; i < COUNT(bad_lists); i++) {
		CLEANUP(buf_free)
		struct buf out = { 0 };
		struct err e;

		CHECK(from_list(&out, &p, bad_lists[i].list, &e) == -1);
		if (e.kind != bad_lists[i].kind)
			printf("# %s%d %s\n", bad_lists[i].list, e.kind, e.text);
		CHECK(e.kind == bad_lists[i].kind);
	}
}

TEST(frames_that_make_no_sense_are_refused)
{
	CLEANUP(place_free)
	struct place p = place_new();

	for (int i = 0; i < 4; i++) {
		CLEANUP(buf_free)
		struct buf frames = { 0 };
		CLEANUP(buf_free)
		struct buf out = { 0 };
		struct err e;

		buf_u8(&frames, i == 0 ? 9 : TARSPLIT_RAW);
		buf_u64(&frames, 0);
		buf_u32(&frames, i == 1 ? TARSPLIT_FRAME_MOST + 1 : i == 2 ? 5 : 0);
		CHECK(join(&out, &p, &frames, &e) == -1 && e.kind == ERR_CORRUPT);
	}
}

TEST(large_sizes_and_long_links_go_into_pax)
{
	CLEANUP(buf_free)
	struct buf out = { 0 };
	CLEANUP(tar_closep)
	struct tar *tar = NULL;
	struct memory_stream s;
	struct tar_entry entry;
	struct err e;
	char link[300];

	memset(link, 'x', sizeof(link));
	tar_write_head(&out,
		       &(struct tar_head){ .path = STR("l"), .type = '2', .link = { link, 300 } });
	tar_write_head(&out, &(struct tar_head){
				     .path = STR("big"), .type = '0', .size = (uint64_t)20 << 30 });
	memory_stream_init(&s, buf_str(&out));
	CHECK(tar_open(&tar, &s.s, &e) == 0);
	CHECK(tar_next(tar, &entry, &e) == 1 && entry.target.n == 300);
	CHECK(tar_next(tar, &entry, &e) == 1 && entry.size == (uint64_t)20 << 30);
}

TEST_MAIN
