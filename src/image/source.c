#include "image/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "image/sbom.h"
#include "image/store.h"
#include "model/reference.h"

struct prefix {
	str word;
	int (*parse)(struct source *out, const struct prefix *p, str rest, struct arena *a,
		     struct err *e);
	enum source_kind kind;
	enum describe_kind describe;
};

static int parse_path(struct source *out, const struct prefix *p, str rest, struct arena *a,
		      struct err *e);
static int parse_dir(struct source *out, const struct prefix *p, str rest, struct arena *a,
		     struct err *e);
static int parse_store(struct source *out, const struct prefix *p, str rest, struct arena *a,
		       struct err *e);
static int parse_image(struct source *out, const struct prefix *p, str rest, struct arena *a,
		       struct err *e);
static int parse_engine(struct source *out, const struct prefix *p, str rest, struct arena *a,
			struct err *e);
static int parse_containerd(struct source *out, const struct prefix *p, str rest,
			    struct arena *a, struct err *e);

static const struct prefix prefixes[] = {
	/* clang-format off */
	{ STR_INIT("docker-archive"), parse_path, SOURCE_ARCHIVE, DESCRIBE_DOCKER_ARCHIVE },
	{ STR_INIT("oci-archive"),    parse_path, SOURCE_ARCHIVE, DESCRIBE_OCI_ARCHIVE },
	{ STR_INIT("oci"),	      parse_path, SOURCE_LAYOUT,  DESCRIBE_OCI },
	{ STR_INIT("dir"),	      parse_dir,  SOURCE_DIR,	  0 },
	{ STR_INIT("podman"),	      parse_store, SOURCE_STORE,  DESCRIBE_STORE },
	{ STR_INIT("registry"),	      parse_image, SOURCE_REGISTRY, DESCRIBE_REGISTRY },
	{ STR_INIT("docker"),	      parse_engine, SOURCE_ENGINE, DESCRIBE_ARCHIVE },
	{ STR_INIT("containerd"),     parse_containerd, SOURCE_CONTAINERD, DESCRIBE_CONTAINERD },
	{ STR_INIT("container"),      parse_store, SOURCE_STORE,  DESCRIBE_CONTAINER },
	{ STR_INIT("sbom"),	      parse_path,  SOURCE_SBOM,	  0 },
	/* clang-format on */
};

static int look(struct stat *st, str path, struct arena *a, struct err *e)
{
	const char *z = path.n && !memchr(path.p, '\0', path.n) ? arena_z(a, path) : NULL;

	if (!path.n)
		return err_set(e, ERR_USAGE, "the source names no file");
	if (!z)
		return err_nomem(e);
	if (stat(z, st) < 0)
		return err_sys(e, "%s", z);
	return 0;
}

/* The longest part of `rest`, up to a ':' or '@', that is a path: names of files may have both. */
static int split_path(struct source *out, str rest, struct arena *a, struct err *e)
{
	struct err first, other;
	struct stat st;
	str path = rest;

	out->path = rest;
	if (look(&st, rest, a, &first) == 0)
		return 0;
	for (size_t n = rest.n; n-- > 1;) {
		if (rest.p[n] != ':' && rest.p[n] != '@')
			continue;
		path = str_first(rest, n);
		if (look(&st, path, a, &other) < 0)
			continue;
		out->path = path;
		out->tag = str_from(rest, n + 1);
		if (rest.p[n] == ':')
			return out->tag.n ? 0 : err_set(e, ERR_USAGE, "the tag is empty");
		if (digest_parse(&out->digest, TAKE(out->tag, STR_NONE), e) < 0)
			return err_within(e, "source");
		return 0;
	}
	*e = first;
	return -1;
}

static int parse_path(struct source *out, const struct prefix *p, str rest, struct arena *a,
		      struct err *e)
{
	struct stat st;

	*out = (struct source){ .kind = p->kind, .describe = p->describe };
	if (split_path(out, rest, a, e) < 0 || look(&st, out->path, a, e) < 0)
		return -1;
	if (S_ISDIR(st.st_mode) == (p->kind == SOURCE_LAYOUT))
		return 0;
	return err_set(e, ERR_USAGE, STR_FMT ": " STR_FMT " is %s directory", STR_ARG(p->word),
		       STR_ARG(out->path), p->kind == SOURCE_LAYOUT ? "no" : "a");
}

