#include "image/registry_role.h"

#include "base/limits.h"
#include "base/reader.h"
#include "format/json.h"

struct said {
	str token, access_token;
	struct str_list tags;
};

/* distribution, "Token Authentication": token; OAuth 2 calls it access_token. */
static const struct json_field token_fields[] = {
	{ JSON_FIELD("token", JSON_AS_STR, struct said, token) },
	{ JSON_FIELD("access_token", JSON_AS_STR, struct said, access_token) },
};
static const struct json_table token_table = { .noun = "token",
					       .fields = token_fields,
					       .n = COUNT(token_fields),
					       .size = sizeof(struct said) };

static const struct json_field tags_fields[] = {
	{ JSON_FIELD("tags", JSON_AS_STRS, struct said, tags) },
};
static const struct json_table tags_table = { .noun = "list of tags",
					      .fields = tags_fields,
					      .n = COUNT(tags_fields),
					      .size = sizeof(struct said) };

static bool is_visible(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

int registry_answer_parse(struct str_list *out, enum registry_answer kind, str text,
			  struct arena *a, struct err *e)
{
	struct said said = { 0 };

	if (json_object_whole(&said, text, kind == REGISTRY_TOKEN ? &token_table : &tags_table, a,
			      e) < 0)
		return -1;
	if (kind == REGISTRY_TAGS) {
		said.tags.n = MIN(said.tags.n, (size_t)LIMIT_REGISTRY_NAMES);
		*out = said.tags;
		return 0;
	}
	str token = said.token.n ? said.token : said.access_token;

	if (!token.n || !is_visible(token))
		return err_set(e, ERR_CORRUPT, "the answer has no token");
	*out = (struct str_list){ 0 };
	return vec_push(out, a, e, token);
}

void registry_job_write(struct buf *out, enum registry_answer kind, str text)
{
	buf_u8(out, (uint8_t)kind);
	buf_lstr(out, text);
}

int registry_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	struct reader r = reader_over(task->job);
	uint8_t kind = read_u8(&r);
	str text = read_lstr(&r);
	struct str_list said = { 0 };

	if (r.bad || reader_left(&r) || kind >= REGISTRY_ANSWER_COUNT_)
		return err_set(e, ERR_CORRUPT, "a job that says nothing sensible");
	if (registry_answer_parse(&said, kind, text, a, e) < 0)
		return -1;
	buf_u32(result, (uint32_t)said.n);
	vec_each (s, &said)
		buf_lstr(result, *s);
	return buf_check(result, e);
}

int registry_said_read(struct str_list *out, str bytes, struct arena *a, struct err *e)
{
	struct reader r = reader_over(bytes);
	struct str_list said = { 0 };
	uint32_t n = read_u32le(&r);

	for (uint32_t i = 0; i < n && !r.bad; i++)
		if (vec_push(&said, a, e, read_lstr(&r)) < 0)
			return -1;
	if (r.bad || reader_left(&r) || n > LIMIT_REGISTRY_NAMES)
		return err_set(e, ERR_CORRUPT, "the reader answered nonsense");
	*out = said;
	return 0;
}
