#include "model/cvss.h"

/* A metric: its name, and the value letters with their weights. Metrics without weights do not
 * count for the base score; their values are checked all the same. */
struct metric {
	const char *name;
	const char *values; /* separated by blanks, in the order of the weights */
	double weight[4];
};

#define METRICS_MOST 32

/* clang-format off */
/* CVSS v3.1 specification, 7.4 "Metric Values"; optional metrics: section 3 and 4. */
enum { AV, AC, PR, UI, S, C, I, A, V3_BASE };
static const struct metric v3[] = {
	[AV] = { "AV", "N A L P", { 0.85, 0.62, 0.55, 0.2 } },
	[AC] = { "AC", "L H",	  { 0.77, 0.44 } },
	[PR] = { "PR", "N L H",	  { 0.85, 0.62, 0.27 } },
	[UI] = { "UI", "N R",	  { 0.85, 0.62 } },
	[S]  = { "S",  "U C",	  { 0, 1 } },
	[C]  = { "C",  "H L N",	  { 0.56, 0.22, 0 } },
	[I]  = { "I",  "H L N",	  { 0.56, 0.22, 0 } },
	[A]  = { "A",  "H L N",	  { 0.56, 0.22, 0 } },
	{ "E", "X U P F H" }, { "RL", "X O T W U" }, { "RC", "X U R C" },
	{ "CR", "X L M H" }, { "IR", "X L M H" }, { "AR", "X L M H" },
	{ "MAV", "X N A L P" }, { "MAC", "X L H" }, { "MPR", "X N L H" }, { "MUI", "X N R" },
	{ "MS", "X U C" }, { "MC", "X N L H" }, { "MI", "X N L H" }, { "MA", "X N L H" },
};
static const double pr_changed[] = { 0.85, 0.68, 0.5 };

/* CVSS v2 guide, 3.2.1 "Base Equation". */
enum { V2_AV, V2_AC, V2_AU, V2_C, V2_I, V2_A, V2_BASE };
static const struct metric v2[] = {
	[V2_AV] = { "AV", "L A N", { 0.395, 0.646, 1.0 } },
	[V2_AC] = { "AC", "H M L", { 0.35, 0.61, 0.71 } },
	[V2_AU] = { "Au", "M S N", { 0.45, 0.56, 0.704 } },
	[V2_C]	= { "C",  "N P C", { 0, 0.275, 0.660 } },
	[V2_I]	= { "I",  "N P C", { 0, 0.275, 0.660 } },
	[V2_A]	= { "A",  "N P C", { 0, 0.275, 0.660 } },
	{ "E", "U POC F H ND" }, { "RL", "OF TF W U ND" }, { "RC", "UC UR C ND" },
	{ "CDP", "N L LM MH H ND" }, { "TD", "N L M H ND" },
	{ "CR", "L M H ND" }, { "IR", "L M H ND" }, { "AR", "L M H ND" },
};
/* clang-format on */

_Static_assert(COUNT(v3) <= METRICS_MOST && COUNT(v2) <= METRICS_MOST, "too many metrics");

/* Which of the metric's values `word` is, or -1. */
static int value_index(const struct metric *m, str word)
{
	str rest = str_of(m->values), value;

	for (int i = 0; str_next(&rest, ' ', &value); i++)
		if (str_eq(value, word))
			return i;
	return -1;
}

/* Takes "AV:N" into the picks; false when it is unknown or stands there twice. */
static bool pick(int picks[METRICS_MOST], const struct metric *table, size_t n, str part)
{
	str name, value;

	if (!str_cut(part, ':', &name, &value))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(name, str_of(table[i].name)))
			continue;
		if (picks[i] >= 0)
			return false;
		picks[i] = value_index(&table[i], value);
		return picks[i] >= 0;
	}
	return false;
}

/* The picks of a whole vector; false unless all of the first `base` metrics are there. */
static bool pick_all(int picks[METRICS_MOST], const struct metric *table, size_t n, size_t base,
		     str vector)
{
	str part;

	for (size_t i = 0; i < METRICS_MOST; i++)
		picks[i] = -1;
	if (vector.n == 0 || vector.p[vector.n - 1] == '/')
		return false;
	while (str_next(&vector, '/', &part))
		if (!pick(picks, table, n, part))
			return false;
	for (size_t i = 0; i < base; i++)
		if (picks[i] < 0)
			return false;
	return true;
}

