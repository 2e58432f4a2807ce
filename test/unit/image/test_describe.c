#include "tap.h"

#include "base/limits.h"
#include "base/map.h"
#include "image/archive.h"
#include "image/describe.h"

/* An image's files, made up in memory. */
struct made {
	struct files files;
	struct arena arena;
	struct map map; /* name → str * */
};

static int made_find(struct files *f, struct blob *out, str name, struct err *e)
{
	str *text = map_get(&((struct made *)f)->map, name);

	if (!text)
		return err_set(e, ERR_MISSING, "no " STR_FMT, STR_ARG(name));
	*out = blob_of(*text);
	return 0;
}

static void made_init(struct made *m)
{
	*m = (struct made){ .files.find = made_find, .arena = ARENA(4 << 20) };
}

static void made_free(struct made *m)
{
	arena_free(&m->arena);
}

static void put(struct made *m, const char *name, str text)
{
	str *kept = arena_new(&m->arena, str);
	struct err e;
	str key;

	if (!kept || arena_str(kept, &m->arena, text, &e) < 0 ||
	    arena_str(&key, &m->arena, str_of(name), &e) < 0 ||
	    map_put(&m->map, &m->arena, key, kept, &e) < 0)
		abort();
}

/* Puts a blob where its digest says; the digest's text lives in the arena. */
static str put_blob(struct made *m, str text)
{
	char digest[DIGEST_TEXT], name[200];
	struct digest d;
	struct err e;
	str out;

	if (digest_of(&d, DIGEST_SHA256, text, &e) < 0)
		abort();
	digest_text(digest, &d);
	snprintf(name, sizeof(name), "blobs/sha256/%s", digest + strlen("sha256:"));
	put(m, name, text);
	if (arena_str(&out, &m->arena, str_of(digest), &e) < 0)
		abort();
	return out;
}

