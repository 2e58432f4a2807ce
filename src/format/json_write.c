#include "format/json_write.h"

#include <assert.h>
#include <math.h>

#include "format/utf8.h"

void json_writer_init(struct json_writer *w, struct buf *out, bool indented)
{
	*w = (struct json_writer){ .out = out, .indented = indented };
}

static void newline(struct json_writer *w)
{
	if (!w->indented)
		return;
	buf_putc(w->out, '\n');
	for (uint32_t i = 0; i < w->depth; i++)
		buf_put(w->out, STR("  "));
}

/* What stands between the value before and the next value or key. */
static void separate(struct json_writer *w)
{
	if (w->depth == 0)
		return;
	if (w->frames[w->depth].filled)
		buf_putc(w->out, ',');
	w->frames[w->depth].filled = true;
	newline(w);
}

void json_put_key(struct json_writer *w, str key)
{
	assert(!w->keyed && w->depth > 0 && w->frames[w->depth].object);
	separate(w);
	json_quote(w->out, key);
	buf_put(w->out, w->indented ? STR(": ") : STR(":"));
	w->keyed = true;
}

static void before_value(struct json_writer *w, const char *key)
{
	if (key)
		json_put_key(w, str_of(key));
	assert(w->keyed || w->depth == 0 || !w->frames[w->depth].object);
	if (!w->keyed)
		separate(w);
	w->keyed = false;
}

void json_put_str(struct json_writer *w, const char *key, str s)
{
	before_value(w, key);
	json_quote(w->out, s);
}

void json_put_str_or_null(struct json_writer *w, const char *key, str s)
{
	if (s.n)
		json_put_str(w, key, s);
	else
		json_put_null(w, key);
}

void json_put_u64(struct json_writer *w, const char *key, uint64_t v)
{
	before_value(w, key);
	buf_printf(w->out, "%llu", (unsigned long long)v);
}

void json_put_i64(struct json_writer *w, const char *key, int64_t v)
{
	before_value(w, key);
	buf_printf(w->out, "%lld", (long long)v);
}

void json_put_bool(struct json_writer *w, const char *key, bool v)
{
	before_value(w, key);
	buf_put(w->out, v ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *w, const char *key)
{
	before_value(w, key);
	buf_put(w->out, STR("null"));
}

void json_put_double(struct json_writer *w, const char *key, double v)
{
	char z[64];

	if (!isfinite(v)) {
		json_put_null(w, key);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(z, sizeof(z), "%.*g", digits, v);
		if (strtod(z, NULL) == v)
			break;
	}
	before_value(w, key);
	buf_putz(w->out, z);
}

void json_put_raw(struct json_writer *w, const char *key, str json)
{
	before_value(w, key);
	buf_put(w->out, json);
}

static void open_frame(struct json_writer *w, const char *key, bool object)
{
	before_value(w, key);
	if (w->depth == LIMIT_JSON_DEPTH) {
		assert(!"what we write is never nested that deeply");
		w->out->failed = true;
		return;
	}
	w->depth++;
	w->frames[w->depth].object = object;
	w->frames[w->depth].filled = false;
	buf_putc(w->out, object ? '{' : '[');
}

void json_put_object(struct json_writer *w, const char *key)
{
	open_frame(w, key, true);
}

void json_put_array(struct json_writer *w, const char *key)
{
	open_frame(w, key, false);
}

void json_put_end(struct json_writer *w)
{
	assert(w->depth > 0 && !w->keyed);
	bool object = w->frames[w->depth].object, filled = w->frames[w->depth].filled;

	w->depth--;
	if (filled)
		newline(w);
	buf_putc(w->out, object ? '}' : ']');
}

static void put_control(struct buf *out, uint8_t c)
{
	static const char *const words[0x20] = {
		['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t",
	};

	if (words[c])
		buf_putz(out, words[c]);
	else
		buf_printf(out, "\\u%04x", c);
}

void json_quote(struct buf *out, str s)
{
	const char *p = s.p, *end = s.n ? s.p + s.n : s.p;

	buf_putc(out, '"');
	while (p < end) {
		const char *start = p;

		p = utf8_plain_run(p, end);
		buf_put(out, (str){ start, (size_t)(p - start) });
		if (p == end)
			break;
		size_t n = (uint8_t)*p >= 0x80 ? utf8_len(p, end) : 1;

		if ((uint8_t)*p < 0x20)
			put_control(out, (uint8_t)*p);
		else if (*p == '"' || *p == '\\')
			buf_put(out, *p == '"' ? STR("\\\"") : STR("\\\\"));
		else
			buf_put(out, n ? (str){ p, n } : STR("\xef\xbf\xbd"));
		p += MAX(n, (size_t)1);
	}
	buf_putc(out, '"');
}
