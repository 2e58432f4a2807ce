#include "tap.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "image/source.h"
#include "image/store.h"

struct ground {
	char path[64];
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void ground_free(struct ground *p)
{
	if (chdir("/") == 0)
		nftw(p->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void touch(const char *name)
{
	CLEANUP(fd_closep)
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	if (fd < 0)
		abort();
}

/* A directory to stand in, with something of each kind. */
static struct ground ground_new(void)
{
	struct ground p = { "/tmp/plimsoll-test-XXXXXX" };

	if (!mkdtemp(p.path) || chdir(p.path) < 0 || mkdir("layout", 0700) < 0 ||
	    mkdir("tree", 0700) < 0)
		abort();
	touch("a.tar");
	touch("b:1.tar");
	touch("layout/oci-layout");
	touch("layout/index.json");
	return p;
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct surroundings nobody = { .root = true };

static const struct row {
	const char *words;
	enum source_kind kind;
	enum describe_kind describe;
	const char *path, *tag;
	bool digest;
} rows[] = {
	{ "a.tar", SOURCE_ARCHIVE, DESCRIBE_ARCHIVE, "a.tar", "", false },
	{ "a.tar:app:1", SOURCE_ARCHIVE, DESCRIBE_ARCHIVE, "a.tar", "app:1", false },
	{ "b:1.tar", SOURCE_ARCHIVE, DESCRIBE_ARCHIVE, "b:1.tar", "", false },
	{ "docker-archive:b:1.tar:x", SOURCE_ARCHIVE, DESCRIBE_DOCKER_ARCHIVE, "b:1.tar", "x",
	  false },
	{ "docker-archive:a.tar:localhost:5000/x:1", SOURCE_ARCHIVE, DESCRIBE_DOCKER_ARCHIVE,
	  "a.tar", "localhost:5000/x:1", false },
	{ "oci-archive:a.tar", SOURCE_ARCHIVE, DESCRIBE_OCI_ARCHIVE, "a.tar", "", false },
	{ "oci:layout", SOURCE_LAYOUT, DESCRIBE_OCI, "layout", "", false },
	{ "oci:layout:v1", SOURCE_LAYOUT, DESCRIBE_OCI, "layout", "v1", false },
	{ "oci:layout@sha256:" HEX, SOURCE_LAYOUT, DESCRIBE_OCI, "layout", "", true },
	{ "oci:tree", SOURCE_LAYOUT, DESCRIBE_OCI, "tree", "", false },
	{ "layout", SOURCE_LAYOUT, DESCRIBE_OCI, "layout", "", false },
	{ "layout:v1", SOURCE_LAYOUT, DESCRIBE_OCI, "layout", "v1", false },
	{ "tree", SOURCE_DIR, DESCRIBE_OCI, "tree", "", false },
	{ "./tree/", SOURCE_DIR, DESCRIBE_OCI, "./tree/", "", false },
	{ "dir:layout", SOURCE_DIR, 0, "layout", "", false },
	{ "podman:[overlay@/x/y+/run]app:1", SOURCE_STORE, DESCRIBE_STORE, "/x/y", "app:1", false },
	{ "registry:alpine", SOURCE_REGISTRY, DESCRIBE_REGISTRY, "", "alpine", false },
	{ "registry://r.example:5000/a/b:1", SOURCE_REGISTRY, DESCRIBE_REGISTRY, "",
	  "r.example:5000/a/b:1", false },
	{ "registry:alpine@sha256:" HEX, SOURCE_REGISTRY, DESCRIBE_REGISTRY, "",
	  "alpine@sha256:" HEX, true },
	{ "docker:alpine", SOURCE_ENGINE, DESCRIBE_ARCHIVE, "", "alpine", false },
	{ "docker:0123abcd", SOURCE_ENGINE, DESCRIBE_ARCHIVE, "", "0123abcd", false },
	{ "containerd:alpine", SOURCE_CONTAINERD, DESCRIBE_CONTAINERD, "/var/lib/containerd",
	  "alpine", false },
	{ "containerd:[/x]alpine", SOURCE_CONTAINERD, DESCRIBE_CONTAINERD, "/x", "alpine", false },
	{ "container:[overlay@/x]abc", SOURCE_STORE, DESCRIBE_CONTAINER, "/x", "abc", false },
	{ "podman:[overlay@/x]app", SOURCE_STORE, DESCRIBE_STORE, "/x", "app", false },
};

TEST(sources_are_told_by_their_words_and_by_what_lies_there)
{
	CLEANUP(ground_free)
	UNUSED struct ground p = ground_new();

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct source s;
		struct err e;

		if (source_parse(&s, str_of(rows[i].words), &nobody, &a, &e) < 0)
			printf("# %s: %s\n", rows[i].words, e.text);
		CHECK(source_parse(&s, str_of(rows[i].words), &nobody, &a, &e) == 0);
		CHECK(s.kind == rows[i].kind && s.describe == rows[i].describe);
		CHECK_STR(s.path, str_of(rows[i].path));
		CHECK_STR(s.tag, str_of(rows[i].tag));
		CHECK((s.digest.kind != DIGEST_NONE) == rows[i].digest);
	}
}

static const struct bad_row {
	const char *words;
	enum err_kind kind;
	const char *said;
} bad[] = {
	{ "", ERR_USAGE, "wanted" },
	{ "registry:", ERR_USAGE, "not the name" },
	{ "registry:No Such", ERR_USAGE, "not the name" },
	{ "docker:No Such", ERR_USAGE, "not the name" },
	{ "containerd:[/x", ERR_USAGE, "another root" },
	{ "sbom:tree", ERR_USAGE, "a directory" },
	{ "tarball:/x/y", ERR_USAGE, "docker-archive: oci-archive: oci: dir: podman: registry:" },
	{ "docker-archive:", ERR_USAGE, "no file" },
	{ "docker-archive:none.tar", ERR_MISSING, "none.tar" },
	{ "docker-archive:tree", ERR_USAGE, "is a directory" },
	{ "docker-archive:a.tar:", ERR_USAGE, "empty" },
	{ "oci:a.tar", ERR_USAGE, "no directory" },
	{ "oci:layout@sha256:12", ERR_CORRUPT, "not a digest" },
	{ "dir:a.tar", ERR_USAGE, "no directory" },
	{ "dir:none", ERR_MISSING, "none" },
	{ "podman:[vfs@/x]app", ERR_UNSUPPORTED, "vfs" },
	{ "podman:[overlay]app", ERR_USAGE, "how a store is named" },
	{ "No Such File", ERR_MISSING, "no name of an image" },
};

TEST(what_is_no_source_is_refused_with_a_word_of_help)
{
	CLEANUP(ground_free)
	UNUSED struct ground p = ground_new();

	for (size_t i = 0; i < COUNT(bad); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct source s;
		struct err e;

		CHECK(source_parse(&s, str_of(bad[i].words), &nobody, &a, &e) == -1);
		if (e.kind != bad[i].kind || !str_has(str_of(e.text), str_of(bad[i].said)))
			printf("# \"%s\": %s\n", bad[i].words, e.text);
		CHECK(e.kind == bad[i].kind && str_has(str_of(e.text), str_of(bad[i].said)));
	}
}

TEST(a_storage_conf_says_where_the_store_is)
{
	str root, driver;

	store_conf(
		&root, &driver,
		STR("# graphroot = \"/no\"\n[storage]\n driver = \"overlay\"\n"
		    "graphroot = \"/srv/c\" # here\n[storage.options]\ngraphroot = \"/other\"\n"));
	CHECK_STR(root, STR("/srv/c"));
	CHECK_STR(driver, STR("overlay"));
	store_conf(&root, &driver, STR("graphroot = '/no'\n"));
	CHECK(root.n == 0 && driver.n == 0);
}

TEST_MAIN
