/* A table of CVSS scores: cve,cvss_version,vector,base_score,source; rows of one CVE stand
 * together. */
#include "base/limits.h"
#include "feed/parse.h"

struct cvss_row {
	str cve;
	struct cvss cvss;
};

/* "adp:CISA-ADP" and "cna:…" are CVE JSON 5 containers; the rest names itself. */
static str source_of(str word)
{
	if (str_eq(word, STR("adp:CISA-ADP")))
		return STR("cisa");
	return word;
}

/* "9.8": one digit or "10", at most one decimal. */
static bool score_read(double *out, str text)
{
	str whole, tenth;
	uint32_t w, t = 0;

	if (str_cut(text, '.', &whole, &tenth) && (tenth.n != 1 || !str_u32(tenth, &t)))
		return false;
	if (!str_u32(whole, &w) || w * 10 + t > 100)
		return false;
	*out = w + t / 10.0;
	return true;
}

static int row_read(struct cvss_row *out, str line, struct err *e)
{
	str cell[5];

	for (size_t i = 0; i < COUNT(cell); i++)
		if (!str_cut(line, ',', &cell[i], &line) && i + 1 < COUNT(cell))
			return err_set(e, ERR_CORRUPT, "not five cells");
	*out = (struct cvss_row){ cell[0], { source_of(cell[4]), cell[2], -1 } };
	if (!str_starts(cell[0], STR("CVE-")) || cell[0].n > LIMIT_ADVISORY_ID_BYTES || !cell[2].n)
		return err_set(e, ERR_CORRUPT, "no CVE or no vector");
	if (cell[3].n && !score_read(&out->cvss.score, cell[3]))
		return err_set(e, ERR_CORRUPT, "\"" STR_FMT "\" is no score", STR_ARG(cell[3]));
	return 0;
}

/* Writes what was gathered of one CVE. */
static int flush(struct feed_sink *s, str cve, struct cvss_list *list, struct err *e)
{
	struct advisory x = { .id = cve, .cvss = *list };

	list->n = 0;
	return x.cvss.n ? sink_advisory(s, &x, e) : 0;
}

int cvss_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(16 << 20);
	struct cvss_list list = { 0 };
	str line, cve = STR_NONE;

	if (!str_next(&text, '\n', &line) ||
	    !str_starts(line, STR("cve,cvss_version,vector,base_score,source")))
		return err_set(e, ERR_CORRUPT, "not a table of CVSS scores");
	for (size_t number = 2; str_next(&text, '\n', &line); number++) {
		struct cvss_row row;
		char where[32];
		struct err why;

		line = str_trim(line);
		if (!line.n)
			continue;
		if (row_read(&row, line, &why) < 0) {
			sink_begin(s);
			snprintf(where, sizeof(where), "line %zu", number);
			sink_refuse(s, str_of(where), &why);
			continue;
		}
		if (!str_eq(row.cve, cve) && flush(s, cve, &list, e) < 0)
			return -1;
		cve = row.cve;
		sink_begin(s);
		sink_keep(s);
		if (vec_push(&list, &a, e, row.cvss) < 0)
			return -1;
	}
	return flush(s, cve, &list, e);
}
