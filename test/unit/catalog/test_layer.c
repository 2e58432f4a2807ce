#include "tap.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_kit.h"
#include "base/fd.h"
#include "base/limits.h"
#include "catalog/layer.h"

struct reading {
	struct arena arena;
	struct path_set paths;
	struct facts facts;
	struct err err;
	int rc;
};

static void reading_free(struct reading *r)
{
	arena_free(&r->arena);
	path_set_free(&r->paths);
}

static int memory_file(str bytes)
{
	struct err e;
	int fd = memfd_create("layer", MFD_CLOEXEC);

	if (fd >= 0 && fd_write(fd, bytes, &e) < 0)
		fd_closep(&fd);
	return fd;
}

static struct layer_job job_of(str bytes, enum layer_coding coding)
{
	return (struct layer_job){ .size = bytes.n, .coding = coding, .scratch = -1 };
}

static struct reading read_job(str bytes, struct layer_job job, uint64_t fail_at)
{
	CLEANUP(fd_closep)
	int fd = memory_file(bytes);
	struct reading r = { .arena = ARENA(256 << 20) };

	job.fd = fd;
	r.arena.fail_at = fail_at;
	r.rc = layer_read(&r.facts, &r.paths, &job, &r.arena, &r.err);
	return r;
}

static struct reading read_plain(str bytes)
{
	return read_job(bytes, job_of(bytes, LAYER_PLAIN), 0);
}

static const struct evidence *evidence_at(const struct facts *f, const char *path)
{
	for (size_t i = 0; i < f->evidence.n; i++)
		if (str_eq(f->evidence.v[i].path, str_of(path)))
			return &f->evidence.v[i];
	return NULL;
}

static const struct reason *reason_at(const struct facts *f, enum reason_code code)
{
	for (size_t i = 0; i < f->reasons.n; i++)
		if (f->reasons.v[i].code == code)
			return &f->reasons.v[i];
	return NULL;
}

#define STATUS(name) \
	"Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n"
#define OS_RELEASE "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian\"\n"

static void sample(struct buf *b)
{
	KIT_ADD(b, '5', "./");
	KIT_ADD(b, '5', "./etc/");
	KIT_ADD(b, '0', "./usr/lib/os-release", .content = STR(OS_RELEASE));
	KIT_ADD(b, '2', "etc/os-release", "../usr/lib/os-release");
	KIT_ADD(b, '0', "var/lib/dpkg/status", .content = STR(STATUS("libc6") STATUS("bash")));
	KIT_ADD(b, '0', "bin/sh", .content = STR("#!"), .mode = 0755);
	KIT_ADD(b, '0', "etc/.wh.gone");
	KIT_ADD(b, '0', "opt/.wh..wh..opq");
	KIT_ADD(b, '0', ".wh.top");
	KIT_ADD(b, '0', "a/.wh..wh.plnk");
	kit_end(b);
}

static const char *sample_wrong(const struct reading *r)
{
	const struct evidence *os = evidence_at(&r->facts, "usr/lib/os-release");
	const struct evidence *dpkg = evidence_at(&r->facts, "var/lib/dpkg/status");
	const struct facts *f = &r->facts;

	if (!os || !str_eq(os->os.id, STR("debian")))
		return "os";
	if (!dpkg || dpkg->packages.n != 2 || !str_eq(dpkg->packages.v[1].name, STR("bash")))
		return "packages";
	if (f->whiteouts.n != 3 || !str_eq(f->whiteouts.v[0].path, STR("etc/gone")) ||
	    f->whiteouts.v[1].kind != WHITEOUT_OPAQUE ||
	    !str_eq(f->whiteouts.v[1].path, STR("opt")) ||
	    !str_eq(f->whiteouts.v[2].path, STR("top")))
		return "whiteouts";
	if (f->links.n != 1 || !str_eq(f->links.v[0].target, STR("../usr/lib/os-release")))
		return "links";
	if (!facts_has_file(f, STR("bin/sh")) || !facts_has_dir(f, STR("bin")) ||
	    !facts_has_dir(f, STR("var/lib")) || facts_has_file(f, STR("etc/.wh.gone")) ||
	    facts_has_file(f, STR("etc/gone")))
		return "paths";
	return f->reasons.n ? "reasons" : f->files != 10 ? "files" : NULL;
}

