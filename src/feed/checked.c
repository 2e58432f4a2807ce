#include "feed/checked.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

#define CHECKED_MOST (1 * MIB)

static bool path_of(char out[PATH_MAX], const char *dir, const char *name)
{
	return snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

int checked_read(struct checked_list *out, const char *dir, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(CHECKED_MOST);
	CLEANUP(fd_closep)
	int fd = -1;
	char path[PATH_MAX];
	struct err ignored;
	str rest;

	if (!path_of(path, dir, "checked"))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fd_read(&b, fd, CHECKED_MOST, &ignored) < 0)
		return 0;
	if (arena_str(&rest, a, buf_str(&b), e) < 0)
		return -1;
	for (str line; str_next(&rest, '\n', &line);) {
		struct checked c;

		if (str_cut(line, '\t', &c.name, &c.at) && vec_push(out, a, e, c) < 0)
			return -1;
	}
	return 0;
}

int checked_write(const struct checked_list *list, const char *dir, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(CHECKED_MOST);
	CLEANUP(fd_closep)
	int fd = -1;
	char path[PATH_MAX], made[PATH_MAX];

	for (size_t i = 0; i < list->n; i++)
		buf_printf(&b, STR_FMT "\t" STR_FMT "\n", STR_ARG(list->v[i].name),
			   STR_ARG(list->v[i].at));
	if (!path_of(path, dir, "checked") || !path_of(made, dir, ".new-checked"))
		return err_set(e, ERR_LIMIT, "path of the data directory is too long");
	fd = open(made, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, "%s", made);
	if (buf_check(&b, e) < 0 || fd_write(fd, buf_str(&b), e) < 0)
		return -1;
	return fsync(fd) < 0 || rename(made, path) < 0 ? err_sys(e, "%s", path) : 0;
}
