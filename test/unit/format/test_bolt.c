#include "format/bolt.h"

#include "base/limits.h"
#include "bolt_make.h"
#include "tap.h"

/* Two states; the newer one's root (page 2) has a value, a bucket of its own pages (a branch, 3,
 * over the leaves 4 and 5) and a bucket in place. */
static void database(struct buf *b)
{
	CLEANUP(buf_free)
	struct buf far = BUF(1 << 10);
	CLEANUP(buf_free)
	struct buf near = BUF(1 << 10);
	const struct bolt_item inside[] = { { "k", STR("v"), false } };

	bolt_bucket_value(&far, 3);
	bolt_bucket_value(&near, 0);
	bolt_leaf(&near, 0, inside, 1);
	const struct bolt_item root[] = { { "far", buf_str(&far), true },
					  { "near", buf_str(&near), true },
					  { "plain", STR("value"), false } };
	const struct bolt_branch_item branch[] = { { "a", 4 }, { "m", 5 } };
	const struct bolt_item low[] = { { "a", STR("1"), false }, { "b", STR("2"), false } };
	const struct bolt_item high[] = { { "m", STR("3"), false }, { "z", STR("4"), false } };

	bolt_meta(b, 0, 5, 6, 1);
	bolt_meta(b, 1, 2, 6, 2);
	bolt_leaf(b, 2, root, COUNT(root));
	bolt_fill(b, 3 * BOLT_PAGE);
	bolt_branch(b, 3, branch, COUNT(branch));
	bolt_fill(b, 4 * BOLT_PAGE);
	bolt_leaf(b, 4, low, COUNT(low));
	bolt_fill(b, 5 * BOLT_PAGE);
	bolt_leaf(b, 5, high, COUNT(high));
	bolt_fill(b, 6 * BOLT_PAGE);
}

static int look_up(str *out, str bytes, const char *bucket, const char *key, struct arena *a,
		   struct err *e)
{
	struct blob file = blob_of(bytes);
	struct bolt_bucket at;
	struct bolt b;

	if (bolt_open(&b, &file, a, e) < 0)
		return -1;
	at = b.top;
	int r = *bucket ? bolt_bucket(&at, &b, &b.top, str_of(bucket), e) : 1;

	return r > 0 ? bolt_value(out, &b, &at, str_of(key), e) : r;
}

static const struct row {
	const char *bucket, *key;
	int r;
	const char *value;
} rows[] = {
	{ "", "plain", 1, "value" }, { "", "far", 0, "" },   { "", "none", 0, "" },
	{ "near", "k", 1, "v" },     { "near", "j", 0, "" }, { "far", "a", 1, "1" },
	{ "far", "b", 1, "2" },	     { "far", "m", 1, "3" }, { "far", "z", 1, "4" },
	{ "far", "c", 0, "" },	     { "far", "zz", 0, "" }, { "far", "A", 0, "" },
	{ "plain", "k", 0, "" },     { "none", "k", 0, "" },
};

TEST(values_are_found_in_the_newest_whole_state)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);

	database(&b);
	CHECK(!b.failed && b.n == 6 * BOLT_PAGE);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		str value = STR("");
		struct err e = { 0 };
		int r = look_up(&value, buf_str(&b), rows[i].bucket, rows[i].key, &a, &e);

		if (r != rows[i].r)
			printf("# %s/%s: %d %s\n", rows[i].bucket, rows[i].key, r, e.text);
		CHECK(r == rows[i].r);
		CHECK_STR(value, str_of(rows[i].value));
	}
}

TEST(a_torn_state_leaves_the_one_before)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct err e;
	str value;

	database(&b);
	b.p[BOLT_PAGE + 30] ^= 1;
	CHECK(look_up(&value, buf_str(&b), "", "m", &a, &e) == 1);
	CHECK_STR(value, STR("3"));
	b.p[30] ^= 1;
	CHECK(look_up(&value, buf_str(&b), "", "m", &a, &e) == -1);
	CHECK(e.kind == ERR_CORRUPT);
	CHECK(look_up(&value, STR(""), "", "m", &a, &e) == -1);
}

TEST(pages_in_a_ring_end)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	const struct bolt_branch_item ring[] = { { "a", 2 } };
	struct err e;
	str value;

	bolt_meta(&b, 0, 2, 3, 1);
	bolt_meta(&b, 1, 2, 3, 1);
	bolt_branch(&b, 2, ring, 1);
	bolt_fill(&b, 3 * BOLT_PAGE);
	CHECK(look_up(&value, buf_str(&b), "", "b", &a, &e) == -1);
	CHECK(e.kind == ERR_CORRUPT && str_has(str_of(e.text), STR("without end")));
}

TEST(a_damaged_byte_is_an_error_or_another_answer_and_never_a_crash)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);
	struct err e;
	str value;

	database(&b);
	for (size_t i = 0; i < b.n; i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);

		b.p[i] ^= (char)0xff;
		e = (struct err){ 0 };
		CHECK(look_up(&value, buf_str(&b), "far", "z", &a, &e) >= 0 || e.kind);
		b.p[i] ^= (char)0xff;
	}
}

static int count(void *ctx, str key, str value, bool is_bucket, struct err *e)
{
	size_t *n = ctx;

	(void)key, (void)value, (void)is_bucket, (void)e;
	return ++*n == 3;
}

TEST(every_key_comes_once_until_it_is_enough)
{
	CLEANUP(buf_free)
	struct buf bytes = BUF(64 << 10);
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct bolt_bucket far;
	struct blob file;
	struct bolt b;
	struct err e;
	size_t n = 1;

	database(&bytes);
	file = blob_of(buf_str(&bytes));
	CHECK(bolt_open(&b, &file, &a, &e) == 0);
	CHECK(bolt_bucket(&far, &b, &b.top, STR("far"), &e) == 1);
	CHECK(bolt_each(&b, &far, count, &n, &e) == 1);
	CHECK(n == 3);
	n = 100;
	CHECK(bolt_each(&b, &far, count, &n, &e) == 0);
	CHECK(n == 104);
}

TEST(memory_that_runs_out_is_said)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);
	struct err e;
	str value;

	database(&b);
	for (uint64_t at = 1; at < 10; at++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 1 << 20, .fail_at = at };
		int r = look_up(&value, buf_str(&b), "far", "z", &a, &e);

		CHECK(r == 1 || (r == -1 && e.kind == ERR_NOMEM));
		CHECK(at > 3 || r == -1);
	}
}

TEST_MAIN