static int parse_dir(struct source *out, const struct prefix *p, str rest, struct arena *a,
		     struct err *e)
{
	struct stat st;

	*out = (struct source){ .kind = p->kind, .path = rest };
	if (look(&st, rest, a, e) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? 0 :
				     err_set(e, ERR_USAGE, "dir: " STR_FMT " is no directory",
					     STR_ARG(rest));
}

/* As containers-storage writes it: [DRIVER@ROOT+RUNROOT]REF, or REF alone for the system's own. */
static int parse_store(struct source *out, const struct prefix *p, str rest, struct arena *a,
		       struct err *e)
{
	const struct surroundings *s = out->around;
	str inside, driver, runroot;

	*out = (struct source){ .kind = p->kind, .describe = p->describe, .tag = rest };
	if (!str_skip(&rest, STR("[")))
		return store_root(&out->path, s, a, e);
	if (!str_cut(rest, ']', &inside, &out->tag) || !str_cut(inside, '@', &driver, &out->path))
		return err_set(e, ERR_USAGE, "podman: [overlay@ROOT]REFERENCE is how a store is named");
	if (!str_eq(driver, STR("overlay")))
		return err_set(e, ERR_UNSUPPORTED,
			       "stores with the driver \"" STR_FMT "\" are not read, only overlay",
			       STR_ARG(driver));
	if (!str_cut(out->path, '+', &inside, &runroot))
		inside = out->path;
	out->path = inside;
	return 0;
}

static int parse_image(struct source *out, const struct prefix *p, str rest, struct arena *a,
		       struct err *e)
{
	struct reference r;

	(void)a;
	*out = (struct source){ .kind = p->kind, .describe = p->describe };
	str_skip(&rest, STR("//")); /* as other tools write it: docker://HOST/PATH */
	if (reference_parse(&r, rest, e) < 0)
		return -1;
	out->tag = rest;
	out->digest = r.digest;
	return 0;
}

/* An image of an engine may be named by its id, too. */
static int parse_engine(struct source *out, const struct prefix *p, str rest, struct arena *a,
			struct err *e)
{
	str id = rest;

	str_skip(&id, STR("sha256:"));
	for (size_t i = 0; i < id.n; i++)
		if (!ch_digit(id.p[i]) && !(id.p[i] >= 'a' && id.p[i] <= 'f'))
			id.n = 0;
	if (!id.n && parse_image(out, p, rest, a, e) < 0)
		return -1;
	*out = (struct source){ .kind = p->kind, .describe = p->describe, .tag = rest };
	return 0;
}

/* containerd:REF or containerd:[ROOT]REF */
static int parse_containerd(struct source *out, const struct prefix *p, str rest, struct arena *a,
			    struct err *e)
{
	str root = STR("/var/lib/containerd"), tail;

