#include "model/reason.h"

#include "base/limits.h"

static const struct {
	const char *word;
	bool lowers;
} codes[REASON_COUNT_] = {
	/* clang-format off */
	[REASON_UNREADABLE]	    = { "unreadable", true },
	[REASON_TOO_LARGE]	    = { "too-large", true },
	[REASON_UNSUPPORTED]	    = { "unsupported", true },
	[REASON_LAYER_UNREADABLE]   = { "layer-unreadable", true },
	[REASON_OS_UNKNOWN]	    = { "os-unknown", true },
	[REASON_FEED_MISSING]	    = { "feed-missing", true },
	[REASON_FEED_STALE]	    = { "feed-stale", true },
	[REASON_THIRD_PARTY]	    = { "third-party-packages", true },
	[REASON_VERSION_UNREADABLE] = { "version-unreadable", true },
	[REASON_UNOWNED_PROGRAM]    = { "unowned-programs", false },
	[REASON_OS_EOL]		    = { "os-end-of-life", true },
	[REASON_TIMED_OUT]	    = { "timed-out", true },
	[REASON_UNVERIFIED]	    = { "unverified", true },
	/* clang-format on */
};

const char *reason_word(enum reason_code code)
{
	return code < REASON_COUNT_ ? codes[code].word : NULL;
}

bool reason_lowers(enum reason_code code)
{
	return code >= REASON_COUNT_ || codes[code].lowers;
}

/* Where a further reason is counted instead of listed: an equal one, or, when the list is full,
 * the last of the same code. NULL when it must be listed. */
static struct reason *counted_in(struct reason_list *list, enum reason_code code, str where,
				 str text)
{
	for (size_t i = list->n; i-- > 0;) {
		struct reason *r = &list->v[i];

		if (r->code != code)
			continue;
		if (list->n >= LIMIT_REASONS || (str_eq(r->where, where) && str_eq(r->text, text)))
			return r;
	}
	return NULL;
}

int reason_join(struct reason_list *list, struct arena *a, struct err *e, const struct reason *r)
{
	struct reason *same = counted_in(list, r->code, r->where, r->text);
	struct reason copy = { .code = r->code, .count = r->count };

	if (same) {
		same->count += MIN(r->count, UINT32_MAX - same->count);
		return 0;
	}
	if (arena_str(&copy.where, a, r->where, e) < 0 || arena_str(&copy.text, a, r->text, e) < 0)
		return -1;
	return vec_push(list, a, e, copy);
}

int reason_add(struct reason_list *list, struct arena *a, struct err *e, enum reason_code code,
	       str where, const char *fmt, ...)
{
	char words[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	return reason_join(
		list, a, e,
		&(struct reason){
			.code = code, .where = where, .text = str_of(words), .count = 1 });
}
