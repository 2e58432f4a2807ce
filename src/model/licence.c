#include "model/licence.h"

#include "base/limits.h"
#include "base/map.h"
#include "model/licence_table.h"

/* One walk serves the strict grammar and people's habits: a licence's name is then several words,
 * operators come in any case, and "or later" is part of a name. */
struct words {
	str rest;
	struct buf *out; /* or NULL: only asked whether it is valid */
	bool loose;
	unsigned depth;
};

static str search(const str *table, size_t n, str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(table[i], word))
			return table[i];
	return STR_NONE;
}

str licence_id(str word)
{
	return search(licence_ids, licence_ids_n, word);
}

str licence_exception(str word)
{
	return search(licence_exceptions, licence_exceptions_n, word);
}

static str alias(str words)
{
	for (size_t i = 0; i < licence_aliases_n; i++)
		if (str_eq_nocase(licence_aliases[i].words, words))
			return licence_aliases[i].expression;
	return STR_NONE;
}

static bool is_idstring(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.')
			return false;
	return s.n > 0;
}

/* [DocumentRef-…:]LicenseRef-… */
static bool is_reference(str word)
{
	str document, own;

	if (str_cut(word, ':', &document, &own)) {
		if (!str_skip(&document, STR("DocumentRef-")) || !is_idstring(document))
			return false;
		word = own;
	}
	return str_skip(&word, STR("LicenseRef-")) && is_idstring(word);
}

static void skip_blanks(struct words *w)
{
	while (w->rest.n && ch_blank(w->rest.p[0]))
		w->rest = str_from(w->rest, 1);
}

/* The next word, or parenthesis, without taking it. */
static str peek(struct words *w)
{
	size_t n = 0;

	skip_blanks(w);
	while (n < w->rest.n && !ch_blank(w->rest.p[n])) {
		if (w->rest.p[n] == '(' || w->rest.p[n] == ')')
			return str_first(w->rest, n ? n : 1);
		n++;
	}
	return str_first(w->rest, n);
}

static void take(struct words *w, str word)
{
	w->rest = str_from(w->rest, word.n);
}

static bool is_word(const struct words *w, str word, str is)
{
	return w->loose ? str_eq_nocase(word, is) : str_eq(word, is);
}

/* "or later", "or any later version", "or newer": no operator. */
static bool is_later(struct words w)
{
	static const str names[] = { STR_INIT("later"), STR_INIT("newer"), STR_INIT("any") };

	take(&w, peek(&w));
	str next = peek(&w);

	for (size_t i = 0; i < COUNT(names); i++)
		if (w.loose && str_eq_nocase(next, names[i]))
			return true;
	return false;
}

static bool is_operator(struct words *w, str word)
{
	if (is_word(w, word, STR("OR")))
		return !is_later(*w);
	return is_word(w, word, STR("AND")) || is_word(w, word, STR("WITH"));
}

/* A name: one word, or when loose all up to an operator or parenthesis. */
static str take_name(struct words *w)
{
	str first = peek(w), all = first;

	take(w, first);
	while (w->loose) {
		str next = peek(w);

		if (!next.n || next.p[0] == '(' || next.p[0] == ')' || is_operator(w, next))
			break;
		take(w, next);
		all.n = (size_t)(next.p + next.n - all.p);
	}
	return all;
}

static void put(struct words *w, str s)
{
	if (w->out)
		buf_put(w->out, s);
}

static bool put_simple(struct words *w, str name)
{
	str stem = name, id = w->loose ? alias(name) : STR_NONE;
	bool plus = false;

	if (!id.n)
		id = is_reference(name) ? name : licence_id(name);
	if (!id.n && str_chop(&stem, STR("+"))) {
		id = licence_id(stem);
		plus = true;
	}
	put(w, id);
	put(w, plus ? STR("+") : STR_NONE);
	return id.n > 0;
}

