#include "tap.h"

#include "catalog/project.h"

struct scene {
	struct arena arena;
	struct inventory inv;
	struct err e;
};

static void scene_free(struct scene *s)
{
	arena_free(&s->arena);
}

static int add(struct scene *s, str type, str name, str reader, uint32_t owned_by)
{
	struct package p = { .type = type,
			     .name = name,
			     .version = STR("1"),
			     .evidence = reader,
			     .owned_by = owned_by };

	return vec_push(&s->inv.packages, &s->arena, &s->e, p);
}

static int fill(struct scene *s)
{
	if (add(s, STR("composer"), STR("a/b"), STR("composer-lock"), OWNED_BY_NONE) < 0 ||
	    add(s, STR("nuget"), STR("Installed"), STR("dotnet-deps"), OWNED_BY_NONE) < 0 ||
	    reason_add(&s->inv.reasons, &s->arena, &s->e, REASON_UNREADABLE, STR("composer.lock"),
		       "damaged") < 0)
		return -1;
	return reason_add(&s->inv.reasons, &s->arena, &s->e, REASON_UNREADABLE,
			  STR("x/a.deps.json"), "damaged");
}

TEST(a_project_keeps_what_it_asks_for)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(fill(&s) == 0);
	CHECK(project_settle(&s.inv, true, &s.arena, &s.e) == 0);
	CHECK(s.inv.packages.n == 2 && s.inv.reasons.n == 2);
}

TEST(what_is_locked_and_installed_is_one_package_in_two_places)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(add(&s, STR("npm"), STR("a"), STR("npm-lock"), OWNED_BY_NONE) == 0);
	CHECK(add(&s, STR("npm"), STR("a"), STR("npm-package"), OWNED_BY_NONE) == 0);
	CHECK(add(&s, STR("npm"), STR("b"), STR("npm-lock"), OWNED_BY_NONE) == 0);
	for (size_t i = 0; i < 3; i++)
		CHECK(vec_push(&s.inv.packages.v[i].paths, &s.arena, &s.e, STR("path")) == 0);
	CHECK(project_settle(&s.inv, true, &s.arena, &s.e) == 0);
	CHECK(s.inv.packages.n == 2);
	CHECK_STR(s.inv.packages.v[0].evidence, STR("npm-package"));
	CHECK(s.inv.packages.v[0].paths.n == 2);
	CHECK_STR(s.inv.packages.v[1].name, STR("b"));
}

TEST(an_image_does_not)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(fill(&s) == 0);
	CHECK(project_settle(&s.inv, false, &s.arena, &s.e) == 0);
	CHECK(s.inv.packages.n == 1 && str_eq(s.inv.packages.v[0].name, STR("Installed")));
	CHECK(s.inv.reasons.n == 1 && str_eq(s.inv.reasons.v[0].where, STR("x/a.deps.json")));
}

TEST(nor_does_a_directory_with_a_system_in_it)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(fill(&s) == 0);
	s.inv.os.id = STR("debian");
	CHECK(project_settle(&s.inv, true, &s.arena, &s.e) == 0);
	CHECK(s.inv.packages.n == 1);
}

TEST(owners_keep_their_packages_when_others_go)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(fill(&s) == 0);
	CHECK(add(&s, STR("npm"), STR("owned"), STR("npm-package"), 3) == 0);
	CHECK(add(&s, STR("rpm"), STR("owner"), STR("rpm-database"), OWNED_BY_NONE) == 0);
	CHECK(project_settle(&s.inv, true, &s.arena, &s.e) == 0);
	CHECK(s.inv.packages.n == 3 && s.inv.packages.v[1].owned_by == 2);
	CHECK(str_eq(s.inv.packages.v[2].name, STR("owner")));
	CHECK(s.inv.packages.v[0].owned_by == OWNED_BY_NONE);
}

TEST(nothing_is_lost_when_memory_is)
{
	CLEANUP(scene_free)
	struct scene s = { .arena = ARENA(64 << 10) };

	CHECK(fill(&s) == 0);
	s.arena.fail_at = s.arena.count + 1;
	CHECK(project_settle(&s.inv, false, &s.arena, &s.e) == -1 && s.e.kind == ERR_NOMEM);
	CHECK(s.inv.packages.n == 2);
}

TEST_MAIN
