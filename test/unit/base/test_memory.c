#include "tap.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

TEST(an_arena_keeps_its_limit)
{
	CLEANUP(arena_free) struct arena a = ARENA(1024);

	CHECK(arena_alloc(&a, 1000) != NULL);
	CHECK(arena_alloc(&a, 1000) == NULL);
	CHECK(arena_alloc(&a, SIZE_MAX) == NULL);
	CHECK(arena_array(&a, uint64_t, SIZE_MAX / 4) == NULL);
}

TEST(an_arena_fails_where_it_is_told_to)
{
	CLEANUP(arena_free) struct arena a = ARENA(1 << 20);

	a.fail_at = 2;
	CHECK(arena_alloc(&a, 1) != NULL);
	CHECK(arena_alloc(&a, 1) == NULL);
	CHECK(arena_alloc(&a, 1) != NULL);
}

TEST(a_vec_grows_and_keeps_its_rows)
{
	CLEANUP(arena_free) struct arena a = ARENA(1 << 20);
	VEC(size_t) v = { 0 };
	struct err e;

	for (size_t i = 0; i < 1000; i++) {
		CHECK(vec_push(&v, &a, &e, i) == 0);
		/* something in between, so that growing in place is not always possible */
		if (i % 7 == 0)
			CHECK(arena_alloc(&a, 1) != NULL);
	}
	for (size_t i = 0; i < 1000; i++)
		CHECK(v.v[i] == i);
}

TEST(a_map_finds_what_was_put_and_nothing_else)
{
	CLEANUP(arena_free) struct arena a = ARENA(8 << 20);
	struct map m = { 0 };
	struct err e;
	str key;

	for (size_t i = 0; i < 5000; i++) {
		CHECK(arena_printf(&key, &a, &e, "key-%zu", i) == 0);
		CHECK(map_put(&m, &a, key, (void *)(i + 1), &e) == 0);
	}
	for (size_t i = 0; i < 5000; i++) {
		CHECK(arena_printf(&key, &a, &e, "key-%zu", i) == 0);
		CHECK(map_get(&m, key) == (void *)(i + 1));
	}
	CHECK(map_get(&m, STR("key-5000")) == NULL);
	CHECK(m.n == 5000 && str_eq(m.slots[0].key, STR("key-0")));
}

TEST(a_buf_that_met_its_cap_says_so)
{
	CLEANUP(buf_free) struct buf b = BUF(10);
	struct err e;

	buf_putz(&b, "12345678");
	CHECK(buf_check(&b, &e) == 0);
	buf_putz(&b, "9012");
	CHECK(buf_check(&b, &e) == -1 && e.kind == ERR_LIMIT);
	CHECK_STR(buf_str(&b), STR("12345678"));
}

TEST(hostile_text_in_errors_is_made_printable)
{
	struct err e;

	err_set(&e, ERR_CORRUPT, "name \x1b[31m");
	CHECK(strcmp(e.text, "name ?[31m") == 0);
	err_within(&e, "layer %d", 3);
	CHECK(strcmp(e.text, "layer 3: name ?[31m") == 0);
	CHECK(e.kind == ERR_CORRUPT);
}

TEST_MAIN
