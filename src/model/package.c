#include "model/package.h"

#include "base/buf.h"

#include <stdlib.h>

/* How a type's name becomes namespace and name (purl-spec, PURL-TYPES). */
enum {
	NAME_LOWER = 1,	     /* the type is not case sensitive */
	NAME_DASHES = 2,     /* '_' is written '-' */
	NAME_AT_SLASH = 4,   /* all before the last '/' is the namespace */
	NAME_AT_COLON = 8,   /* all before the ':' is */
	NAME_OF_SYSTEM = 16, /* the distribution is; arch, distro and upstream are qualifiers */
	VERSION_EPOCH = 32,  /* the epoch is a qualifier */
};

static const struct purl_type {
	str type;
	unsigned how;
} purl_types[] = {
	/* clang-format off */
	{ STR_INIT("alpm"),	NAME_OF_SYSTEM | NAME_LOWER },
	{ STR_INIT("apk"),	NAME_OF_SYSTEM | NAME_LOWER },
	{ STR_INIT("deb"),	NAME_OF_SYSTEM | NAME_LOWER },
	{ STR_INIT("rpm"),	NAME_OF_SYSTEM | VERSION_EPOCH },
	{ STR_INIT("bitnami"),	NAME_LOWER },
	{ STR_INIT("composer"), NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("ebuild"),	NAME_AT_SLASH },
	{ STR_INIT("github"),	NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("golang"),	NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("hex"),	NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("huggingface"), NAME_AT_SLASH },
	{ STR_INIT("luarocks"), NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("maven"),	NAME_AT_COLON },
	{ STR_INIT("npm"),	NAME_AT_SLASH | NAME_LOWER },
	{ STR_INIT("pub"),	NAME_LOWER },
	{ STR_INIT("pypi"),	NAME_LOWER | NAME_DASHES },
	{ STR_INIT("swift"),	NAME_AT_SLASH },
	/* clang-format on */
};

/* Whose packages a distribution's are, where that is not its ID in os-release. */
static const struct {
	str id, vendor;
} vendors[] = {
	{ STR_INIT("rhel"), STR_INIT("redhat") },
	{ STR_INIT("opensuse-leap"), STR_INIT("opensuse") },
	{ STR_INIT("opensuse-tumbleweed"), STR_INIT("opensuse") },
};

static unsigned how_of(str type)
{
	for (size_t i = 0; i < COUNT(purl_types); i++)
		if (str_eq(purl_types[i].type, type))
			return purl_types[i].how;
	return 0;
}

static str vendor_of(str id)
{
	for (size_t i = 0; i < COUNT(vendors); i++)
		if (str_eq(vendors[i].id, id))
			return vendors[i].vendor;
	return id;
}

/* PURL-SPECIFICATION, "Character encoding": all but these is percent-encoded; ':' never is. */
static bool stays(char c)
{
	return ch_alnum(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':';
}

static void put_encoded(struct buf *b, str s, unsigned how)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		char c = how & NAME_LOWER ? ch_down(s.p[i]) : s.p[i];

		if (c == '_' && how & NAME_DASHES)
			c = '-';
		if (stays(c)) {
			buf_putc(b, c);
			continue;
		}
		buf_putc(b, '%');
		buf_putc(b, hex[(uint8_t)c >> 4]);
		buf_putc(b, hex[(uint8_t)c & 15]);
	}
}

static void put_namespace(struct buf *b, str space, unsigned how)
{
	for (str part; str_next(&space, '/', &part);) {
		if (!part.n)
			continue;
		put_encoded(b, part, how);
		buf_putc(b, '/');
	}
}

static void put_name(struct buf *b, const struct package *p, const struct os *os, unsigned how)
{
	str space = STR_NONE, name = p->name;

	if (how & NAME_OF_SYSTEM)
		space = vendor_of(os->id);
	else if (how & NAME_AT_COLON && !str_cut(p->name, ':', &space, &name))
		space = STR_NONE, name = p->name;
	else if (how & NAME_AT_SLASH && !str_rcut(p->name, '/', &space, &name))
		space = STR_NONE, name = p->name;
	put_namespace(b, space, how);
	put_encoded(b, name, how);
}