static str print(struct made *m, const char *fmt, ...) PRINTF(2, 3);
static str print(struct made *m, const char *fmt, ...)
{
	char text[8192];
	struct err e;
	va_list ap;
	str out;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (arena_str(&out, &m->arena, str_of(text), &e) < 0)
		abort();
	return out;
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OCI "application/vnd.oci.image."

static str config_text(struct made *m, const char *os, const char *arch, int layers)
{
	str ids = STR("");

	for (int i = 0; i < layers; i++)
		ids = print(m, STR_FMT "%s\"sha256:" HEX "\"", STR_ARG(ids), i ? "," : "");
	return print(
		m,
		"{\"os\":\"%s\",\"architecture\":\"%s\",\"created\":\"2024-01-02T03:04:05Z\","
		"\"config\":{\"Env\":[\"A=b\"],\"Cmd\":null,\"Entrypoint\":[\"/x\"],\"User\":\"7\","
		"\"Labels\":{\"k\":\"v\"}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" STR_FMT
		"]},\"history\":[{\"created_by\":\"ADD\"},"
		"{\"created_by\":\"ENV\",\"empty_layer\":true}]}",
		os, arch, STR_ARG(ids));
}

/* A manifest with one layer of a type; its descriptor without the closing brace. */
static str put_image(struct made *m, const char *os, const char *arch, const char *layer_type)
{
	str config = config_text(m, os, arch, 1);
	str config_digest = put_blob(m, config);
	str manifest =
		print(m,
		      "{\"schemaVersion\":2,\"mediaType\":\"" OCI "manifest.v1+json\","
		      "\"config\":{\"mediaType\":\"" OCI "config.v1+json\",\"digest\":\"" STR_FMT
		      "\",\"size\":%zu},\"layers\":[{\"mediaType\":\"%s\",\"digest\":\"sha256:" HEX
		      "\",\"size\":5}]}",
		      STR_ARG(config_digest), config.n, layer_type);

	return print(m,
		     "{\"mediaType\":\"" OCI "manifest.v1+json\",\"digest\":\"" STR_FMT
		     "\",\"size\":%zu",
		     STR_ARG(put_blob(m, manifest)), manifest.n);
}

static str index_of(struct made *m, str list)
{
	return print(m, "{\"schemaVersion\":2,\"manifests\":[" STR_FMT "]}", STR_ARG(list));
}

static str put_index(struct made *m, str list)
{
	str text = index_of(m, list);

	return print(m,
		     "{\"mediaType\":\"" OCI "index.v1+json\",\"digest\":\"" STR_FMT
		     "\",\"size\":%zu",
		     STR_ARG(put_blob(m, text)), text.n);
}

#define GZ OCI "layer.v1.tar+gzip"

static int run(struct description *out, struct made *m, enum describe_kind kind, const char *tag,
	       struct err *e)
{
	struct describe_job job = { .kind = kind, .tag = str_of(tag) };

	e->text[0] = '\0';
	if (platform_parse(&job.platform, STR("linux/amd64"), e) < 0)
		return -1;
	return describe(out, &job, &m->files, &m->arena, e);
}

TEST(an_image_layout_is_described)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	put(&m, "index.json",
	    index_of(&m, print(&m, STR_FMT "}", STR_ARG(put_image(&m, "linux", "amd64", GZ)))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == 0);
	CHECK(d.image.layers.n == 1 && d.places.n == 1);
	CHECK(d.image.layers.v[0].coding == LAYER_GZIP && d.image.layers.v[0].size == 5);
	CHECK_STR(d.places.v[0].name, STR("blobs/sha256/" HEX));
	CHECK_STR(d.image.layers.v[0].created_by, STR("ADD"));
	CHECK_STR(d.image.user, STR("7"));
	CHECK(d.image.env.n == 1 && d.image.cmd.n == 0 && d.image.entrypoint.n == 1);
	CHECK(d.image.labels.n == 1 && d.image.history.n == 2);
	CHECK(d.image.digest.kind == DIGEST_SHA256 && d.image.id.kind == DIGEST_SHA256);
	CHECK_STR(d.image.source, STR("oci"));

	CLEANUP(buf_free)
	struct buf wire = { 0 };
	struct description back;

	CHECK(description_write(&wire, &d, &e) == 0);
	CHECK(description_read(&back, buf_str(&wire), &m.arena, &e) == 0);
	CHECK_STR(back.image.config, d.image.config);
	CHECK(digest_eq(&back.image.layers.v[0].diff_id, &d.image.layers.v[0].diff_id));
	for (size_t n = 0; n < wire.n; n++)
		CHECK(description_read(&back, str_first(buf_str(&wire), n), &m.arena, &e) == -1);
}

#define AMD	  "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}"
#define ARM	  "\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}}"
#define NOT	  "\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}"
#define REF(name) "\"annotations\":{\"org.opencontainers.image.ref.name\":\"" name "\"}}"

TEST(of_several_platforms_the_one_asked_for_is_taken)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	str amd = put_image(&m, "linux", "amd64", GZ), arm = put_image(&m, "linux", "arm64", GZ);
	str both = put_index(&m, print(&m, STR_FMT "," ARM "," STR_FMT "," NOT "," STR_FMT "," AMD,
				       STR_ARG(arm), STR_ARG(arm), STR_ARG(amd)));

	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(both))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == 0);
	CHECK_STR(d.image.platform.arch, STR("amd64"));
	str only = put_index(&m, print(&m, STR_FMT "," ARM, STR_ARG(arm)));

	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(only))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_UNSUPPORTED);
	CHECK(str_has(str_of(e.text), STR("linux/arm64/v8")) &&
	      str_has(str_of(e.text), STR("linux/amd64")));
	/* the index does not say; the configuration does */
	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(arm))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_UNSUPPORTED);
}

TEST(of_several_images_one_has_to_be_named)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	str one = put_image(&m, "linux", "amd64", GZ);
	str two = put_image(&m, "linux", "amd64", OCI "layer.v1.tar");

	put(&m, "index.json",
	    index_of(&m, print(&m, STR_FMT "," REF("a") "," STR_FMT "," REF("b"), STR_ARG(one),
			       STR_ARG(two))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_USAGE);
	CHECK(str_has(str_of(e.text), STR("a, b")));
	CHECK(run(&d, &m, DESCRIBE_OCI, "b", &e) == 0);
	CHECK(d.image.layers.v[0].coding == LAYER_PLAIN);
	CHECK_STR(d.image.name, STR("b"));
	CHECK(run(&d, &m, DESCRIBE_OCI, "c", &e) == -1 && e.kind == ERR_MISSING);
}

