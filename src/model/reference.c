#include "model/reference.h"

static bool path_char(char c)
{
	return ch_lower(c) || ch_digit(c) || c == '.' || c == '_' || c == '-';
}

static bool path_ok(str path)
{
	size_t parts = 0;

	if (path.n > 255 || str_ends(path, STR("/")))
		return false;
	for (str part; str_next(&path, '/', &part); parts++) {
		if (!part.n || !(ch_alnum(part.p[0]) && ch_alnum(part.p[part.n - 1])))
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!path_char(part.p[i]))
				return false;
	}
	return parts > 0;
}

static bool tag_ok(str tag)
{
	for (size_t i = 0; i < tag.n; i++)
		if (!ch_alnum(tag.p[i]) && tag.p[i] != '_' &&
		    (i == 0 || (tag.p[i] != '.' && tag.p[i] != '-')))
			return false;
	return tag.n > 0 && tag.n <= 128;
}

static bool domain_ok(str domain)
{
	for (size_t i = 0; i < domain.n; i++)
		if (!ch_alnum(domain.p[i]) && !memchr(".-:[]", domain.p[i], 5))
			return false;
	return domain.n > 0;
}

/* The first part is a domain when it cannot be part of a path. */
static bool is_domain(str first)
{
	bool upper = false;

	for (size_t i = 0; i < first.n; i++)
		upper = upper || ch_upper(first.p[i]);
	return upper || str_find(first, '.') != SIZE_MAX || str_find(first, ':') != SIZE_MAX ||
	       str_eq(first, STR("localhost"));
}

static int refuse(str text, struct err *e)
{
	return err_set(e, ERR_USAGE, "\"" STR_FMT "\" is not the name of an image",
		       STR_ARG(str_first(text, 200)));
}

int reference_parse(struct reference *out, str text, struct err *e)
{
	struct reference r = { 0 };
	str rest = text, digest, first, tail;

	if (str_cut(rest, '@', &first, &digest)) {
		if (digest_parse(&r.digest, digest, e) < 0)
			return refuse(text, e);
		rest = first;
	}
	if (str_cut(rest, '/', &first, &tail) && is_domain(first)) {
		r.domain = first;
		rest = tail;
	}
	r.path = rest;
	if (str_find(rest, ':') != SIZE_MAX) {
		str_rcut(rest, ':', &r.path, &r.tag);
		if (!tag_ok(r.tag))
			return refuse(text, e);
	}
	if (!path_ok(r.path) || (r.domain.n && !domain_ok(r.domain)))
		return refuse(text, e);
	*out = r;
	return 0;
}

static bool is_hub(str domain)
{
	return !domain.n || str_eq(domain, STR("docker.io")) ||
	       str_eq(domain, STR("index.docker.io"));
}

int reference_full(str *out, const struct reference *r, struct arena *a, struct err *e)
{
	str domain = is_hub(r->domain) ? STR("docker.io") : r->domain;
	bool library = is_hub(domain) && str_find(r->path, '/') == SIZE_MAX;

	return arena_printf(out, a, e, STR_FMT "/%s" STR_FMT ":" STR_FMT, STR_ARG(domain),
			    library ? "library/" : "", STR_ARG(r->path),
			    STR_ARG(r->tag.n ? r->tag : STR("latest")));
}

static bool path_ends(str path, str end)
{
	return str_chop(&path, end) && (path.n == 0 || path.p[path.n - 1] == '/');
}

/* Docker Hub's own images are those of "library". */
static str short_path(str path)
{
	str_skip(&path, STR("library/"));
	return path;
}

int reference_rank(const struct reference *asked, str full_name)
{
	struct reference have;
	struct err e;

	if (reference_parse(&have, full_name, &e) < 0)
		return 0;
	str tag = asked->tag.n ? asked->tag : STR("latest");

	if (!str_eq(tag, have.tag.n ? have.tag : STR("latest")))
		return 0;
	if (asked->domain.n && str_eq(asked->domain, have.domain) && str_eq(asked->path, have.path))
		return 3;
	if (is_hub(asked->domain) && is_hub(have.domain) &&
	    str_eq(short_path(asked->path), short_path(have.path)))
		return 3;
	if (asked->domain.n || !path_ends(have.path, asked->path))
		return 0;
	return str_eq(have.domain, STR("localhost")) && str_eq(have.path, asked->path) ? 2 : 1;
}
