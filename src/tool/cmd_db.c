/* plimsoll db update|status|verify: getting advisory data, and saying what there is. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "feed/depot.h"
#include "flow/update.h"
#include "format/json_write.h"
#include "tool/cmd_db.h"
#include "tool/command.h"
#include "tool/data_dir.h"

#define UPDATE_BYTES (256 * MIB)
#define STATUS_BYTES (16 * MIB)

static const struct option_row update_rows[] = {
	{ "from", 0, "DIR|URL", "Source",
	  "a mirror with the upstream layouts, instead of upstream" },
	{ "only", 0, "NAMES", "Source",
	  "only these feeds: osv, osv/npm, debian, kev; the others stay", .repeat = true },
	{ "skip", 0, "NAMES", "Source", "all but these feeds", .repeat = true },
	{ "unjailed", 0, NULL, "Source", "parse feeds in this process, outside the jail" },
	{ NULL },
};

const struct option_row db_output_rows[] = {
	{ "output", 'o', "FORMAT", "Output", "table or json", .words = "table json" },
	{ NULL },
};

/* "a,b" given once is a and b. */
static int names_split(struct str_list *out, const struct str_list *given, struct arena *a,
		       struct err *e)
{
	for (size_t i = 0; i < given->n; i++) {
		str rest = given->v[i];

		for (str name; str_next(&rest, ',', &name);)
			if (name.n && vec_push(out, a, e, name) < 0)
				return -1;
	}
	return 0;
}

struct showing {
	bool quiet, terminal;
	size_t failed;
};

static void clear_line(const struct showing *s)
{
	if (s->terminal)
		fputs("\r\033[K", stderr);
}

static void show_feed(void *ctx, const struct update_feed *f)
{
	struct showing *s = ctx;

	if (f->outcome != UPDATE_KEPT && f->outcome != UPDATE_FAILED)
		return;
	s->failed++;
	clear_line(s);
	fprintf(stderr, "plimsoll: " STR_FMT ": " STR_FMT "%s\n", STR_ARG(f->feed.name),
		STR_ARG(f->why), f->outcome == UPDATE_KEPT ? " (its last good data is kept)" : "");
}

static void show_progress(void *ctx, uint64_t bytes, size_t done, size_t of)
{
	struct showing *s = ctx;

	if (!s->terminal)
		return;
	clear_line(s);
	fprintf(stderr, "%zu of %zu feeds, %.1f MiB", done, of, (double)bytes / (1 << 20));
	fflush(stderr);
}

static int summary(const struct options *o, const struct update_result *r, const struct showing *s,
		   const char *dir)
{
	char text[DIGEST_TEXT];
	size_t count[UPDATE_FAILED + 1] = { 0 };

	for (size_t i = 0; i < r->feeds.n; i++)
		count[r->feeds.v[i].outcome]++;
	clear_line(s);
	if (!option_on(o, "quiet"))
		fprintf(stderr, "%zu feeds read, %zu unchanged, %zu failed; %s in %s is %.19s…\n",
			count[UPDATE_NEW], count[UPDATE_UNCHANGED], s->failed,
			r->swapped ? "the new store" : "the store", dir,
			digest_text(text, &r->digest).p);
	for (size_t i = 0; i < r->feeds.n; i++)
		if (r->feeds.v[i].outcome == UPDATE_FAILED || r->feeds.v[i].outcome == UPDATE_KEPT)
			return EXIT_ERROR;
	return EXIT_FIT;
}

static int update(const struct options *o, struct arena *a, struct err *e)
{
	struct showing showing = {
		.quiet = option_on(o, "quiet"),
		.terminal = !option_on(o, "quiet") && isatty(STDERR_FILENO),
	};
	struct str_list only = { 0 }, skip = { 0 };
	struct update_request q = {
		.from = option_text(o, "from"),
		.only = &only,
		.skip = &skip,
		.unjailed = option_on(o, "unjailed"),
		.now = clock_now(),
		.done = show_feed,
		.progress = show_progress,
		.ctx = &showing,
	};
	struct update_result result;

	if (data_dir(&q.dir, o, e) < 0 || names_split(&only, option_all(o, "only"), a, e) < 0 ||
	    names_split(&skip, option_all(o, "skip"), a, e) < 0)
		return -1;
	if (update_run(&result, &q, a, e) < 0) {
		clear_line(&showing);
		return -1;
	}
	return summary(o, &result, &showing, q.dir);
}

int db_open(struct store **out, const struct options *o, struct err *e)
{
	const char *dir;
	int r;

	if (data_dir(&dir, o, e) < 0)
		return -1;
	r = store_open(out, dir, e);
	return r ? r : err_set(e, ERR_MISSING, "no advisory data in %s: plimsoll db update", dir);
}

static uint64_t dropped_sum(const struct store_source *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < DROP_COUNT_; i++)
		sum += s->dropped[i];
	return sum;
}

