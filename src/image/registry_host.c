#include "image/registry_host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "base/beneath.h"
#include "base/fd.h"
#include "base/limits.h"

static bool is_insecure(str host, const struct surroundings *s)
{
	vec_each (h, &s->insecure)
		if (str_eq_nocase(*h, host))
			return true;
	return false;
}

int registry_host(struct registry_host *out, str domain, const struct surroundings *s,
		  struct arena *a, struct err *e)
{
	bool hub = !domain.n || str_eq(domain, STR("docker.io")) ||
		   str_eq(domain, STR("index.docker.io"));
	struct registry_host h = { .name = hub ? STR("docker.io") : domain,
				   .prefix = STR(""),
				   .plain = is_insecure(domain, s) };

	if (arena_printf(&h.base, a, e, "%s://" STR_FMT, h.plain ? "http" : "https",
			 STR_ARG(hub ? STR("registry-1.docker.io") : domain)) < 0)
		return -1;
	*out = h;
	return 0;
}

int registry_mirror(struct registry_host *out, str domain, const struct surroundings *s,
		    struct arena *a, struct err *e)
{
	str of, place, host, prefix;

	vec_each (m, &s->mirrors) {
		if (!str_cut(*m, '=', &of, &place) || !place.n)
			return err_set(e, ERR_USAGE,
				       "a mirror is written HOST=MIRROR[/PREFIX], not \"" STR_FMT
				       "\"",
				       STR_ARG(*m));
		if (!str_eq_nocase(of, domain.n ? domain : STR("docker.io")))
			continue;
		str_cut(place, '/', &host, &prefix);
		if (registry_host(out, host, s, a, e) < 0)
			return -1;
		str_chop(&prefix, STR("/"));
		if (prefix.n && arena_printf(&out->prefix, a, e, STR_FMT "/", STR_ARG(prefix)) < 0)
			return -1;
		return 1;
	}
	return 0;
}

static int add_ca(struct buf *ca, int dir, str name, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = -1;

	/* the directory is the administrator's own: links are welcome */
	char z[512];

	if (snprintf(z, sizeof(z), STR_FMT, STR_ARG(name)) >= (int)sizeof(z))
		return err_set(e, ERR_LIMIT, "a name that is too long");
	fd = openat(dir, z, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_sys(e, "%s", z);
	buf_putc(ca, '\n');
	return fd_read(ca, fd, LIMIT_SMALL_FILE_BYTES, e);
}

static void closedirp(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* Looks through one HOST folder. */
static int read_folder(struct tls_files *out, DIR *d, str folder, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf ca = BUF(2 * LIMIT_SMALL_FILE_BYTES);
	const struct dirent *entry;

	while ((entry = readdir(d))) {
		str name = str_of(entry->d_name), stem = name;

		if (str_ends(name, STR(".crt")) && add_ca(&ca, dirfd(d), name, e) < 0)
			return -1;
		if (!str_chop(&stem, STR(".cert")))
			continue;
		if (arena_printf(&out->cert, a, e, STR_FMT "/" STR_FMT, STR_ARG(folder),
				 STR_ARG(name)) < 0 ||
		    arena_printf(&out->key, a, e, STR_FMT "/" STR_FMT ".key", STR_ARG(folder),
				 STR_ARG(stem)) < 0)
			return -1;
	}
	if (buf_check(&ca, e) < 0)
		return -1;
	return ca.n ? arena_str(&out->ca, a, buf_str(&ca), e) : 0;
}

static int list_places(struct str_list *out, const struct surroundings *s, struct arena *a,
		       struct err *e)
{
	str own;

	vec_each (dir, &s->certs)
		if (vec_push(out, a, e, *dir) < 0)
			return -1;
	if (surroundings_config(&own, s, "containers/certs.d", a, e) < 0 ||
	    (own.n && vec_push(out, a, e, own) < 0))
		return -1;
	if (vec_push(out, a, e, STR("/etc/containers/certs.d")) < 0)
		return -1;
	return vec_push(out, a, e, STR("/etc/docker/certs.d"));
}

int tls_files_find(struct tls_files *out, str host, const struct surroundings *s, struct arena *a,
		   struct err *e)
{
	struct str_list places = { 0 };
	struct tls_files found = { 0 };
	str folder;

	*out = found;
	if (str_find(host, '/') != SIZE_MAX || str_starts(host, STR(".")))
		return 0;
	if (list_places(&places, s, a, e) < 0)
		return -1;
	vec_each (place, &places) {
		CLEANUP(closedirp)
		DIR *d = NULL;

		if (arena_printf(&folder, a, e, STR_FMT "/" STR_FMT, STR_ARG(*place),
				 STR_ARG(host)) < 0)
			return -1;
		d = opendir(folder.p);
		if (!d && (errno == ENOENT || errno == ENOTDIR))
			continue;
		if (!d)
			return err_sys(e, "%s", folder.p);
		if (read_folder(&found, d, folder, a, e) < 0)
			return err_within(e, STR_FMT, STR_ARG(folder));
		*out = found;
		return 0;
	}
	return 0;
}

bool url_origin(str *origin, str *host, str url)
{
	str rest = url;
	size_t n = 0;

	if (!str_skip(&rest, STR("https://")) && !str_skip(&rest, STR("http://")))
		return false;
	while (n < rest.n && !memchr("/?#\\", rest.p[n], 4))
		n++;
	*host = str_first(rest, n);
	*origin = str_first(url, url.n - rest.n + n);
	return n > 0 && str_find(*host, '@') == SIZE_MAX && str_find(*host, '\0') == SIZE_MAX;
}
