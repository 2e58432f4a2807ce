#include "flow/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"

#define LIST_MOST (1 * MIB)

void fetch_init(struct fetch *f)
{
	*f = (struct fetch){ .from = -1 };
}

void fetch_end(struct fetch *f)
{
	fd_closep(&f->from);
}

static bool is_url(str from)
{
	return str_starts(from, STR("http://")) || str_starts(from, STR("https://"));
}

static int read_all(str *out, int fd, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(LIST_MOST);

	return fd_read(&b, fd, LIST_MOST, e) < 0 ? -1 : arena_str(out, a, buf_str(&b), e);
}

static int mirror_open(struct fetch *f, str from, struct arena *a, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = -1;
	const char *path = arena_z(a, from);

	f->from = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (f->from < 0)
		return err_sys(e, STR_FMT, STR_ARG(from));
	if (beneath_open(&fd, f->from, STR("dates.tsv"), BENEATH_ROOTED, e) < 0)
		return e->kind == ERR_MISSING ? 0 : -1;
	return read_all(&f->dates, fd, a, e);
}

int64_t fetch_date(const struct fetch *f, const struct feed *feed, int64_t mtime)
{
	str rest = f->dates;

	for (str line; str_next(&rest, '\n', &line);) {
		str path, date;
		int64_t at;

		if (str_cut(str_trim(line), '\t', &path, &date) && clock_parse(date, &at) &&
		    (str_eq(path, feed->path) || (path.n && str_eq(path, feed->other))))
			return at;
	}
	return mtime;
}

int fetch_begin(struct fetch *f, const struct update_request *q, struct arena *a, struct err *e)
{
	f->q = q;
	f->network = !q->from.n || is_url(q->from);
	if (!f->network)
		return mirror_open(f, q->from, a, e);
	f->base = q->from;
	while (str_chop(&f->base, STR("/")))
		;
	if (snprintf(f->raw, sizeof(f->raw), "%s/raw", q->dir) >= (int)sizeof(f->raw))
		return err_set(e, ERR_LIMIT, "path of the data directory is too long");
	if (mkdir(f->raw, 0755) < 0 && errno != EEXIST)
		return err_sys(e, "%s", f->raw);
	return 0;
}

static int url_join(str *out, const struct fetch *f, str path, str home, struct arena *a,
		    struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(16 * KIB);

	if (!f->base.n) {
		*out = home;
		return 0;
	}
	buf_put(&b, f->base);
	buf_putc(&b, '/');
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == ' ')
			buf_putz(&b, "%20");
		else
			buf_putc(&b, path.p[i]);
	return buf_check(&b, e) < 0 ? -1 : arena_str(out, a, buf_str(&b), e);
}

/* Raw files are named by their feeds, '/' written as '+': no name has one. */
static int get_fill(struct http_get *get, const struct fetch *f, str name, str url, struct arena *a,
		    struct err *e)
{
	str path;

	if (arena_printf(&path, a, e, "%s/" STR_FMT, f->raw, STR_ARG(name)) < 0)
		return -1;
	for (char *at = (char *)path.p + strlen(f->raw) + 1; *at; at++)
		if (*at == '/')
			*at = '+';
	*get = (struct http_get){ .url = url, .path = path.p };
	return 0;
}

static int name_cmp(const void *x, const void *y)
{
	return str_cmp(*(const str *)x, *(const str *)y);
}

/* A mirror without the list: every folder of osv/ that could be an ecosystem's. */
static int folders(str *out, const struct fetch *f, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf text = BUF(LIST_MOST);
	struct str_list names = { 0 };
	int fd = openat(f->from, "osv", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int r = 0;

	if (!d) {
		fd_closep(&fd);
		*out = STR_NONE;
		return 0;
	}
	for (struct dirent *en; r == 0 && (en = readdir(d));) {
		str name;

		if (en->d_name[0] == '.' || (en->d_type != DT_DIR && en->d_type != DT_UNKNOWN))
			continue;
		r = arena_str(&name, a, str_of(en->d_name), e) < 0 ? -1
								   : vec_push(&names, a, e, name);
	}
	closedir(d);
	if (r < 0)
		return -1;
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), name_cmp);
	vec_each (name, &names) {
		buf_put(&text, *name);
		buf_putc(&text, '\n');
	}
	return buf_check(&text, e) < 0 ? -1 : arena_str(out, a, buf_str(&text), e);
}

