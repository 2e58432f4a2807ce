/* The test harness: TAP on standard output, one process, no magic. A test is a sentence; a CHECK
 * that fails prints where and returns, so that cleanups run and the leak checker stays honest.
 *
 *	TEST(a_sentence_about_the_thing) { CHECK(1 + 1 == 2); }
 *	TEST_MAIN
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tap_test {
	const char *name;
	void (*run)(void);
	struct tap_test *next;
};

static struct tap_test *tap_first, **tap_last = &tap_first;
static int tap_count, tap_failed;
static const char *tap_skipped;

#define TEST(name_)                                                                                \
	static void name_(void);                                                                   \
	__attribute__((constructor)) static void tap_add_##name_(void)                             \
	{                                                                                          \
		static struct tap_test t = { #name_, name_, NULL };                                \
		*tap_last = &t;                                                                    \
		tap_last = &t.next;                                                                \
		tap_count++;                                                                       \
	}                                                                                          \
	static void name_(void)

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);                        \
			tap_failed = 1;                                                            \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* As CHECK, and shows two strs when they differ. */
#define CHECK_STR(a_, b_)                                                                          \
	do {                                                                                       \
		str x_ = (a_), y_ = (b_);                                                          \
		if (!str_eq(x_, y_)) {                                                             \
			printf("# %s:%d: \"%.*s\" is not \"%.*s\"\n", __FILE__, __LINE__,          \
			       STR_ARG(x_), STR_ARG(y_));                                          \
			tap_failed = 1;                                                            \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* Ends the test as skipped; the reason is printed. */
#define SKIP(why)                                                                                  \
	do {                                                                                       \
		tap_skipped = (why);                                                               \
		return;                                                                            \
	} while (0)

static int tap_main(void)
{
	int n = 0, bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", tap_count);
	for (struct tap_test *t = tap_first; t; t = t->next) {
		char words[256];

		snprintf(words, sizeof(words), "%s", t->name);
		for (char *c = words; *c; c++)
			if (*c == '_')
				*c = ' ';
		tap_failed = 0;
		tap_skipped = NULL;
		t->run();
		bad += tap_failed;
		printf("%sok %d - %s%s%s\n", tap_failed ? "not " : "", ++n, words,
		       tap_skipped ? " # SKIP " : "", tap_skipped ? tap_skipped : "");
	}
	return bad ? 1 : 0;
}

#define TEST_MAIN                                                                                  \
	int main(void)                                                                             \
	{                                                                                          \
		return tap_main();                                                                 \
	}