	if (str_skip(&rest, STR("["))) {
		if (!str_cut(rest, ']', &root, &tail) || !root.n)
			return err_set(e, ERR_USAGE,
				       "containerd:[ROOT]REFERENCE is how another root is named");
		rest = tail;
	}
	if (parse_image(out, p, rest, a, e) < 0)
		return -1;
	out->path = root;
	return 0;
}

static bool has_file(str dir, const char *name, struct arena *a)
{
	struct err e;
	struct stat st;
	str path;

	return arena_printf(&path, a, &e, STR_FMT "/%s", STR_ARG(dir), name) == 0 &&
	       look(&st, path, a, &e) == 0 && S_ISREG(st.st_mode);
}

/* By its first bytes; what cannot be read is found out later. */
static bool is_sbom(str path, struct arena *a)
{
	const char *z = arena_z(a, path);
	char head[64];

	if (!z)
		return false;
	CLEANUP(fd_closep)
	int fd = open(z, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);

	return n > 0 && sbom_claims((str){ head, (size_t)n });
}

static int parse_bare_path(struct source *out, str words, struct arena *a, struct err *e)
{
	struct source s = { 0 };
	struct stat st;

	if (split_path(&s, words, a, e) < 0 || look(&st, s.path, a, e) < 0)
		return -1;
	s.kind = SOURCE_ARCHIVE;
	s.describe = DESCRIBE_ARCHIVE;
	if (S_ISREG(st.st_mode) && is_sbom(s.path, a))
		s.kind = SOURCE_SBOM;
	if (S_ISDIR(st.st_mode)) {
		bool layout = has_file(s.path, "oci-layout", a) && has_file(s.path, "index.json", a);

		s.kind = layout ? SOURCE_LAYOUT : SOURCE_DIR;
		s.describe = DESCRIBE_OCI;
		if (!layout && (s.tag.n || s.digest.kind))
			return err_set(e, ERR_MISSING, STR_FMT ": no such file", STR_ARG(words));
	}
	*out = s;
	return 0;
}

/* "tarball:/x" is no reference: somebody means a prefix that there is not. */
static int unknown_prefix(str word, struct err *e)
{
	char known[400] = "";
	size_t n = 0;

	for (size_t i = 0; i < COUNT(prefixes); i++)
		n += (size_t)snprintf(known + n, sizeof(known) - n, "%s" STR_FMT ":",
				      n ? " " : "", STR_ARG(prefixes[i].word));
	return err_set(e, ERR_USAGE, "\"" STR_FMT ":\" is no kind of source; there are %s",
		       STR_ARG(word), known);
}

static int parse_reference(struct source *out, str words, struct arena *a, struct err *e)
{
	struct reference r;
	str word, rest;

	(void)a;
	if (str_cut(words, ':', &word, &rest) && (str_starts(rest, STR("/")) ||
						  str_starts(rest, STR("."))))
		return unknown_prefix(word, e);
	if (reference_parse(&r, words, e) < 0)
		return err_set(e, ERR_MISSING, STR_FMT ": no such file, and no name of an image",
			       STR_ARG(words));
	*out = (struct source){ .tag = words, .guessed = true };
	return 0;
}

static const struct guess {
	str prefix;
	const char *place;
} guesses[] = {
	{ STR_INIT("podman"), "podman's store" },
	{ STR_INIT("docker"), "Docker" },
	{ STR_INIT("containerd"), "containerd" },
	{ STR_INIT("registry"), "the registry" },
};

static const struct prefix *prefix_of(str word)
{
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (str_eq(prefixes[i].word, word))
			return &prefixes[i];
	return NULL;
}

int source_guess(struct source *out, unsigned *step, str reference, const struct surroundings *s,
		 struct arena *a)
{
	struct err none;

	while (*step < COUNT(guesses)) {
		const struct prefix *p = prefix_of(guesses[(*step)++].prefix);

		*out = (struct source){ .around = s };
		if (p->parse(out, p, reference, a, &none) < 0)
			continue;
		out->around = s;
		out->guessed = true;
		return 1;
	}
	return 0;
}

const char *source_place(enum source_kind kind)
{
	for (size_t i = 0; i < COUNT(guesses); i++)
		if (prefix_of(guesses[i].prefix)->kind == kind)
			return guesses[i].place;
	return "the source";
}

static int parse_words(struct source *out, str words, struct arena *a, struct err *e)
{
	const struct prefix *p;
	str word, rest;

	if (!words.n || memchr(words.p, '\0', words.n))
		return err_set(e, ERR_USAGE, "a source is wanted");
	p = str_cut(words, ':', &word, &rest) ? prefix_of(word) : NULL;
	if (p)
		return p->parse(out, p, rest, a, e);
	if (parse_bare_path(out, words, a, e) == 0)
		return 0;
	return parse_reference(out, words, a, e);
}

int source_parse(struct source *out, str words, const struct surroundings *s, struct arena *a,
		 struct err *e)
{
	struct source src = { .around = s };

	if (parse_words(&src, words, a, e) < 0)
		return -1;
	src.around = s;
	*out = src;
	return 0;
}
