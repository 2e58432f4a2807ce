#include "format/json.h"

#include <assert.h>

#include "format/utf8.h"

enum {
	LINEAR_KEYS = 32,	 /* objects with more keys get a table */
	NUMBER_BYTES_MOST = 512, /* of a number that becomes a double */
};

void json_place(str text, size_t at, size_t *line, size_t *column)
{
	str before = str_first(text, at);
	size_t last = str_rfind(before, '\n');

	*line = 1;
	for (size_t i = 0; i < before.n; i++)
		*line += before.p[i] == '\n';
	*column = before.n - (last == SIZE_MAX ? 0 : last + 1) + 1;
}

static int fail_at(const struct json *j, size_t at, struct err *e, enum err_kind kind,
		   const char *what)
{
	size_t line, column;

	json_place(j->all, at, &line, &column);
	return err_set(e, kind, "line %zu, column %zu (byte %zu): %s", line, column,
		       MIN(at, j->all.n), what);
}

static int corrupt(const struct json *j, struct err *e, const char *what)
{
	return fail_at(j, j->at, e, ERR_CORRUPT, what);
}

int json_refuse(const struct json *j, struct err *e, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return corrupt(j, e, text);
}

void json_init(struct json *j, str text, struct arena *a)
{
	/* Frames and hashes are set up as they are entered: clearing them would cost more than most
	 * texts. Only what a later frame relies on is cleared. */
	j->all = text.p ? text : STR("");
	j->at = 0;
	j->arena = a;
	j->context = NULL;
	j->repeats = false;
	j->pending = true;
	j->depth = 0;
	j->seen = j->seen_fixed;
	j->nseen = 0;
	j->seen_cap = JSON_SEEN_FIXED;
	j->scratch = NULL;
	j->scratch_cap = 0;
	for (size_t i = 0; i < COUNT(j->frames); i++) {
		j->frames[i].table = NULL;
		j->frames[i].table_cap = 0;
	}
}

/* The next byte that is no blank (RFC 8259 section 2), or -1 at the end. */
static inline int next_byte(struct json *j)
{
	const char *p = j->all.p + j->at, *end = j->all.p + j->all.n;

	while (p < end && ch_blank(*p))
		p++;
	j->at = (size_t)(p - j->all.p);
	return p < end ? (uint8_t)*p : -1;
}

/* Strings. */

static int hex4(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = ch_down(p[i]);

		if (ch_digit(c))
			v = v << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (c - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* What a letter behind a backslash means, or 0 (section 7). */
static const uint8_t escapes[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* The escape at p (a backslash): its length and code point; 0 when it is none. A surrogate must
 * come as a pair, else it is no Unicode text and is refused. */
static size_t escape_len(const char *p, const char *end, uint32_t *point)
{
	if (end - p >= 2 && escapes[(uint8_t)p[1]]) {
		*point = escapes[(uint8_t)p[1]];
		return 2;
	}
	int high = end - p >= 2 && p[1] == 'u' ? hex4(p + 2, end) : -1;

	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	*point = (uint32_t)high;
	if (high < 0xd800 || high > 0xdbff)
		return 6;
	int low = end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, end) : -1;

	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*point = 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
	return 12;
}

/* One step over what plain_run stopped at, within a string; -1 and *e when it may not stand there.
 */
static int special_step(struct json *j, const char **p, bool *escaped, struct err *e)
{
	const char *end = j->all.p + j->all.n;
	uint32_t point;
	size_t n;

	if (*p == end)
		return fail_at(j, j->all.n, e, ERR_CORRUPT, "the text ends inside a string");
	if ((uint8_t)(*p)[0] < 0x20)
		return fail_at(j, (size_t)(*p - j->all.p), e, ERR_CORRUPT,
			       "a control character inside a string");
	if (**p == '\\') {
		n = escape_len(*p, end, &point);
		*escaped = true;
		if (!n)
			return fail_at(j, (size_t)(*p - j->all.p), e, ERR_CORRUPT,
				       "not an escape, or half of a surrogate pair");
	} else {
		n = utf8_len(*p, end);
		if (!n)
			return fail_at(j, (size_t)(*p - j->all.p), e, ERR_CORRUPT, "not UTF-8");
	}
	*p += n;
	return 0;
}

/* The string at j->at, a quote: *out is what stands between the quotes, undecoded. */
static inline int string_scan(str *out, bool *escaped, struct json *j, struct err *e)
{
	const char *start = j->all.p + j->at + 1, *end = j->all.p + j->all.n;
	const char *p = utf8_plain_run(start, end);

	*escaped = false;
	while (p == end || *p != '"') {
		if (end - p >= 2 && *p == '\\' && escapes[(uint8_t)p[1]]) {
			*escaped = true;
			p += 2;
		} else if (special_step(j, &p, escaped, e) < 0) {
			return -1;
		}
		p = utf8_plain_run(p, end);
	}
	*out = (str){ start, (size_t)(p - start) };
	j->at = (size_t)(p + 1 - j->all.p);
	return 0;
}

/* Decodes what string_scan has passed into `to`, which has room for raw.n: no escape grows. */
static str string_decode(char *to, str raw)
{
	const char *p = raw.p, *end = raw.p + raw.n;
	size_t n = 0;

	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p));
		const char *stop = slash ? slash : end;
		uint32_t point = 0;

		memcpy(to + n, p, (size_t)(stop - p));
		n += (size_t)(stop - p);
		p = stop;
		if (slash) {
			p += escape_len(slash, end, &point);
			n += utf8_put(to + n, point);
		}
	}
	return (str){ to, n };
}

