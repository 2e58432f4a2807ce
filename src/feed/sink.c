#include "feed/sink.h"

#include "base/clock.h"
#include "base/limits.h"

const char *drop_reason_word(enum drop_reason r)
{
	static const char *const words[DROP_COUNT_] = {
		[DROP_WITHDRAWN] = "withdrawn",	  [DROP_GIT_ONLY] = "git-only",
		[DROP_NO_PACKAGE] = "no-package", [DROP_MALFORMED] = "malformed",
		[DROP_LIMIT] = "over-limit",
	};

	return words[r < DROP_COUNT_ ? r : DROP_MALFORMED];
}

void sink_init(struct feed_sink *s, struct buf *out, const char *name, int64_t latest)
{
	*s = (struct feed_sink){ .out = out, .name = name, .latest = latest };
}

void sink_begin(struct feed_sink *s)
{
	s->tally.read++;
	s->mark = s->out->n;
	s->mark_affected = s->tally.affected;
}

/* Opens a frame whose length is not known yet; yields where to write it. */
static size_t frame_open(struct buf *b, enum feed_frame kind)
{
	size_t at = b->n;

	buf_u32(b, 0);
	buf_u8(b, (uint8_t)kind);
	return at;
}

static int frame_close(struct buf *b, size_t at, struct err *e)
{
	size_t n = b->n - at - 4;

	if (b->failed)
		return buf_check(b, e);
	if (n > LIMIT_FEED_FRAME_BYTES)
		return err_set(e, ERR_LIMIT, "more than %zu bytes in one record",
			       LIMIT_FEED_FRAME_BYTES);
	for (size_t i = 0; i < 4; i++)
		b->p[at + i] = (char)(n >> (8 * i));
	return 0;
}

/* Ids go into keys and reports, so they hold neither blanks nor control bytes. */
static int id_check(str id, struct err *e)
{
	if (!id.n)
		return err_set(e, ERR_CORRUPT, "it has no id");
	if (id.n > LIMIT_ADVISORY_ID_BYTES)
		return err_set(e, ERR_LIMIT, "its id has more than %d bytes",
			       LIMIT_ADVISORY_ID_BYTES);
	for (size_t i = 0; i < id.n; i++)
		if ((uint8_t)id.p[i] <= ' ' || id.p[i] == 0x7f)
			return err_set(e, ERR_CORRUPT, "its id has a blank or control byte");
	return 0;
}

static int package_check(str ecosystem, str name, struct err *e)
{
	if (!ecosystem.n || !name.n)
		return err_set(e, ERR_CORRUPT, "a package without ecosystem or name");
	if (ecosystem.n + name.n > LIMIT_STORE_KEY_BYTES)
		return err_set(e, ERR_LIMIT, "a package name of more than %d bytes",
			       LIMIT_STORE_KEY_BYTES);
	if (memchr(ecosystem.p, 0, ecosystem.n) || memchr(name.p, 0, name.n))
		return err_set(e, ERR_CORRUPT, "a NUL byte in a package name");
	return 0;
}

int sink_affected(struct feed_sink *s, const struct affected *x, struct err *e)
{
	if (id_check(x->id, e) < 0 || package_check(x->ecosystem, x->name, e) < 0)
		return -1;
	size_t at = frame_open(s->out, FEED_AFFECTED);

	put_str(s->out, x->ecosystem);
	put_str(s->out, x->name);
	put_str(s->out, x->id);
	record_put_affected(s->out, x);
	s->tally.affected++;
	return frame_close(s->out, at, e);
}

/* Not in the middle of a UTF-8 character. */
static str cut_text(str s, size_t most)
{
	if (s.n <= most)
		return s;
	while (most && ((uint8_t)s.p[most] & 0xc0) == 0x80)
		most--;
	return str_first(s, most);
}

static int ids_check(const struct str_list *list, struct err *e)
{
	if (list->n > LIMIT_ADVISORY_NAMES)
		return err_set(e, ERR_LIMIT, "more than %d ids in a list", LIMIT_ADVISORY_NAMES);
	for (size_t i = 0; i < list->n; i++)
		if (id_check(list->v[i], e) < 0)
			return err_within(e, "a list of ids");
	return 0;
}