TEST(a_layer_is_read_in_every_coding)
{
	static void (*const pack[])(struct buf * to, str bytes) = { NULL, kit_gzip, kit_zstd };
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct err e;

	sample(&b);
	for (size_t i = 0; i < COUNT(pack); i++) {
		CLEANUP(buf_free)
		struct buf stored = BUF(1 << 20);
		enum layer_coding coding = LAYER_PLAIN + i;

		if (pack[i])
			pack[i](&stored, buf_str(&b));
		else
			buf_put(&stored, buf_str(&b));
		struct layer_job job = job_of(buf_str(&stored), coding);

		CHECK(digest_of(&job.digest, DIGEST_SHA256, buf_str(&stored), &e) == 0);
		CHECK(digest_of(&job.diff_id, DIGEST_SHA256, buf_str(&b), &e) == 0);
		for (int k = 0; k < 3; k++) {
			/* both digests known; the stored one of another kind; none */
			if (k == 1)
				CHECK(digest_of(&job.digest, DIGEST_SHA512, buf_str(&stored), &e) ==
				      0);
			struct digest diff_id = job.diff_id;

			if (k == 2)
				job.digest.kind = job.diff_id.kind = DIGEST_NONE;
			CLEANUP(reading_free)
			struct reading r = read_job(buf_str(&stored), job, 0);

			CHECK(r.rc == 0 && sample_wrong(&r) == NULL);
			CHECK(digest_eq(&r.facts.diff_id, &diff_id) && r.facts.bytes == b.n);
		}
	}
}

TEST(a_pipe_carries_a_layer_too)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct layer_job job = { .pipe = true, .coding = LAYER_DIR, .scratch = -1 };
	int ends[2];
	struct err e;

	sample(&b);
	KIT_ADD(&b, '0', "never/looked/at");
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	CHECK(fd_write(ends[1], buf_str(&b), &e) == 0);
	fd_closep(&ends[1]);
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(64 << 20) };

	job.fd = ends[0];
	r.rc = layer_read(&r.facts, &r.paths, &job, &r.arena, &r.err);
	fd_closep(&ends[0]);
	CHECK(r.rc == 0 && sample_wrong(&r) == NULL && r.facts.bytes == b.n);
}

TEST(a_wrong_digest_is_an_error_that_names_both)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf gz = BUF(1 << 20);
	char text[DIGEST_TEXT];

	sample(&b);
	kit_gzip(&gz, buf_str(&b));
	for (int k = 0; k < 2; k++) {
		struct layer_job job = job_of(buf_str(&gz), LAYER_GZIP);
		struct digest *d = k ? &job.diff_id : &job.digest;

		d->kind = DIGEST_SHA256;
		d->bytes[0] = 0xab;
		CLEANUP(reading_free)
		struct reading r = read_job(buf_str(&gz), job, 0);

		CHECK(r.rc == -1 && r.err.kind == ERR_CORRUPT);
		digest_text(text, d);
		CHECK(strstr(r.err.text, text) != NULL);
		CHECK(strstr(r.err.text, k ? "DiffID is sha256:" : "digest is sha256:") != NULL);
	}
}

TEST(what_a_broken_layer_gave_is_kept_and_the_rest_is_a_reason)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf gz = BUF(1 << 20);
	size_t whole;
	struct err e;

	sample(&b);
	whole = b.n - 1024; /* without the zero blocks */
	for (size_t n = 0; n < whole; n++) {
		CLEANUP(reading_free)
		struct reading r = read_plain(str_first(buf_str(&b), n));
		const struct reason *why = reason_at(&r.facts, REASON_LAYER_UNREADABLE);

		/* Between two entries nobody can tell. */
		CHECK(r.rc == 0 && (why || n % 512 == 0));
		CHECK(n < 7 * 512 || evidence_at(&r.facts, "usr/lib/os-release"));
	}
	kit_gzip(&gz, buf_str(&b));
	for (size_t n = 0; n < gz.n; n++) {
		struct layer_job job = job_of(str_first(buf_str(&gz), n), LAYER_GZIP);

		CLEANUP(reading_free)
		struct reading r = read_job(str_first(buf_str(&gz), n), job, 0);
		CHECK(r.rc == 0 && reason_at(&r.facts, REASON_LAYER_UNREADABLE));

		/* The same, vouched for by its digest; and with a DiffID that nothing proves. */
		CHECK(digest_of(&job.digest, DIGEST_SHA256, str_first(buf_str(&gz), n), &e) == 0);
		job.diff_id = (struct digest){ DIGEST_SHA256, { 1 } };
		CLEANUP(reading_free)
		struct reading s = read_job(str_first(buf_str(&gz), n), job, 0);
		CHECK(s.rc == 0 && digest_eq(&s.facts.diff_id, &job.diff_id));
		job.digest.kind = DIGEST_NONE;
		CLEANUP(reading_free)
		struct reading t = read_job(str_first(buf_str(&gz), n), job, 0);
		CHECK(t.rc == -1 && t.err.kind == ERR_CORRUPT);
	}
}