static int string_read(str *out, struct json *j, struct err *e)
{
	bool escaped;
	str raw;

	if (string_scan(&raw, &escaped, j, e) < 0)
		return -1;
	if (escaped) {
		char *to = arena_alloc(j->arena, raw.n);

		if (!to)
			return err_nomem(e);
		raw = string_decode(to, raw);
	}
	*out = raw;
	return 0;
}

/* As string_read, for a key that nobody is shown. */
static int string_pass(str *out, struct json *j, struct err *e)
{
	bool escaped;

	if (string_scan(out, &escaped, j, e) < 0)
		return -1;
	if (!escaped)
		return 0;
	if (out->n > j->scratch_cap) {
		size_t cap = MAX(out->n * 2, (size_t)256);
		char *p = arena_alloc(j->arena, cap);

		if (!p)
			return err_nomem(e);
		j->scratch = p;
		j->scratch_cap = cap;
	}
	*out = string_decode(j->scratch, *out);
	return 0;
}

/* Duplicate keys. What is kept of a key is its 64-bit hash: equal keys have equal hashes, so no
 * duplicate passes; that two different ones meet by chance is as likely as a broken memory cell,
 * and who makes them meet on purpose has a text refused that he could as well have left out. */

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	__uint128_t r = (__uint128_t)a * b;

	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static inline uint64_t load_tail(const char *p, size_t n)
{
	uint32_t a, b;

	if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		return (uint64_t)a << 32 | b;
	}
	if (n == 0)
		return 0;
	return (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1];
}

static inline uint64_t key_hash(str s)
{
	uint64_t h = fold(s.n ^ 0x9e3779b97f4a7c15u, 0x589965cc75374cc3u), w;

	while (s.n > 8) {
		memcpy(&w, s.p, 8);
		h = fold(h ^ w, 0xa0761d6478bd642fu);
		s.p += 8;
		s.n -= 8;
	}
	h = fold(h ^ load_tail(s.p, s.n), 0xe7037ed1a0b428dbu);
	return h ? h : 1;
}

/* Puts h into a table that has room; false when it is there already. Where the reader lies in
 * memory salts the slots, so that no text knows which keys would crowd one place. */
static bool table_put(const struct json *j, struct json_frame *f, uint64_t h)
{
	size_t mask = f->table_used - 1;

	for (size_t i = fold(h ^ (uintptr_t)j, 0xd6e8feb86659fd93u);; i++) {
		uint64_t *slot = &f->table[i & mask];

		if (*slot == h)
			return false;
		if (*slot == 0) {
			*slot = h;
			return true;
		}
	}
}

/* Makes the table of the innermost object hold its n keys twice over. */
static int table_make(struct json *j, struct json_frame *f, size_t n, struct err *e)
{
	size_t size = LINEAR_KEYS * 4;

	while (size < n * 4)
		size *= 2;
	if (size > f->table_cap) {
		uint64_t *p = arena_array(j->arena, uint64_t, size);

		if (!p)
			return err_nomem(e);
		f->table = p;
		f->table_cap = size;
	}
	f->table_used = size;
	memset(f->table, 0, size * sizeof(*f->table));
	for (size_t i = f->base; i < j->nseen; i++)
		table_put(j, f, j->seen[i]);
	return 0;
}

static int seen_grow(struct json *j, struct err *e)
{
	size_t cap = j->seen_cap * 2;
	uint64_t *p = arena_array(j->arena, uint64_t, cap);

	if (!p || cap > UINT32_MAX)
		return err_nomem(e);
	memcpy(p, j->seen, j->nseen * sizeof(*p));
	j->seen = p;
	j->seen_cap = cap;
	return 0;
}

