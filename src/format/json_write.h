/* JSON out, over a buf: compact or indented by two, the same bytes for the same calls. Strings come
 * out as UTF-8: control characters are escaped, bytes that are none become U+FFFD. Whether all
 * fitted is asked once, of the buf (buf_check).
 *
 *	json_put_object(&w, NULL);
 *	json_put_str(&w, "name", name);
 *	json_put_array(&w, "paths");
 *	json_put_str(&w, NULL, path);
 *	json_put_end(&w);
 *	json_put_end(&w);
 */
#pragma once

#include "base/buf.h"
#include "base/limits.h"

struct json_writer {
	struct buf *out;
	bool indented;
	bool keyed; /* a key has been written, its value comes next */
	uint32_t depth;
	struct {
		bool object, filled;
	} frames[LIMIT_JSON_DEPTH + 1];
};

void json_writer_init(struct json_writer *w, struct buf *out, bool indented);

/* The key of the next value, when it is no literal; then put with key NULL. */
void json_put_key(struct json_writer *w, str key);

/* One value. `key` for members of an object; NULL in arrays, at the top, and after json_put_key. */
void json_put_str(struct json_writer *w, const char *key, str s);
void json_put_u64(struct json_writer *w, const char *key, uint64_t v);
void json_put_i64(struct json_writer *w, const char *key, int64_t v);
void json_put_bool(struct json_writer *w, const char *key, bool v);
void json_put_null(struct json_writer *w, const char *key);
/* The shortest digits that read back the same; null when not finite. */
void json_put_double(struct json_writer *w, const char *key, double v);
/* Bytes that are JSON already. */
void json_put_raw(struct json_writer *w, const char *key, str json);
/* The str, or null when it is empty. */
void json_put_str_or_null(struct json_writer *w, const char *key, str s);

void json_put_object(struct json_writer *w, const char *key);
void json_put_array(struct json_writer *w, const char *key);
/* Closes the innermost object or array. */
void json_put_end(struct json_writer *w);

/* Just a string in quotes, escaped, for formats that embed one. */
void json_quote(struct buf *out, str s);
