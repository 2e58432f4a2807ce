#include "feed/record.h"

enum {
	AFFECTED_BY_SOURCE = 1,
	ADVISORY_MALICIOUS = 1,
	ADVISORY_DETAILS_CUT = 2,
	RISK_KEV = 1,
	RISK_RANSOMWARE = 2,
	RISK_EPSS = 4,
};

/* EPSS has five decimals upstream; nine fit a u32 and are exact enough to print any of them. */
#define EPSS_SCALE 1e9

void put_uvarint(struct buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_u8(b, (uint8_t)(v | 0x80));
	buf_u8(b, (uint8_t)v);
}

void put_str(struct buf *b, str s)
{
	put_uvarint(b, s.n);
	buf_put(b, s);
}

str take_str(struct reader *r)
{
	/* Nearly all are shorter than 128 bytes, and a look-up reads hundreds. */
	size_t left = r->all.n - r->at;
	uint8_t first = left ? (uint8_t)r->all.p[r->at] : UINT8_MAX;

	if (!r->bad && first < 0x80 && first < left) {
		str s = { r->all.p + r->at + 1, first };

		r->at += first + 1u;
		return s;
	}
	uint64_t n = read_uvarint(r);

	if (n > reader_left(r)) {
		r->bad = true;
		return STR_NONE;
	}
	return read_bytes(r, n);
}