TEST(no_flipped_bit_of_a_layer_goes_unseen)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf gz = BUF(1 << 20);
	struct layer_job job;
	struct err e;

	sample(&b);
	kit_gzip(&gz, buf_str(&b));
	job = job_of(buf_str(&gz), LAYER_GZIP);
	CHECK(digest_of(&job.digest, DIGEST_SHA256, buf_str(&gz), &e) == 0);
	for (size_t i = 0; i < gz.n * 8; i += 5) {
		gz.p[i / 8] ^= (char)(1 << i % 8);
		CLEANUP(reading_free)
		struct reading r = read_job(buf_str(&gz), job, 0);

		gz.p[i / 8] ^= (char)(1 << i % 8);
		CHECK(r.rc == -1 && r.err.kind == ERR_CORRUPT);
	}
}

TEST(a_file_that_is_cut_short_is_an_error_by_its_digest)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct layer_job job;
	struct err e;

	sample(&b);
	job = job_of(buf_str(&b), LAYER_PLAIN);
	job.size += 100;
	CHECK(digest_of(&job.digest, DIGEST_SHA256, buf_str(&b), &e) == 0);
	job.digest.bytes[3] ^= 1;
	CLEANUP(reading_free)
	struct reading r = read_job(buf_str(&b), job, 0);

	CHECK(r.rc == -1 && strstr(r.err.text, "cut short") != NULL);
}

TEST(a_bomb_is_cut_at_the_limit_and_said)
{
	CLEANUP(buf_free)
	struct buf b = BUF(8 << 20);
	CLEANUP(buf_free)
	struct buf gz = BUF(8 << 20);
	static char zeros[4 << 20];
	struct layer_job job;

	KIT_ADD(&b, '0', "usr/lib/os-release", .content = STR(OS_RELEASE));
	KIT_ADD(&b, '0', "zeros", .content = { zeros, sizeof(zeros) });
	kit_end(&b);
	kit_gzip(&gz, buf_str(&b));
	for (int coding = LAYER_PLAIN; coding <= LAYER_GZIP; coding++) {
		str stored = buf_str(coding == LAYER_PLAIN ? &b : &gz);

		job = job_of(stored, coding);
		job.most = 1 << 20;
		CLEANUP(reading_free)
		struct reading r = read_job(stored, job, 0);

		CHECK(r.rc == 0 && reason_at(&r.facts, REASON_TOO_LARGE));
		CHECK(evidence_at(&r.facts, "usr/lib/os-release"));
	}
}