int fetch_ecosystems(str *out, struct fetch *f, struct arena *a, struct err *e)
{
	CLEANUP(fd_closep)
	int fd = -1;
	struct http_limits limits = http_limits();
	struct http_get get;
	str url;

	if (!f->network) {
		if (beneath_open(&fd, f->from, STR(FEED_OSV_LIST_PATH), BENEATH_ROOTED, e) == 0)
			return read_all(out, fd, a, e);
		return e->kind == ERR_MISSING ? folders(out, f, a, e) : -1;
	}
	limits.most = LIST_MOST;
	if (url_join(&url, f, STR(FEED_OSV_LIST_PATH), STR(FEED_OSV_LIST_URL), a, e) < 0 ||
	    get_fill(&get, f, STR("osv-ecosystems"), url, a, e) < 0 ||
	    http_get_all(&get, 1, &limits, NULL, NULL, e) < 0)
		return -1;
	if (get.outcome == HTTP_NONE) {
		*out = STR_NONE;
		return f->base.n ? 0
				 : err_set(e, ERR_MISSING, "the list of OSV's ecosystems is gone");
	}
	if (get.outcome == HTTP_FAILED) {
		*e = get.err;
		return -1;
	}
	fd = open(get.path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "%s", get.path) : read_all(out, fd, a, e);
}

/* Mirrors that have a feed under its other path. */
static int fetch_others(struct fetch *f, const struct feed_list *feeds,
			const struct http_limits *limits, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < f->n; i++) {
		str url;

		if (f->files[i].outcome != HTTP_NONE || !feeds->v[i].other.n)
			continue;
		if (url_join(&url, f, feeds->v[i].other, STR_NONE, a, e) < 0 ||
		    get_fill(&f->files[i], f, feeds->v[i].name, url, a, e) < 0 ||
		    http_get_all(&f->files[i], 1, limits, f->q->progress, f->q->ctx, e) < 0)
			return -1;
	}
	return 0;
}

int fetch_all(struct fetch *f, const struct feed_list *feeds, struct arena *a, struct err *e)
{
	struct http_limits limits = http_limits();

	if (!f->network)
		return 0;
	f->files = arena_array(a, struct http_get, feeds->n + 1);
	f->names = arena_array(a, str, feeds->n + 1);
	if (!f->files || !f->names)
		return err_nomem(e);
	vec_each (feed, feeds) {
		str url;

		f->names[f->n] = feed->name;
		if (url_join(&url, f, feed->path, feed->url, a, e) < 0 ||
		    get_fill(&f->files[f->n], f, feed->name, url, a, e) < 0)
			return -1;
		f->n++;
	}
	limits.most = LIMIT_FEED_FILE_BYTES;
	if (http_get_all(f->files, f->n, &limits, f->q->progress, f->q->ctx, e) < 0)
		return -1;
	return f->base.n ? fetch_others(f, feeds, &limits, a, e) : 0;
}

static enum fetch_outcome open_beneath(int *fd, const struct fetch *f, const struct feed *feed,
				       struct err *e)
{
	const str paths[] = { feed->path, feed->other };

	for (size_t i = 0; i < COUNT(paths); i++) {
		if (!paths[i].n)
			continue;
		if (beneath_open(fd, f->from, paths[i], BENEATH_ROOTED, e) == 0)
			return FETCH_FILE;
		if (e->kind != ERR_MISSING)
			return FETCH_FAILED;
	}
	return FETCH_NONE;
}

static enum fetch_outcome open_raw(int *fd, const struct http_get *get, struct err *e)
{
	if (get->outcome == HTTP_NONE)
		return FETCH_NONE;
	if (get->outcome == HTTP_FAILED) {
		*e = get->err;
		return FETCH_FAILED;
	}
	*fd = open(get->path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0) {
		(void)err_sys(e, "%s", get->path);
		return FETCH_FAILED;
	}
	return get->outcome == HTTP_UNCHANGED ? FETCH_UNCHANGED : FETCH_FILE;
}

enum fetch_outcome fetch_open(int *fd, struct fetch *f, const struct feed *feed, struct err *e)
{
	if (!f->network)
		return open_beneath(fd, f, feed, e);
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->names[i], feed->name))
			return open_raw(fd, &f->files[i], e);
	return FETCH_NONE;
}
