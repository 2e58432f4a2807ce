#include "format/yaml.h"

#include <stdlib.h>
#include <yaml.h>

#include "base/buf.h"

/* One open mapping or list. */
struct frame {
	bool mapping;
	bool keyed; /* its key has been read, a value comes */
	struct buf key;
};

struct yaml_walk {
	yaml_parser_t parser;
	yaml_event_t event; /* the last one: items borrow from it */
	bool has_event, done;
	size_t depth;
	struct frame frames[LIMIT_YAML_DEPTH];
};

int yaml_walk_open(struct yaml_walk **out, str text, struct err *e)
{
	struct yaml_walk *y = calloc(1, sizeof(*y));

	if (!y || !yaml_parser_initialize(&y->parser)) {
		free(y);
		return err_nomem(e);
	}
	yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&y->parser, (const unsigned char *)(text.p ? text.p : ""),
				     text.n);
	*out = y;
	return 0;
}

static void event_drop(struct yaml_walk *y)
{
	if (y->has_event)
		yaml_event_delete(&y->event);
	y->has_event = false;
}

void yaml_walk_free(struct yaml_walk *y)
{
	if (!y)
		return;
	event_drop(y);
	yaml_parser_delete(&y->parser);
	for (size_t i = 0; i < LIMIT_YAML_DEPTH; i++)
		buf_free(&y->frames[i].key);
	free(y);
}

void yaml_walk_freep(struct yaml_walk **y)
{
	yaml_walk_free(*y);
}

static struct frame *top(struct yaml_walk *y)
{
	return y->depth ? &y->frames[y->depth - 1] : NULL;
}

static size_t line_of(const struct yaml_walk *y)
{
	return y->event.start_mark.line + 1;
}

static int event_next(struct yaml_walk *y, struct err *e)
{
	event_drop(y);
	if (yaml_parser_parse(&y->parser, &y->event)) {
		y->has_event = true;
		return 0;
	}
	if (y->parser.error == YAML_MEMORY_ERROR)
		return err_nomem(e);
	return err_set(e, ERR_CORRUPT, "line %zu: %s", y->parser.problem_mark.line + 1,
		       y->parser.problem ? y->parser.problem : "is not YAML");
}

/* Whether what begins here is a key of the open mapping. */
static bool is_key(struct yaml_walk *y)
{
	return top(y) && top(y)->mapping && !top(y)->keyed;
}

static str scalar_of(const struct yaml_walk *y)
{
	return (str){ (const char *)y->event.data.scalar.value, y->event.data.scalar.length };
}

static int key_take(struct yaml_walk *y, struct err *e)
{
	struct frame *f = top(y);

	buf_clear(&f->key);
	buf_put(&f->key, scalar_of(y));
	f->keyed = true;
	return buf_check(&f->key, e);
}

static int item_make(struct yaml_item *out, struct yaml_walk *y, enum yaml_kind kind)
{
	out->kind = kind;
	out->depth = 0;
	out->value = kind == YAML_SCALAR ? scalar_of(y) : STR_NONE;
	for (size_t i = 0; i < y->depth; i++)
		if (y->frames[i].mapping)
			out->keys[out->depth++] = buf_str(&y->frames[i].key);
	if (top(y))
		top(y)->keyed = false;
	return 1;
}

static int container_enter(struct yaml_item *out, struct yaml_walk *y, bool mapping, struct err *e)
{
	if (is_key(y))
		return err_set(e, ERR_UNSUPPORTED, "line %zu: a key that is no word", line_of(y));
	if (y->depth >= LIMIT_YAML_DEPTH)
		return err_set(e, ERR_LIMIT, "line %zu: nested more than %d deep", line_of(y),
			       LIMIT_YAML_DEPTH);
	(void)item_make(out, y, mapping ? YAML_MAPPING : YAML_LIST);
	y->frames[y->depth].mapping = mapping;
	y->frames[y->depth].keyed = false;
	y->depth++;
	return 1;
}

/* 1 and an item, 0 when the event makes none, -1. */
static int event_read(struct yaml_item *out, struct yaml_walk *y, struct err *e)
{
	switch (y->event.type) {
	case YAML_ALIAS_EVENT:
		return err_set(e, ERR_UNSUPPORTED, "line %zu: an alias", line_of(y));
	case YAML_SCALAR_EVENT:
		return is_key(y) ? key_take(y, e) : item_make(out, y, YAML_SCALAR);
	case YAML_MAPPING_START_EVENT:
		return container_enter(out, y, true, e);
	case YAML_SEQUENCE_START_EVENT:
		return container_enter(out, y, false, e);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		y->depth--;
		return 0;
	default:
		y->done = y->event.type == YAML_STREAM_END_EVENT;
		return 0;
	}
}

int yaml_walk_next(struct yaml_item *out, struct yaml_walk *y, struct err *e)
{
	int r = 0;

	while (r == 0 && !y->done)
		r = event_next(y, e) < 0 ? -1 : event_read(out, y, e);
	return r;
}
