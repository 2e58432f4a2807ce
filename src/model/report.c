#include "model/report.h"

#include "base/map.h"

const char *decision_word(enum decision d)
{
	static const char *const words[] = {
		[DECISION_FIT] = "fit",
		[DECISION_VIOLATION] = "violation",
		[DECISION_UNASSESSED] = "unassessed",
	};

	return words[d <= DECISION_UNASSESSED ? d : DECISION_UNASSESSED];
}

const char *rule_outcome_word(enum rule_outcome o)
{
	static const char *const words[] = {
		[RULE_PASS] = "pass",
		[RULE_FAIL] = "fail",
		[RULE_OFF] = "off",
		[RULE_ACCEPTED] = "accepted",
	};

	return words[o <= RULE_ACCEPTED ? o : RULE_FAIL];
}

/* What tells one package from another: not its layer, which a rebuild may move. */
static int identity(str *out, const struct package *p, struct arena *a, struct err *e)
{
	str path = p->paths.n ? p->paths.v[0] : STR_NONE;

	return arena_printf(
		out, a, e, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT "\n" STR_FMT,
		STR_ARG(p->type), STR_ARG(p->name), STR_ARG(p->version), STR_ARG(p->arch),
		STR_ARG(path), STR_ARG(p->main_path));
}

int report_package_ids(struct str_list *out, const struct inventory *inv, struct arena *a,
		       struct err *e)
{
	struct map seen = { 0 };

	vec_each (p, &inv->packages) {
		str words, id;

		if (identity(&words, p, a, e) < 0 ||
		    arena_printf(&id, a, e, "%016llx", (unsigned long long)hash64(words)) < 0)
			return -1;
		str base = id;

		for (unsigned n = 2; map_get(&seen, id); n++)
			if (arena_printf(&id, a, e, STR_FMT "-%u", STR_ARG(base), n) < 0)
				return -1;
		if (map_put(&seen, a, id, p, e) < 0 || vec_push(out, a, e, id) < 0)
			return -1;
	}
	return 0;
}
