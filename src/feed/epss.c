/* FIRST's EPSS scores: a comment "#model_version:…,score_date:…", a header, then
 * cve,epss,percentile. */
#include "feed/parse.h"

/* "0.03351", "1", "1e-05": a share between 0 and 1. */
static bool share_read(double *out, str text)
{
	char z[32], *end;

	if (!text.n || text.n >= sizeof(z) || !(ch_digit(text.p[0]) || text.p[0] == '.'))
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!ch_digit(text.p[i]) && !memchr(".eE-+", text.p[i], 5))
			return false;
	memcpy(z, text.p, text.n);
	z[text.n] = 0;
	*out = strtod(z, &end);
	return *end == 0 && *out >= 0 && *out <= 1;
}

static int line_put(struct feed_sink *s, str line, struct err *e)
{
	struct cve_risk risk = risk_none();
	str cve, epss, percentile;

	if (!str_cut(line, ',', &cve, &line) || !str_cut(line, ',', &epss, &percentile) ||
	    !str_starts(cve, STR("CVE-")) || !share_read(&risk.epss, epss) ||
	    !share_read(&risk.percentile, percentile))
		return err_set(e, ERR_CORRUPT, "not cve,epss,percentile");
	return sink_risk(s, cve, &risk, e);
}

/* "2026-08-16T00:00:00+0000": the zone lacks the colon of RFC 3339, and is always UTC. */
static void date_read(struct feed_sink *s, str comment)
{
	char z[32];
	size_t at = str_search(comment, STR("score_date:"));

	if (at == SIZE_MAX)
		return;
	str date = str_from(comment, at + sizeof("score_date:") - 1);

	snprintf(z, sizeof(z), STR_FMT "Z", STR_ARG(str_first(date, 19)));
	sink_date(s, str_of(z));
}

int epss_parse(struct feed_sink *s, str text, struct err *e)
{
	bool header = false;
	size_t number = 0;

	for (str line; str_next(&text, '\n', &line);) {
		char where[32];
		struct err why;

		number++;
		line = str_trim(line);
		if (!header && str_starts(line, STR("#"))) {
			date_read(s, line);
			continue;
		}
		if (!header && !str_starts(line, STR("cve,epss,percentile")))
			return err_set(e, ERR_CORRUPT, "not an EPSS table");
		if (!header || !line.n) {
			header = true;
			continue;
		}
		sink_begin(s);
		if (line_put(s, line, &why) == 0) {
			sink_keep(s);
			continue;
		}
		snprintf(where, sizeof(where), "line %zu", number);
		sink_refuse(s, str_of(where), &why);
	}
	return header ? 0 : err_set(e, ERR_CORRUPT, "an empty EPSS table");
}
