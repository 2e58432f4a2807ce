/* The pass over a layer, against what it cannot do without.
 *
 *	bench_layer ratio LAYER		the whole pass; inflating and hashing alone, in one thread
 *and in two; ratios; memory bench_layer floor ARCHIVE	inflates and hashes every layer of an image
 *archive, nothing else, on as many cores as there are
 *	bench_layer walk TAR		entries/s and MB/s of our tar reader, and of libarchive if
 *built in bench_layer many N		writes a tar of N small files to standard output bench_layer
 *large BYTES		writes a tar of large, compressible, partly sparse files
 *
 * LAYER is a .tar, .tar.gz or .tar.zst. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "catalog/intake.h"
#include "format/gzip.h"
#include "format/tar.h"
#include "format/zstd.h"

#include "bench_libarchive.h"

static int open_layer(struct layer_job *job, const char *path, uint64_t offset, uint64_t size)
{
	char head[4] = { 0 };
	struct stat st;

	*job = (struct layer_job){ .fd = open(path, O_RDONLY | O_CLOEXEC), .scratch = -1 };
	if (job->fd < 0 || fstat(job->fd, &st) < 0 ||
	    pread(job->fd, head, sizeof(head), (off_t)offset) != sizeof(head))
		return -1;
	job->offset = offset;
	job->size = size ? size : (uint64_t)st.st_size;
	job->coding = gzip_claims((str){ head, 4 })   ? LAYER_GZIP
		      : zstd_claims((str){ head, 4 }) ? LAYER_ZSTD
						      : LAYER_PLAIN;
	job->digest.kind =
		DIGEST_SHA256; /* so that it is computed; what it should be is not known */
	return 0;
}

