#include "report/table.h"

#include "base/clock.h"
#include "report/next.h"
#include "report/plain.h"
#include "report/rows.h"

/* On a terminal, unless everything is asked for. */
enum {
	ROWS_SHOWN = 30,
	ROWS_OF_A_PACKAGE = 5,
	REASONS_SHOWN = 8,
};

enum column { PACKAGE, INSTALLED, FIXED, ID, SEVERITY, RISK, LAYER, WHERE, COLUMNS };

/* clang-format off */
static const struct {
	const char *heading;
	size_t comfortable, narrowest; /* widths on a terminal that is too small for all */
} columns[COLUMNS] = {
	[PACKAGE]   = { "PACKAGE",   24, 12 },
	[INSTALLED] = { "INSTALLED", 16, 10 },
	[FIXED]	    = { "FIXED IN",  16, 10 },
	[ID]	    = { "ID",	     19, 19 },
	[SEVERITY]  = { "SEVERITY",  10, 8 },
	[RISK]	    = { "RISK",	     10, 4 },
	[LAYER]	    = { "LAYER",     5, 5 },
	[WHERE]	    = { "WHERE",     24, 16 },
};
/* clang-format on */

struct table {
	struct buf *out;
	const struct report *r;
	const struct table_options *o;
	struct arena *a;
	struct row_list rows;
	size_t suppressed;
	size_t width[COLUMNS];
};

enum paint { PLAIN, BOLD, RED, GREEN, YELLOW, DIM };

static void paint(struct table *t, enum paint p)
{
	static const char *const codes[] = { "\033[0m",	 "\033[1m",  "\033[1;31m",
					     "\033[32m", "\033[33m", "\033[2m" };

	if (t->o->colour)
		buf_putz(t->out, codes[p]);
}

static void put_painted(struct table *t, enum paint p, const char *text)
{
	paint(t, p);
	buf_putz(t->out, text);
	paint(t, PLAIN);
}

static void label(struct table *t, const char *name)
{
	paint(t, BOLD);
	buf_printf(t->out, "%-10s", name);
	paint(t, PLAIN);
}

static void put_image(struct table *t)
{
	const struct image *image = t->r->image;
	char digest[DIGEST_TEXT];

	label(t, "Image");
	plain_put(t->out, image->name.n ? image->name : image->source);
	if (image->platform.os.n) {
		buf_putz(t->out, "  ");
		plain_put(t->out, image->platform.os);
		buf_putc(t->out, '/');
		plain_put(t->out, image->platform.arch);
	}
	buf_putc(t->out, '\n');
	if (image->digest.kind || image->id.kind) {
		const struct digest *d = image->digest.kind ? &image->digest : &image->id;

		buf_printf(t->out, "%10s" STR_FMT "\n", "", STR_ARG(digest_text(digest, d)));
	}
}

static void put_system(struct table *t)
{
	const struct os *os = &t->r->inventory->os;

	label(t, "System");
	if (os->id.n == 0) {
		buf_putz(t->out, "none\n");
		return;
	}
	plain_put(t->out, os->name.n ? os->name : os->id);
	if (!os->name.n) {
		buf_putc(t->out, ' ');
		plain_put(t->out, os->version_id);
	}
	if (!t->r->coverage.recognised)
		put_painted(t, YELLOW, "  (not known to any feed)");
	if (t->r->coverage.eol)
		put_painted(t, RED, "  (end of life: gets no more fixes)");
	buf_putc(t->out, '\n');
}

/* "431 (deb 120, npm 311)"; packages are sorted by type. */
static void put_packages(struct table *t)
{
	const struct package_list *list = &t->r->inventory->packages;
	const char *sep = " (";

	label(t, "Packages");
	buf_printf(t->out, "%zu", list->n);
	for (size_t i = 0, j; i < list->n; i = j) {
		for (j = i; j < list->n && str_eq(list->v[j].type, list->v[i].type); j++)
			;
		buf_putz(t->out, sep);
		plain_put(t->out, list->v[i].type);
		buf_printf(t->out, " %zu", j - i);
		sep = ", ";
	}
	buf_putz(t->out, list->n ? ")\n" : "\n");
}

static enum paint severity_paint(enum severity s)
{
	return s >= SEVERITY_HIGH ? RED : s == SEVERITY_MEDIUM ? YELLOW : PLAIN;
}