static void put_strs(struct buf *b, const struct str_list *list)
{
	put_uvarint(b, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_str(b, list->v[i]);
}

/* A count of things that take at least `least` bytes each: what cannot be there is refused before
 * anything is allocated for it. */
static size_t take_count(struct reader *r, size_t least)
{
	uint64_t n = read_uvarint(r);

	if (n > reader_left(r) / least) {
		r->bad = true;
		return 0;
	}
	return n;
}

static int take_strs(struct str_list *out, struct reader *r, struct arena *a, struct err *e)
{
	size_t n = take_count(r, 1);

	*out = (struct str_list){ 0 };
	if (!n)
		return 0;
	out->v = arena_array(a, str, n);
	if (!out->v)
		return err_nomem(e);
	out->n = out->cap = n;
	for (size_t i = 0; i < n; i++)
		out->v[i] = take_str(r);
	return 0;
}

static int whole(const struct reader *r, const char *noun, struct err *e)
{
	return r->bad ? err_set(e, ERR_CORRUPT, "%s record is damaged", noun) : 0;
}

void record_put_affected(struct buf *b, const struct affected *x)
{
	buf_u8(b, x->by_source ? AFFECTED_BY_SOURCE : 0);
	buf_u8(b, (uint8_t)x->status);
	buf_u8(b, (uint8_t)x->severity);
	put_str(b, x->status_word);
	put_str(b, x->severity_text);
	put_str(b, x->module);
	put_str(b, x->arch);
	put_str(b, x->informational);
	put_str(b, x->where);
	put_uvarint(b, x->ranges.n);
	for (size_t i = 0; i < x->ranges.n; i++) {
		put_str(b, x->ranges.v[i].introduced);
		put_str(b, x->ranges.v[i].fixed);
		put_str(b, x->ranges.v[i].last_affected);
		put_str(b, x->ranges.v[i].limit);
	}
	put_strs(b, &x->versions);
}

static int take_ranges(struct range_list *out, struct reader *r, struct arena *a, struct err *e)
{
	size_t n = take_count(r, 4);

	*out = (struct range_list){ 0 };
	if (!n)
		return 0;
	out->v = arena_array(a, struct version_range, n);
	if (!out->v)
		return err_nomem(e);
	out->n = out->cap = n;
	for (size_t i = 0; i < n; i++) {
		out->v[i].introduced = take_str(r);
		out->v[i].fixed = take_str(r);
		out->v[i].last_affected = take_str(r);
		out->v[i].limit = take_str(r);
	}
	return 0;
}

int record_get_affected(struct affected *out, struct reader *r, struct arena *a, struct err *e)
{
	uint8_t status, severity;

	out->by_source = read_u8(r) & AFFECTED_BY_SOURCE;
	status = read_u8(r);
	severity = read_u8(r);
	out->status = status < STATUS_COUNT_ ? status : STATUS_UNKNOWN;
	out->severity = severity < SEVERITY_COUNT_ ? severity : SEVERITY_UNKNOWN;
	out->status_word = take_str(r);
	out->severity_text = take_str(r);
	out->module = take_str(r);
	out->arch = take_str(r);
	out->informational = take_str(r);
	out->where = take_str(r);
	if (take_ranges(&out->ranges, r, a, e) < 0 || take_strs(&out->versions, r, a, e) < 0)
		return -1;
	return whole(r, "affected", e);
}

void record_put_advisory(struct buf *b, const struct advisory *x)
{
	buf_u8(b, (uint8_t)((x->malicious ? ADVISORY_MALICIOUS : 0) |
			    (x->details_cut ? ADVISORY_DETAILS_CUT : 0)));
	buf_u8(b, (uint8_t)x->severity);
	put_str(b, x->title);
	put_str(b, x->published);
	put_str(b, x->modified);
	put_str(b, x->withdrawn);
	put_strs(b, &x->aliases);
	put_strs(b, &x->upstream);
	put_strs(b, &x->related);
	put_strs(b, &x->references);
	put_uvarint(b, x->cvss.n);
	for (size_t i = 0; i < x->cvss.n; i++) {
		const struct cvss *c = &x->cvss.v[i];

		put_str(b, c->source);
		put_str(b, c->vector);
		buf_u8(b, c->score < 0 ? UINT8_MAX : (uint8_t)(MIN(c->score, 10.0) * 10 + 0.5));
	}
}

static int take_cvss(struct cvss_list *out, struct reader *r, struct arena *a, struct err *e)
{
	size_t n = take_count(r, 3);

	*out = (struct cvss_list){ 0 };
	if (!n)
		return 0;
	out->v = arena_array(a, struct cvss, n);
	if (!out->v)
		return err_nomem(e);
	out->n = out->cap = n;
	for (size_t i = 0; i < n; i++) {
		out->v[i].source = take_str(r);
		out->v[i].vector = take_str(r);
		uint8_t score = read_u8(r);
		out->v[i].score = score > 100 ? -1 : score / 10.0;
	}
	return 0;
}

int record_get_advisory(struct advisory *out, struct reader *r, struct arena *a, struct err *e)
{
	uint8_t flags = read_u8(r), severity = read_u8(r);

	out->malicious = flags & ADVISORY_MALICIOUS;
	out->details_cut = flags & ADVISORY_DETAILS_CUT;
	out->severity = severity < SEVERITY_COUNT_ ? severity : SEVERITY_UNKNOWN;
	out->title = take_str(r);
	out->published = take_str(r);
	out->modified = take_str(r);
	out->withdrawn = take_str(r);
	if (take_strs(&out->aliases, r, a, e) < 0 || take_strs(&out->upstream, r, a, e) < 0 ||
	    take_strs(&out->related, r, a, e) < 0 || take_strs(&out->references, r, a, e) < 0 ||
	    take_cvss(&out->cvss, r, a, e) < 0)
		return -1;
	return whole(r, "advisory", e);
}

struct cve_risk risk_none(void)
{
	return (struct cve_risk){ .epss = -1, .percentile = -1 };
}

void risk_merge(struct cve_risk *risk, const struct cve_risk *more)
{
	if (more->kev) {
		risk->kev = true;
		risk->ransomware |= more->ransomware;
		risk->kev_due = more->kev_due;
	}
	if (more->epss >= 0) {
		risk->epss = more->epss;
		risk->percentile = more->percentile;
	}
}

static uint32_t scaled(double v)
{
	return v <= 0 ? 0 : (uint32_t)(MIN(v, 1.0) * EPSS_SCALE + 0.5);
}

void record_put_risk(struct buf *b, const struct cve_risk *x)
{
	bool epss = x->epss >= 0;

	buf_u8(b, (uint8_t)((x->kev ? RISK_KEV : 0) | (x->ransomware ? RISK_RANSOMWARE : 0) |
			    (epss ? RISK_EPSS : 0)));
	if (epss) {
		buf_u32(b, scaled(x->epss));
		buf_u32(b, scaled(x->percentile));
	}
	if (x->kev)
		put_str(b, x->kev_due);
}

int record_get_risk(struct cve_risk *out, struct reader *r, struct err *e)
{
	uint8_t flags = read_u8(r);

	*out = risk_none();
	if (flags & RISK_EPSS) {
		out->epss = read_u32le(r) / EPSS_SCALE;
		out->percentile = read_u32le(r) / EPSS_SCALE;
	}
	out->kev = flags & RISK_KEV;
	out->ransomware = flags & RISK_RANSOMWARE;
	if (out->kev)
		out->kev_due = take_str(r);
	return whole(r, "risk", e);
}
