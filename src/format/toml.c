#include "format/toml.h"

#include "format/utf8.h"

enum state {
	STATEMENT, /* a header or a key comes */
	VALUE,
	VALUE_OR_END, /* in an array: an item or "]" */
	KEY_OR_END,   /* in an inline table: a key or "}" */
	AFTER,	      /* a value was read */
};

/* "1979-05-27": a blank may stand between it and the time. */
enum { DATE_BYTES = 10 };

void toml_init(struct toml *t, str text, struct arena *a)
{
	t->all = text;
	t->at = 0;
	t->arena = a;
	t->state = STATEMENT;
	t->depth = 0;
	t->ntable = t->nkey = 0;
	if (str_starts(text, STR("\xef\xbb\xbf")))
		t->at = 3;
}

static size_t line_of(const struct toml *t)
{
	size_t n = 1;

	for (size_t i = 0; i < t->at && i < t->all.n; i++)
		n += t->all.p[i] == '\n';
	return n;
}

static int refuse(const struct toml *t, const char *what, struct err *e)
{
	return err_set(e, ERR_CORRUPT, "line %zu: %s", line_of(t), what);
}

/* The byte `ahead` of here; NUL past the end, which no text may hold. */
static char peek(const struct toml *t, size_t ahead)
{
	return t->at + ahead < t->all.n ? t->all.p[t->at + ahead] : '\0';
}

static bool at_end(const struct toml *t)
{
	return t->at >= t->all.n;
}

static bool take(struct toml *t, str word)
{
	if (!str_starts(str_from(t->all, t->at), word))
		return false;
	t->at += word.n;
	return true;
}

static void blanks_skip(struct toml *t)
{
	while (peek(t, 0) == ' ' || peek(t, 0) == '\t')
		t->at++;
}

static bool line_end(struct toml *t)
{
	return take(t, STR("\n")) || take(t, STR("\r\n"));
}

static void comment_skip(struct toml *t)
{
	if (peek(t, 0) == '#')
		t->at += MIN(str_find(str_from(t->all, t->at), '\n'), t->all.n - t->at);
}

/* Blanks, comments and line ends. */
static void space_skip(struct toml *t)
{
	do {
		blanks_skip(t);
		comment_skip(t);
	} while (line_end(t));
}

/* Strings. */

