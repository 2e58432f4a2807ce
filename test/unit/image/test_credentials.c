#include "image/credentials.h"

#include "base/limits.h"
#include "image/registry_host.h"
#include "image/registry_role.h"
#include "tap.h"

#define HUB "https://index.docker.io/v1/"

/* A file, a repository, and who reads it. auth "YTpi" is a:b, "eDp5" is x:y. */
static const struct row {
	const char *file, *host, *repository;
	int r;
	enum credential_kind kind;
	const char *user, *secret, *helper;
} rows[] = {
	{ "{}", "r.example", "a", 0, 0, "", "", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\"}}}", "r.example", "a", 1, 0, "a", "b", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\"}}}", "r.example:5000", "a", 0, 0, "", "",
	  "" },
	{ "{\"auths\":{\"https://r.example/v2/\":{\"auth\":\"YTpi\"}}}", "r.example", "a", 1, 0,
	  "a", "b", "" },
	{ "{\"auths\":{\"" HUB "\":{\"auth\":\"YTpi\"}}}", "docker.io", "library/x", 1, 0, "a", "b",
	  "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"eDp5\"},\"r.example/team\":{\"auth\":\"YTpi\"}}}",
	  "r.example", "team/app", 1, 0, "a", "b", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"eDp5\"},\"r.example/team\":{\"auth\":\"YTpi\"}}}",
	  "r.example", "teams/app", 1, 0, "x", "y", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YTpiAAA=\"}}}", "r.example", "a", 1, 0, "a", "b",
	  "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\",\"identitytoken\":\"t\"}}}", "r.example",
	  "a", 1, CREDENTIAL_IDENTITY, "", "t", "" },
	{ "{\"auths\":{\"r.example\":{\"registrytoken\":\"t\"}}}", "r.example", "a", 1,
	  CREDENTIAL_BEARER, "", "t", "" },
	{ "{\"auths\":{\"r.example\":{\"username\":\"u\",\"password\":\"p\"}}}", "r.example", "a",
	  1, 0, "u", "p", "" },
	{ "{\"auths\":{\"r.example\":{}},\"credsStore\":\"s\"}", "r.example", "a", 0, 0, "", "",
	  "s" },
	{ "{\"credHelpers\":{\"r.example\":\"h\"},\"credsStore\":\"s\"}", "r.example", "a", 0, 0,
	  "", "", "h" },
	{ "{\"credHelpers\":{\"r.example\":\"h\"}}", "q.example", "a", 0, 0, "", "", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YTpi!\"}}}", "r.example", "a", -1, 0, "", "", "" },
	{ "{\"auths\":{\"r.example\":{\"auth\":\"YWI=\"}}}", "r.example", "a", -1, 0, "", "", "" },
	{ "{\"auths\":[]}", "r.example", "a", -1, 0, "", "", "" },
	{ "{\"auths\":{\"r.example\":7}}", "r.example", "a", -1, 0, "", "", "" },
	{ "{", "r.example", "a", -1, 0, "", "", "" },
};

static int ask(struct credential *c, str *helper, const struct row *row, struct arena *a,
	       struct err *e)
{
	struct credential_file f;

	if (credential_file_parse(&f, str_of(row->file), a, e) < 0)
		return -1;
	return credential_file_find(c, helper, &f, str_of(row->host), str_of(row->repository), a,
				    e);
}

TEST(credentials_are_found_as_podman_and_docker_find_them)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct credential c = { 0 };
		struct err e = { 0 };
		str helper = STR("");
		int r = ask(&c, &helper, &rows[i], &a, &e);

		if (r != rows[i].r)
			printf("# %s: %d %s\n", rows[i].file, r, e.text);
		CHECK(r == rows[i].r);
		CHECK(r >= 0 || e.kind == ERR_CORRUPT);
		CHECK_STR(helper, str_of(rows[i].helper));
		if (r <= 0)
			continue;
		CHECK(c.kind == rows[i].kind);
		CHECK_STR(c.user, str_of(rows[i].user));
		CHECK_STR(c.secret, str_of(rows[i].secret));
	}
}

TEST(every_allocation_may_fail)
{
	for (uint64_t at = 1;; at++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 1 << 20, .fail_at = at };
		struct credential c = { 0 };
		struct err e = { 0 };
		str helper;
		int r = ask(&c, &helper, &rows[5], &a, &e);

		CHECK(at < 1000);
		if (r == 1)
			return;
		CHECK(r == -1 && e.kind == ERR_NOMEM);
	}
}