TEST(hostile_entries_are_reasons_and_nothing_else)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "../usr/lib/os-release", .content = STR(OS_RELEASE));
	KIT_ADD(&b, '2', "loop", "loop");
	KIT_ADD(&b, '3', "dev/sda", .major = 8);
	KIT_ADD(&b, '3', "gone");
	KIT_ADD(&b, 'Z', "strange");
	KIT_ADD(&b, '0', ".wh.");
	KIT_ADD(&b, '0', "etc/.wh...");
	KIT_ADD(&b, '0', "var/lib/dpkg/status", .content = STR("\0\1\2 not a status"));
	KIT_ADD(&b, '0', "after");
	kit_end(&b);
	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));

	CHECK(r.rc == 0 && r.facts.files == 9 && facts_has_file(&r.facts, STR("after")));
	CHECK(facts_has_file(&r.facts, STR("gone")) && r.facts.whiteouts.n == 0);
	CHECK(r.facts.links.n == 1 && !evidence_at(&r.facts, "usr/lib/os-release"));
	CHECK(reason_at(&r.facts, REASON_UNREADABLE) && reason_at(&r.facts, REASON_UNSUPPORTED));
	CHECK_STR(reason_at(&r.facts, REASON_UNREADABLE)->where, STR("../usr/lib/os-release"));

	struct layer_job job = job_of(buf_str(&b), LAYER_PLAIN);

	job.overlay = true;
	CLEANUP(reading_free)
	struct reading o = read_job(buf_str(&b), job, 0);

	CHECK(o.facts.whiteouts.n == 1 && !facts_has_file(&o.facts, STR("gone")));
	CHECK_STR(o.facts.whiteouts.v[0].path, STR("gone"));
}

TEST(hard_links_are_read_under_their_own_name)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "store/abc", .content = STR(OS_RELEASE));
	KIT_ADD(&b, '1', "usr/lib/os-release", "store/abc");
	KIT_ADD(&b, '1', "etc/os-release", "./store/abc");
	KIT_ADD(&b, '1', "bin/nobody-wants", "store/abc");
	KIT_ADD(&b, '1', "var/lib/dpkg/status", "not/in/this/layer");
	kit_end(&b);
	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));

	CHECK(r.rc == 0 && r.facts.evidence.n == 2);
	CHECK_STR(evidence_at(&r.facts, "usr/lib/os-release")->os.id, STR("debian"));
	CHECK(evidence_at(&r.facts, "etc/os-release") != NULL);
	CHECK(r.facts.reasons.n == 1);
	CHECK_STR(r.facts.reasons.v[0].where, STR("var/lib/dpkg/status"));
	CHECK(facts_has_file(&r.facts, STR("bin/nobody-wants")));
}

/* By their own entry, by a file's path alone, or by both; a file of such a name is none. */
TEST(directories_are_shown_to_those_who_want_them)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
#define STORE_HASH "h0cnbmfcn93xm5dg2x27ixhag1cwndg"

	KIT_ADD(&b, '5', "nix/store/" STORE_HASH "a-glibc-2.39/");
	KIT_ADD(&b, '0', "nix/store/" STORE_HASH "b-jq-1.7.1-bin/bin/jq", .content = STR("x"));
	KIT_ADD(&b, '0', "nix/store/" STORE_HASH "c-zlib-1.3/lib/z", .content = STR("x"));
	KIT_ADD(&b, '5', "nix/store/" STORE_HASH "c-zlib-1.3");
	KIT_ADD(&b, '0', "nix/store/" STORE_HASH "d-builder-1.0", .content = STR("x"));
	KIT_ADD(&b, '5', "nix/store/" STORE_HASH "e-source");
	kit_end(&b);

	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));
	size_t packages = 0;

	CHECK(r.rc == 0 && r.facts.reasons.n == 0);
	for (size_t i = 0; i < r.facts.evidence.n; i++)
		packages += r.facts.evidence.v[i].packages.n;
	CHECK(packages == 3);

	const struct evidence *ev = evidence_at(&r.facts, "nix/store/" STORE_HASH "b-jq-1.7.1-bin");

	CHECK(ev && str_eq(ev->packages.v[0].name, STR("jq")));
	CHECK(str_eq(ev->packages.v[0].version, STR("1.7.1")));
	CHECK(str_eq(ev->packages.v[0].purl_extra, STR("output=bin")));
	CHECK(evidence_at(&r.facts, "nix/store/" STORE_HASH "c-zlib-1.3"));
#undef STORE_HASH
}

TEST(of_two_entries_with_one_name_the_last_counts)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);

	KIT_ADD(&b, '0', "var/lib/dpkg/status", .content = STR(STATUS("old")));
	KIT_ADD(&b, '0', "./var/lib/dpkg//status", .content = STR(STATUS("new")));
	KIT_ADD(&b, '0', "usr/lib/os-release", .content = STR(OS_RELEASE));
	KIT_ADD(&b, '2', "usr/lib/os-release", "elsewhere");
	kit_end(&b);
	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));

	CHECK(r.rc == 0 && r.facts.evidence.n == 1);
	CHECK_STR(r.facts.evidence.v[0].packages.v[0].name, STR("new"));
}