static void put_counts(struct table *t)
{
	static const enum severity order[] = { SEVERITY_CRITICAL,   SEVERITY_HIGH,
					       SEVERITY_MEDIUM,	    SEVERITY_LOW,
					       SEVERITY_NEGLIGIBLE, SEVERITY_UNKNOWN };
	size_t count[SEVERITY_COUNT_] = { 0 };
	const char *sep = ": ";

	vec_each (row, &t->rows)
		count[row->f->severity]++;
	for (size_t i = 0; i < COUNT(order); i++) {
		if (count[order[i]] == 0)
			continue;
		buf_putz(t->out, sep);
		paint(t, severity_paint(order[i]));
		buf_printf(t->out, "%zu %s", count[order[i]], severity_word(order[i]));
		paint(t, PLAIN);
		sep = ", ";
	}
	buf_putc(t->out, '\n');
}

static void put_findings(struct table *t)
{
	size_t kev = 0, fixable = 0;

	label(t, "Findings");
	if (!t->r->data.present) {
		put_painted(t, YELLOW, "not looked for: there is no advisory data\n");
		return;
	}
	buf_printf(t->out, "%zu", t->rows.n);
	put_counts(t);
	vec_each (row, &t->rows) {
		kev += row->f->risk.kev;
		fixable += row->f->fixed.n > 0;
	}
	if (t->rows.n == 0 && t->suppressed == 0)
		return;
	buf_printf(t->out, "%10s", "");
	if (kev) {
		paint(t, RED);
		buf_printf(t->out, "%zu known to be exploited", kev);
		paint(t, PLAIN);
		buf_putz(t->out, ", ");
	}
	buf_printf(t->out, "%zu can be fixed", fixable);
	if (t->suppressed)
		buf_printf(t->out, ", %zu suppressed", t->suppressed);
	buf_putc(t->out, '\n');
}

static void put_reason(struct table *t, const struct reason *x)
{
	buf_printf(t->out, "%10s- ", "");
	if (x->count > 1)
		buf_printf(t->out, "%u × ", x->count);
	if (x->where.n) {
		plain_put(t->out, x->where);
		buf_putz(t->out, ": ");
	}
	plain_put(t->out, x->text);
	buf_printf(t->out, " [%s]\n", reason_word(x->code));
}

static void put_coverage(struct table *t)
{
	static const char *const words[] = {
		[COVERAGE_NONE] = "none — nothing could be said of this image",
		[COVERAGE_PARTIAL] = "partial — not everything could be assessed",
		[COVERAGE_FULL] = "full",
	};
	const struct reason_list *reasons = &t->r->inventory->reasons;
	enum coverage_level level = t->r->coverage.level;
	size_t shown = t->o->width && !t->o->all ? REASONS_SHOWN : reasons->n;

	label(t, "Coverage");
	put_painted(t, level == COVERAGE_FULL ? GREEN : YELLOW, words[level]);
	buf_putc(t->out, '\n');
	for (size_t i = 0; i < reasons->n && i < shown; i++)
		put_reason(t, &reasons->v[i]);
	if (reasons->n > shown)
		buf_printf(t->out, "%10s… and %zu more; --all shows them\n", "",
			   reasons->n - shown);
}

static void put_data(struct table *t)
{
	const struct data_source *oldest = NULL;

	label(t, "Data");
	if (!t->r->data.present) {
		put_painted(t, YELLOW, "none: run `plimsoll db update`\n");
		return;
	}
	vec_each (s, &t->r->data.sources)
		if (!oldest || str_cmp(s->date, oldest->date) < 0)
			oldest = s;
	buf_printf(t->out, "%zu sources, newest ", t->r->data.sources.n);
	plain_put(t->out, str_first(t->r->data.built, 10));
	if (oldest) {
		buf_putz(t->out, ", oldest ");
		plain_put(t->out, str_first(oldest->date, 10));
		buf_putz(t->out, " (");
		plain_put(t->out, oldest->name);
		buf_putc(t->out, ')');
	}
	buf_putc(t->out, '\n');
}

static void put_verdict(struct table *t)
{
	static const char *const words[] = {
		[DECISION_FIT] = "FIT",
		[DECISION_VIOLATION] = "VIOLATION",
		[DECISION_UNASSESSED] = "NOT ASSESSED",
	};
	const struct verdict *v = &t->r->verdict;

	label(t, "Verdict");
	put_painted(t, v->decision == DECISION_FIT ? GREEN : RED, words[v->decision]);
	buf_putz(t->out, " by policy ");
	plain_put(t->out, v->policy_name);
	buf_putc(t->out, '\n');
	vec_each (rule, &v->rules) {
		if (rule->outcome != RULE_FAIL && rule->outcome != RULE_ACCEPTED)
			continue;
		buf_printf(t->out, "%10s- ", "");
		plain_put(t->out, rule->text);
		buf_printf(t->out, " [" STR_FMT "]\n", STR_ARG(rule->id));
	}
}

