#include "base/err.h"

#include <errno.h>
#include <stdio.h>

static const struct {
	enum err_kind kind;
	const char *word;
} kinds[] = {
	/* clang-format off */
	{ ERR_NONE,	   "none" },
	{ ERR_IO,	   "io" },
	{ ERR_CORRUPT,	   "corrupt" },
	{ ERR_LIMIT,	   "limit" },
	{ ERR_UNSUPPORTED, "unsupported" },
	{ ERR_DENIED,	   "denied" },
	{ ERR_MISSING,	   "missing" },
	{ ERR_USAGE,	   "usage" },
	{ ERR_NOMEM,	   "out-of-memory" },
	/* clang-format on */
};

const char *err_kind_word(enum err_kind kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].word;
	return "io";
}

enum err_kind err_kind_of(str word)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_eq(str_of(kinds[i].word), word))
			return kinds[i].kind;
	return ERR_IO;
}

static void make_printable(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	e->kind = kind;
	e->sys = 0;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	make_printable(e->text);
	return -1;
}

int err_sys(struct err *e, const char *fmt, ...)
{
	int sys = errno;
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	size_t at = MIN((size_t)MAX(n, 0), sizeof(e->text) - 1);

	snprintf(e->text + at, sizeof(e->text) - at, ": %s", strerror(sys));
	e->kind = sys == ENOMEM ? ERR_NOMEM : sys == ENOENT ? ERR_MISSING : ERR_IO;
	e->sys = sys;
	make_printable(e->text);
	return -1;
}

int err_nomem(struct err *e)
{
	return err_set(e, ERR_NOMEM, "out of memory");
}

int err_within(struct err *e, const char *fmt, ...)
{
	char old[ERR_TEXT_MAX];
	va_list ap;

	memcpy(old, e->text, sizeof(old));
	va_start(ap, fmt);
	int n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	size_t at = MIN((size_t)MAX(n, 0), sizeof(e->text) - 1);

	snprintf(e->text + at, sizeof(e->text) - at, ": %s", old);
	make_printable(e->text);
	return -1;
}