TEST(what_helpers_print_is_a_password_or_a_refresh_token)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct credential c;
	struct err e;

	CHECK(credential_helper_parse(
		      &c, STR("{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}\n"), &a,
		      &e) == 0);
	CHECK(c.kind == CREDENTIAL_PASSWORD);
	CHECK_STR(c.user, STR("u"));
	CHECK(credential_helper_parse(&c, STR("{\"Username\":\"<token>\",\"Secret\":\"s\"}"), &a,
				      &e) == 0);
	CHECK(c.kind == CREDENTIAL_IDENTITY);
	CHECK(credential_helper_parse(&c, STR("{\"Username\":\"u\"}"), &a, &e) == -1);
}

TEST(where_a_registry_is_asked)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct surroundings s = { 0 };
	struct registry_host h;
	struct err e;

	CHECK(registry_host(&h, STR(""), &s, &a, &e) == 0);
	CHECK_STR(h.base, STR("https://registry-1.docker.io"));
	CHECK_STR(h.name, STR("docker.io"));
	CHECK(vec_push(&s.insecure, &a, &e, STR("r:1")) == 0);
	CHECK(vec_push(&s.mirrors, &a, &e, STR("docker.io=r:1/hub/")) == 0);
	CHECK(registry_mirror(&h, STR(""), &s, &a, &e) == 1);
	CHECK_STR(h.base, STR("http://r:1"));
	CHECK_STR(h.prefix, STR("hub/"));
	CHECK(registry_mirror(&h, STR("q"), &s, &a, &e) == 0);
	CHECK(vec_push(&s.mirrors, &a, &e, STR("q")) == 0);
	CHECK(registry_mirror(&h, STR("q"), &s, &a, &e) == -1);
	CHECK(e.kind == ERR_USAGE);
}

TEST(the_origin_of_an_address_is_what_may_be_trusted)
{
	static const struct {
		const char *url, *origin;
	} urls[] = {
		{ "https://a.example/x?y", "https://a.example" },
		{ "http://a:5000", "http://a:5000" },
		{ "https://a?b", "https://a" },
		{ "https://[::1]:5/x", "https://[::1]:5" },
		{ "https://user@a/x", NULL },
		{ "https://a\\@b/x", "https://a" },
		{ "https:///x", NULL },
		{ "ftp://a/x", NULL },
		{ "", NULL },
	};
	str origin, host;

	for (size_t i = 0; i < COUNT(urls); i++) {
		CHECK(url_origin(&origin, &host, str_of(urls[i].url)) == (urls[i].origin != NULL));
		if (urls[i].origin)
			CHECK_STR(origin, str_of(urls[i].origin));
	}
}

TEST(answers_of_registries_are_tokens_and_tags)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct str_list said;
	struct err e;

	CHECK(registry_answer_parse(&said, REGISTRY_TOKEN, STR("{\"token\":\"t\"}"), &a, &e) == 0);
	CHECK(said.n == 1);
	CHECK_STR(said.v[0], STR("t"));
	CHECK(registry_answer_parse(&said, REGISTRY_TOKEN, STR("{\"access_token\":\"u\"}"), &a,
				    &e) == 0);
	CHECK_STR(said.v[0], STR("u"));
	CHECK(registry_answer_parse(&said, REGISTRY_TOKEN, STR("{\"token\":\"a\\nb\"}"), &a, &e) ==
	      -1);
	CHECK(registry_answer_parse(&said, REGISTRY_TOKEN, STR("{}"), &a, &e) == -1);
	CHECK(registry_answer_parse(&said, REGISTRY_TAGS, STR("{\"name\":\"x\",\"tags\":null}"), &a,
				    &e) == 0);
	CHECK(said.n == 0);
	CHECK(registry_answer_parse(&said, REGISTRY_TAGS, STR("{\"tags\":[\"1\",\"2\"]}"), &a,
				    &e) == 0);
	CHECK(said.n == 2);
	CHECK(registry_said_read(&said, STR("\377\377\377\177"), &a, &e) == -1);
	CHECK(e.kind == ERR_CORRUPT);
}

TEST(no_more_tags_are_looked_at_than_anybody_reads)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(8 << 20);
	CLEANUP(buf_free)
	struct buf text = BUF(1 << 20);
	struct str_list said;
	struct err e;

	buf_putz(&text, "{\"tags\":[\"0\"");
	for (int i = 0; i < LIMIT_REGISTRY_NAMES; i++)
		buf_putz(&text, ",\"x\"");
	buf_putz(&text, "]}");
	CHECK(registry_answer_parse(&said, REGISTRY_TAGS, buf_str(&text), &a, &e) == 0);
	CHECK(said.n == LIMIT_REGISTRY_NAMES);
	buf_clear(&text);
	buf_u32(&text, LIMIT_REGISTRY_NAMES + 1);
	for (int i = 0; i <= LIMIT_REGISTRY_NAMES; i++)
		buf_lstr(&text, STR(""));
	CHECK(registry_said_read(&said, buf_str(&text), &a, &e) == -1);
	CHECK(e.kind == ERR_CORRUPT);
}

TEST_MAIN
