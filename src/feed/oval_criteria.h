/* The criteria of an OVAL definition, turned into rows of "this package, below this version,
 * there". Where the tree says more than rows can (signatures, running kernels), the rows are the
 * widest reading: what cannot be decided hides nothing. */
#pragma once

#include "feed/oval_facts.h"

enum oval_operator {
	OVAL_AND,
	OVAL_OR,
};

struct oval_node {
	enum oval_operator operator;
	bool negated;
	str test, comment; /* of a criterion */
	struct oval_node *up, *first, *last, *next;
};

/* What must hold besides: each empty when nothing is asked. */
struct oval_condition {
	str platform, module, arch;
	bool pro; /* Ubuntu: only with a subscription */
};

struct oval_row {
	struct oval_condition when;
	str name;
	enum oval_order order; /* OVAL_NO_ORDER: any version, if the package is there */
	str version;
	enum oval_order low_order; /* of a lower bound, when there is one */
	str low;
};

struct oval_rows VEC_BODY(struct oval_row);

/* 0 and the rows, or -1 and *e; more than LIMIT_OVAL_ROWS are ERR_LIMIT. */
int oval_rows_of(struct oval_rows *out, const struct oval_node *top, const struct oval_facts *f,
		 struct arena *a, struct err *e) MUST_CHECK;
