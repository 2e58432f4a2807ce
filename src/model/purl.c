#include "model/purl.h"

#include "base/buf.h"
#include "base/limits.h"

static int hex_of(char c)
{
	return ch_digit(c)				? c - '0'
	       : ch_down(c) >= 'a' && ch_down(c) <= 'f' ? ch_down(c) - 'a' + 10
							: -1;
}

static int decode(str *out, str s, struct arena *a, struct err *e)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	if (!p)
		return err_nomem(e);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			p[n++] = s.p[i];
			continue;
		}
		int high = s.n - i > 2 ? hex_of(s.p[i + 1]) : -1;

		if (high < 0 || hex_of(s.p[i + 2]) < 0)
			return err_set(e, ERR_CORRUPT, "a purl with a bad %% escape");
		p[n++] = (char)(high << 4 | hex_of(s.p[i + 2]));
		i += 2;
	}
	*out = (str){ p, n };
	return 0;
}

struct qualifiers {
	str epoch, upstream, extra;
};

static int take_qualifier(struct package *p, struct qualifiers *q, str *distro, str one,
			  struct arena *a, struct err *e)
{
	str key, raw;
	const struct {
		str key;
		str *to;
	} known[] = {
		{ STR("arch"), &p->arch },
		{ STR("distro"), distro },
		{ STR("epoch"), &q->epoch },
		{ STR("upstream"), &q->upstream },
	};

	str_cut(one, '=', &key, &raw);
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(known[i].key, key))
			return decode(known[i].to, raw, a, e);
	return arena_printf(&q->extra, a, e, STR_FMT "%s" STR_FMT, STR_ARG(q->extra),
			    q->extra.n ? "&" : "", STR_ARG(one));
}

/* "glibc", "git@1:2.39.5", and for rpm the source rpm's name: dbus-1.12-8.el9.src.rpm */
static void take_upstream(struct package *p, str upstream)
{
	str name, version, release;

	if (str_chop(&upstream, STR(".src.rpm")) && str_rcut(upstream, '-', &upstream, &release) &&
	    str_rcut(upstream, '-', &name, &version)) {
		p->source_name = name;
		p->source_version = (str){ version.p, version.n + 1 + release.n };
	} else if (str_cut(upstream, '@', &name, &version)) {
		p->source_name = name;
		p->source_version = version;
	} else {
		p->source_name = upstream;
	}
	if (str_eq(p->source_name, p->name))
		p->source_name = STR_NONE;
	if (str_eq(p->source_version, p->version))
		p->source_version = STR_NONE;
}

static bool is_system(str type)
{
	return str_eq(type, STR("deb")) || str_eq(type, STR("rpm")) || str_eq(type, STR("apk")) ||
	       str_eq(type, STR("alpm"));
}

static int join_name(struct package *p, str space, str name, struct arena *a, struct err *e)
{
	if (space.n == 0 || is_system(p->type)) {
		p->name = name;
		return 0;
	}
	return arena_printf(&p->name, a, e, STR_FMT "%s" STR_FMT, STR_ARG(space),
			    str_eq(p->type, STR("maven")) ? ":" : "/", STR_ARG(name));
}

/* Everything before '?' and '#': type/namespace/name@version. */
static int take_path(struct package *p, str *space, str path, struct arena *a, struct err *e)
{
	str type, head, name, version = STR_NONE;

	while (str_skip(&path, STR("/")))
		;
	while (str_chop(&path, STR("/")))
		;
	if (!str_cut(path, '/', &type, &path))
		return err_set(e, ERR_CORRUPT, "a purl without a type or a name");
	size_t at = str_rfind(path, '@');

	if (at != SIZE_MAX && at > 0 && path.p[at - 1] != '/') {
		version = str_from(path, at + 1);
		path = str_first(path, at);
	}
	if (!str_rcut(path, '/', &head, &name)) {
		head = STR_NONE;
		name = path;
	}
	if (arena_str(&p->type, a, type, e) < 0 || decode(space, head, a, e) < 0 ||
	    decode(&name, name, a, e) < 0 || decode(&p->version, version, a, e) < 0)
		return -1;
	for (size_t i = 0; i < p->type.n; i++)
		((char *)p->type.p)[i] = ch_down(p->type.p[i]);
	if (str_eq(p->type, STR("alpine"))) { /* what apk was called before it had a type */
		p->type = STR("apk");
		*space = space->n ? *space : STR("alpine");
	}
	if (type.n == 0 || name.n == 0)
		return err_set(e, ERR_CORRUPT, "a purl without a type or a name");
	return join_name(p, *space, name, a, e);
}

static int take_epoch(struct package *p, str epoch, struct arena *a, struct err *e)
{
	if (!is_system(p->type) || epoch.n == 0 || str_eq(epoch, STR("0")) ||
	    str_find(p->version, ':') != SIZE_MAX)
		return 0;
	return arena_printf(&p->version, a, e, STR_FMT ":" STR_FMT, STR_ARG(epoch),
			    STR_ARG(p->version));
}

int purl_read(struct package *out, str *distro, str *space, str text, struct arena *a,
	      struct err *e)
{
	struct package p = { .layer = LAYER_NONE, .owned_by = OWNED_BY_NONE };
	struct qualifiers q = { 0 };
	str path, rest, subpath, d = STR_NONE;

	if (text.n > LIMIT_PURL_BYTES)
		return err_set(e, ERR_LIMIT, "a purl of %zu bytes", text.n);
	if (!str_skip(&text, STR("pkg:")))
		return err_set(e, ERR_CORRUPT, "no purl");
	str_cut(text, '#', &text, &subpath);
	str_cut(text, '?', &path, &rest);
	if (take_path(&p, space, path, a, e) < 0)
		return -1;
	for (str one; str_next(&rest, '&', &one);)
		if (one.n && take_qualifier(&p, &q, &d, one, a, e) < 0)
			return -1;
	if (take_epoch(&p, q.epoch, a, e) < 0)
		return -1;
	if (q.upstream.n)
		take_upstream(&p, q.upstream);
	p.purl_extra = q.extra;
	*distro = d;
	*out = p;
	return 0;
}
