/* What refers to a manifest: for tests of registry_referrers.
 *
 *	referrers_list HOST (without TLS) REFERENCE DIGEST TYPE|- */
#include "base/limits.h"
#include "image/registry.h"
#include "image/registry_role.h"

static int read_here(void *ctx, struct str_list *out, enum registry_answer kind, str text,
		     struct arena *a, struct err *e)
{
	(void)ctx;
	return registry_answer_parse(out, kind, text, a, e);
}

static int run(char **argv, struct arena *a, struct err *e)
{
	CLEANUP(registry_closep)
	struct registry *r = NULL;
	struct surroundings around = { 0 };
	const struct registry_options o = { .around = &around, .read = read_here };
	struct referrers found;
	struct digest d;
	str type = strcmp(argv[4], "-") == 0 ? STR("") : str_of(argv[4]);

	if (vec_push(&around.insecure, a, e, str_of(argv[1])) < 0 ||
	    digest_parse(&d, str_of(argv[3]), e) < 0 ||
	    registry_open(&r, str_of(argv[2]), &o, e) < 0 ||
	    registry_referrers(&found, r, &d, type, a, e) < 0)
		return -1;
	printf("%s %zu\n", found.fallback ? "tag" : "api", found.pages.n);
	vec_each (page, &found.pages)
		printf(STR_FMT "\n", STR_ARG(*page));
	return 0;
}

int main(int argc, char **argv)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(GIB);
	struct err e;

	if (argc != 5)
		return 2;
	if (run(argv, &a, &e) == 0)
		return 0;
	printf("error %s %s\n", err_kind_word(e.kind), e.text);
	return 1;
}