TEST(indexes_are_followed_so_deep_and_no_deeper)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	str at = put_image(&m, "linux", "amd64", GZ);

	for (int i = 0; i <= LIMIT_INDEX_NESTING; i++) {
		put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(at))));
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == 0);
		at = put_index(&m, print(&m, STR_FMT "}", STR_ARG(at)));
	}
	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(at))));
	CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(layers_that_are_not_read_are_named)
{
	static const struct {
		const char *type, *why;
	} rows[] = {
		{ OCI "layer.v1.tar+gzip+encrypted", "an encrypted layer" },
		{ OCI "layer.nondistributable.v1.tar+gzip", "a nondistributable layer" },
		{ "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "a foreign layer" },
		{ "application/x-thing", "a layer of a type that is not read" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(made_free)
		struct made m;
		struct description d;
		struct err e;

		made_init(&m);
		put(&m, "index.json",
		    index_of(&m, print(&m, STR_FMT "}",
				       STR_ARG(put_image(&m, "linux", "amd64", rows[i].type)))));
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == 0);
		CHECK(str_starts(d.places.v[0].unread, str_of(rows[i].why)));
	}
}

/* Every blob in turn with one byte changed, and cut short. */
TEST(a_blob_that_is_not_what_its_digest_says_is_refused)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;
	size_t blobs = 0;

	made_init(&m);
	str image = put_image(&m, "linux", "amd64", GZ);
	str index = put_index(&m, print(&m, STR_FMT "}", STR_ARG(image)));

	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(index))));
	map_each(slot, &m.map)
	{
		str *text = slot->value, was = *text;

		if (!str_starts(slot->key, STR("blobs/")))
			continue;
		str other = print(&m, STR_FMT, STR_ARG(was));

		((char *)other.p)[was.n / 2] ^= 1;
		*text = other;
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_CORRUPT);
		CHECK(str_has(str_of(e.text), str_base(slot->key)));
		*text = str_first(was, was.n - 1);
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1 && e.kind == ERR_CORRUPT);
		*text = was;
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == 0);
		blobs++;
	}
	CHECK(blobs == 3);
}

static const struct {
	const char *index, *words;
	enum err_kind kind;
} bad_indexes[] = {
	{ "", "", ERR_CORRUPT },
	{ "{}", "schema 0", ERR_UNSUPPORTED },
	{ "{\"schemaVersion\":1,\"manifests\":[]}", "schema 1", ERR_UNSUPPORTED },
	{ "{\"schemaVersion\":2}", "neither", ERR_CORRUPT },
	{ "{\"schemaVersion\":2,\"manifests\":[]}", "lists no image", ERR_MISSING },
	{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"md5:00\",\"size\":1}]}", "md5",
	  ERR_UNSUPPORTED },
	{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:00\",\"size\":1}]}", "digest",
	  ERR_CORRUPT },
	{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:" HEX "\",\"size\":-1}]}",
	  "size", ERR_CORRUPT },
	{ "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:" HEX "\",\"size\":1}]}",
	  "no blobs/", ERR_MISSING },
	{ "{\"schemaVersion\":2,\"mediaType\":\"" OCI "manifest.v1+json\",\"manifests\":[]}",
	  "not what it is", ERR_CORRUPT },
	{ "{\"schemaVersion\":2,\"mediaType\":\"x\",\"manifests\":[]}", "\"x\"", ERR_UNSUPPORTED },
};

TEST(an_index_that_makes_no_sense_is_refused)
{
	for (size_t i = 0; i < COUNT(bad_indexes); i++) {
		CLEANUP(made_free)
		struct made m;
		struct description d;
		struct err e;

		made_init(&m);
		put(&m, "index.json", str_of(bad_indexes[i].index));
		CHECK(run(&d, &m, DESCRIBE_OCI, "", &e) == -1);
		if (e.kind != bad_indexes[i].kind ||
		    !str_has(str_of(e.text), str_of(bad_indexes[i].words)))
			printf("# row %zu: %s\n", i, e.text);
		CHECK(e.kind == bad_indexes[i].kind);
		CHECK(str_has(str_of(e.text), str_of(bad_indexes[i].words)));
	}
}

static void put_docker(struct made *m)
{
	str config = config_text(m, "linux", "amd64", 1);
	str digest = put_blob(m, config);
	str name = print(m, STR_FMT ".json", STR_ARG(str_from(digest, 7)));

	put(m, name.p, config);
	put(m, "one/layer.tar", STR("plain"));
	put(m, "two/layer.tar", STR("\x1f\x8b\x08\x00zip"));
	put(m, "manifest.json",
	    print(m,
		  "[{\"Config\":\"" STR_FMT
		  "\",\"RepoTags\":[\"app:1\",\"app:x\"],\"Layers\":[\"one/layer.tar\"]},"
		  "{\"Config\":\"" STR_FMT
		  "\",\"RepoTags\":[\"other:1\"],\"Layers\":[\"two/layer.tar\"]},"
		  "{\"Config\":\"" STR_FMT "\",\"RepoTags\":null,\"Layers\":[]}]",
		  STR_ARG(name), STR_ARG(name), STR_ARG(name)));
}