TEST(a_large_content_goes_through_the_scratch_file)
{
	CLEANUP(buf_free)
	struct buf b = BUF(32 << 20);
	CLEANUP(buf_free)
	struct buf status = BUF(32 << 20);
	size_t packages = 0;

	for (; status.n <= 9 << 20; packages++)
		buf_printf(&status, STATUS("p%zu") "\n", packages);
	KIT_ADD(&b, '0', "var/lib/dpkg/status", .content = buf_str(&status));
	kit_end(&b);
	struct layer_job job = job_of(buf_str(&b), LAYER_PLAIN);

	CLEANUP(reading_free)
	struct reading without = read_job(buf_str(&b), job, 0);
	CHECK(without.rc == 0 && without.facts.evidence.n == 0);
	CHECK(reason_at(&without.facts, REASON_TOO_LARGE));

	CLEANUP(fd_closep)
	int scratch = memory_file(STR_NONE);
	job.scratch = scratch;
	CLEANUP(reading_free)
	struct reading with = read_job(buf_str(&b), job, 0);
	CHECK(with.rc == 0 && with.facts.evidence.n == 1 && with.facts.reasons.n == 0);
	CHECK(with.facts.evidence.v[0].packages.n == packages);
}

/* The window moves on between choosing the readers and running them. */
TEST(a_content_larger_than_a_window_is_known_by_its_first_bytes)
{
	static const size_t sizes[] = { 100, 1 << 20, 9 << 20 };
	CLEANUP(fd_closep)
	int scratch = memory_file(STR_NONE);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		CLEANUP(buf_free)
		struct buf b = BUF(32 << 20);
		CLEANUP(buf_free)
		struct buf program = BUF(32 << 20);

		buf_put(&program, STR("\x7f"
				      "ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0"));
		while (program.n < sizes[i])
			buf_putz(&program, "neither a section nor a segment ");
		KIT_ADD(&b, '0', "usr/bin/program", .content = buf_str(&program));
		kit_end(&b);
		struct layer_job job = job_of(buf_str(&b), LAYER_PLAIN);

		job.scratch = scratch;
		CLEANUP(reading_free)
		struct reading r = read_job(buf_str(&b), job, 0);
		CHECK(r.rc == 0 && evidence_at(&r.facts, "usr/bin/program"));
	}
}

TEST(a_file_past_its_readers_limit_is_said_and_skipped)
{
	CLEANUP(buf_free)
	struct buf b = BUF(8 << 20);
	static char zeros[LIMIT_SMALL_FILE_BYTES + 1];

	KIT_ADD(&b, '0', "usr/lib/os-release", .content = { zeros, sizeof(zeros) });
	kit_end(&b);
	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));

	CHECK(r.rc == 0 && r.facts.evidence.n == 0);
	CHECK_STR(reason_at(&r.facts, REASON_TOO_LARGE)->where, STR("usr/lib/os-release"));
}

TEST(a_hard_link_in_a_pipe_is_a_reason)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(reading_free)
	struct reading r = { .arena = ARENA(64 << 20) };
	struct layer_job job = { .pipe = true, .coding = LAYER_DIR, .scratch = -1 };
	int ends[2];
	struct err e;

	KIT_ADD(&b, '0', "store/abc", .content = STR(OS_RELEASE));
	KIT_ADD(&b, '1', "usr/lib/os-release", "store/abc");
	kit_end(&b);
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	CHECK(fd_write(ends[1], buf_str(&b), &e) == 0);
	fd_closep(&ends[1]);
	job.fd = ends[0];
	r.rc = layer_read(&r.facts, &r.paths, &job, &r.arena, &r.err);
	fd_closep(&ends[0]);
	CHECK(r.rc == 0 && r.facts.evidence.n == 0);
	CHECK_STR(reason_at(&r.facts, REASON_UNREADABLE)->where, STR("usr/lib/os-release"));
}