int sink_advisory(struct feed_sink *s, const struct advisory *x, struct err *e)
{
	struct advisory cut = *x;

	if (id_check(x->id, e) < 0 || ids_check(&x->aliases, e) < 0 ||
	    ids_check(&x->upstream, e) < 0 || ids_check(&x->related, e) < 0)
		return -1;
	cut.title = cut_text(str_trim(x->title), LIMIT_ADVISORY_TITLE_BYTES);
	cut.details = cut_text(str_trim(x->details), LIMIT_ADVISORY_DETAILS_BYTES);
	cut.details_cut = cut.details.n < str_trim(x->details).n;
	cut.references.n = MIN(x->references.n, (size_t)LIMIT_ADVISORY_REFERENCES);
	size_t at = frame_open(s->out, FEED_ADVISORY);

	put_str(s->out, cut.id);
	put_str(s->out, cut.details);
	record_put_advisory(s->out, &cut);
	sink_date(s, x->modified);
	return frame_close(s->out, at, e);
}

int sink_risk(struct feed_sink *s, str cve, const struct cve_risk *x, struct err *e)
{
	if (id_check(cve, e) < 0)
		return -1;
	size_t at = frame_open(s->out, FEED_RISK);

	put_str(s->out, cve);
	record_put_risk(s->out, x);
	return frame_close(s->out, at, e);
}

void sink_keep(struct feed_sink *s)
{
	s->tally.stored++;
}

void sink_drop(struct feed_sink *s, enum drop_reason reason, str where, const struct err *why)
{
	s->out->n = MIN(s->out->n, s->mark);
	s->tally.affected = s->mark_affected;
	s->tally.dropped[reason]++;
	if (why && !s->tally.problem[0])
		snprintf(s->tally.problem, PROBLEM_MAX, "%.*s: %.200s", (int)MIN(where.n, 150u),
			 where.p ? where.p : "", why->text);
}

void sink_refuse(struct feed_sink *s, str where, const struct err *why)
{
	bool limit = why->kind == ERR_LIMIT || why->kind == ERR_NOMEM;

	sink_drop(s, limit ? DROP_LIMIT : DROP_MALFORMED, where, why);
}

void sink_date(struct feed_sink *s, str rfc3339)
{
	int64_t at;

	if (clock_parse(rfc3339, &at) && at <= s->latest && at > s->tally.date)
		s->tally.date = at;
}

int sink_close(struct feed_sink *s, struct err *e)
{
	const struct feed_tally *t = &s->tally;
	size_t at = frame_open(s->out, FEED_END);

	put_uvarint(s->out, t->read);
	put_uvarint(s->out, t->stored);
	put_uvarint(s->out, t->affected);
	for (size_t i = 0; i < DROP_COUNT_; i++)
		put_uvarint(s->out, t->dropped[i]);
	put_uvarint(s->out, (uint64_t)t->date);
	put_str(s->out, str_of(t->problem));
	return frame_close(s->out, at, e);
}

int tally_read(struct feed_tally *out, str payload, struct err *e)
{
	struct reader r = reader_over(payload);
	struct feed_tally t = { 0 };

	t.read = read_uvarint(&r);
	t.stored = read_uvarint(&r);
	t.affected = read_uvarint(&r);
	uint64_t sum = t.stored;

	for (size_t i = 0; i < DROP_COUNT_; i++)
		sum += t.dropped[i] = read_uvarint(&r);
	t.date = (int64_t)read_uvarint(&r);
	str problem = take_str(&r);

	if (r.bad || reader_left(&r) || problem.n >= PROBLEM_MAX)
		return err_set(e, ERR_CORRUPT, "tally is damaged");
	if (sum != t.read)
		return err_set(e, ERR_CORRUPT, "records are not all accounted for");
	if (problem.n)
		memcpy(t.problem, problem.p, problem.n);
	*out = t;
	return 0;
}
