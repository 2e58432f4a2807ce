/* Walks a text twice, by skipping and by reading every value, and expects the same answer; what was
 * accepted and written again reads back. */
#include <assert.h>

#include "format/json.h"
#include "format/json_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int copy_value(struct json_writer *w, struct json *j, struct err *e);

static int copy_object(struct json_writer *w, struct json *j, struct err *e)
{
	str key;
	int r = json_enter_object(j, e);

	json_put_object(w, NULL);
	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		json_put_key(w, key);
		if (copy_value(w, j, e) < 0)
			return -1;
	}
	if (r == 0)
		json_put_end(w);
	return r;
}

static int copy_array(struct json_writer *w, struct json *j, struct err *e)
{
	int r = json_enter_array(j, e);

	json_put_array(w, NULL);
	while (r >= 0 && (r = json_array_next(j, e)) > 0)
		if (copy_value(w, j, e) < 0)
			return -1;
	if (r == 0)
		json_put_end(w);
	return r;
}

static int copy_scalar(struct json_writer *w, struct json *j, int kind, struct err *e)
{
	bool truth;
	str s;

	if (kind == JSON_STRING && json_str(&s, j, e) == 0) {
		json_put_str(w, NULL, s);
		return 0;
	}
	if (kind == JSON_NUMBER && json_number(&s, j, e) == 0) {
		json_put_raw(w, NULL, s);
		return 0;
	}
	if (kind == JSON_BOOL && json_bool(&truth, j, e) == 0) {
		json_put_bool(w, NULL, truth);
		return 0;
	}
	if (kind == JSON_NULL && json_null(j, e) == 0) {
		json_put_null(w, NULL);
		return 0;
	}
	return -1;
}

static int copy_value(struct json_writer *w, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind == JSON_OBJECT)
		return copy_object(w, j, e);
	if (kind == JSON_ARRAY)
		return copy_array(w, j, e);
	return copy_scalar(w, j, kind, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 << 20);
	CLEANUP(buf_free)
	struct buf copy = { 0 };
	str text = { (const char *)data, size };
	struct json_writer w;
	struct json j;
	struct err e;
	bool skipped, read;

	json_init(&j, text, &a);
	skipped = json_end(&j, &e) == 0;
	json_init(&j, text, &a);
	json_writer_init(&w, &copy, size % 2);
	read = copy_value(&w, &j, &e) == 0 && json_end(&j, &e) == 0;
	assert(skipped == read);
	if (read) {
		json_init(&j, buf_str(&copy), &a);
		assert(json_end(&j, &e) == 0);
	}
	return 0;
}