static bool key_is_new(const struct json *j, struct json_frame *f, uint64_t h)
{
	uint64_t bit = (uint64_t)1 << (h >> 58);
	size_t n = j->nseen - f->base;

	if (n > LINEAR_KEYS)
		return table_put(j, f, h);
	if (!(f->bloom & bit)) {
		f->bloom |= bit;
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (j->seen[f->base + i] == h)
			return false;
	return true;
}

/* Notes a key of the innermost object; refuses one that it has already. */
static inline int key_note(struct json *j, str key, size_t at, struct err *e)
{
	struct json_frame *f = &j->frames[j->depth];
	uint64_t h = key_hash(key);
	size_t n = j->nseen - f->base;

	if (j->repeats)
		return 0;
	if (!key_is_new(j, f, h))
		return fail_at(j, at, e, ERR_CORRUPT, "the same key twice in one object");
	if (j->nseen == j->seen_cap && seen_grow(j, e) < 0)
		return -1;
	j->seen[j->nseen++] = h;
	if (n >= LINEAR_KEYS && (n == LINEAR_KEYS || (n + 1) * 2 > f->table_used))
		return table_make(j, f, n + 1, e);
	return 0;
}

/* Structure. */

static int enter(struct json *j, bool object, struct err *e)
{
	if (j->depth == LIMIT_JSON_DEPTH)
		return fail_at(j, j->at, e, ERR_LIMIT, "nested too deeply");
	struct json_frame *f = &j->frames[++j->depth];

	f->object = object;
	f->filled = false;
	f->base = (uint32_t)j->nseen;
	f->bloom = 0;
	f->table_used = 0;
	j->at++;
	j->pending = false;
	return 0;
}

static inline void leave(struct json *j)
{
	if (j->frames[j->depth].object)
		j->nseen = j->frames[j->depth].base;
	j->depth--;
	j->at++;
}

/* Before a member or item: 1 when there is one, 0 when the frame was closed and left. */
static inline int step(struct json *j, char closing, struct err *e)
{
	struct json_frame *f = &j->frames[j->depth];
	int c = next_byte(j);

	if (c == closing) {
		leave(j);
		return 0;
	}
	if (!f->filled) {
		f->filled = true;
		return 1;
	}
	if (c != ',')
		return corrupt(j, e, f->object ? "expected ',' or '}'" : "expected ',' or ']'");
	j->at++;
	return 1;
}

static inline int key_read(str *key, struct json *j, bool shown, struct err *e)
{
	size_t at;

	if (next_byte(j) != '"')
		return corrupt(j, e, "expected a key in quotes");
	at = j->at;
	if ((shown ? string_read(key, j, e) : string_pass(key, j, e)) < 0 ||
	    key_note(j, *key, at, e) < 0)
		return -1;
	if (next_byte(j) != ':')
		return corrupt(j, e, "expected ':'");
	j->at++;
	return 0;
}

int json_object_next(str *key, struct json *j, struct err *e)
{
	int r;

	if (j->pending && json_skip(NULL, j, e) < 0)
		return -1;
	assert(j->depth > 0 && j->frames[j->depth].object);
	r = step(j, '}', e);
	if (r <= 0)
		return r;
	if (key_read(key, j, true, e) < 0)
		return -1;
	j->pending = true;
	return 1;
}

int json_array_next(struct json *j, struct err *e)
{
	int r;

	if (j->pending && json_skip(NULL, j, e) < 0)
		return -1;
	assert(j->depth > 0 && !j->frames[j->depth].object);
	r = step(j, ']', e);
	if (r > 0)
		j->pending = true;
	return r;
}

int json_enter_object(struct json *j, struct err *e)
{
	assert(j->pending);
	if (next_byte(j) != '{')
		return corrupt(j, e, "expected an object");
	return enter(j, true, e);
}

int json_enter_array(struct json *j, struct err *e)
{
	assert(j->pending);
	if (next_byte(j) != '[')
		return corrupt(j, e, "expected an array");
	return enter(j, false, e);
}

int json_peek(struct json *j, struct err *e)
{
	int c = next_byte(j);

	switch (c) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	default:
		if (c == '-' || ch_digit((char)c))
			return JSON_NUMBER;
		return corrupt(
			j, e, c < 0 ? "the text ends where a value should be" : "expected a value");
	}
}

int json_end(struct json *j, struct err *e)
{
	if (j->pending && json_skip(NULL, j, e) < 0)
		return -1;
	assert(j->depth == 0);
	if (next_byte(j) >= 0)
		return corrupt(j, e, "something follows the value");
	return 0;
}

/* Values. */

static inline const char *digits(const char *p, const char *end)
{
	while (p < end && ch_digit(*p))
		p++;
	return p;
}

/* The number at j->at (section 6). */
static int number_scan(str *out, struct json *j, struct err *e)
{
	const char *start = j->all.p + j->at, *end = j->all.p + j->all.n, *p = start;
	const char *before;
	bool good;

	p += p < end && *p == '-';
	before = p;
	p = digits(p, end);
	good = p > before && (*before != '0' || p == before + 1);
	if (good && p < end && *p == '.') {
		before = ++p;
		p = digits(p, end);
		good = p > before;
	}
	if (good && p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		before = p;
		p = digits(p, end);
		good = p > before;
	}
	if (!good)
		return corrupt(j, e, "not a number");
	*out = (str){ start, (size_t)(p - start) };
	j->at += out->n;
	return 0;
}