static double power15(double x)
{
	double r = 1;

	for (int i = 0; i < 15; i++)
		r *= x;
	return r;
}

/* v3.0: the smallest tenth that is not below; v3.1, appendix A: the same without the noise of
 * floating point. */
static int round_up(enum cvss_version version, double score)
{
	if (version == CVSS_30) {
		int whole = (int)(score * 10);

		return whole < score * 10 ? whole + 1 : whole;
	}
	int64_t fine = (int64_t)(score * 100000 + 0.5);

	return (int)(fine % 10000 == 0 ? fine / 10000 : fine / 10000 + 1);
}

static int base_v3(enum cvss_version version, str vector)
{
	int p[METRICS_MOST];
	double w[V3_BASE];

	if (!pick_all(p, v3, COUNT(v3), V3_BASE, vector))
		return -1;
	for (size_t i = 0; i < V3_BASE; i++)
		w[i] = v3[i].weight[p[i]];
	bool changed = p[S] == 1;
	double iss = 1 - (1 - w[C]) * (1 - w[I]) * (1 - w[A]);
	double pr = changed ? pr_changed[p[PR]] : w[PR];
	double exploitability = 8.22 * w[AV] * w[AC] * pr * w[UI];
	double impact = changed ? 7.52 * (iss - 0.029) - 3.25 * power15(iss - 0.02) : 6.42 * iss;

	if (impact <= 0)
		return 0;
	double sum = impact + exploitability;

	return round_up(version, MIN(changed ? 1.08 * sum : sum, 10.0));
}

static int base_v2(str vector)
{
	int p[METRICS_MOST];
	double w[V2_BASE];

	if (str_skip(&vector, STR("(")) && !str_chop(&vector, STR(")")))
		return -1;
	if (!pick_all(p, v2, COUNT(v2), V2_BASE, vector))
		return -1;
	for (size_t i = 0; i < V2_BASE; i++)
		w[i] = v2[i].weight[p[i]];
	double impact = 10.41 * (1 - (1 - w[V2_C]) * (1 - w[V2_I]) * (1 - w[V2_A]));
	double exploitability = 20 * w[V2_AV] * w[V2_AC] * w[V2_AU];

	if (impact <= 0)
		return 0;
	/* to the nearest tenth */
	return (int)((0.6 * impact + 0.4 * exploitability - 1.5) * 1.176 * 10 + 0.5);
}

/* Cuts "CVSS:3.1/" off the vector and says which it is. */
static enum cvss_version cut_prefix(str *vector)
{
	if (str_skip(vector, STR("CVSS:3.1/")))
		return CVSS_31;
	if (str_skip(vector, STR("CVSS:3.0/")))
		return CVSS_30;
	if (str_skip(vector, STR("CVSS:4.0/")))
		return CVSS_4;
	str_skip(vector, STR("CVSS:2.0/"));
	if (str_starts(*vector, STR("AV:")) || str_starts(*vector, STR("(AV:")))
		return CVSS_2;
	return CVSS_NONE;
}

enum cvss_version cvss_version_of(str vector)
{
	return cut_prefix(&vector);
}

int cvss_base(str vector)
{
	enum cvss_version version = cut_prefix(&vector);

	switch (version) {
	case CVSS_2:
		return base_v2(vector);
	case CVSS_30:
	case CVSS_31:
		return base_v3(version, vector);
	default:
		return -1;
	}
}

enum severity cvss_rating(enum cvss_version version, int tenths)
{
	if (tenths < 0)
		return SEVERITY_UNKNOWN;
	if (tenths == 0)
		return version == CVSS_2 ? SEVERITY_LOW : SEVERITY_NEGLIGIBLE;
	if (tenths >= 90 && version != CVSS_2)
		return SEVERITY_CRITICAL;
	if (tenths >= 70)
		return SEVERITY_HIGH;
	return tenths >= 40 ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

enum severity cvss_severity(str vector)
{
	return cvss_rating(cvss_version_of(vector), cvss_base(vector));
}
