/* Lists of comparators: clauses joined by ',' or blanks all hold, lists joined by '||' any. */
#pragma once

#include "format/version/version.h"

enum relation {
	REL_LT = 1,
	REL_EQ = 2,
	REL_GT = 4,
	REL_NE = REL_LT | REL_GT,
	REL_LE = REL_LT | REL_EQ,
	REL_GE = REL_GT | REL_EQ,
	REL_OWN = 8, /* the first bit that a scheme may give a meaning of its own */
};

struct relation_word {
	str text;
	unsigned op;
};

struct relation_rules {
	const struct relation_word *words; /* a longer word before one that it starts with */
	size_t words_n;
	unsigned bare; /* what a version without an operator asks for; 0 refuses it */
	enum version_verdict (*holds)(str version, unsigned op, str bound);
	bool commas; /* only they join clauses, blanks do not */
};

/* = == != < <= =< > >= =>, for rules that have nothing special. */
extern const struct relation_word relation_words[];
extern const size_t relation_words_n;

/* Whether an order is among those that `op` allows; UNSURE for VERSION_INVALID. */
enum version_verdict relation_holds(enum version_order order, unsigned op);

/* Cuts the operator off *clause and says which one it was: rules->bare if none. */
unsigned relation_take(str *clause, const struct relation_rules *rules);

/* UNSURE as soon as any clause of any list is, as native tools refuse the whole text.
 * "*" alone is every version. */
enum version_verdict relation_list(str version, str range, const struct relation_rules *rules);

/* Verdicts joined: UNSURE outweighs, then the word's own meaning. */
enum version_verdict verdict_and(enum version_verdict a, enum version_verdict b);
enum version_verdict verdict_or(enum version_verdict a, enum version_verdict b);
enum version_verdict verdict_not(enum version_verdict a);

/* Takes the next of the lists that "||" joins (also the empty one after a last "||"): start with
 * rest->p not NULL; false when rest->p is NULL. */
bool relation_next_list(str *rest, str *list);
