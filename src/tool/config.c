#include "tool/config.h"

#include <errno.h>
#include <yaml.h>

#include "base/limits.h"

/* Where a file may go next. */
enum state {
	BEFORE, /* the mapping has not begun */
	KEY,
	VALUE,
	ITEM,
	AFTER,
};

struct parse {
	struct config *out;
	struct arena *a;
	enum state state;
};

static int refuse(const yaml_event_t *event, const char *what, struct err *e)
{
	return err_set(e, ERR_USAGE, "line %zu: %s", event->start_mark.line + 1, what);
}

static int take_key(struct parse *p, const yaml_event_t *event, str word, struct err *e)
{
	struct config_entry entry = { .key = word, .line = (uint32_t)event->start_mark.line + 1 };

	if (word.n == 0)
		return refuse(event, "a key is missing", e);
	vec_each (other, p->out)
		if (str_eq(other->key, word))
			return err_set(e, ERR_USAGE, "line %u: \"" STR_FMT "\" stands there twice",
				       entry.line, STR_ARG(word));
	p->state = VALUE;
	return vec_push(p->out, p->a, e, entry);
}

static int take_scalar(struct parse *p, const yaml_event_t *event, struct err *e)
{
	str word = { (const char *)event->data.scalar.value, event->data.scalar.length };

	if (event->data.scalar.anchor)
		return refuse(event, "anchors are not used here", e);
	if (p->state != KEY && p->state != VALUE && p->state != ITEM)
		return refuse(event, "expected \"key: value\"", e);
	if (str_find(word, '\0') != SIZE_MAX)
		return refuse(event, "a NUL in the text", e);
	if (arena_str(&word, p->a, word, e) < 0)
		return -1;
	if (p->state == KEY)
		return take_key(p, event, word, e);
	if (p->state == VALUE)
		p->state = KEY;
	return vec_push(&p->out->v[p->out->n - 1].values, p->a, e, word);
}

static int step(struct parse *p, enum state from, enum state to, const yaml_event_t *event,
		struct err *e)
{
	if (p->state != from)
		return refuse(event, "expected \"key: value\", or \"key:\" and a list", e);
	p->state = to;
	return 0;
}

static int take(struct parse *p, const yaml_event_t *event, struct err *e)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return p->state == BEFORE ? 0 : refuse(event, "a second document", e);
	case YAML_MAPPING_START_EVENT:
		if (event->data.mapping_start.anchor)
			return refuse(event, "anchors are not used here", e);
		return step(p, BEFORE, KEY, event, e);
	case YAML_MAPPING_END_EVENT:
		return step(p, KEY, AFTER, event, e);
	case YAML_SEQUENCE_START_EVENT:
		if (event->data.sequence_start.anchor)
			return refuse(event, "anchors are not used here", e);
		return step(p, VALUE, ITEM, event, e);
	case YAML_SEQUENCE_END_EVENT:
		return step(p, ITEM, KEY, event, e);
	case YAML_SCALAR_EVENT:
		return take_scalar(p, event, e);
	case YAML_ALIAS_EVENT:
		return refuse(event, "aliases are not used here", e);
	default:
		return 0;
	}
}

/* An empty document has one scalar that nobody wrote. */
static bool is_nothing(const struct parse *p, const yaml_event_t *event)
{
	return p->state == BEFORE && event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.length == 0 && !event->data.scalar.anchor;
}

static int parse_all(struct parse *p, yaml_parser_t *parser, struct err *e)
{
	yaml_event_t event;
	bool end = false;
	int r = 0;

	while (!end && r == 0) {
		if (!yaml_parser_parse(parser, &event)) {
			if (parser->error == YAML_MEMORY_ERROR)
				return err_nomem(e);
			return err_set(e, ERR_USAGE, "line %zu: %s", parser->problem_mark.line + 1,
				       parser->problem ? parser->problem : "not YAML");
		}
		end = event.type == YAML_STREAM_END_EVENT;
		if (is_nothing(p, &event))
			p->state = AFTER;
		else
			r = take(p, &event, e);
		yaml_event_delete(&event);
	}
	return r;
}

int config_parse(struct config *out, str text, struct arena *a, struct err *e)
{
	struct parse p = { .out = out, .a = a };
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser))
		return err_nomem(e);
	*out = (struct config){ 0 };
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	int r = parse_all(&p, &parser, e);

	yaml_parser_delete(&parser);
	return r;
}

static void closep(FILE **f)
{
	if (*f)
		fclose(*f);
}

int config_load(str *out, const char *path, struct arena *a, struct err *e)
{
	CLEANUP(closep)
	FILE *f = fopen(path, "re");
	size_t cap = LIMIT_SMALL_FILE_BYTES + 1;

	if (!f && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!f)
		return err_sys(e, "%s", path);
	char *p = malloc(cap);

	if (!p)
		return err_nomem(e);
	size_t n = fread(p, 1, cap, f);
	int r = 0;

	if (ferror(f))
		r = err_sys(e, "%s", path);
	else if (n == cap)
		r = err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path,
			    LIMIT_SMALL_FILE_BYTES);
	else
		r = arena_str(out, a, (str){ p, n }, e);
	free(p);
	return r < 0 ? -1 : 1;
}