static void source_json(struct json_writer *w, const struct store_source *s)
{
	json_put_object(w, NULL);
	json_put_str(w, "name", s->name);
	json_put_str_or_null(w, "place", s->place);
	json_put_str_or_null(w, "date", s->date);
	json_put_str_or_null(w, "checked", s->checked);
	json_put_str(w, "digest", s->digest);
	json_put_str(w, "licence", s->licence);
	json_put_u64(w, "read", s->read);
	json_put_u64(w, "stored", s->stored);
	json_put_object(w, "dropped");
	for (size_t i = 0; i < DROP_COUNT_; i++)
		json_put_u64(w, drop_reason_word(i), s->dropped[i]);
	json_put_end(w);
	json_put_u64(w, "affected", s->affected);
	json_put_bool(w, "kept", s->kept);
	json_put_str_or_null(w, "problem", s->problem);
	json_put_end(w);
}

static int status_json(const struct store_info *info, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(STATUS_BYTES);
	struct json_writer w;

	json_writer_init(&w, &b, true);
	json_put_object(&w, NULL);
	json_put_str(&w, "schema", STR("plimsoll.db/1"));
	json_put_str(&w, "digest", info->digest);
	json_put_str_or_null(&w, "built", info->built);
	json_put_array(&w, "sources");
	for (size_t i = 0; i < info->nsources; i++)
		source_json(&w, &info->sources[i]);
	json_put_end(&w);
	json_put_end(&w);
	buf_putc(&b, '\n');
	if (buf_check(&b, e) < 0)
		return -1;
	fwrite(b.p, 1, b.n, stdout);
	return EXIT_FIT;
}

static int status_table(const struct store_info *info)
{
	printf("digest  " STR_FMT "\nbuilt   " STR_FMT "\n\n", STR_ARG(info->digest),
	       STR_ARG(info->built));
	printf("%-24s %-10s %9s %9s %9s  %s\n", "SOURCE", "DATE", "READ", "STORED", "DROPPED",
	       "LICENCE");
	for (size_t i = 0; i < info->nsources; i++) {
		const struct store_source *s = &info->sources[i];

		printf("%-24.*s %-10.10s %9llu %9llu %9llu  " STR_FMT "%s\n", STR_ARG(s->name),
		       s->date.n ? s->date.p : "unknown", (unsigned long long)s->read,
		       (unsigned long long)s->stored, (unsigned long long)dropped_sum(s),
		       STR_ARG(s->licence), s->kept ? "  OLD" : "");
		if (s->problem.n)
			printf("  %s: " STR_FMT "\n", s->kept ? "kept" : "first bad record",
			       STR_ARG(s->problem));
	}
	return EXIT_FIT;
}

static int status(const struct options *o, struct arena *a, struct err *e)
{
	CLEANUP(store_closep)
	struct store *s = NULL;
	str format = option_text(o, "output");

	(void)a;
	if (format.n && !str_eq(format, STR("json")) && !str_eq(format, STR("table")))
		return err_set(e, ERR_USAGE, "--output is table or json");
	if (db_open(&s, o, e) < 0)
		return -1;
	return str_eq(format, STR("json")) ? status_json(store_info(s), e)
					   : status_table(store_info(s));
}

/* In a process of its own: LMDB believes its pages, so a damaged file may end whoever walks it. */
static int verify_apart(const struct store *s, struct err *e)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return err_sys(e, "fork");
	if (child == 0) {
		struct err why;
		int bad = store_verify(s, &why) < 0;

		_exit(bad ? 1 : 0);
	}
	if (waitpid(child, &status, 0) < 0)
		return err_sys(e, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(e, ERR_CORRUPT,
			       "the advisory store is damaged; plimsoll db update makes a new one");
	return 0;
}

static int verify(const struct options *o, struct arena *a, struct err *e)
{
	CLEANUP(store_closep)
	struct store *s = NULL;

	(void)a;
	if (db_open(&s, o, e) < 0 || verify_apart(s, e) < 0)
		return -1;
	printf(STR_FMT " is whole\n", STR_ARG(store_info(s)->digest));
	return EXIT_FIT;
}

static int with_arena(const struct options *o,
		      int (*run)(const struct options *, struct arena *, struct err *))
{
	CLEANUP(arena_free)
	struct arena a = ARENA(UPDATE_BYTES);
	struct err e = { 0 };
	int code = run(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static int update_run_command(const struct options *o)
{
	return with_arena(o, update);
}

static int status_run(const struct options *o)
{
	return with_arena(o, status);
}

static int verify_run(const struct options *o)
{
	return with_arena(o, verify);
}

static const char *const update_examples[] = {
	"plimsoll db update",
	"plimsoll db update --from /media/mirror",
	"plimsoll db update --only osv/npm,kev,epss",
	NULL,
};

/* clang-format off */
const struct command cmd_db_update = {
	.name = "db update", .operands = "", .summary = "get new advisory data",
	.text = "Feeds are fetched in their own formats, asking only for what changed, and built into one\n"
		"store that is swapped in whole. A feed that fails keeps its last good data; the exit code\n"
		"is then 1 and db status says which.\n",
	.examples = update_examples, .tables = { update_rows, option_data }, .run = update_run_command,
};

const struct command cmd_db_status = {
	.name = "db status", .operands = "", .summary = "what advisory data there is, and how old",
	.tables = { db_output_rows, option_data }, .run = status_run,
};

const struct command cmd_db_verify = {
	.name = "db verify", .operands = "", .summary = "read all advisory data and check its digest",
	.tables = { option_data }, .run = verify_run,
};
/* clang-format on */
