#include "report/list.h"

#include "report/plain.h"

static int cmp_strs(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

int report_purl(struct buf *out, const struct report *r, struct arena *a, struct err *e)
{
	const struct inventory *inv = r->inventory;
	str *purls = arena_array(a, str, inv->packages.n);

	if (!purls)
		return err_nomem(e);
	for (size_t i = 0; i < inv->packages.n; i++)
		if (package_purl(&purls[i], &inv->packages.v[i], &inv->os, a, e) < 0)
			return -1;
	qsort(purls, inv->packages.n, sizeof(*purls), cmp_strs);
	for (size_t i = 0; i < inv->packages.n; i++) {
		if (i && str_eq(purls[i - 1], purls[i]))
			continue;
		plain_put(out, purls[i]);
		buf_putc(out, '\n');
	}
	return buf_check(out, e);
}

/* One cell, quoted when it must be. */
static void cell(struct buf *out, bool first, str s)
{
	bool formula = s.n && strchr("=+-@\t\r", s.p[0]) && s.p[0];
	bool quote = formula;

	for (size_t i = 0; i < s.n; i++)
		quote = quote || s.p[i] == ',' || s.p[i] == '"' || (unsigned char)s.p[i] < 0x20;
	if (!first)
		buf_putc(out, ',');
	if (quote)
		buf_putc(out, '"');
	if (formula)
		buf_putc(out, '\'');
	for (str rest = s, piece; s.n && str_next(&rest, '"', &piece);) {
		plain_put(out, piece);
		if (piece.p + piece.n < s.p + s.n)
			buf_putz(out, "\"\"");
	}
	if (quote)
		buf_putc(out, '"');
}

static int joined(str *out, const struct str_list *list, struct arena *a, struct err *e)
{
	CLEANUP(buf_free) struct buf b = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_putc(&b, ' ');
		buf_put(&b, list->v[i]);
	}
	if (buf_check(&b, e) < 0)
		return -1;
	return arena_str(out, a, buf_str(&b), e);
}

static void line(struct buf *out, const str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cell(out, i == 0, cells[i]);
	buf_putz(out, "\r\n");
}

static int layer_cell(str *out, uint32_t layer, struct arena *a, struct err *e)
{
	*out = STR_NONE;
	return layer == LAYER_NONE ? 0 : arena_printf(out, a, e, "%u", layer);
}

static int csv_finding(struct buf *out, const struct report *r, const struct finding *f,
		       struct arena *a, struct err *e)
{
	static const struct package nothing;
	const struct package *p = f->package < r->inventory->packages.n ?
					  &r->inventory->packages.v[f->package] :
					  &nothing;
	str fixed, layer, paths, epss = STR_NONE;

	if (joined(&fixed, &f->fixed, a, e) < 0 || joined(&paths, &f->paths, a, e) < 0 ||
	    layer_cell(&layer, f->layer, a, e) < 0)
		return -1;
	if (f->risk.epss >= 0 && arena_printf(&epss, a, e, "%.5f", f->risk.epss) < 0)
		return -1;
	const str cells[] = { f->id,
			      str_of(finding_kind_word(f->kind)),
			      str_of(severity_word(f->severity)),
			      p->type,
			      p->name,
			      p->version,
			      fixed,
			      str_of(fix_status_word(f->status)),
			      f->risk.kev ? STR("yes") : STR("no"),
			      epss,
			      layer,
			      paths,
			      f->title };

	line(out, cells, COUNT(cells));
	return 0;
}

static int csv_package(struct buf *out, const struct package *p, struct arena *a, struct err *e)
{
	str layer, paths, licences;

	if (joined(&licences, &p->licences, a, e) < 0 || joined(&paths, &p->paths, a, e) < 0 ||
	    layer_cell(&layer, p->layer, a, e) < 0)
		return -1;
	const str cells[] = { p->type, p->name,	    p->version,	      p->arch,
			      layer,   licences, p->source_name, paths };

	line(out, cells, COUNT(cells));
	return 0;
}

int report_csv(struct buf *out, const struct report *r, struct arena *a, struct err *e)
{
	if (r->components_only) {
		buf_putz(out, "type,name,version,arch,layer,licences,source,paths\r\n");
		vec_each(p, &r->inventory->packages)
			if (csv_package(out, p, a, e) < 0)
				return -1;
		return buf_check(out, e);
	}
	buf_putz(out, "id,kind,severity,type,package,installed,fixed,status,kev,epss,layer,paths,"
		      "title\r\n");
	vec_each(f, &r->findings)
		if (csv_finding(out, r, f, a, e) < 0)
			return -1;
	return buf_check(out, e);
}