static int put_next(struct table *t, struct err *e)
{
	str text;
	int r = next_step(&text, t->r, &t->rows, t->a, e);

	if (r <= 0)
		return r;
	label(t, "Next");
	plain_put(t->out, text);
	buf_putc(t->out, '\n');
	return 0;
}

static str fixed_cell(const struct row *row)
{
	if (row->f->fixed.n)
		return row->f->fixed.v[0];
	switch (row->f->status) {
	case STATUS_WILL_NOT_FIX:
		return STR("(will not)");
	case STATUS_FIX_DEFERRED:
		return STR("(deferred)");
	case STATUS_END_OF_LIFE:
		return STR("(end of life)");
	case STATUS_UNDER_INVESTIGATION:
		return STR("(being looked at)");
	default:
		return STR("-");
	}
}

static int risk_cell(str *out, struct table *t, const struct row *row, struct err *e)
{
	const struct cve_risk *risk = &row->f->risk;

	*out = risk->kev ? STR("KEV") : STR("-");
	if (risk->epss < 0)
		return 0;
	return arena_printf(out, t->a, e, "%s%.1f%%", risk->kev ? "KEV " : "", risk->epss * 100);
}

/* On a terminal, what every path of its kind ends with tells nothing and only takes room. */
static str telling(const struct table *t, str path)
{
	static const str ends[] = { STR_INIT("/METADATA"), STR_INIT("/PKG-INFO"),
				    STR_INIT("/package.json") };

	for (size_t i = 0; t->o->width && i < COUNT(ends); i++)
		if (str_ends(path, ends[i]))
			return str_first(path, path.n - ends[i].n);
	return path;
}

/* "libssl3 openssl", or "app/node_modules/x/package.json". */
static int where_cell(str *out, struct table *t, const struct row *row, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = { 0 };
	const struct str_list *list = row->packages.n ? &row->packages : &row->f->paths;
	/* the package database says nothing that the name does not */
	size_t n = row->packages.n || !row->f->by_source ? list->n : 0;

	for (size_t i = 0; i < n; i++) {
		buf_putz(&b, i ? " " : "");
		buf_put(&b, telling(t, list->v[i]));
	}
	if (buf_check(&b, e) < 0)
		return -1;
	return arena_str(out, t->a, buf_str(&b), e);
}

static int layer_cell(str *out, struct table *t, const struct row *row, struct err *e)
{
	*out = STR("-");
	if (row->f->layer == LAYER_NONE)
		return 0;
	return arena_printf(out, t->a, e, "%u", row->f->layer);
}

static int cells_of(str cells[COLUMNS], struct table *t, const struct row *row, bool first,
		    struct err *e)
{
	cells[PACKAGE] = first ? row->package : STR_NONE;
	cells[INSTALLED] = first ? row->installed : STR_NONE;
	cells[FIXED] = fixed_cell(row);
	cells[ID] = row->f->id;
	cells[SEVERITY] = str_of(severity_word(row->f->severity));
	if (risk_cell(&cells[RISK], t, row, e) < 0 || layer_cell(&cells[LAYER], t, row, e) < 0)
		return -1;
	return where_cell(&cells[WHERE], t, row, e);
}

static bool starts_group(const struct table *t, size_t i)
{
	return i == 0 || t->rows.v[i - 1].group != t->rows.v[i].group;
}

static bool cuts(const struct table *t)
{
	return t->o->width && !t->o->all;
}

/* What the shown columns take up, and the gaps between them; a column that is not shown has no
 * width. */
static size_t sum_of(const size_t width[COLUMNS])
{
	size_t sum = 0;

	for (size_t c = 0; c < COLUMNS; c++)
		sum += width[c] ? width[c] + 2 : 0;
	return sum - 2;
}

/* Takes from the columns what the terminal is too small by: first what is more than comfortable,
 * then down to the narrowest. True when they fit now. */
static bool squeeze(size_t width[COLUMNS], size_t room)
{
	static const enum column giving[] = { WHERE, PACKAGE, FIXED, INSTALLED, ID };

	for (size_t i = 0; i < 2 * COUNT(giving) && sum_of(width) > room; i++) {
		enum column c = giving[i % COUNT(giving)];
		size_t least = i < COUNT(giving) ? columns[c].comfortable : columns[c].narrowest;
		size_t spare = width[c] > least ? width[c] - least : 0;

		width[c] -= MIN(spare, sum_of(width) - room);
	}
	return sum_of(width) <= room;
}

/* Leaves columns out, one after another, until the rest fits: identifiers are never the first to
 * go, for they are what is asked about next. */
