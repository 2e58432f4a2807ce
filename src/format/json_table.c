/* Objects by table: the second half of json.h, over the calls of the first. */
#include "format/json.h"

#include <assert.h>

#include "base/vec.h"

/* What VEC makes, whatever its type. */
struct any_vec {
	void *v;
	size_t n, cap;
};

static int strs_read(struct any_vec *vec, struct json *j, struct err *e)
{
	int r = json_enter_array(j, e);

	while (r >= 0 && (r = json_array_next(j, e)) > 0) {
		str s;

		if (json_str(&s, j, e) < 0 ||
		    vec_reserve_(&vec->v, vec->n, &vec->cap, sizeof(s), j->arena, e) < 0)
			return -1;
		((str *)vec->v)[vec->n++] = s;
	}
	return r;
}

static int objects_read(struct any_vec *vec, struct json *j, const struct json_table *t,
			struct err *e)
{
	int r = json_enter_array(j, e);

	while (r >= 0 && (r = json_array_next(j, e)) > 0) {
		if (vec_reserve_(&vec->v, vec->n, &vec->cap, t->size, j->arena, e) < 0)
			return -1;
		char *row = (char *)vec->v + vec->n * t->size;

		memset(row, 0, t->size);
		if (json_object(row, j, t, e) < 0)
			return -1;
		vec->n++;
	}
	return r;
}

static int each_read(void *out, struct json *j, const struct json_field *f, struct err *e)
{
	int r = json_enter_array(j, e);

	while (r >= 0 && (r = json_array_next(j, e)) > 0)
		if (f->read(out, j, e) < 0)
			return -1;
	return r;
}

static int field_read(void *out, struct json *j, const struct json_field *f, struct err *e)
{
	switch (f->as) {
	case JSON_AS_STR:
		return json_str(out, j, e);
	case JSON_AS_BOOL:
		return json_bool(out, j, e);
	case JSON_AS_U64:
		return json_u64(out, j, e);
	case JSON_AS_I64:
		return json_i64(out, j, e);
	case JSON_AS_DOUBLE:
		return json_double(out, j, e);
	case JSON_AS_RAW:
		return json_skip(out, j, e);
	case JSON_AS_OBJECT:
		return json_object(out, j, f->table, e);
	case JSON_AS_OBJECTS:
		return objects_read(out, j, f->table, e);
	case JSON_AS_STRS:
		return strs_read(out, j, e);
	case JSON_AS_EACH:
		return each_read(out, j, f, e);
	case JSON_AS_CALL:
		return f->read(out, j, e);
	}
	assert(!"a json_as");
	return -1;
}

/* The field of that name, looked for from where the last one was found; NULL when unknown. */
static const struct json_field *field_find(const struct json_table *t, str key, size_t *hint)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t at = (*hint + i) % t->n;

		if (str_eq(t->fields[at].name, key)) {
			*hint = at + 1;
			return &t->fields[at];
		}
	}
	return NULL;
}

/* One member. 1 when it was read, 0 when it counts as absent. */
static int member_read(void *out, struct json *j, const struct json_field *f, struct err *e)
{
	int kind = json_peek(j, e);

	if (kind < 0)
		return -1;
	if (kind == JSON_NULL && f->as != JSON_AS_RAW && f->as != JSON_AS_CALL)
		return json_null(j, e);
	return field_read((char *)out + f->offset, j, f, e) < 0 ? -1 : 1;
}

static int required_check(const struct json *j, const struct json_table *t, uint64_t got,
			  struct err *e)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->fields[i].required && !(got >> i & 1))
			return json_refuse(j, e, "%s without \"" STR_FMT "\"", t->noun,
					   STR_ARG(t->fields[i].name));
	return 0;
}

int json_object(void *out, struct json *j, const struct json_table *t, struct err *e)
{
	size_t hint = 0;
	uint64_t got = 0;
	str key;
	int r;

	assert(t->n <= JSON_FIELDS_MOST);
	r = json_enter_object(j, e);
	while (r >= 0 && (r = json_object_next(&key, j, e)) > 0) {
		const struct json_field *f = field_find(t, key, &hint);

		if (!f && t->closed)
			return json_refuse(j, e, "%s with unknown \"" STR_FMT "\"", t->noun,
					   STR_ARG(str_first(key, 64)));
		if (!f)
			continue;
		r = member_read(out, j, f, e);
		if (r < 0)
			return err_within(e, STR_FMT, STR_ARG(key));
		got |= (uint64_t)r << (f - t->fields);
	}
	return r < 0 ? -1 : required_check(j, t, got, e);
}

int json_object_whole(void *out, str text, const struct json_table *t, struct arena *a,
		      struct err *e)
{
	struct json j;

	json_init(&j, text, a);
	if (json_object(out, &j, t, e) < 0)
		return -1;
	return json_end(&j, e);
}
