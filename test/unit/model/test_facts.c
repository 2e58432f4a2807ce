#include "tap.h"

#include "model/facts.h"

static const uint64_t marks[] = { 2, 5, 900 };

/* One of everything. */
static int sample(struct facts *f, struct arena *a, struct err *e)
{
	struct evidence ev = { .path = STR("var/lib/dpkg/status"), .reader = STR("dpkg-status") };
	struct package p = { .type = STR("deb"),
			     .name = STR("libc6"),
			     .version = STR("2.36-9"),
			     .arch = STR("amd64"),
			     .source_name = STR("glibc"),
			     .flags = PACKAGE_THIRD_PARTY };
	struct owned_path owned = { 77, 0 };
	struct whiteout w = { STR("etc/gone"), WHITEOUT_OPAQUE };
	struct symlink l = { STR("bin"), STR("usr/bin") };

	memset(f, 0, sizeof(*f));
	f->diff_id.kind = DIGEST_SHA256;
	memset(f->diff_id.bytes, 7, 32);
	f->bytes = 123456789012;
	f->files = 3;
	f->paths = marks;
	f->npaths = COUNT(marks);
	ev.os.id = STR("debian");
	if (vec_push(&ev.licences, a, e, STR("MIT")) < 0 ||
	    vec_push(&p.licences, a, e, STR("GPL")) < 0 || vec_push(&p.paths, a, e, ev.path) < 0 ||
	    vec_push(&ev.packages, a, e, p) < 0 || vec_push(&ev.owned, a, e, owned) < 0 ||
	    vec_push(&f->evidence, a, e, ev) < 0 || vec_push(&f->whiteouts, a, e, w) < 0 ||
	    vec_push(&f->links, a, e, l) < 0)
		return -1;
	return reason_add(&f->reasons, a, e, REASON_TOO_LARGE, STR("x/y"), "more than %d", 5);
}

TEST(what_is_written_is_read_back)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	CLEANUP(buf_free)
	struct buf again = BUF(1 << 20);
	struct facts f, g;
	struct err e;

	CHECK(sample(&f, &a, &e) == 0);
	CHECK(facts_write(&b, &f, &e) == 0);
	CHECK(facts_read(&g, buf_str(&b), &a, &e) == 0);
	CHECK(g.bytes == f.bytes && g.files == 3 && digest_eq(&g.diff_id, &f.diff_id));
	CHECK(g.evidence.n == 1 && g.whiteouts.n == 1 && g.links.n == 1 && g.reasons.n == 1);
	struct evidence *ev = &g.evidence.v[0];

	CHECK_STR(ev->path, STR("var/lib/dpkg/status"));
	CHECK_STR(ev->os.id, STR("debian"));
	CHECK(ev->licences.n == 1 && str_eq(ev->licences.v[0], STR("MIT")));
	CHECK(ev->packages.n == 1 && ev->owned.n == 1 && ev->owned.v[0].hash == 77);
	CHECK_STR(ev->packages.v[0].source_name, STR("glibc"));
	CHECK_STR(ev->packages.v[0].licences.v[0], STR("GPL"));
	CHECK(ev->packages.v[0].flags == PACKAGE_THIRD_PARTY);
	CHECK(ev->packages.v[0].layer == LAYER_NONE && ev->packages.v[0].owned_by == OWNED_BY_NONE);
	CHECK(g.whiteouts.v[0].kind == WHITEOUT_OPAQUE);
	CHECK_STR(g.links.v[0].target, STR("usr/bin"));
	CHECK(g.reasons.v[0].code == REASON_TOO_LARGE && g.reasons.v[0].count == 1);
	CHECK(facts_write(&again, &g, &e) == 0);
	CHECK(str_eq(buf_str(&b), buf_str(&again)));
}

TEST(paths_are_found_by_their_marks)
{
	uint64_t v[3] = { path_mark(HASH_KEY_NONE, STR("etc"), true),
			  path_mark(HASH_KEY_NONE, STR("etc/passwd"), false), 0 };
	struct facts f = { .paths = v, .npaths = 2 };

	if (v[0] > v[1]) {
		v[2] = v[0];
		v[0] = v[1];
		v[1] = v[2];
	}
	CHECK(facts_has_dir(&f, STR("etc")) && !facts_has_file(&f, STR("etc")));
	CHECK(facts_has_file(&f, STR("etc/passwd")) && !facts_has_dir(&f, STR("etc/passwd")));
	CHECK(!facts_has_file(&f, STR("etc/shadow")));
	f.npaths = 0;
	CHECK(!facts_has_dir(&f, STR("etc")));
}