TEST(an_image_of_docker_save_is_chosen_by_its_tag)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	put_docker(&m);
	CHECK(run(&d, &m, DESCRIBE_DOCKER_ARCHIVE, "", &e) == -1 && e.kind == ERR_USAGE);
	CHECK(str_has(str_of(e.text), STR("app:1, app:x, other:1, (untagged)")));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "docker.io/library/app:x", &e) == 0);
	CHECK_STR(d.image.name, STR("app:x"));
	CHECK(d.image.layers.v[0].coding == LAYER_PLAIN && d.image.layers.v[0].size == 5);
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "other:1", &e) == 0);
	CHECK(d.image.layers.v[0].coding == LAYER_GZIP);
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "other:2", &e) == -1 && e.kind == ERR_MISSING);
	CHECK_STR(d.image.source, STR("docker-archive"));
}

TEST(docker_save_with_a_changed_configuration_or_a_missing_layer_is_refused)
{
	CLEANUP(made_free)
	struct made m;
	struct description d;
	struct err e;

	made_init(&m);
	put(&m, "manifest.json",
	    STR("[{\"Config\":\"" HEX ".json\",\"RepoTags\":[],\"Layers\":[\"l\"]}]"));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == -1 && e.kind == ERR_MISSING);
	put(&m, HEX ".json", config_text(&m, "linux", "amd64", 1));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == -1 && e.kind == ERR_CORRUPT);
	CHECK(str_has(str_of(e.text), STR("should be sha256:" HEX " but is sha256:")));
	put(&m, "manifest.json", STR("[{\"Config\":\"c\",\"Layers\":[\"l\"]}]"));
	put(&m, "c", config_text(&m, "linux", "amd64", 1));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == -1 && e.kind == ERR_MISSING);
	put(&m, "l", STR("x"));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == 0);
	put(&m, "c", config_text(&m, "linux", "amd64", 2));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == -1 && e.kind == ERR_CORRUPT);
	CHECK(str_has(str_of(e.text), STR("1 layers, the configuration 2")));
	put(&m, "c", config_text(&m, "linux", "s390x", 1));
	CHECK(run(&d, &m, DESCRIBE_ARCHIVE, "", &e) == -1 && e.kind == ERR_UNSUPPORTED);
}

TEST(a_file_that_is_no_archive_is_not_called_a_damaged_one)
{
	static char page[2048];
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	struct blob none = blob_of(STR("")), text = blob_of(STR("root:x:0:0\n"));
	struct blob zeros = blob_of((str){ page, sizeof(page) });
	struct archive ar;
	struct err e;

	CHECK(archive_open(&ar, &none, &a, &e) == -1 && e.kind == ERR_UNSUPPORTED);
	CHECK(archive_open(&ar, &text, &a, &e) == -1 && e.kind == ERR_UNSUPPORTED);
	CHECK(archive_open(&ar, &zeros, &a, &e) == -1 && e.kind == ERR_UNSUPPORTED);
}

TEST(more_layers_than_an_image_may_have_are_refused)
{
	CLEANUP(made_free)
	struct made m;
	CLEANUP(buf_free)
	struct buf b = { 0 };
	struct image img = { 0 };
	struct err e;

	made_init(&m);
	buf_putz(&b, "{\"rootfs\":{\"diff_ids\":[");
	for (int i = 0; i <= LIMIT_LAYERS; i++)
		buf_printf(&b, "%s\"sha256:" HEX "\"", i ? "," : "");
	buf_putz(&b, "]}}");
	CHECK(image_config_parse(&img, buf_str(&b), &m.arena, &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(a_description_without_memory_is_an_error)
{
	CLEANUP(made_free)
	struct made m;
	int r = -1;

	made_init(&m);
	str image = put_image(&m, "linux", "amd64", GZ);

	put(&m, "index.json", index_of(&m, print(&m, STR_FMT "}", STR_ARG(image))));
	for (uint64_t at = 1; r < 0; at++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct describe_job job = { .kind = DESCRIBE_OCI };
		struct description d;
		struct err e;

		CHECK(platform_parse(&job.platform, STR("linux/amd64"), &e) == 0 && at < 200);
		a.fail_at = at;
		r = describe(&d, &job, &m.files, &a, &e);
		CHECK(r == 0 || e.kind == ERR_NOMEM);
	}
}

TEST_MAIN
