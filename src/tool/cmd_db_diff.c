/* plimsoll db diff OLD NEW: what two stores of advisory data say differently. */
#include <sys/stat.h>

#include "feed/diff.h"
#include "format/json_write.h"
#include "tool/cmd_db.h"
#include "tool/command.h"
#include "tool/data_dir.h"

#define DIFF_BYTES (1 * GIB)

/* A data directory, a store's file, or the digest of a store in the data directory of the options,
 * the word "sha256:" before it or not. */
static int diff_open(struct store **out, str what, const struct options *o, struct arena *a,
		     struct err *e)
{
	str hex = what;
	const char *path = arena_z(a, what), *dir;
	struct stat st;
	str text;
	int r;

	if (!path)
		return err_nomem(e);
	if (stat(path, &st) == 0) {
		r = S_ISDIR(st.st_mode) ? store_open(out, path, e) : store_open_file(out, path, e);
		return r ? r : err_set(e, ERR_MISSING, "no advisory data in %s", path);
	}
	(void)str_skip(&hex, STR("sha256:"));
	if (hex.n != 64 || str_find(hex, '/') != SIZE_MAX)
		return err_set(e, ERR_MISSING,
			       STR_FMT ": neither a data directory, a store's file nor a digest",
			       STR_ARG(what));
	if (data_dir(&dir, o, e) < 0 ||
	    arena_printf(&text, a, e, "%s/" STR_FMT ".store", dir, STR_ARG(hex)) < 0)
		return -1;
	r = store_open_file(out, text.p, e);
	return r ? r : err_set(e, ERR_MISSING, STR_FMT ": no such store", STR_ARG(text));
}

static void counts_json(struct json_writer *w, const char *key, const size_t counts[DIFF_COUNT_])
{
	json_put_object(w, key);
	for (size_t i = 0; i < DIFF_COUNT_; i++)
		json_put_u64(w, diff_kind_word(i), counts[i]);
	json_put_end(w);
}

static void records_json(struct json_writer *w, const struct diff *d)
{
	json_put_array(w, "pairs");
	vec_each (p, &d->pairs) {
		json_put_object(w, NULL);
		json_put_str(w, "change", str_of(diff_kind_word(p->kind)));
		json_put_str(w, "ecosystem", p->base);
		json_put_str(w, "name", p->name);
		json_put_str(w, "id", p->id);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_array(w, "records");
	vec_each (r, &d->records) {
		json_put_object(w, NULL);
		json_put_str(w, "change", str_of(diff_kind_word(r->kind)));
		json_put_str(w, "ecosystem", r->ecosystem);
		json_put_str(w, "name", r->name);
		json_put_str(w, "id", r->id);
		json_put_str(w, "feed", r->feed);
		json_put_end(w);
	}
	json_put_end(w);
}

static void advisories_json(struct json_writer *w, const struct diff *d)
{
	json_put_array(w, "advisories");
	vec_each (x, &d->advisories) {
		json_put_object(w, NULL);
		json_put_str(w, "change", str_of(diff_kind_word(x->kind)));
		json_put_str(w, "id", x->id);
		json_put_str(w, "feed", x->feed);
		json_put_end(w);
	}
	json_put_end(w);
}

static int diff_json(const struct diff *d, const struct store *old, const struct store *new,
		     struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(DIFF_BYTES);
	struct json_writer w;

	json_writer_init(&w, &b, true);
	json_put_object(&w, NULL);
	json_put_str(&w, "schema", STR("plimsoll.db-diff/1"));
	json_put_str(&w, "old", store_info(old)->digest);
	json_put_str(&w, "new", store_info(new)->digest);
	json_put_object(&w, "counts");
	counts_json(&w, "pairs", d->npairs);
	counts_json(&w, "records", d->nrecords);
	counts_json(&w, "advisories", d->nadvisories);
	json_put_end(&w);
	records_json(&w, d);
	advisories_json(&w, d);
	json_put_end(&w);
	buf_putc(&b, '\n');
	if (buf_check(&b, e) < 0)
		return -1;
	fwrite(b.p, 1, b.n, stdout);
	return EXIT_FIT;
}

static void counts_line(const char *what, const size_t counts[DIFF_COUNT_])
{
	printf("%s: %zu new, %zu changed, %zu gone\n", what, counts[DIFF_NEW], counts[DIFF_CHANGED],
	       counts[DIFF_GONE]);
}

static int diff_table(const struct diff *d)
{
	vec_each (p, &d->pairs)
		printf("%-8s " STR_FMT "  " STR_FMT "  " STR_FMT "\n", diff_kind_word(p->kind),
		       STR_ARG(p->base), STR_ARG(p->name), STR_ARG(p->id));
	counts_line("packages' advisories", d->npairs);
	counts_line("records by release and feed", d->nrecords);
	counts_line("advisories' own words", d->nadvisories);
	return EXIT_FIT;
}

static int diff(const struct options *o, struct arena *a, struct err *e)
{
	CLEANUP(store_closep)
	struct store *old = NULL;
	CLEANUP(store_closep)
	struct store *new = NULL;
	str format = option_text(o, "output");
	struct diff d;

	if (format.n && !str_eq(format, STR("json")) && !str_eq(format, STR("table")))
		return err_set(e, ERR_USAGE, "--output is table or json");
	if (diff_open(&old, o->operands.v[0], o, a, e) < 0 ||
	    diff_open(&new, o->operands.v[1], o, a, e) < 0 || store_diff(&d, old, new, a, e) < 0)
		return -1;
	return str_eq(format, STR("json")) ? diff_json(&d, old, new, e) : diff_table(&d);
}

static int diff_run(const struct options *o)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(DIFF_BYTES);
	struct err e = { 0 };
	int code = diff(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static const char *const diff_examples[] = {
	"plimsoll db diff ./yesterday ./today",
	"plimsoll db diff -o json sha256:0f3a… sha256:91cc…",
	NULL,
};

/* clang-format off */
const struct command cmd_db_diff = {
	.name = "db diff", .operands = "OLD NEW", .least = 2, .most = 2,
	.summary = "what two stores of advisory data say differently",
	.text = "OLD and NEW are data directories, store files, or digests of stores in the data directory.\n",
	.examples = diff_examples, .tables = { db_output_rows, option_data }, .run = diff_run,
};
/* clang-format on */