struct qualifiers {
	struct buf text[4]; /* each "key=value" */
	size_t n;
};

static void qualifiers_free(struct qualifiers *q)
{
	for (size_t i = 0; i < q->n; i++)
		buf_free(&q->text[i]);
}

static struct buf *qualifier(struct qualifiers *q, const char *key)
{
	struct buf *b = &q->text[q->n++];

	buf_putz(b, key);
	buf_putc(b, '=');
	return b;
}

static void put_distro(struct buf *b, const struct os *os)
{
	str version = os->version_id.n ? os->version_id : os->codename;

	put_encoded(b, os->id, 0);
	if (version.n)
		buf_putc(b, '-');
	put_encoded(b, version, 0);
}

/* The source package, as the readers of such purls know it: NAME or NAME@VERSION, for rpm the
 * name of the source rpm, which carries no epoch. */
static void put_upstream(struct buf *b, const struct package *p)
{
	str name = p->source_name.n ? p->source_name : p->name, version = p->source_version, epoch;
	bool rpm = str_eq(p->type, STR("rpm"));

	if (rpm && !version.n)
		version = p->version;
	if (rpm && !str_cut(version, ':', &epoch, &version))
		version = epoch;
	put_encoded(b, name, 0);
	if (version.n)
		put_encoded(b, rpm ? STR("-") : STR("@"), 0);
	put_encoded(b, version, 0);
	if (rpm)
		buf_putz(b, ".src.rpm");
}

static void system_qualifiers(struct qualifiers *q, const struct package *p, const struct os *os)
{
	if (p->arch.n)
		put_encoded(qualifier(q, "arch"), p->arch, 0);
	if (os->id.n)
		put_distro(qualifier(q, "distro"), os);
	if (p->source_name.n || p->source_version.n)
		put_upstream(qualifier(q, "upstream"), p);
}

static int str_order(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

/* Sorted by key, as the canonical form wants; `extra` is "k=v&k=v", encoded already. */
static void put_qualifiers(struct buf *b, const struct qualifiers *q, str extra)
{
	str all[32];
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++)
		all[n++] = buf_str(&q->text[i]);
	for (str one; n < COUNT(all) && str_next(&extra, '&', &one);)
		if (one.n)
			all[n++] = one;
	qsort(all, n, sizeof(*all), str_order);
	for (size_t i = 0; i < n; i++) {
		buf_putc(b, i ? '&' : '?');
		buf_put(b, all[i]);
	}
}

int package_purl(str *out, const struct package *p, const struct os *os, struct arena *a,
		 struct err *e)
{
	CLEANUP(qualifiers_free)
	struct qualifiers q = { 0 };
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 10);
	unsigned how = how_of(p->type);
	str epoch, version = p->version;

	if (how & NAME_OF_SYSTEM)
		system_qualifiers(&q, p, os);
	if (how & VERSION_EPOCH && str_cut(p->version, ':', &epoch, &version))
		put_encoded(qualifier(&q, "epoch"), epoch, 0);
	else
		version = p->version;
	buf_putz(&b, "pkg:");
	buf_put(&b, p->type);
	buf_putc(&b, '/');
	put_name(&b, p, os, how);
	if (version.n)
		buf_putc(&b, '@');
	put_encoded(&b, version, 0);
	put_qualifiers(&b, &q, p->purl_extra);
	for (size_t i = 0; i < q.n; i++)
		if (buf_check(&q.text[i], e) < 0)
			return -1;
	if (buf_check(&b, e) < 0)
		return -1;
	return arena_str(out, a, buf_str(&b), e);
}

int package_cmp(const struct package *a, const struct package *b)
{
	const str none = STR_NONE;
	int r = str_cmp(a->type, b->type);

	if (!r)
		r = str_cmp(a->name, b->name);
	if (!r)
		r = str_cmp(a->version, b->version);
	if (!r)
		r = str_cmp(a->arch, b->arch);
	if (!r)
		r = str_cmp(a->paths.n ? a->paths.v[0] : none, b->paths.n ? b->paths.v[0] : none);
	return r;
}
