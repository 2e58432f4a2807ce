#include "tap.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "flow/cache.h"

/* A directory of its own for each test. */
struct place {
	char path[64];
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void place_free(struct place *p)
{
	nftw(p->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct place place_new(void)
{
	struct place p = { "/tmp/plimsoll-test-XXXXXX" };

	if (!mkdtemp(p.path))
		abort();
	return p;
}

static int facts_into(int fd, struct hash_key key, const struct digest *id, size_t fill,
		      struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	CLEANUP(buf_free)
	struct buf bytes = { 0 };
	struct facts f = { .key = key, .diff_id = *id, .bytes = 5, .files = fill };
	uint64_t *marks = arena_array(&a, uint64_t, fill);

	if (!marks)
		return err_nomem(e);
	for (size_t i = 0; i < fill; i++)
		marks[i] = 2 * i;
	f.paths = marks;
	f.npaths = fill;
	if (facts_write(&bytes, &f, e) < 0)
		return -1;
	return fd_write(fd, buf_str(&bytes), e);
}

static struct digest id_of(int n)
{
	struct digest d = { 0 };
	struct err e;
	char text[16];

	snprintf(text, sizeof(text), "%d", n);
	if (digest_of(&d, DIGEST_SHA256, str_of(text), &e) < 0)
		abort();
	return d;
}

static int keep(struct cache *c, int n, size_t fill, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = -1;
	struct digest id = id_of(n);

	if (cache_temporary(&fd, c, e) < 0 || facts_into(fd, cache_key(c), &id, fill, e) < 0)
		return -1;
	return cache_put(c, fd, &id, e);
}

static int got(struct cache *c, int n)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	struct digest id = id_of(n);
	struct facts f;
	struct err e = { 0 };

	return cache_get(&f, c, &id, &a, &e);
}

TEST(what_was_kept_is_found_again_and_nothing_else)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	struct err e;
	struct stat st;
	char sub[96];

	snprintf(sub, sizeof(sub), "%s/a/b", p.path);
	CHECK(cache_open(&c, str_of(sub), 0, &e) == 0);
	CHECK(stat(sub, &st) == 0 && (st.st_mode & 0777) == 0700);
	CHECK(got(c, 1) == 0);
	CHECK(keep(c, 1, 10, &e) == 0 && keep(c, 1, 10, &e) == 0);
	CHECK(got(c, 1) == 1 && got(c, 2) == 0);
}

TEST(facts_hashed_with_another_key_are_not_taken)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	CLEANUP(cache_closep)
	struct cache *again = NULL;
	CLEANUP(cache_closep)
	struct cache *other = NULL;
	struct err e;
	char key[96];

	snprintf(key, sizeof(key), "%s/key", p.path);
	CHECK(cache_open(&c, str_of(p.path), 0, &e) == 0 && keep(c, 1, 10, &e) == 0);
	CHECK(cache_open(&again, str_of(p.path), 0, &e) == 0);
	CHECK(hash_key_eq(cache_key(c), cache_key(again)) && got(again, 1) == 1);
	CHECK(truncate(key, 3) == 0);
	CHECK(cache_open(&other, str_of(p.path), 0, &e) == 0);
	CHECK(!hash_key_eq(cache_key(c), cache_key(other)) && got(other, 1) == 0);
}

TEST(a_cache_of_others_is_not_used)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	struct err e;

	CHECK(chmod(p.path, 0777) == 0);
	CHECK(cache_open(&c, str_of(p.path), 0, &e) == -1 && e.kind == ERR_DENIED);
	CHECK(cache_open(&c, STR("/proc/no/such"), 0, &e) == -1);
}

static int for_the_entry(const char *path, int (*change)(const char *path))
{
	char command[256], file[256] = "";
	FILE *f;

	snprintf(command, sizeof(command), "ls -d %s/facts/* 2>/dev/null", path);
	f = popen(command, "r");
	if (!f || !fgets(file, sizeof(file), f))
		file[0] = '\0';
	if (f)
		pclose(f);
	file[strcspn(file, "\n")] = '\0';
	return change(file);
}

static int flip_bit(const char *path)
{
	CLEANUP(fd_closep)
	int fd = open(path, O_RDWR);
	char byte;

	if (fd < 0 || pread(fd, &byte, 1, 100) != 1)
		return -1;
	byte ^= 1;
	return pwrite(fd, &byte, 1, 100) == 1 ? 0 : -1;
}

static int cut_short(const char *path)
{
	return truncate(path, 50);
}

static int make_empty(const char *path)
{
	return truncate(path, 0);
}

