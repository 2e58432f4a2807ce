/* What the tests of an OVAL document ask, as far as it is the version of a package: the part of it
 * that definitions refer to (OVAL Language 5.11, linux-definitions and independent-definitions). */
#pragma once

#include "base/map.h"
#include "model/package.h"

enum oval_order {
	OVAL_NO_ORDER, /* it asks no package's version */
	OVAL_LESS,
	OVAL_LESS_EQUAL,
	OVAL_GREATER,
	OVAL_GREATER_EQUAL,
};

/* Where a test, an object, a state or a variable stands in the maps of struct oval_facts. */
struct oval_test {
	str object;
	struct str_list states;
	bool none; /* it wants that nothing of the kind is there */
};

struct oval_object {
	struct str_list names;
	str variable; /* that has the names */
};

struct oval_state {
	enum oval_order order;
	str version, arch;
};

struct oval_facts {
	struct map tests, objects, states, variables; /* variables: str_list */
	struct arena *a;
	/* While reading: what stands open. */
	struct oval_test *test;
	struct oval_object *object;
	struct oval_state *state;
	struct str_list *variable;
	enum oval_order order;
};

/* All of a document but its definitions: 0, or -1 and *e. */
int oval_facts_read(struct oval_facts *f, str text, struct err *e) MUST_CHECK;
/* The names of packages that an object stands for; NULL when it is none of packages. */
const struct str_list *oval_names(const struct oval_facts *f, str object);
