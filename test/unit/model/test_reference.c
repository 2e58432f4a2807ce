#include "tap.h"

#include "model/reference.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct full_row {
	const char *text, *full; /* NULL: refused */
} fulls[] = {
	{ "alpine", "docker.io/library/alpine:latest" },
	{ "alpine:3.19", "docker.io/library/alpine:3.19" },
	{ "org/app", "docker.io/org/app:latest" },
	{ "docker.io/alpine", "docker.io/library/alpine:latest" },
	{ "index.docker.io/alpine", "docker.io/library/alpine:latest" },
	{ "quay.io/org/app:v1", "quay.io/org/app:v1" },
	{ "localhost/app", "localhost/app:latest" },
	{ "registry:5000/app", "registry:5000/app:latest" },
	{ "app@sha256:" HEX, "docker.io/library/app:latest" },
	{ "a/b/c:T.1_-", "docker.io/a/b/c:T.1_-" },
	{ "", NULL },
	{ "Alpine", NULL },
	{ "a:", NULL },
	{ "a//b", NULL },
	{ "/a", NULL },
	{ "a/", NULL },
	{ "a b", NULL },
	{ "a:-x", NULL },
	{ "a@sha256:00", NULL },
};

TEST(references_are_read_as_docker_reads_them)
{
	for (size_t i = 0; i < COUNT(fulls); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(16 << 10);
		struct reference r;
		struct err e;
		str full;
		int got = reference_parse(&r, str_of(fulls[i].text), &e);

		CHECK((got == 0) == (fulls[i].full != NULL));
		CHECK(got == 0 || e.kind == ERR_USAGE);
		if (got < 0)
			continue;
		CHECK(reference_full(&full, &r, &a, &e) == 0);
		CHECK_STR(full, str_of(fulls[i].full));
	}
}

static const struct rank_row {
	const char *asked, *have;
	int rank;
} ranks[] = {
	{ "alpine", "docker.io/library/alpine:latest", 3 },
	{ "alpine", "docker.io/library/alpine:3", 0 },
	{ "app:1", "localhost/app:1", 2 },
	{ "app:1", "quay.io/org/app:1", 1 },
	{ "org/app:1", "quay.io/org/app:1", 1 },
	{ "pp:1", "quay.io/org/app:1", 0 },
	{ "quay.io/app:1", "quay.io/org/app:1", 0 },
	{ "quay.io/org/app", "quay.io/org/app:latest", 3 },
	{ "docker.io/alpine", "docker.io/library/alpine:latest", 3 },
	{ "docker.io/library/app:1", "app:1", 3 },
	{ "app:1", "library/app:1", 3 },
	{ "localhost/app", "docker.io/library/app:latest", 0 },
};

TEST(names_in_a_store_are_ranked)
{
	for (size_t i = 0; i < COUNT(ranks); i++) {
		struct reference r;
		struct err e;

		CHECK(reference_parse(&r, str_of(ranks[i].asked), &e) == 0);
		CHECK(reference_rank(&r, str_of(ranks[i].have)) == ranks[i].rank);
	}
}

TEST_MAIN
