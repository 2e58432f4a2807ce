/* Reads any JSON value by its parts and writes it again: for the fuzz harness and the comparison
 * with other readers. */
#pragma once

#include "format/json.h"
#include "format/json_write.h"

static int json_copy_value(struct json_writer *w, struct json *j, struct err *e);

static int json_copy_object(struct json_writer *w, struct json *j, struct err *e)
{
	str key;
	int r = json_enter_object(j, e);

	if (r == 0)
		json_put_object(w, NULL);
	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		json_put_key(w, key);
		if (json_copy_value(w, j, e) < 0)
			return -1;
	}
	if (r == 0)
		json_put_end(w);
	return r;
}

static int json_copy_array(struct json_writer *w, struct json *j, struct err *e)
{
	int r = json_enter_array(j, e);

	if (r == 0)
		json_put_array(w, NULL);
	while (r >= 0 && (r = json_array_next(j, e)) > 0)
		if (json_copy_value(w, j, e) < 0)
			return -1;
	if (r == 0)
		json_put_end(w);
	return r;
}

static int json_copy_scalar(struct json_writer *w, struct json *j, int kind, struct err *e)
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

static int json_copy_value(struct json_writer *w, struct json *j, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind == JSON_OBJECT)
		return json_copy_object(w, j, e);
	if (kind == JSON_ARRAY)
		return json_copy_array(w, j, e);
	return json_copy_scalar(w, j, kind, e);
}
