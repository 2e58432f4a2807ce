/* Prints what scan_image makes of a source, a line each: for tests that compare sources.
 *
 *	scan_dump WORKER CACHE-DIR|- PLATFORM|- SOURCE */
#include "base/limits.h"
#include "flow/scan.h"

static void print_image(const struct scan_result *r)
{
	const struct image *img = &r->image;
	char text[DIGEST_TEXT];

	printf("image " STR_FMT " " STR_FMT "\n", STR_ARG(img->source), STR_ARG(img->name));
	digest_text(text, &img->digest);
	printf("digest %s\n", text);
	digest_text(text, &img->id);
	printf("id %s\n", text);
	vec_each (l, &img->layers) {
		digest_text(text, &l->diff_id);
		printf("layer %s %d " STR_FMT "\n", text, l->coding, STR_ARG(l->created_by));
	}
	printf("read %zu cached %zu\n", r->layers_read, r->layers_cached);
}

static int print_inventory(const struct inventory *inv, struct arena *a, struct err *e)
{
	printf("os " STR_FMT " " STR_FMT "\n", STR_ARG(inv->os.id), STR_ARG(inv->os.version_id));
	package_each (p, inv) {
		str purl;

		if (package_purl(&purl, p, &inv->os, a, e) < 0)
			return -1;
		printf("package " STR_FMT " layer=%u owner=%d " STR_FMT "\n", STR_ARG(purl),
		       p->layer, p->owned_by == OWNED_BY_NONE ? -1 : (int)p->owned_by,
		       STR_ARG(p->paths.v[0]));
	}
	vec_each (r, &inv->reasons)
		printf("reason %s [" STR_FMT "] " STR_FMT "\n", reason_word(r->code),
		       STR_ARG(r->where), STR_ARG(r->text));
	return 0;
}

static int run(char **argv, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(GIB);
	struct scan_options o = { .worker = argv[1], .source = str_of(argv[4]) };
	struct scan_result r;

	if (strcmp(argv[2], "-") != 0)
		o.cache_dir = str_of(argv[2]);
	if (strcmp(argv[3], "-") != 0 && platform_parse(&o.platform, str_of(argv[3]), e) < 0)
		return -1;
	if (scan_image(&r, &o, &a, e) < 0)
		return -1;
	vec_each (note, &r.notes)
		printf("note " STR_FMT "\n", STR_ARG(*note));
	print_image(&r);
	return print_inventory(&r.inventory, &a, e);
}

int main(int argc, char **argv)
{
	struct err e;

	if (argc != 5)
		return 2;
	if (run(argv, &e) == 0)
		return 0;
	printf("error %s %s\n", err_kind_word(e.kind), e.text);
	return 1;
}
