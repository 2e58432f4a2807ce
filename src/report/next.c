#include "report/next.h"

/* True when the finding broke a rule. */
static bool breaks(const struct report *r, const struct finding *f)
{
	size_t at = (size_t)(f - r->findings.v);

	vec_each (rule, &r->verdict.rules) {
		if (rule->outcome != RULE_FAIL)
			continue;
		vec_each (i, &rule->findings)
			if (*i == at)
				return true;
	}
	return false;
}

/* The weightiest row that broke a rule, of those that an upgrade ends if there is one. */
static const struct row *first_to_mend(const struct report *r, const struct row_list *rows)
{
	const struct row *best = NULL;

	vec_each (row, rows) {
		if (!breaks(r, row->f))
			continue;
		if (row->f->fixed.n)
			return row;
		best = best ? best : row;
	}
	return best;
}

static int mend(str *out, const struct row *row, struct arena *a, struct err *e)
{
	const struct finding *f = row->f;
	int r;

	if (f->fixed.n)
		r = arena_printf(out, a, e,
				 "upgrade " STR_FMT " " STR_FMT " to " STR_FMT
				 ", which ends " STR_FMT,
				 STR_ARG(row->package), STR_ARG(row->installed),
				 STR_ARG(f->fixed.v[0]), STR_ARG(f->id));
	else
		r = arena_printf(out, a, e,
				 "no upgrade ends " STR_FMT " in " STR_FMT
				 "; `plimsoll why " STR_FMT "` says more",
				 STR_ARG(f->id), STR_ARG(row->package), STR_ARG(f->id));
	return r < 0 ? -1 : 1;
}

static bool has_reason(const struct report *r, enum reason_code code)
{
	vec_each (x, &r->inventory->reasons)
		if (x->code == code)
			return true;
	return false;
}

static str assess_again(const struct report *r)
{
	if (!r->data.present || has_reason(r, REASON_FEED_MISSING))
		return STR("run `plimsoll db update`");
	if (has_reason(r, REASON_FEED_STALE))
		return STR("run `plimsoll db update`, or accept old data with --max-data-age");
	return STR("see Coverage, or accept what is missing with --accept-partial");
}

int next_step(str *out, const struct report *r, const struct row_list *rows, struct arena *a,
	      struct err *e)
{
	const struct row *row;

	switch (r->verdict.decision) {
	case DECISION_VIOLATION:
		row = first_to_mend(r, rows);
		return row ? mend(out, row, a, e) : 0;
	case DECISION_UNASSESSED:
		*out = assess_again(r);
		return 1;
	default:
		return 0;
	}
}