static double seconds_since(int64_t ticks)
{
	return (double)(clock_ticks() - ticks) / 1e9;
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* --- the floor ------------------------------------------------------------------------------- */

/* Reads, inflates and hashes in this thread: the least that any pass must do. */
struct single {
	struct stream s;
	const struct layer_job *job;
	uint64_t at;
	struct hasher *hash;
	char room[256 << 10];
};

static int single_more(struct stream *s, struct err *e)
{
	struct single *in = (struct single *)s;
	size_t want = (size_t)MIN((uint64_t)sizeof(in->room), in->job->size - in->at);
	ssize_t n = pread(in->job->fd, in->room, want, (off_t)(in->job->offset + in->at));

	if (n < 0)
		return err_sys(e, "cannot read");
	in->at += (uint64_t)n;
	s->window = (str){ in->room, (size_t)n };
	hasher_feed(in->hash, s->window);
	return n > 0;
}

static int floor_drain(struct stream *from, struct hasher *hash, uint64_t *bytes, struct err *e)
{
	int r;

	while ((r = stream_fill(from, e)) > 0) {
		if (hash)
			hasher_feed(hash, from->window);
		*bytes += from->window.n;
		stream_take(from, from->window.n);
	}
	return r;
}

static int floor_single(const struct layer_job *job, struct digest *of_stored, uint64_t *bytes,
			struct err *e)
{
	CLEANUP(hasher_freep)
	struct hasher *stored = NULL;
	CLEANUP(hasher_freep)
	struct hasher *plain = NULL;
	CLEANUP(gzip_closep)
	struct gzip *g = NULL;
	CLEANUP(zstd_closep)
	struct zstd *z = NULL;
	struct single *in = calloc(1, sizeof(*in));
	struct stream *from = &in->s;
	struct digest d;
	int r = -1;

	*in = (struct single){ .s.more = single_more, .job = job };
	if (hasher_new(&stored, DIGEST_SHA256, e) == 0 && hasher_new(&plain, DIGEST_SHA256, e) == 0)
		r = job->coding == LAYER_GZIP	? gzip_open(&g, from, UINT64_MAX - 1, e)
		    : job->coding == LAYER_ZSTD ? zstd_open(&z, from, UINT64_MAX - 1, e)
						: 0;
	in->hash = stored;
	from = g ? gzip_bytes(g) : z ? zstd_bytes(z) : from;
	if (r == 0)
		r = floor_drain(from, g || z ? plain : NULL, bytes, e);
	if (r == 0)
		r = hasher_end(of_stored, stored, e) < 0 ? -1 : hasher_end(&d, plain, e);
	free(in);
	return r;
}

static int floor_double(const struct layer_job *job, uint64_t *bytes, struct err *e)
{
	CLEANUP(intake_freep)
	struct intake *in = NULL;
	struct intake_end end;

	if (intake_start(&in, job, e) < 0 || floor_drain(intake_bytes(in), NULL, bytes, e) < 0)
		return -1;
	return intake_finish(&end, in, e);
}

static int pass(const struct layer_job *job, uint64_t *files, uint64_t *bytes, struct err *e)
{
	CLEANUP(path_set_free)
	struct path_set paths = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(256 * MIB);
	CLEANUP(fd_closep)
	int scratch = -1;
	struct layer_job with = *job;
	struct facts f;

	if (fd_temporary(&scratch, AT_FDCWD, "/tmp", e) < 0)
		return -1;
	with.scratch = scratch;
	if (layer_read(&f, &paths, &with, &a, e) < 0)
		return -1;
	*files = f.files;
	*bytes = f.bytes;
	for (size_t i = 0; i < f.reasons.n && i < 5; i++)
		printf("  reason: " STR_FMT " " STR_FMT "\n", STR_ARG(f.reasons.v[i].where),
		       STR_ARG(f.reasons.v[i].text));
	return 0;
}

struct took {
	double wall, cpu;
};

static struct took least(struct took a, struct took b)
{
	return a.wall > 0 && a.wall < b.wall ? a : b;
}

static int ratio(const char *path)
{
	struct took one = { 0 }, two = { 0 }, whole = { 0 };
	uint64_t files = 0, bytes = 0, ignored = 0;
	struct layer_job job;
	struct digest d;
	struct rusage u;
	struct err e;

	if (open_layer(&job, path, 0, 0) < 0)
		return perror(path), 1;
	if (floor_single(&job, &job.digest, &ignored, &e) < 0)
		return fprintf(stderr, "%s\n", e.text), 1;
	for (int i = 0; i < 3; i++) {
		double cpu = cpu_seconds();
		int64_t from = clock_ticks();

		if (pass(&job, &files, &bytes, &e) < 0)
			return fprintf(stderr, "%s\n", e.text), 1;
		if (i == 0)
			getrusage(RUSAGE_SELF, &u);
		whole = least(whole, (struct took){ seconds_since(from), cpu_seconds() - cpu });
		cpu = cpu_seconds();
		from = clock_ticks();
		if (floor_single(&job, &d, &ignored, &e) < 0)
			return fprintf(stderr, "%s\n", e.text), 1;
		one = least(one, (struct took){ seconds_since(from), cpu_seconds() - cpu });
		cpu = cpu_seconds();
		from = clock_ticks();
		if (floor_double(&job, &ignored, &e) < 0)
			return fprintf(stderr, "%s\n", e.text), 1;
		two = least(two, (struct took){ seconds_since(from), cpu_seconds() - cpu });
	}
	printf("layer                     %.1f MB stored, %.1f MB inside, %llu entries\n",
	       (double)job.size / 1e6, (double)bytes / 1e6, (unsigned long long)files);
	printf("pass                      %.3f s wall, %.3f s cpu, peak %ld MiB\n", whole.wall,
	       whole.cpu, u.ru_maxrss / 1024);
	printf("inflate and hash, 1 thread  %.3f s wall, %.3f s cpu\n", one.wall, one.cpu);
	printf("inflate and hash, 2 threads %.3f s wall, %.3f s cpu\n", two.wall, two.cpu);
	printf("pass / floor              wall %.2f (2 threads) %.2f (1 thread), cpu %.2f\n",
	       whole.wall / two.wall, whole.wall / one.wall, whole.cpu / one.cpu);
	return 0;
}

/* --- all layers of an archive ----------------------------------------------------------------- */

struct blobs {
	const char *path;
	struct {
		uint64_t offset, size;
	} v[1024];
	size_t n;
	atomic_size_t next;
	atomic_bool failed;
};

/* Everything in the archive that is a layer by its first bytes. */
static int blobs_find(struct blobs *b, struct err *e)
{
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	CLEANUP(fd_closep)
	int fd = open(b->path, O_RDONLY | O_CLOEXEC);
	struct memory_stream m;
	struct tar_entry en;
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "cannot open %s", b->path);
	char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return err_sys(e, "cannot map %s", b->path);
	memory_stream_init(&m, (str){ p, (size_t)st.st_size });
	if (tar_open(&t, &m.s, e) < 0)
		return -1;
	while ((r = tar_next(t, &en, e)) > 0 && b->n < COUNT(b->v)) {
		str head = { p + en.data, (size_t)MIN(en.size, (uint64_t)512) };

		if (en.kind != TAR_FILE || en.sparse ||
		    !(gzip_claims(head) || zstd_claims(head) || tar_claims(head)))
			continue;
		b->v[b->n].offset = en.data;
		b->v[b->n++].size = en.size;
	}
	munmap(p, (size_t)st.st_size);
	return r;
}

static void *floor_thread(void *arg)
{
	struct blobs *b = arg;
	struct err e;

	for (size_t i; (i = b->next++) < b->n;) {
		struct layer_job job;
		struct digest d;
		uint64_t bytes = 0;

		if (open_layer(&job, b->path, b->v[i].offset, b->v[i].size) < 0 ||
		    floor_single(&job, &d, &bytes, &e) < 0)
			b->failed = true;
		fd_closep(&job.fd);
	}
	return NULL;
}