static void fit(struct table *t)
{
	static const enum column dropping[] = { LAYER, WHERE, INSTALLED, RISK };
	size_t natural[COLUMNS];

	if (!t->o->width)
		return;
	memcpy(natural, t->width, sizeof(natural));
	for (size_t i = 0; !squeeze(t->width, t->o->width) && i < COUNT(dropping); i++) {
		natural[dropping[i]] = 0;
		memcpy(t->width, natural, sizeof(natural));
	}
}

static int measure(struct table *t, struct err *e)
{
	str cells[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		t->width[c] = strlen(columns[c].heading);
	vec_each (row, &t->rows) {
		if (cells_of(cells, t, row, true, e) < 0)
			return -1;
		for (size_t c = 0; c < COLUMNS; c++)
			t->width[c] = MAX(t->width[c], plain_width(cells[c]));
	}
	fit(t);
	return 0;
}

static enum paint cell_paint(const struct row *row, size_t column)
{
	if (row && column == SEVERITY)
		return severity_paint(row->f->severity);
	return row && column == RISK && row->f->risk.kev ? RED : PLAIN;
}

static void put_line(struct table *t, const str cells[COLUMNS], const struct row *row)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		enum paint p = cell_paint(row, c);

		if (t->width[c] == 0)
			continue;
		if (p)
			paint(t, p);
		if (c == WHERE && row && row->packages.n == 0)
			plain_tail(t->out, cells[c], t->o->width ? t->width[c] : 0);
		else
			plain_cell(t->out, cells[c], t->o->width || c != WHERE ? t->width[c] : 0,
				   true);
		if (p)
			paint(t, PLAIN);
		if (c != WHERE)
			buf_putz(t->out, "  ");
	}
	while (t->out->n && t->out->p[t->out->n - 1] == ' ')
		t->out->n--;
	buf_putc(t->out, '\n');
}

static void put_headings(struct table *t)
{
	str cells[COLUMNS];

	for (size_t c = 0; c < COLUMNS; c++)
		cells[c] = str_of(columns[c].heading);
	buf_putc(t->out, '\n');
	paint(t, BOLD);
	put_line(t, cells, NULL);
	paint(t, PLAIN);
}

static void put_left_out(struct table *t, const struct row *row, size_t n)
{
	if (n == 0)
		return;
	paint(t, DIM);
	buf_printf(t->out, "  … %zu more in ", n);
	plain_put(t->out, row->package);
	paint(t, PLAIN);
	buf_putc(t->out, '\n');
}

/* Those that a package's own line has counted are not counted again. */
static void put_rest(struct table *t, size_t hidden, size_t counted)
{
	if (hidden == 0)
		return;
	paint(t, DIM);
	if (hidden > counted)
		buf_printf(t->out, "… and %zu more; --all shows them", hidden - counted);
	else
		buf_printf(t->out, "--all shows all %zu", t->rows.n);
	paint(t, PLAIN);
	buf_putc(t->out, '\n');
}

static int put_rows(struct table *t, struct err *e)
{
	size_t shown = 0, of_package = 0, left_out = 0, counted = 0, i = 0;
	str cells[COLUMNS];

	for (; i < t->rows.n && !(cuts(t) && shown >= ROWS_SHOWN); i++) {
		const struct row *row = &t->rows.v[i];
		bool first = starts_group(t, i);

		of_package = first ? 1 : of_package + 1;
		if (cuts(t) && of_package > ROWS_OF_A_PACKAGE) {
			left_out++;
			counted++;
		} else {
			if (cells_of(cells, t, row, first, e) < 0)
				return -1;
			put_line(t, cells, row);
			shown++;
		}
		if (i + 1 == t->rows.n || starts_group(t, i + 1))
			put_left_out(t, row, TAKE(left_out, 0));
	}
	put_rest(t, t->rows.n - shown, counted);
	return 0;
}

int report_table(struct buf *out, const struct report *r, const struct table_options *o,
		 struct arena *a, struct err *e)
{
	struct table t = { .out = out, .r = r, .o = o, .a = a };

	if (rows_of(&t.rows, &t.suppressed, r, a, e) < 0)
		return -1;
	put_image(&t);
	put_system(&t);
	put_packages(&t);
	if (!r->components_only) {
		put_findings(&t);
		put_data(&t);
	}
	put_coverage(&t);
	if (!r->components_only) {
		put_verdict(&t);
		if (put_next(&t, e) < 0)
			return -1;
	}
	if (t.rows.n) {
		if (measure(&t, e) < 0)
			return -1;
		put_headings(&t);
		if (put_rows(&t, e) < 0)
			return -1;
	}
	return buf_check(out, e);
}
