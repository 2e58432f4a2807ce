/* plimsoll db search NAME: what the data says of a package, an advisory, or any of its names. */
#include "base/clock.h"
#include "format/json_write.h"
#include "tool/cmd_db.h"
#include "tool/command.h"
#include "tool/data_dir.h"

#define SEARCH_BYTES (256 * MIB)

struct search {
	struct store *store;
	struct arena *arena;
	struct json_writer *w; /* NULL: for people */
	str name;
	size_t found;
};

static void range_text(struct buf *b, const struct version_range *r)
{
	bool open = !r->introduced.n || str_eq(r->introduced, STR("0"));

	if (!open)
		buf_printf(b, ">=" STR_FMT " ", STR_ARG(r->introduced));
	if (r->fixed.n)
		buf_printf(b, "<" STR_FMT, STR_ARG(r->fixed));
	else if (r->last_affected.n)
		buf_printf(b, "<=" STR_FMT, STR_ARG(r->last_affected));
	else if (r->limit.n)
		buf_printf(b, "<" STR_FMT, STR_ARG(r->limit));
	else if (open)
		buf_putz(b, "all");
}

static void affected_text(const struct affected *x)
{
	CLEANUP(buf_free)
	struct buf b = BUF(1 * MIB);

	for (size_t i = 0; i < x->ranges.n; i++) {
		if (i)
			buf_putz(&b, ", ");
		range_text(&b, &x->ranges.v[i]);
	}
	if (!x->ranges.n)
		buf_printf(&b, "%zu versions", x->versions.n);
	printf("  " STR_FMT "  %s%s" STR_FMT "  " STR_FMT "  [" STR_FMT "]\n", STR_ARG(x->id),
	       fix_status_word(x->status), x->severity ? " " : "",
	       STR_ARG(str_of(x->severity ? severity_word(x->severity) : "")), STR_ARG(buf_str(&b)),
	       STR_ARG(x->feed));
}

