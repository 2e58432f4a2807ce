/* What describes images: the first byte says what the rest is. Whatever it is, a description has a
 * place for each layer, and goes onto the wire and back. */
#include "image/archive.h"
#include "image/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A store in four parts (five with containers), a NUL between two. */
struct parts {
	struct files files;
	str part[5];
};

static int parts_find(struct files *f, struct blob *out, str name, struct err *e)
{
	struct parts *p = (struct parts *)f;
	size_t i = str_ends(name, STR("images.json"))	    ? 0
		   : str_ends(name, STR("layers.json"))	    ? 1
		   : str_ends(name, STR("manifest"))	    ? 2
		   : str_ends(name, STR("containers.json")) ? 4
							    : 3;

	(void)e;
	*out = blob_of(p->part[i]);
	return 0;
}

static void check(const struct description *d, struct arena *a)
{
	CLEANUP(buf_free)
	struct buf wire = BUF(16 << 20);
	struct description back;
	struct err e;

	if (d->places.n != d->image.layers.n)
		abort();
	if (description_write(&wire, d, &e) < 0)
		return;
	if (description_read(&back, buf_str(&wire), a, &e) < 0 && e.kind != ERR_NOMEM)
		abort();
}

static void run(enum describe_kind kind, const char *tag, struct files *f, struct arena *a)
{
	struct describe_job job = { .kind = kind,
				    .tag = str_of(tag),
				    .platform = { STR("linux"), STR("amd64"), STR("") } };
	struct description d;
	struct err e;

	if (describe(&d, &job, f, a, &e) == 0)
		check(&d, a);
}

/* containerd: the text is the database, and every blob. */
static int whole_find(struct files *f, struct blob *out, str name, struct err *e)
{
	struct parts *p = (struct parts *)f;

	(void)name, (void)e;
	*out = blob_of(p->part[0]);
	return 0;
}

static void run_containerd(str text, struct arena *a)
{
	struct parts p = { .files.find = whole_find, .part = { text } };

	run(DESCRIBE_CONTAINERD, "app", &p.files, a);
	run(DESCRIBE_REGISTRY, "app", &p.files, a);
}

static void run_store(enum describe_kind kind, str text, struct arena *a)
{
	struct parts p = { .files.find = parts_find };

	for (size_t i = 0; i < COUNT(p.part); i++)
		if (!str_cut(text, '\0', &p.part[i], &text))
			break;
	run(kind, "app", &p.files, a);
}

static void run_archive(str text, struct arena *a)
{
	struct blob whole = blob_of(text);
	struct archive ar;
	struct err e;

	if (archive_open(&ar, &whole, a, &e) == 0)
		run(DESCRIBE_ARCHIVE, "", &ar.files, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 << 20);
	str text = str_from((str){ (const char *)data, size }, 1);
	struct description d;
	struct docker_list docker;
	struct image img = { 0 };
	struct manifest m;
	struct err e;
	int r = 0;

	switch (size ? data[0] % 8 : 0) {
	case 0:
		r = manifest_parse(&m, text, &a, &e);
		break;
	case 1:
		r = image_config_parse(&img, text, &a, &e);
		break;
	case 2:
		r = docker_manifest_parse(&docker, text, &a, &e);
		break;
	case 3:
		run_archive(text, &a);
		break;
	case 4:
		r = description_read(&d, text, &a, &e);
		break;
	case 5:
		run_store(DESCRIBE_STORE, text, &a);
		break;
	case 6:
		run_store(DESCRIBE_CONTAINER, text, &a);
		break;
	default:
		run_containerd(text, &a);
	}
	if (r < 0 && e.kind == ERR_NONE)
		abort();
	return 0;
}