/* Sparse, so that a few bytes of archive claim gigabytes: "GNU.sparse" with one empty part. */
TEST(a_content_past_the_scratch_file_is_said_and_a_sparse_one_costs_nothing)
{
	static const struct {
		const char *size;
		bool fits;
	} rows[] = { { "20971520", true }, { "4294967297", false } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(buf_free)
		struct buf b = BUF(1 << 20);
		CLEANUP(buf_free)
		struct buf records = BUF(1 << 20);
		CLEANUP(fd_closep)
		int scratch = -1;
		struct layer_job job;
		struct stat st;
		struct err e;
		char line[64];

		/* A real file: one in memory gets a page for each that is read. */
		CHECK(fd_temporary(&scratch, AT_FDCWD, "/tmp", &e) == 0);
		CHECK(fd_write(scratch, STR("what was there before"), &e) == 0);

		snprintf(line, sizeof(line), " GNU.sparse.size=%s\n", rows[i].size);
		buf_printf(&records, "%zu%s", strlen(line) + 2, line);
		buf_printf(&records, "22 GNU.sparse.map=0,0\n");
		KIT_ADD(&b, 'x', "pax", .content = buf_str(&records));
		KIT_ADD(&b, '0', "var/lib/dpkg/status");
		kit_end(&b);
		job = job_of(buf_str(&b), LAYER_PLAIN);
		job.scratch = scratch;
		CLEANUP(reading_free)
		struct reading r = read_job(buf_str(&b), job, 0);

		CHECK(r.rc == 0 && (r.facts.evidence.n == 1) == rows[i].fits);
		CHECK(rows[i].fits || reason_at(&r.facts, REASON_TOO_LARGE));
		CHECK(fstat(scratch, &st) == 0 && st.st_blocks < 64);
	}
}

TEST(links_whiteouts_and_hard_links_have_limits)
{
	CLEANUP(buf_free)
	struct buf b = BUF(256 << 20);
	char name[64];

	for (size_t i = 0; i <= LIMIT_LAYER_LINKS; i++) {
		snprintf(name, sizeof(name), "l/%zu", i);
		KIT_ADD(&b, '2', name, "x");
		snprintf(name, sizeof(name), "w/.wh.%zu", i);
		KIT_ADD(&b, '0', name);
	}
	for (size_t i = 0; i <= LIMIT_LAYER_HARDLINKS; i++) {
		snprintf(name, sizeof(name), "var/lib/dpkg/info/%zu.list", i);
		KIT_ADD(&b, '1', name, "none");
	}
	kit_end(&b);
	CLEANUP(reading_free)
	struct reading r = read_plain(buf_str(&b));

	CHECK(r.rc == 0 && r.facts.links.n == LIMIT_LAYER_LINKS);
	CHECK(r.facts.whiteouts.n == LIMIT_LAYER_WHITEOUTS);
	CHECK(reason_at(&r.facts, REASON_TOO_LARGE) != NULL);
}

TEST(every_failing_allocation_is_an_error_and_no_leak)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	int rc = -1;

	sample(&b);
	KIT_ADD(&b, '1', "etc/os-release", "usr/lib/os-release");
	for (uint64_t at = 1; at < 2000 && rc < 0; at++) {
		CLEANUP(reading_free)
		struct reading r = read_job(buf_str(&b), job_of(buf_str(&b), LAYER_PLAIN), at);

		rc = r.rc < 0 || r.facts.reasons.n ? -1 : 0;
		CHECK(r.rc == 0 || r.err.kind == ERR_NOMEM);
	}
	CHECK(rc == 0);
}

TEST(a_job_is_written_and_read_back)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct layer_job job = { .offset = 512,
				 .size = 7,
				 .coding = LAYER_ZSTD,
				 .overlay = true,
				 .digest = { DIGEST_SHA512, { 9 } } },
			 again;
	struct err e;

	layer_job_write(&b, &job);
	CHECK(layer_job_read(&again, buf_str(&b), &e) == 0);
	CHECK(again.offset == 512 && again.size == 7 && again.coding == LAYER_ZSTD);
	CHECK(again.overlay && !again.pipe && digest_eq(&again.digest, &job.digest));
	for (size_t n = 0; n < b.n; n++)
		CHECK(layer_job_read(&again, str_first(buf_str(&b), n), &e) == -1);
	buf_u8(&b, 0);
	CHECK(layer_job_read(&again, buf_str(&b), &e) == -1);
}

TEST_MAIN