/* Puts the right checksum in, so that what lies behind it is judged. */
static int sealed_read(struct facts *f, struct buf *b, struct arena *a, struct err *e)
{
	struct digest sum;

	if (digest_of(&sum, DIGEST_SHA256, str_from(buf_str(b), 48), e) < 0)
		return -2;
	memcpy(b->p + 16, sum.bytes, 32);
	return facts_read(f, buf_str(b), a, e);
}

TEST(every_flipped_bit_is_refused)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct facts f, g;
	struct err e;

	CHECK(sample(&f, &a, &e) == 0 && facts_write(&b, &f, &e) == 0);
	for (size_t i = 0; i < b.n * 8; i++) {
		CLEANUP(arena_free)
		struct arena other = ARENA(1 << 20);

		b.p[i / 8] ^= (char)(1 << i % 8);
		CHECK(facts_read(&g, buf_str(&b), &other, &e) == -1);
		b.p[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t n = 0; n < b.n; n++) {
		CLEANUP(arena_free)
		struct arena other = ARENA(1 << 20);

		CHECK(facts_read(&g, str_first(buf_str(&b), n), &other, &e) == -1);
	}
}

TEST(a_hostile_writer_with_a_right_checksum_is_refused)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	static const struct symlink climbing = { STR_INIT("a/../b"), STR_INIT("x") };
	static const struct symlink rooted = { STR_INIT("/etc"), STR_INIT("x") };
	static const uint64_t unsorted[] = { 9, 3 }, twice[] = { 3, 3 };
	struct facts f, g;
	struct err e;

	for (int k = 0; k < 9; k++) {
		CLEANUP(buf_free)
		struct buf b = BUF(1 << 20);

		CHECK(sample(&f, &a, &e) == 0);
		f.links.v[0] = k == 0 ? climbing : k == 1 ? rooted : f.links.v[0];
		f.paths = k == 2 ? unsorted : k == 3 ? twice : marks;
		f.npaths = k == 2 || k == 3 ? 2 : 3;
		if (k == 4)
			f.evidence.v[0].owned.v[0].package = 1;
		if (k == 5)
			f.evidence.v[0].packages.v[0].name = STR_NONE;
		if (k == 6)
			f.reasons.v[0].code = REASON_COUNT_;
		if (k == 7)
			f.whiteouts.v[0].kind = WHITEOUT_OPAQUE + 1;
		CHECK(facts_write(&b, &f, &e) == 0);
		CHECK(sealed_read(&g, &b, &a, &e) == (k == 8 ? 0 : -1));
		CHECK(k == 8 || e.kind == ERR_CORRUPT);
	}
}

TEST(a_count_past_the_bytes_costs_no_memory)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct facts f = { 0 }, g;
	struct err e;

	CHECK(facts_write(&b, &f, &e) == 0);
	memset(b.p + 48 + 4 + 64 + 16 + 24, 0xff, 4); /* how many evidences */
	CHECK(sealed_read(&g, &b, &a, &e) == -1 && e.kind == ERR_CORRUPT);
	CHECK(a.used == 0);
}

TEST(facts_survive_every_failing_allocation)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	CLEANUP(buf_free)
	struct buf b = BUF(1 << 20);
	struct facts f, g;
	struct err e;
	int r = -1;

	CHECK(sample(&f, &a, &e) == 0 && facts_write(&b, &f, &e) == 0);
	for (uint64_t at = 1; at < 100 && r < 0; at++) {
		CLEANUP(arena_free)
		struct arena other = ARENA(1 << 20);

		other.fail_at = at;
		r = facts_read(&g, buf_str(&b), &other, &e);
		CHECK(r == 0 || e.kind == ERR_NOMEM);
	}
	CHECK(r == 0);
}

TEST_MAIN