static int floor_archive(const char *source)
{
	static struct blobs b;
	long cores = MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
	const char *colon = strchr(source, ':');
	pthread_t threads[64];
	size_t n = 0;
	struct err e;

	b.path = colon ? colon + 1 : source;
	if (blobs_find(&b, &e) < 0)
		return fprintf(stderr, "%s\n", e.text), 1;
	for (; n < (size_t)cores && n < COUNT(threads); n++)
		if (pthread_create(&threads[n], NULL, floor_thread, &b))
			break;
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("%zu layers\n", b.n);
	return b.failed || n == 0;
}

/* --- walking --------------------------------------------------------------------------------- */

static int walk_ours(str bytes, uint64_t *entries, struct err *e)
{
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	struct memory_stream m;
	struct tar_entry en;
	int r;

	memory_stream_init(&m, bytes);
	if (tar_open(&t, &m.s, e) < 0)
		return -1;
	while ((r = tar_next(t, &en, e)) > 0)
		++*entries;
	return r;
}

static void walk_line(const char *name, int64_t from, uint64_t entries, size_t bytes)
{
	double took = seconds_since(from);

	printf("%-12s %9.0f entries/s %9.0f MB/s (%llu entries)\n", name, (double)entries / took,
	       (double)bytes / 1e6 / took, (unsigned long long)entries);
}

static int walk(const char *path)
{
	CLEANUP(fd_closep)
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	struct err e;

	if (fd < 0 || fstat(fd, &st) < 0)
		return perror(path), 1;
	char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

	if (p == MAP_FAILED)
		return perror(path), 1;
	for (int i = 0; i < 3; i++) {
		str bytes = { p, (size_t)st.st_size };
		int64_t from = clock_ticks();
		uint64_t entries = 0;

		if (walk_ours(bytes, &entries, &e) < 0)
			return fprintf(stderr, "%s\n", e.text), 1;
		walk_line("ours", from, entries, bytes.n);
		from = clock_ticks();
		entries = 0;
		if (walk_libarchive(bytes.p, bytes.n, &entries))
			walk_line("libarchive", from, entries, bytes.n);
	}
	return 0;
}

/* --- generators ------------------------------------------------------------------------------ */

static void header(char block[512], char type, uint64_t size)
{
	unsigned sum = 0;

	memcpy(block + 100, "0000644\0000000000\0000000000", 24);
	snprintf(block + 124, 12, "%011llo", (unsigned long long)size);
	memcpy(block + 136, "07346545000", 12);
	memset(block + 148, ' ', 8);
	block[156] = type;
	memcpy(block + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)block[i];
	snprintf(block + 148, 8, "%06o", sum & 0777777);
}

static void put(const void *p, size_t n)
{
	if (fwrite(p, 1, n, stdout) != n) {
		perror("standard output");
		exit(1);
	}
}

static void put_end(void)
{
	static const char zeros[1024];

	put(zeros, sizeof(zeros));
	if (fflush(stdout))
		exit(1);
}

static int many(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		char block[1024] = { 0 };

		snprintf(block, 100, "opt/data/d%03llu/d%03llu/file-%llu.txt",
			 (unsigned long long)(i / 1000 / 1000),
			 (unsigned long long)(i / 1000 % 1000), (unsigned long long)i);
		snprintf(block + 512, 512, "this is file number %llu\n", (unsigned long long)i);
		header(block, '0', strlen(block + 512));
		put(block, sizeof(block));
	}
	put_end();
	return 0;
}

/* Files of 64 MiB: lines of text, then zeros, then bytes that hardly compress. */
static int large(uint64_t total)
{
	static char part[64 << 20];
	uint64_t x = 88172645463325252u;
	size_t at = 0;

	while (at < sizeof(part) / 2) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		at += (size_t)snprintf(part + at, sizeof(part) - at,
				       "2026-01-01 %08x request served in %u ms\n",
				       (unsigned)(x >> 40), (unsigned)(x >> 60));
	}
	for (size_t i = sizeof(part) - sizeof(part) / 16; i < sizeof(part); i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		part[i] = (char)(x >> 56);
	}
	for (uint64_t i = 0; i * sizeof(part) < total; i++) {
		char block[512] = { 0 };

		snprintf(block, 100, "srv/large-%llu.bin", (unsigned long long)i);
		header(block, '0', sizeof(part));
		put(block, sizeof(block));
		put(part, sizeof(part));
	}
	put_end();
	return 0;
}

int main(int argc, char **argv)
{
	str what = argc == 3 ? str_of(argv[1]) : STR_NONE;
	uint64_t n = 0;

	if (str_eq(what, STR("ratio")))
		return ratio(argv[2]);
	if (str_eq(what, STR("floor")))
		return floor_archive(argv[2]);
	if (str_eq(what, STR("walk")))
		return walk(argv[2]);
	if (str_eq(what, STR("many")) && str_u64(str_of(argv[2]), &n))
		return many(n);
	if (str_eq(what, STR("large")) && str_u64(str_of(argv[2]), &n))
		return large(n);
	fprintf(stderr, "usage: bench_layer ratio|floor|walk FILE | many|large NUMBER\n");
	return 1;
}