static int hex_of(char c)
{
	if (ch_digit(c))
		return c - '0';
	c = ch_down(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \uXXXX and \UXXXXXXXX: a Unicode scalar value. */
static int code_point(char **to, struct toml *t, size_t digits, struct err *e)
{
	uint32_t c = 0;

	for (size_t i = 0; i < digits; i++) {
		int h = hex_of(peek(t, 0));

		if (h < 0)
			return refuse(t, "an escape that is not hexadecimal", e);
		c = c << 4 | (uint32_t)h;
		t->at++;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return refuse(t, "an escape that is no character", e);
	*to += utf8_put(*to, c);
	return 0;
}

/* A line that ends in a backslash goes on at the next one that has something on it. */
static bool line_goes_on(struct toml *t)
{
	size_t at = t->at;

	blanks_skip(t);
	if (!line_end(t)) {
		t->at = at;
		return false;
	}
	do
		blanks_skip(t);
	while (line_end(t));
	return true;
}

static int escape(char **to, struct toml *t, bool lines, struct err *e)
{
	static const char from[] = "btnfr\"\\", plain[] = "\b\t\n\f\r\"\\";
	char c = peek(t, 0);
	const char *hit = c ? strchr(from, c) : NULL;

	if (lines && line_goes_on(t))
		return 0;
	t->at++;
	if (hit)
		*(*to)++ = plain[hit - from];
	else if (c == 'u' || c == 'U')
		return code_point(to, t, c == 'u' ? 4 : 8, e);
	else
		return refuse(t, "an unknown escape", e);
	return 0;
}

struct quoting {
	str mark; /* what ends it */
	bool escapes, lines;
};

/* One character, not an escape. */
static int character(char **to, struct toml *t, const struct quoting *q, struct err *e)
{
	const char *p = t->all.p + t->at;
	uint8_t c = (uint8_t)*p;
	size_t n = 1;

	if (c >= 0x80)
		n = utf8_len(p, t->all.p + t->all.n);
	else if ((c < 0x20 && c != '\t' && !(q->lines && (c == '\n' || c == '\r'))) || c == 0x7f)
		n = 0;
	if (n == 0)
		return refuse(t, "a byte that no string may hold", e);
	if (to) {
		memcpy(*to, p, n);
		*to += n;
	}
	t->at += n;
	return 0;
}

/* Where the string ends that begins here, and whether it has escapes. */
static int string_span(size_t *end, bool *escaped, struct toml *t, const struct quoting *q,
		       struct err *e)
{
	*escaped = false;
	for (;;) {
		if (at_end(t))
			return refuse(t, "a string without end", e);
		*end = t->at;
		if (take(t, q->mark))
			break;
		if (q->escapes && peek(t, 0) == '\\') {
			*escaped = true;
			t->at += t->at + 1 < t->all.n ? 2 : 1;
		} else if (character(NULL, t, q, e) < 0) {
			return -1;
		}
	}
	/* Up to two quotes may stand before the three that end it. */
	for (int i = 0; q->lines && i < 2 && peek(t, 0) == q->mark.p[0]; i++, t->at++)
		++*end;
	return 0;
}

static int string_decode(str *out, struct toml *t, size_t from, size_t end, const struct quoting *q,
			 struct err *e)
{
	char *start = arena_alloc(t->arena, end - from + 1), *to = start;
	struct toml inner = { .all = str_first(t->all, end), .at = from };

	if (!start)
		return err_nomem(e);
	while (!at_end(&inner)) {
		bool is_escape = take(&inner, STR("\\"));

		if ((is_escape ? escape(&to, &inner, q->lines, e) : character(&to, &inner, q, e)) <
		    0)
			return -1;
	}
	*out = (str){ start, (size_t)(to - start) };
	return 0;
}

static int string_read(str *out, struct toml *t, bool lines_too, struct err *e)
{
	static const struct quoting kinds[] = {
		{ STR_INIT("\"\"\""), true, true },
		{ STR_INIT("'''"), false, true },
		{ STR_INIT("\""), true, false },
		{ STR_INIT("'"), false, false },
	};
	const struct quoting *q = kinds + (lines_too ? 0 : 2);
	size_t from, end = 0;
	bool escaped;

	while (!take(t, q->mark))
		q++; /* the caller has seen a quote */
	if (q->lines)
		(void)line_end(t);
	from = t->at;
	if (string_span(&end, &escaped, t, q, e) < 0)
		return -1;
	*out = str_sub(t->all, from, end - from);
	return escaped ? string_decode(out, t, from, end, q, e) : 0;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* Keys. */

static int path_add(char *path, size_t *n, str part, const struct toml *t, struct err *e)
{
	size_t dot = *n > 0;

	if (*n + dot + part.n > LIMIT_TOML_KEY_BYTES)
		return err_set(e, ERR_LIMIT, "line %zu: a key of more than %d bytes", line_of(t),
			       LIMIT_TOML_KEY_BYTES);
	if (dot)
		path[(*n)++] = '.';
	if (part.n)
		memcpy(path + *n, part.p, part.n);
	*n += part.n;
	return 0;
}

static bool is_bare(char c)
{
	return ch_alnum(c) || c == '_' || c == '-';
}

/* a."b c".d, added to the path. */
static int key_read(char *path, size_t *n, struct toml *t, struct err *e)
{
	do {
		str part;
		size_t from;

		blanks_skip(t);
		from = t->at;
		if (is_quote(peek(t, 0))) {
			if (string_read(&part, t, false, e) < 0)
				return -1;
		} else {
			while (is_bare(peek(t, 0)))
				t->at++;
			part = str_sub(t->all, from, t->at - from);
			if (part.n == 0)
				return refuse(t, "no key where one should be", e);
		}
		if (path_add(path, n, part, t, e) < 0)
			return -1;
		blanks_skip(t);
	} while (take(t, STR(".")));
	return 0;
}

static int header_read(struct toml_item *out, struct toml *t, struct err *e)
{
	bool element = take(t, STR("[["));

	if (!element)
		t->at++;
	t->ntable = t->nkey = 0;
	if (key_read(t->table, &t->ntable, t, e) < 0)
		return -1;
	if (!take(t, element ? STR("]]") : STR("]")))
		return refuse(t, "a table's name that is not closed", e);
	blanks_skip(t);
	comment_skip(t);
	if (!at_end(t) && !line_end(t))
		return refuse(t, "something follows a table's name", e);
	*out = (struct toml_item){ .kind = element ? TOML_ELEMENT : TOML_TABLE,
				   .table = { t->table, t->ntable } };
	return 1;
}

static int key_equals(struct toml *t, struct err *e)
{
	if (key_read(t->key, &t->nkey, t, e) < 0)
		return -1;
	if (!take(t, STR("=")))
		return refuse(t, "a key without a value", e);
	t->state = VALUE;
	return 0;
}

/* Values. */

static int container_enter(struct toml *t, bool array, struct err *e)
{
	if (t->depth >= LIMIT_TOML_DEPTH)
		return err_set(e, ERR_LIMIT, "line %zu: nested more than %d deep", line_of(t),
			       LIMIT_TOML_DEPTH);
	t->frames[t->depth++] = (struct toml_frame){ array, t->nkey };
	t->at++;
	t->state = array ? VALUE_OR_END : KEY_OR_END;
	return 0;
}

static int scalar_read(struct toml_item *out, struct toml *t, struct err *e)
{
	*out = (struct toml_item){ .kind = TOML_STRING,
				   .table = { t->table, t->ntable },
				   .key = { t->key, t->nkey } };
	t->state = AFTER;
	if (is_quote(peek(t, 0)))
		return string_read(&out->value, t, true, e) < 0 ? -1 : 1;
	size_t from = t->at;

	while (is_bare(peek(t, 0)) || peek(t, 0) == '+' || peek(t, 0) == '.' || peek(t, 0) == ':' ||
	       (peek(t, 0) == ' ' && t->at - from == DATE_BYTES && ch_digit(peek(t, 1))))
		t->at++;
	out->kind = TOML_OTHER;
	out->value = str_sub(t->all, from, t->at - from);
	return out->value.n ? 1 : refuse(t, "no value where one should be", e);
}

/* 1 and an item, 0 when a container was entered or left, -1. */
static int value_read(struct toml_item *out, struct toml *t, struct err *e)
{
	struct toml_frame *in = t->depth ? &t->frames[t->depth - 1] : NULL;

	if (in && in->array)
		space_skip(t);
	else
		blanks_skip(t);
	if (t->state == VALUE_OR_END && take(t, STR("]"))) {
		t->depth--;
		t->state = AFTER;
		return 0;
	}
	if (peek(t, 0) == '[' || peek(t, 0) == '{')
		return container_enter(t, peek(t, 0) == '[', e);
	return scalar_read(out, t, e);
}

static int inline_key(struct toml *t, struct err *e)
{
	t->nkey = t->frames[t->depth - 1].key;
	space_skip(t); /* TOML 1.1 lets inline tables have lines */
	if (take(t, STR("}"))) {
		t->depth--;
		t->state = AFTER;
		return 0;
	}
	return key_equals(t, e);
}

/* After a value: the end of its line, or what its container wants next. */
static int after_value(struct toml *t, struct err *e)
{
	struct toml_frame *in = t->depth ? &t->frames[t->depth - 1] : NULL;

	if (!in) {
		blanks_skip(t);
		comment_skip(t);
		if (!at_end(t) && !line_end(t))
			return refuse(t, "something follows a value", e);
		t->state = STATEMENT;
		t->nkey = 0;
		return 0;
	}
	space_skip(t);
	t->nkey = in->key;
	if (take(t, STR(",")))
		t->state = in->array ? VALUE_OR_END : KEY_OR_END;
	else if (take(t, in->array ? STR("]") : STR("}")))
		t->depth--;
	else
		return refuse(t, "a list that is not closed", e);
	return 0;
}

static int step(struct toml_item *out, struct toml *t, struct err *e)
{
	switch (t->state) {
	case VALUE:
	case VALUE_OR_END:
		return value_read(out, t, e);
	case KEY_OR_END:
		return inline_key(t, e);
	case AFTER:
		return after_value(t, e);
	default:
		return peek(t, 0) == '[' ? header_read(out, t, e) : key_equals(t, e);
	}
}

int toml_next(struct toml_item *out, struct toml *t, struct err *e)
{
	int r = 0;

	while (r == 0) {
		if (t->state == STATEMENT) {
			space_skip(t);
			if (at_end(t))
				return 0;
		}
		r = step(out, t, e);
	}
	return r;
}