static int must_be_gone(const char *path)
{
	return path[0] ? -1 : 0;
}

TEST(a_damaged_entry_is_removed_and_read_again)
{
	int (*const damages[])(const char *) = { flip_bit, cut_short, make_empty };

	for (size_t i = 0; i < COUNT(damages); i++) {
		CLEANUP(place_free)
		struct place p = place_new();
		CLEANUP(cache_closep)
		struct cache *c = NULL;
		struct err e;

		CHECK(cache_open(&c, str_of(p.path), 0, &e) == 0 && keep(c, 1, 10, &e) == 0);
		CHECK(for_the_entry(p.path, damages[i]) == 0);
		CHECK(got(c, 1) == 0);
		CHECK(for_the_entry(p.path, must_be_gone) == 0);
		CHECK(keep(c, 1, 10, &e) == 0 && got(c, 1) == 1);
	}
}

TEST(an_entry_under_another_name_is_not_believed)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	CLEANUP(fd_closep)
	int fd = -1;
	struct digest one = id_of(1), two = id_of(2);
	struct err e;

	CHECK(cache_open(&c, str_of(p.path), 0, &e) == 0);
	CHECK(cache_temporary(&fd, c, &e) == 0 && facts_into(fd, cache_key(c), &one, 3, &e) == 0);
	CHECK(cache_put(c, fd, &two, &e) == 0);
	CHECK(got(c, 2) == 0);
}

TEST(pairs_are_known_only_when_noted)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	struct digest one = id_of(1), two = id_of(2);
	struct err e;

	CHECK(cache_open(&c, str_of(p.path), 0, &e) == 0);
	CHECK(!cache_pair_known(c, STR("sha256:aa"), &one));
	CHECK(cache_pair_note(c, STR("sha256:aa"), &one, &e) == 0);
	CHECK(cache_pair_known(c, STR("sha256:aa"), &one));
	CHECK(!cache_pair_known(c, STR("sha256:aa"), &two));
	CHECK(!cache_pair_known(c, STR("sha256:ab"), &one));
}

static int age(const char *path, int n, int seconds)
{
	char file[256], text[DIGEST_TEXT];
	struct digest id = id_of(n);
	struct timespec times[2] = { { .tv_sec = 1000000 - seconds },
				     { .tv_sec = 1000000 - seconds } };

	snprintf(file, sizeof(file), "%s/facts/sha256-%s.%d", path,
		 digest_text(text, &id).p + strlen("sha256:"), ANALYSER);
	return utimensat(AT_FDCWD, file, times, 0);
}

TEST(a_full_cache_drops_what_was_used_longest_ago)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	struct err e;

	CHECK(cache_open(&c, str_of(p.path), 50000, &e) == 0);
	for (int i = 0; i < 6; i++) {
		CHECK(keep(c, i, 1000, &e) == 0); /* 8 KB each */
		CHECK(age(p.path, i, 100 - i) == 0);
	}
	CHECK(cache_trim(c, &e) == 0 && got(c, 0) == 1); /* and is now the newest */
	CHECK(keep(c, 6, 1000, &e) == 0 && cache_trim(c, &e) == 0);
	CHECK(got(c, 0) == 1 && got(c, 6) == 1 && got(c, 5) == 1);
	CHECK(got(c, 1) == 0 && got(c, 2) == 0);
}

/* Eight processes put, get and trim the same entries; none may ever see a broken one. */
static int hammer(const char *path, int seed)
{
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	struct err e;

	if (cache_open(&c, str_of(path), 60000, &e) < 0)
		return 1;
	for (int i = 0; i < 150; i++) {
		int n = (i * 7 + seed) % 12;

		if (keep(c, n, 1000, &e) < 0 || got(c, (n + 5) % 12) < 0)
			return 2;
		if (i % 10 == 0 && cache_trim(c, &e) < 0)
			return 3;
	}
	return 0;
}

TEST(eight_writers_at_once_do_no_harm)
{
	CLEANUP(place_free)
	struct place p = place_new();
	CLEANUP(cache_closep)
	struct cache *c = NULL;
	pid_t pids[8];
	struct err e;
	int found = 0;

	fflush(stdout);
	for (int i = 0; i < 8; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(hammer(p.path, i));
	}
	for (int i = 0; i < 8; i++) {
		int status;

		CHECK(waitpid(pids[i], &status, 0) == pids[i]);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	CHECK(cache_open(&c, str_of(p.path), 0, &e) == 0);
	for (int n = 0; n < 12; n++) {
		CHECK(got(c, n) >= 0);
		found += got(c, n);
	}
	CHECK(found > 0);
}

TEST_MAIN
