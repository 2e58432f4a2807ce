/* bench_store DIR: the current store of a data directory: opening it, and looking up every package
 * of it and every CVE of its catalogue of risks, warm. */
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/limits.h"
#include "feed/store_map.h"

enum { OPENS = 1000, LEAST_RECORDS = 100 };

struct sum {
	uint64_t keys, records, large, large_ns, ns, worst;
};

static int look_up(struct sum *sum, const struct store *s, str ecosystem, str name, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 * MIB);
	struct store_cursor c;
	struct affected x;
	uint64_t n = 0;
	void *warm = arena_alloc(&a, 1); /* a scan has its arena already */
	int64_t from = clock_ticks();
	int r = warm ? store_find(&c, s, ecosystem, name, e) : -1;

	while (r > 0 && (r = store_next(&c, &x, &a, e)) > 0)
		n++;
	uint64_t took = (uint64_t)(clock_ticks() - from);

	sum->keys++;
	sum->records += n;
	sum->ns += took;
	sum->worst = MAX(sum->worst, took);
	if (n >= LEAST_RECORDS) {
		sum->large++;
		sum->large_ns += took;
	}
	return r;
}

static int packages(const struct store *s, struct err *e)
{
	for (int pass = 0; pass < 2; pass++) {
		CLEANUP(store_walk_end)
		MDB_cursor *cursor = NULL;
		struct sum sum = { 0 };
		str key, value;
		int r;

		while ((r = store_walk(&cursor, &key, &value, s, e)) > 0 &&
		       key.p[0] == KEY_AFFECTED) {
			str ecosystem, name;

			key_split(key, &ecosystem, &name);
			if (look_up(&sum, s, ecosystem, name, e) < 0)
				return -1;
		}
		if (r < 0)
			return -1;
		printf("%s: %llu packages, %llu records: %.2f us a package, %.0f ns a record; "
		       "%llu packages of 100 records or more: %.0f us; worst %.0f us\n",
		       pass ? "warm" : "first", (unsigned long long)sum.keys,
		       (unsigned long long)sum.records, (double)sum.ns / 1e3 / (double)sum.keys,
		       (double)sum.ns / (double)sum.records, (unsigned long long)sum.large,
		       (double)sum.large_ns / 1e3 / (double)MAX(sum.large, 1u),
		       (double)sum.worst / 1e3);
	}
	return 0;
}

static int risks(const struct store *s, struct err *e)
{
	CLEANUP(store_walk_end)
	MDB_cursor *cursor = NULL;
	struct key from;
	struct cve_risk risk;
	uint64_t n = 0, ns = 0;
	str key, value;
	int r;

	if (!key_word(&from, KEY_RISK, STR_NONE))
		return -1;
	while ((r = store_walk_from(&cursor, &key, &value, s, &from, e)) > 0 &&
	       key.p[0] == KEY_RISK) {
		int64_t at = clock_ticks();

		if (store_risk(&risk, s, str_from(key, 1), e) < 0)
			return -1;
		ns += (uint64_t)(clock_ticks() - at);
		n++;
	}
	printf("risk: %llu CVEs, %.2f us each\n", (unsigned long long)n,
	       (double)ns / 1e3 / (double)MAX(n, 1u));
	return r < 0 ? -1 : 0;
}

static int opening(const char *dir, struct err *e)
{
	int64_t from = clock_ticks();

	for (int i = 0; i < OPENS; i++) {
		CLEANUP(store_closep)
		struct store *s = NULL;

		if (store_open(&s, dir, e) <= 0)
			return -1;
	}
	printf("open and close: %.1f us\n", (double)(clock_ticks() - from) / 1e3 / OPENS);
	return 0;
}

static int sizes(const struct store *s, struct err *e)
{
	CLEANUP(store_walk_end)
	MDB_cursor *cursor = NULL;
	uint64_t bytes[256] = { 0 }, keys[256] = { 0 };
	str key, value;
	int r;

	while ((r = store_walk(&cursor, &key, &value, s, e)) > 0) {
		bytes[(uint8_t)key.p[0]] += key.n + value.n;
		keys[(uint8_t)key.p[0]]++;
	}
	for (int i = 0; i < 256; i++)
		if (keys[i])
			printf("kind %c: %llu keys, %.1f MiB\n", i, (unsigned long long)keys[i],
			       (double)bytes[i] / MIB);
	return r;
}

int main(int argc, char **argv)
{
	CLEANUP(store_closep)
	struct store *s = NULL;
	struct rusage used;
	struct err e = { 0 };

	if (argc != 2 || store_open(&s, argv[1], &e) <= 0 || opening(argv[1], &e) < 0 ||
	    packages(s, &e) < 0 || risks(s, &e) < 0 || sizes(s, &e) < 0) {
		fprintf(stderr, "bench_store DIR: %s\n", e.text[0] ? e.text : "no store there");
		return 1;
	}
	getrusage(RUSAGE_SELF, &used);
	printf("peak memory with the whole mapping touched: %ld MiB\n", used.ru_maxrss / 1024);
	return 0;
}
