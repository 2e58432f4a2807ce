#include "image/open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "base/limits.h"
#include "image/containerd.h"
#include "image/engine.h"
#include "image/store.h"

enum { STORE_WAIT_SECONDS = 10 };

static int identity_of(str *out, int fd, struct arena *a, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "cannot look at the file");
	return arena_printf(out, a, e, "file %llu %llu %lld %lld.%09ld %lld.%09ld",
			    (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
			    (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			    (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

int opened_registry(struct opened *out, const struct source *s, const struct registry_options *o,
		    struct err *e)
{
	struct opened op = { .source = *s, .fd = -1, .locks = { -1, -1 }, .meta = -1 };

	if (registry_open(&op.registry, s->tag, o, e) < 0)
		return -1;
	op.source.tag = registry_name(op.registry);
	*out = op;
	return 0;
}

int opened_engine(struct opened *out, const struct source *s, int spool, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = spool;

	if (engine_export(fd, s->tag, s->around, e) < 0)
		return -1;
	*out = (struct opened){
		.source = *s, .fd = TAKE(fd, -1), .locks = { -1, -1 }, .meta = -1
	};
	out->source.kind = SOURCE_ARCHIVE;
	out->source.tag = STR("");
	return 0;
}

static int open_containerd(struct opened *out, const struct source *s, struct arena *a,
			   struct err *e)
{
	struct opened o = { .source = *s, .fd = -1, .locks = { -1, -1 }, .meta = -1 };

	if (containerd_open(&o.fd, &o.meta, s->path, a, e) < 0)
		return -1;
	*out = o;
	return 0;
}

int opened_open(struct opened *out, const struct source *s, struct arena *a, struct err *e)
{
	struct opened o = { .source = *s, .fd = -1, .locks = { -1, -1 }, .meta = -1 };
	const char *path = arena_z(a, s->path);
	int kind = s->kind == SOURCE_ARCHIVE || s->kind == SOURCE_SBOM ? O_NOCTTY : O_DIRECTORY;

	if (!path)
		return err_nomem(e);
	if (s->kind == SOURCE_CONTAINERD)
		return open_containerd(out, s, a, e);
	o.fd = open(path, O_RDONLY | O_CLOEXEC | kind);
	if (o.fd < 0) {
		err_sys(e, "%s", path);
		e->kind = e->sys == EACCES ? ERR_DENIED : e->kind;
		return -1;
	}
	if (identity_of(&o.identity, o.fd, a, e) < 0 ||
	    (s->kind == SOURCE_STORE && store_lock(o.locks, o.fd, STORE_WAIT_SECONDS, e) < 0)) {
		fd_closep(&o.fd);
		return -1;
	}
	*out = o;
	return 0;
}

void opened_unlock(struct opened *o)
{
	fd_closep(&o->locks[0]);
	fd_closep(&o->locks[1]);
}

void opened_close(struct opened *o)
{
	opened_unlock(o);
	fd_closep(&o->fd);
	fd_closep(&o->meta);
	registry_close(TAKE(o->registry, NULL));
}

static bool is_hex(str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == n;
}

static bool is_digest_path(str name)
{
	if (str_skip(&name, STR("sha256/")))
		return is_hex(name, 64);
	return str_skip(&name, STR("sha512/")) && is_hex(name, 128);
}

static bool is_blob_name(str name)
{
	return str_skip(&name, STR("blobs/")) && is_digest_path(name);
}

static bool is_layout_name(str name)
{
	return str_eq(name, STR("index.json")) || is_blob_name(name);
}

/* overlay-images/ID/manifest, or the configuration: overlay-images/ID/=BASE64 */
static bool is_store_name(str name)
{
	str id, file;

	if (str_eq(name, STR("overlay-images/images.json")) ||
	    str_eq(name, STR("overlay-containers/containers.json")) ||
	    str_eq(name, STR("overlay-containers/volatile-containers.json")) ||
	    str_eq(name, STR("overlay-layers/layers.json")))
		return true;
	if (!str_skip(&name, STR("overlay-images/")) || !str_cut(name, '/', &id, &file))
		return false;
	if (!is_hex(id, 64) || str_find(file, '/') != SIZE_MAX)
		return false;
	return str_eq(file, STR("manifest")) || str_starts(file, STR("="));
}

static bool may_ask(const struct opened *o, str words)
{
	switch (o->source.kind) {
	case SOURCE_LAYOUT:
		return is_layout_name(words);
	case SOURCE_STORE:
		return is_store_name(words);
	case SOURCE_CONTAINERD:
		return str_eq(words, STR("meta.db")) || is_blob_name(words);
	case SOURCE_REGISTRY:
		if (is_blob_name(words) || str_eq(words, STR("manifest")))
			return true;
		return str_skip(&words, STR("manifests/")) && is_digest_path(words);
	default:
		return false;
	}
}

/* "blobs/sha256/HEX" */
static int digest_of_name(struct digest *out, str name, struct err *e)
{
	char text[DIGEST_TEXT];
	str kind;

	if (!str_cut(name, '/', &kind, &name) || !str_cut(name, '/', &kind, &name))
		return err_set(e, ERR_DENIED, "no name of a blob");
	snprintf(text, sizeof(text), STR_FMT ":" STR_FMT, STR_ARG(kind), STR_ARG(name));
	return digest_parse(out, str_of(text), e);
}

static int fetch_manifest(int to, const struct opened *o, str words, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(LIMIT_MANIFEST_BYTES);
	struct digest d = { 0 };

	if (!str_eq(words, STR("manifest")) && digest_of_name(&d, words, e) < 0)
		return -1;
	if (registry_manifest(&text, o->registry, &d, e) < 0)
		return -1;
	return fd_write(to, buf_str(&text), e);
}

/* What a registry has goes into memory; the reader of the image gets that. */
static int fetch(int *out, const struct opened *o, str words, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = memfd_create("registry", MFD_CLOEXEC);
	struct digest d;

	if (fd < 0)
		return err_sys(e, "cannot make a file in memory");
	if (str_starts(words, STR("manifest"))) {
		if (fetch_manifest(fd, o, words, e) < 0)
			return -1;
	} else if (digest_of_name(&d, words, e) < 0 ||
		   registry_small_blob(fd, o->registry, &d, e) < 0) {
		return -1;
	}
	*out = TAKE(fd, -1);
	return 0;
}

int opened_answer(void *ctx, int *fd, str words, struct err *e)
{
	const struct opened *o = ctx;

	if (!may_ask(o, words))
		return err_set(e, ERR_DENIED, "the reader of the image asked for \"" STR_FMT "\"",
			       STR_ARG(str_first(words, 200)));
	if (o->source.kind == SOURCE_REGISTRY)
		return fetch(fd, o, words, e);
	if (o->meta >= 0 && str_eq(words, STR("meta.db"))) {
		*fd = fcntl(o->meta, F_DUPFD_CLOEXEC, 0);
		return *fd < 0 ? err_sys(e, "cannot hand on a descriptor") : 0;
	}
	return beneath_open(fd, o->fd, words, BENEATH_NO_LINKS, e);
}

static int dir_beneath(int *out, int root, const char *a, str id, const char *b, struct err *e)
{
	char name[256];

	snprintf(name, sizeof(name), "%s/" STR_FMT "/%s", a, STR_ARG(id), b);
	*out = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return *out < 0 ? err_sys(e, "%s", name) : 0;
}

static int store_layer_open(struct layer_input *in, const struct opened *o, str id, struct arena *a,
			    struct err *e)
{
	struct err none;
	str name, identity;

	if (!is_hex(id, 64))
		return err_set(e, ERR_CORRUPT, "a layer of the store has no proper id");
	if (dir_beneath(&in->dir, o->fd, "overlay", id, "diff", e) < 0 ||
	    arena_printf(&name, a, e, "overlay-layers/" STR_FMT ".tar-split.gz", STR_ARG(id)) < 0)
		return -1;
	if (beneath_open(&in->split, o->fd, name, BENEATH_NO_LINKS, &none) < 0)
		return 0;
	if (identity_of(&identity, in->split, a, e) < 0)
		return -1;
	return arena_printf(&in->stored, a, e, "store " STR_FMT " " STR_FMT, STR_ARG(id),
			    STR_ARG(identity));
}

static int archive_layer_open(struct layer_input *in, const struct opened *o, struct arena *a,
			      struct err *e)
{
	in->fd = o->fd;
	if (in->stored.n || !o->identity.n)
		return 0;
	return arena_printf(&in->stored, a, e, STR_FMT " at %llu", STR_ARG(o->identity),
			    (unsigned long long)in->offset);
}

static int blob_layer_open(struct layer_input *in, const struct opened *o, str name, struct err *e)
{
	struct stat st;

	if (!is_blob_name(name))
		return err_set(e, ERR_CORRUPT, "a layer without a proper name");
	if (beneath_open(&in->fd, o->fd, name, BENEATH_NO_LINKS, e) < 0)
		return -1;
	in->own = true;
	if (fstat(in->fd, &st) < 0)
		return err_sys(e, "cannot look at the blob");
	if ((uint64_t)st.st_size != in->size)
		return err_set(e, ERR_CORRUPT, STR_FMT " should have %llu bytes but has %llu",
			       STR_ARG(name), (unsigned long long)in->size,
			       (unsigned long long)st.st_size);
	return 0;
}

/* Nothing is fetched yet: the layer may be known from an earlier scan. */
static int registry_layer_open(struct layer_input *in, const struct opened *o, str name,
			       struct err *e)
{
	if (!is_blob_name(name))
		return err_set(e, ERR_CORRUPT, "a layer without a proper name");
	in->registry = o->registry;
	return digest_of_name(&in->digest, name, e);
}

int layer_input_open(struct layer_input *out, const struct opened *o, const struct description *d,
		     size_t layer, struct arena *a, struct err *e)
{
	const struct place *p = &d->places.v[layer];
	const struct layer *l = &d->image.layers.v[layer];
	struct layer_input in = {
		.fd = -1, .dir = -1, .split = -1, .offset = p->offset, .size = p->size
	};
	char text[DIGEST_TEXT];
	int r;

	if (l->digest.kind != DIGEST_NONE && o->source.kind != SOURCE_STORE &&
	    arena_str(&in.stored, a, digest_text(text, &l->digest), e) < 0)
		return -1;
	if (o->source.kind == SOURCE_STORE)
		r = store_layer_open(&in, o, p->name, a, e);
	else if (o->source.kind == SOURCE_REGISTRY)
		r = registry_layer_open(&in, o, p->name, e);
	else if (o->source.kind == SOURCE_LAYOUT || o->source.kind == SOURCE_CONTAINERD)
		r = blob_layer_open(&in, o, p->name, e);
	else
		r = archive_layer_open(&in, o, a, e);
	if (r < 0) {
		layer_input_close(&in);
		return -1;
	}
	*out = in;
	return 0;
}

void layer_input_close(struct layer_input *in)
{
	if (in->own)
		fd_closep(&in->fd);
	fd_closep(&in->dir);
	fd_closep(&in->split);
}