static void ranges_json(struct json_writer *w, const struct affected *x)
{
	json_put_array(w, "ranges");
	for (size_t i = 0; i < x->ranges.n; i++) {
		const struct version_range *r = &x->ranges.v[i];

		json_put_object(w, NULL);
		json_put_str_or_null(w, "introduced", r->introduced);
		json_put_str_or_null(w, "fixed", r->fixed);
		json_put_str_or_null(w, "last_affected", r->last_affected);
		json_put_str_or_null(w, "limit", r->limit);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_array(w, "versions");
	for (size_t i = 0; i < x->versions.n; i++)
		json_put_str(w, NULL, x->versions.v[i]);
	json_put_end(w);
}

static void affected_json(struct json_writer *w, const struct affected *x)
{
	json_put_object(w, NULL);
	json_put_str(w, "id", x->id);
	json_put_str(w, "feed", x->feed);
	json_put_str(w, "ecosystem", x->ecosystem);
	json_put_str(w, "name", x->name);
	json_put_bool(w, "by_source", x->by_source);
	json_put_str(w, "status", str_of(fix_status_word(x->status)));
	json_put_str_or_null(w, "status_word", x->status_word);
	json_put_str(w, "severity", str_of(severity_word(x->severity)));
	json_put_str_or_null(w, "severity_text", x->severity_text);
	json_put_str_or_null(w, "informational", x->informational);
	json_put_str(w, "where", x->where);
	ranges_json(w, x);
	json_put_end(w);
}

static int package_show(struct search *s, const struct affected *p, str only_id, struct err *e)
{
	struct store_cursor c;
	struct affected x;
	int r = store_find(&c, s->store, p->ecosystem, p->name, e);

	if (r > 0 && !s->w)
		printf(STR_FMT " " STR_FMT "\n", STR_ARG(p->ecosystem), STR_ARG(p->name));
	while (r > 0 && (r = store_next(&c, &x, s->arena, e)) > 0) {
		if (only_id.n && !str_eq(x.id, only_id))
			continue;
		s->found++;
		if (s->w)
			affected_json(s->w, &x);
		else
			affected_text(&x);
	}
	return r;
}

static int by_name(struct search *s, struct err *e)
{
	struct affected_list packages = { 0 };

	if (store_find_name(&packages, s->store, s->name, s->arena, e) < 0)
		return -1;
	vec_each (p, &packages)
		if (package_show(s, p, STR_NONE, e) < 0)
			return -1;
	return 0;
}

static void words_json(struct json_writer *w, const char *key, const struct str_list *words)
{
	json_put_array(w, key);
	for (size_t i = 0; i < words->n; i++)
		json_put_str(w, NULL, words->v[i]);
	json_put_end(w);
}

static void advisory_json(struct json_writer *w, const struct advisory *x)
{
	json_put_object(w, NULL);
	json_put_str(w, "id", x->id);
	json_put_str(w, "feed", x->feed);
	json_put_str_or_null(w, "title", x->title);
	json_put_str_or_null(w, "details", x->details);
	json_put_str(w, "severity", str_of(severity_word(x->severity)));
	json_put_str_or_null(w, "published", x->published);
	json_put_str_or_null(w, "modified", x->modified);
	words_json(w, "aliases", &x->aliases);
	words_json(w, "upstream", &x->upstream);
	words_json(w, "references", &x->references);
	json_put_array(w, "cvss");
	for (size_t i = 0; i < x->cvss.n; i++) {
		json_put_object(w, NULL);
		json_put_str(w, "source", x->cvss.v[i].source);
		json_put_str(w, "vector", x->cvss.v[i].vector);
		json_put_end(w);
	}
	json_put_end(w);
	json_put_end(w);
}

static void risk_text(const struct cve_risk *risk)
{
	if (risk->kev)
		printf("  known to be exploited%s, to be repaired by " STR_FMT "\n",
		       risk->ransomware ? " (ransomware)" : "", STR_ARG(risk->kev_due));
	if (risk->epss >= 0)
		printf("  EPSS %.5f, percentile %.4f\n", risk->epss, risk->percentile);
}

static int advisories_show(struct search *s, const struct str_list *names, struct err *e)
{
	struct advisory_list all = { 0 };

	vec_each (id, names)
		if (store_advisories(&all, s->store, *id, s->arena, e) < 0)
			return -1;
	s->found += all.n;
	vec_each (x, &all)
		if (s->w)
			advisory_json(s->w, x);
		else
			printf(STR_FMT "  " STR_FMT "  [" STR_FMT "]\n", STR_ARG(x->id),
			       STR_ARG(x->title), STR_ARG(x->feed));
	return 0;
}

static int risks_show(struct search *s, const struct str_list *names, struct err *e)
{
	struct cve_risk risk;

	vec_each (id, names) {
		int r = store_risk(&risk, s->store, *id, e);

		if (r < 0)
			return -1;
		s->found += r > 0;
		if (!s->w) {
			risk_text(&risk);
			continue;
		}
		if (r == 0)
			continue;
		json_put_object(s->w, NULL);
		json_put_str(s->w, "id", *id);
		json_put_bool(s->w, "kev", risk.kev);
		json_put_bool(s->w, "ransomware", risk.ransomware);
		json_put_str_or_null(s->w, "kev_due", risk.kev_due);
		json_put_double(s->w, "epss", risk.epss >= 0 ? risk.epss : 0.0 / 0.0);
		json_put_double(s->w, "percentile", risk.epss >= 0 ? risk.percentile : 0.0 / 0.0);
		json_put_end(s->w);
	}
	return 0;
}

static int packages_show(struct search *s, const struct str_list *names, struct err *e)
{
	vec_each (id, names) {
		struct affected_list packages = { 0 };
		str ecosystem = STR_NONE, name = STR_NONE;

		if (store_packages(&packages, s->store, *id, s->arena, e) < 0)
			return -1;
		vec_each (p, &packages) {
			/* One package may stand in several feeds; all are shown by one look-up. */
			if (str_eq(p->ecosystem, ecosystem) && str_eq(p->name, name))
				continue;
			ecosystem = p->ecosystem;
			name = p->name;
			if (package_show(s, p, *id, e) < 0)
				return -1;
		}
	}
	return 0;
}

/* An id, by any of its names; and the errata that repair it. */
static int by_id(struct search *s, struct err *e)
{
	struct str_list names = { 0 }, errata = { 0 };

	if (store_aliases(&names, s->store, s->name, s->arena, e) < 0 ||
	    store_errata(&errata, s->store, s->name, s->arena, e) < 0)
		return -1;
	if (s->w) {
		words_json(s->w, "names", &names);
		words_json(s->w, "errata", &errata);
		json_put_array(s->w, "advisories");
	}
	if (advisories_show(s, &names, e) < 0)
		return -1;
	if (s->w) {
		json_put_end(s->w);
		json_put_array(s->w, "risks");
	}
	if (risks_show(s, &names, e) < 0)
		return -1;
	if (s->w) {
		json_put_end(s->w);
		json_put_array(s->w, "affected");
	}
	vec_each (id, &errata)
		if (!s->w)
			printf("  repaired by " STR_FMT "\n", STR_ARG(*id));
	return packages_show(s, &names, e);
}

static int search_all(struct search *s, struct err *e)
{
	return by_id(s, e) < 0 ? -1 : by_name(s, e);
}

static int search_json(struct search *s, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(SEARCH_BYTES);
	struct json_writer w;

	json_writer_init(&w, &b, true);
	s->w = &w;
	json_put_object(&w, NULL);
	json_put_str(&w, "schema", STR("plimsoll.db-search/1"));
	json_put_str(&w, "name", s->name);
	if (search_all(s, e) < 0)
		return -1;
	json_put_end(&w);
	json_put_end(&w);
	buf_putc(&b, '\n');
	if (buf_check(&b, e) < 0)
		return -1;
	fwrite(b.p, 1, b.n, stdout);
	return 0;
}

static int search(const struct options *o, struct arena *a, struct err *e)
{
	CLEANUP(store_closep)
	struct store *store = NULL;
	struct search s = { .arena = a, .name = o->operands.v[0] };
	str format = option_text(o, "output");
	bool json = str_eq(format, STR("json"));

	if (format.n && !json && !str_eq(format, STR("table")))
		return err_set(e, ERR_USAGE, "--output is table or json");
	if (db_open(&store, o, e) < 0)
		return -1;
	s.store = store;
	if ((json ? search_json(&s, e) : search_all(&s, e)) < 0)
		return -1;
	if (!s.found)
		return err_set(e, ERR_MISSING, "nothing is known of \"" STR_FMT "\"",
			       STR_ARG(s.name));
	return EXIT_FIT;
}

static int search_run(const struct options *o)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(SEARCH_BYTES);
	struct err e = { 0 };
	int code = search(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static const char *const examples[] = {
	"plimsoll db search openssl",
	"plimsoll db search CVE-2021-44228",
	"plimsoll db search GHSA-jfh8-c2jp-5v3q -o json",
	NULL,
};

/* clang-format off */
const struct command cmd_db_search = {
	.name = "db search", .operands = "NAME", .least = 1, .most = 1,
	.summary = "what the data says of a package, an advisory or an alias",
	.examples = examples, .tables = { db_output_rows, option_data }, .run = search_run,
};
/* clang-format on */
