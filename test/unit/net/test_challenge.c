#include "net/challenge.h"

#include "base/limits.h"
#include "tap.h"

/* What servers send, and what comes of it. */
static const struct row {
	const char *text;
	int r;
	enum challenge_scheme scheme;
	const char *realm, *service, *scope;
} rows[] = {
	{ "", 0, 0, "", "", "" },
	{ "Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:x/y:pull,push\"", 1,
	  CHALLENGE_BEARER, "https://a/t", "s", "repository:x/y:pull,push" },
	{ "bearer Realm = \"r\" , SERVICE=s", 1, CHALLENGE_BEARER, "r", "s", "" },
	{ "Basic realm=\"say \\\"hi\\\"\"", 1, CHALLENGE_BASIC, "say \"hi\"", "", "" },
	{ "Basic", 1, CHALLENGE_BASIC, "", "", "" },
	{ "Negotiate", 0, 0, "", "", "" },
	{ "Negotiate YIIabc/+==, Basic realm=x", 1, CHALLENGE_BASIC, "x", "", "" },
	{ "Digest realm=a, nonce=\"n\", Bearer realm=b, Basic realm=c", 1, CHALLENGE_BEARER, "b",
	  "", "" },
	{ "Basic realm=c\nBearer realm=b", 1, CHALLENGE_BEARER, "b", "", "" },
	{ "Bearer realm=b\nBasic realm=c", 1, CHALLENGE_BEARER, "b", "", "" },
	{ ", ,Basic realm=c,", 1, CHALLENGE_BASIC, "c", "", "" },
	{ "Bearer realm=first,realm=second", 1, CHALLENGE_BEARER, "first", "", "" },
	{ "Bearer realm=\"open", -1, 0, "", "", "" },
	{ "Bearer realm=\"open\\", -1, 0, "", "", "" },
	{ "=", -1, 0, "", "", "" },
	{ "\"Bearer\"", -1, 0, "", "", "" },
	{ "Bearer realm=\"a\nb\"", -1, 0, "", "", "" },
};

TEST(the_best_challenge_of_all_is_chosen_and_what_is_none_refused)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(64 << 10);
		struct challenge c = { 0 };
		struct err e = { 0 };
		int r = challenge_choose(&c, str_of(rows[i].text), &a, &e);

		if (r != rows[i].r)
			printf("# %s: %d %s\n", rows[i].text, r, e.text);
		CHECK(r == rows[i].r);
		CHECK(r >= 0 || e.kind == ERR_CORRUPT);
		if (r <= 0)
			continue;
		CHECK(c.scheme == rows[i].scheme);
		CHECK_STR(c.realm, str_of(rows[i].realm));
		CHECK_STR(c.service, str_of(rows[i].service));
		CHECK_STR(c.scope, str_of(rows[i].scope));
	}
}

TEST(more_challenges_than_anybody_needs_are_a_limit)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	char text[16 * (LIMIT_CHALLENGES + 2)] = "";
	struct challenge c;
	struct err e;
	size_t n = 0;

	for (int i = 0; i < LIMIT_CHALLENGES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "Basic realm=x,");
	CHECK(challenge_choose(&c, str_of(text), &a, &e) == 1);
	snprintf(text + n, sizeof(text) - n, "Basic");
	CHECK(challenge_choose(&c, str_of(text), &a, &e) == -1);
	CHECK(e.kind == ERR_LIMIT);
}

TEST(memory_that_runs_out_is_said)
{
	struct challenge c;
	struct err e;

	for (uint64_t at = 1; at < 5; at++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 64 << 10, .fail_at = at };
		int r = challenge_choose(&c, STR("Bearer realm=\"a\",service=\"b\",scope=\"c\""),
					 &a, &e);

		CHECK(at < 4 ? r == -1 && e.kind == ERR_NOMEM : r == 1);
	}
}

TEST_MAIN
