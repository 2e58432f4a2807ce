#include "tool/output.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

/* clang-format off */
const struct option_row option_output[] = {
	{ "output", 'o', "FORMAT[=FILE]", "Output", "what to write, and where if not to standard output",
	  .repeat = true, .words = "table json cyclonedx spdx purl csv" },
	{ "all", 0, NULL, "Output", "cut no list short, on terminals either" },
	{ NULL },
};
/* clang-format on */

static int read_one(struct output *out, str word, struct arena *a, struct err *e)
{
	str name, path, names;
	bool to_file = str_cut(word, '=', &name, &path);

	*out = (struct output){ .format = format_find(name) };
	if (!out->format) {
		if (format_names(&names, a, e) < 0)
			return -1;
		return err_set(e, ERR_USAGE,
			       "there is no output format \"" STR_FMT "\"; there are: " STR_FMT,
			       STR_ARG(name), STR_ARG(names));
	}
	if (to_file && path.n == 0)
		return err_set(e, ERR_USAGE, "--output " STR_FMT "= needs the name of a file",
			       STR_ARG(name));
	out->path = to_file && !str_eq(path, STR("-")) ? path.p : NULL;
	return 0;
}

int output_read(struct output_list *out, const struct options *o, struct err *e)
{
	const struct str_list *words = option_all(o, "output");
	size_t on_stdout = 0;

	if (words->n == 0)
		return vec_push(out, o->arena, e,
				(struct output){ .format = format_find(STR("table")) });
	vec_each(word, words) {
		struct output one;

		if (read_one(&one, *word, o->arena, e) < 0 || vec_push(out, o->arena, e, one) < 0)
			return -1;
		on_stdout += one.path == NULL;
	}
	if (on_stdout > 1)
		return err_set(e, ERR_USAGE,
			       "only one format may go to standard output; give the others a file: "
			       "-o json=report.json");
	return 0;
}

/* The file appears under its name when all of it is on the disk. Special files are written in
 * place: a pipe cannot be renamed over. */
static int write_file(const char *path, str bytes, struct err *e)
{
	char temporary[4096];
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		CLEANUP(fd_closep) int fd = open(path, O_WRONLY | O_CLOEXEC);

		return fd < 0 ? err_sys(e, "%s", path) : fd_write(fd, bytes, e);
	}
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= sizeof(temporary))
		return err_set(e, ERR_USAGE, "%s: the name is too long", path);
	CLEANUP(fd_closep) int fd = mkostemp(temporary, O_CLOEXEC);
	mode_t mask = umask(0);

	umask(mask);
	if (fd < 0)
		return err_sys(e, "%s", path);
	int r = fd_write(fd, bytes, e);

	if (r == 0 && (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0 ||
		       rename(temporary, path) < 0))
		r = err_sys(e, "%s", path);
	if (r < 0)
		unlink(temporary);
	return r;
}

/* How a table on standard output should look. */
static struct table_options look(const struct options *o)
{
	struct table_options t = { .all = option_on(o, "all") };
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return t;
	t.width = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		t.width = size.ws_col;
	t.colour = !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0;
	return t;
}

static int write_one(const struct output *to, const struct report *r, const struct options *o,
		     struct arena *a, struct err *e)
{
	CLEANUP(buf_free) struct buf b = { 0 };
	struct table_options plain = { 0 }, mine = look(o);

	if (to->format->write(&b, r, to->path ? &plain : &mine, a, e) < 0)
		return -1;
	if (to->path)
		return write_file(to->path, buf_str(&b), e);
	fwrite(b.p, 1, b.n, stdout); /* main() asks how it went */
	return 0;
}

int output_write(const struct output_list *list, const struct report *r, const struct options *o,
		 struct arena *a, struct err *e)
{
	vec_each(to, list)
		if (write_one(to, r, o, a, e) < 0)
			return -1;
	return 0;
}