static int word_scan(struct json *j, str word, struct err *e)
{
	if (!str_eq(str_sub(j->all, j->at, word.n), word))
		return corrupt(j, e, "expected a value");
	j->at += word.n;
	return 0;
}

int json_str(str *out, struct json *j, struct err *e)
{
	assert(j->pending);
	if (next_byte(j) != '"')
		return corrupt(j, e, "expected a string");
	if (string_read(out, j, e) < 0)
		return -1;
	j->pending = false;
	return 0;
}

int json_bool(bool *out, struct json *j, struct err *e)
{
	int c = next_byte(j);

	assert(j->pending);
	if (c != 't' && c != 'f')
		return corrupt(j, e, "expected true or false");
	if (word_scan(j, c == 't' ? STR("true") : STR("false"), e) < 0)
		return -1;
	j->pending = false;
	*out = c == 't';
	return 0;
}

int json_null(struct json *j, struct err *e)
{
	assert(j->pending);
	if (next_byte(j) != 'n')
		return corrupt(j, e, "expected null");
	if (word_scan(j, STR("null"), e) < 0)
		return -1;
	j->pending = false;
	return 0;
}

int json_number(str *out, struct json *j, struct err *e)
{
	int c = next_byte(j);

	assert(j->pending);
	if (c != '-' && !(c >= '0' && c <= '9'))
		return corrupt(j, e, "expected a number");
	if (number_scan(out, j, e) < 0)
		return -1;
	j->pending = false;
	return 0;
}

int json_u64(uint64_t *out, struct json *j, struct err *e)
{
	size_t at;
	str s;

	if (json_number(&s, j, e) < 0)
		return -1;
	at = j->at - s.n;
	if (!str_u64(s, out))
		return fail_at(j, at, e, ERR_CORRUPT, "expected a whole number from 0 to 2^64-1");
	return 0;
}

int json_i64(int64_t *out, struct json *j, struct err *e)
{
	uint64_t v;
	size_t at;
	str s;

	if (json_number(&s, j, e) < 0)
		return -1;
	at = j->at - s.n;
	bool minus = str_skip(&s, STR("-"));

	if (!str_u64(s, &v) || v > (uint64_t)INT64_MAX + minus)
		return fail_at(j, at, e, ERR_CORRUPT, "expected a whole number of 64 bits");
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

int json_double(double *out, struct json *j, struct err *e)
{
	char z[NUMBER_BYTES_MOST];
	str s;

	if (json_number(&s, j, e) < 0)
		return -1;
	if (s.n >= sizeof(z))
		return fail_at(j, j->at - s.n, e, ERR_LIMIT, "a number of too many digits");
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	double v = strtod(z, NULL);

	if (__builtin_isinf(v))
		return fail_at(j, j->at - s.n, e, ERR_CORRUPT, "a number too large");
	*out = v;
	return 0;
}

/* Passes over one value that opens nothing; 0, 1 when it opens an object or array instead. */
static inline int scalar_skip(struct json *j, struct err *e)
{
	bool escaped;
	str s;

	switch (next_byte(j)) {
	case '"':
		return string_scan(&s, &escaped, j, e);
	case '{':
		return enter(j, true, e) < 0 ? -1 : 1;
	case '[':
		return enter(j, false, e) < 0 ? -1 : 1;
	case 't':
		return word_scan(j, STR("true"), e);
	case 'f':
		return word_scan(j, STR("false"), e);
	case 'n':
		return word_scan(j, STR("null"), e);
	case -1:
		return corrupt(j, e, "the text ends where a value should be");
	default:
		if (j->all.p[j->at] != '-' && !ch_digit(j->all.p[j->at]))
			return corrupt(j, e, "expected a value");
		return number_scan(&s, j, e);
	}
}

int json_skip(str *raw, struct json *j, struct err *e)
{
	uint32_t depth = j->depth;
	size_t start;
	str key;
	int r;

	assert(j->pending);
	j->pending = false;
	next_byte(j);
	start = j->at;
	r = scalar_skip(j, e);
	while (r >= 0 && j->depth > depth) {
		bool object = j->frames[j->depth].object;

		r = step(j, object ? '}' : ']', e);
		if (r <= 0)
			continue;
		if (object && key_read(&key, j, false, e) < 0)
			return -1;
		r = scalar_skip(j, e);
	}
	if (r < 0)
		return -1;
	if (raw)
		*raw = (str){ j->all.p + start, j->at - start };
	return 0;
}
