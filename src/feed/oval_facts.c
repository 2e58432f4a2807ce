#include "feed/oval_facts.h"

#include "format/xml.h"

/* An element that others refer to by its id. */
#define OPEN(member, of)                                                                \
	({                                                                              \
		void *made_ = NULL;                                                     \
		int r_ = open_as(&made_, &f->of, sizeof(*f->member), attributes, f, e); \
		f->member = made_;                                                      \
		r_;                                                                     \
	})

static int open_as(void **out, struct map *in, size_t size, const char *const *attributes,
		   struct oval_facts *f, struct err *e)
{
	str id;

	*out = arena_alloc(f->a, size);
	if (!*out)
		return err_nomem(e);
	if (arena_str(&id, f->a, xml_attribute(attributes, "id"), e) < 0)
		return -1;
	return id.n ? map_put(in, f->a, id, *out, e) : 0;
}

static enum oval_order order_of(str operation)
{
	static const struct {
		str word;
		enum oval_order order;
	} rows[] = {
		{ STR_INIT("less than"), OVAL_LESS },
		{ STR_INIT("less than or equal"), OVAL_LESS_EQUAL },
		{ STR_INIT("greater than"), OVAL_GREATER },
		{ STR_INIT("greater than or equal"), OVAL_GREATER_EQUAL },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(rows[i].word, operation))
			return rows[i].order;
	return OVAL_NO_ORDER;
}

static int test_part(struct oval_facts *f, str name, const char *const *attributes, struct err *e)
{
	str ref;

	if (str_eq(name, STR("object")))
		return arena_str(&f->test->object, f->a, xml_attribute(attributes, "object_ref"),
				 e);
	if (!str_eq(name, STR("state")))
		return 0;
	if (arena_str(&ref, f->a, xml_attribute(attributes, "state_ref"), e) < 0)
		return -1;
	return vec_push(&f->test->states, f->a, e, ref);
}

static int on_begin(void *ctx, str name, const char *const *attributes, struct err *e)
{
	struct oval_facts *f = ctx;

	if (str_ends(name, STR("_test"))) {
		if (OPEN(test, tests) < 0)
			return -1;
		f->test->none =
			str_eq(xml_attribute(attributes, "check_existence"), STR("none_exist")) ||
			str_eq(xml_attribute(attributes, "check"), STR("none satisfy"));
		return 0;
	}
	if (str_ends(name, STR("info_object")))
		return OPEN(object, objects);
	if (str_ends(name, STR("info_state")))
		return OPEN(state, states);
	if (str_eq(name, STR("constant_variable")))
		return OPEN(variable, variables);
	if (f->test)
		return test_part(f, name, attributes, e);
	if (f->object && str_eq(name, STR("name")))
		return arena_str(&f->object->variable, f->a, xml_attribute(attributes, "var_ref"),
				 e);
	if (f->state && str_eq(name, STR("evr")))
		f->order = order_of(xml_attribute(attributes, "operation"));
	return 0;
}

static int leaf(struct oval_facts *f, str name, str text, struct err *e)
{
	str word;

	if (arena_str(&word, f->a, str_trim(text), e) < 0)
		return -1;
	if (f->state && str_eq(name, STR("evr"))) {
		f->state->order = f->order;
		f->state->version = word;
	} else if (f->state && str_eq(name, STR("arch"))) {
		f->state->arch = word;
	} else if (f->object && str_eq(name, STR("name")) && word.n) {
		return vec_push(&f->object->names, f->a, e, word);
	} else if (f->variable && str_eq(name, STR("value")) && word.n) {
		return vec_push(f->variable, f->a, e, word);
	}
	return 0;
}

static int on_end(void *ctx, str name, str text, struct err *e)
{
	struct oval_facts *f = ctx;

	if (str_ends(name, STR("_test")))
		f->test = NULL;
	else if (str_ends(name, STR("info_object")))
		f->object = NULL;
	else if (str_ends(name, STR("info_state")))
		f->state = NULL;
	else if (str_eq(name, STR("constant_variable")))
		f->variable = NULL;
	else if (f->state || f->object || f->variable)
		return leaf(f, name, text, e);
	return 0;
}

int oval_facts_read(struct oval_facts *f, str text, struct err *e)
{
	const struct xml_handler h = { f, on_begin, on_end };

	return xml_read(&h, text, e);
}

const struct str_list *oval_names(const struct oval_facts *f, str object)
{
	const struct oval_object *x = map_get(&f->objects, object);

	if (!x)
		return NULL;
	return x->variable.n ? map_get(&f->variables, x->variable) : &x->names;
}
