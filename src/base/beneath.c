#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

static int is_regular(int fd, str name, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(e, "cannot look at " STR_FMT, STR_ARG(name));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_UNSUPPORTED, STR_FMT " is not a regular file", STR_ARG(name));
	return 0;
}

static int cannot_open(str name, struct err *e)
{
	if (errno == ELOOP || errno == EXDEV)
		return err_set(e, ERR_DENIED, STR_FMT " is reached through a symbolic link",
			       STR_ARG(name));
	return err_sys(e, "cannot open " STR_FMT, STR_ARG(name));
}

static int name_z(char *to, size_t size, str name, struct err *e)
{
	if (name.n == 0 || name.n >= size || memchr(name.p, '\0', name.n))
		return err_set(e, ERR_LIMIT, "a file name of %zu bytes cannot be opened", name.n);
	memcpy(to, name.p, name.n);
	to[name.n] = '\0';
	return 0;
}

int beneath_open_stepwise(int *out, int dir, str name, struct err *e)
{
	CLEANUP(fd_closep)
	int at = -1;
	str rest = name, part;
	char z[256];

	while (str_next(&rest, '/', &part)) {
		bool last = rest.n == 0;
		int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;

		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR("..")))
			return err_set(e, ERR_DENIED, STR_FMT " leads upwards", STR_ARG(name));
		if (name_z(z, sizeof(z), part, e) < 0)
			return -1;
		int next = openat(at < 0 ? dir : at, z,
				  flags | (last ? O_NONBLOCK : O_DIRECTORY | O_PATH));

		if (next < 0)
			return cannot_open(name, e);
		fd_closep(&at);
		at = next;
	}
	if (at < 0 || is_regular(at, name, e) < 0)
		return at < 0 ? err_set(e, ERR_MISSING, "a file without a name") : -1;
	*out = TAKE(at, -1);
	return 0;
}

int beneath_open(int *out, int dir, str name, enum beneath_links links, struct err *e)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
		.resolve = RESOLVE_NO_MAGICLINKS,
	};
	char z[LIMIT_PATH_BYTES];

	how.resolve |=
		links == BENEATH_ROOTED ? RESOLVE_IN_ROOT : RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
	if (name_z(z, sizeof(z), name, e) < 0)
		return -1;
	CLEANUP(fd_closep)
	int fd = (int)syscall(SYS_openat2, dir, z, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN))
		return beneath_open_stepwise(out, dir, name, e);
	if (fd < 0)
		return cannot_open(name, e);
	if (is_regular(fd, name, e) < 0)
		return -1;
	*out = TAKE(fd, -1);
	return 0;
}