/* "Bison exception", "LLVM exception": the identifier is one of "LLVM" and "LLVM-exception". */
static str exception_of(const struct words *w, str name)
{
	static const str word = STR_INIT(" exception");
	str id = licence_exception(name), stem, end;

	if (id.n || !w->loose || name.n <= word.n)
		return id;
	stem = str_first(name, name.n - word.n);
	end = str_from(name, stem.n);
	if (!str_eq_nocase(end, word))
		return STR_NONE;
	for (size_t i = 0; i < licence_exceptions_n; i++) {
		str bare = licence_exceptions[i];

		str_chop(&bare, STR("-exception"));
		if (str_eq_nocase(bare, stem))
			return licence_exceptions[i];
	}
	return STR_NONE;
}

static bool walk(struct words *w);

/* "(GPL+ or Artistic)": known as a whole, not by its parts. */
static bool walk_known_group(struct words *w)
{
	size_t end = str_find(w->rest, ')');
	str known = alias(str_trim(str_sub(w->rest, 1, end - 1)));

	if (!w->loose || end == SIZE_MAX || !known.n)
		return false;
	put(w, STR("("));
	put(w, known);
	put(w, STR(")"));
	w->rest = str_from(w->rest, end + 1);
	return true;
}

/* ( expression ) | name [WITH exception] */
static bool walk_operand(struct words *w)
{
	str word = peek(w);

	if (str_eq(word, STR("("))) {
		if (walk_known_group(w))
			return true;
		take(w, word);
		put(w, word);
		if (++w->depth > LIMIT_LICENCE_DEPTH || !walk(w) || !str_eq(peek(w), STR(")")))
			return false;
		w->depth--;
		put(w, STR(")"));
		take(w, peek(w));
		return true;
	}
	if (!word.n || word.p[0] == ')' || is_operator(w, word) || !put_simple(w, take_name(w)))
		return false;
	if (!is_word(w, peek(w), STR("WITH")))
		return true;
	take(w, peek(w));
	str exception = exception_of(w, take_name(w));

	put(w, STR(" WITH "));
	put(w, exception);
	return exception.n > 0;
}

static bool walk(struct words *w)
{
	while (walk_operand(w)) {
		str word = peek(w);

		if (!word.n || str_eq(word, STR(")")))
			return true;
		if (is_word(w, word, STR("AND")))
			put(w, STR(" AND "));
		else if (is_word(w, word, STR("OR")))
			put(w, STR(" OR "));
		else
			return false;
		take(w, word);
	}
	return false;
}

static bool walk_whole(struct words *w)
{
	return w->rest.n <= LIMIT_LICENCE_BYTES && walk(w) && peek(w).n == 0;
}

bool licence_is_expression(str text)
{
	struct words w = { .rest = text };

	return walk_whole(&w);
}

int licence_normalise(str *out, str declared, struct arena *a, struct err *e)
{
	CLEANUP(buf_free)
	struct buf b = BUF(8 * LIMIT_LICENCE_BYTES);
	str words = str_trim(declared), whole = alias(words);
	struct words w = { .rest = words, .out = &b, .loose = true };

	if (whole.n) {
		*out = whole;
		return 1;
	}
	if (!walk_whole(&w))
		return 0;
	if (buf_check(&b, e) < 0 || arena_str(out, a, buf_str(&b), e) < 0)
		return -1;
	return 1;
}

int licence_reference(str *out, str declared, struct arena *a, struct err *e)
{
	enum { SHOWN = 48 };
	char shown[SHOWN + 1];
	size_t n = 0;
	bool same = declared.n <= SHOWN;

	for (size_t i = 0; i < declared.n && n < SHOWN; i++) {
		char c = declared.p[i];
		bool stays = ch_alnum(c) || c == '.' || c == '-';

		same = same && stays;
		if (stays || (n && shown[n - 1] != '-'))
			shown[n++] = stays ? c : '-';
	}
	shown[n] = '\0';
	if (same && n)
		return arena_printf(out, a, e, "LicenseRef-%s", shown);
	return arena_printf(out, a, e, "LicenseRef-%s%s%08x", shown, n ? "-" : "",
			    (unsigned)(hash64(declared) & 0xffffffff));
}
