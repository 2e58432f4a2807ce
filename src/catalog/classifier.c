#include "catalog/classifier.h"

#include "base/limits.h"
#include "catalog/artefact.h"

enum {
	WINDOW = 256 << 10,
	RULES = 32,    /* that one path can call up */
	PATTERNS = 16, /* of one rule, as tools/classifiers promises */
};

/* One rule on its way through a file. */
struct trial {
	const struct classifier *rule;
	str version[PATTERNS]; /* of each pattern, when found; copied */
	bool found[PATTERNS];
};

struct trials {
	struct trial v[RULES];
	size_t n;
	str named; /* the number in the file's name */
	struct arena *arena;
};

static bool any_glob(const char *const *globs, str path)
{
	for (; *globs; globs++) {
		str glob = str_of(*globs);

		if (str_glob(glob, path))
			return true;
		/* "**" and a slash stand for no directory, too. */
		if (str_skip(&glob, STR("**/")) && str_glob(glob, path))
			return true;
	}
	return false;
}

/* "python3.11" has 3.11, "libpython3.8m.so.1.0" has 3.8, "python" has none. */
static str number_in(str name)
{
	size_t from = 0, to;

	while (from < name.n && !ch_digit(name.p[from]))
		from++;
	to = from;
	while (to < name.n && (ch_digit(name.p[to]) || name.p[to] == '.'))
		to++;
	while (to > from && name.p[to - 1] == '.')
		to--;
	return str_sub(name, from, to - from);
}

static void trials_pick(struct trials *t, str path)
{
	t->named = number_in(str_base(path));
	for (size_t i = 0; i < classifiers_n && t->n < RULES; i++)
		if (any_glob(classifiers[i].paths, path) &&
		    !any_glob(classifiers[i].not_paths, path))
			t->v[t->n++] = (struct trial){ .rule = &classifiers[i] };
}

/* The number of the name goes before: 3.11 before 3.11.4, not before 3.1 or 3.110. */
static bool name_fits(const struct trials *t, const struct classifier *rule, str version)
{
	if (!rule->named || !t->named.n)
		return true;
	return str_skip(&version, t->named) && (!version.n || !ch_digit(version.p[0]));
}

/* As pattern_find, but goes on behind a version that the file's name rules out. */
static bool find_fitting(str *out, const struct trials *t, const struct classifier *rule,
			 const struct pattern *p, struct pattern_text text)
{
	while (pattern_find(out, p, &text)) {
		if (name_fits(t, rule, *out) || !out->n)
			return true;
		size_t skip = (size_t)(out->p - text.bytes.p) + out->n;

		if (skip >= text.starts)
			return false;
		/* The byte before stays: patterns begin with it. */
		skip -= skip > 0;
		text.bytes = str_from(text.bytes, skip);
		text.starts -= skip;
		text.first = false;
	}
	return false;
}

static int trial_window(struct trial *one, const struct trials *t, const struct pattern_text *text,
			struct err *e)
{
	const struct classifier *rule = one->rule;
	bool settled = false; /* a preferred pattern has been found: the later ones do not matter */

	for (size_t i = 0; i < (size_t)rule->positive + rule->negative; i++) {
		str version;

		if (i == rule->positive)
			settled = false;
		settled = settled || one->found[i];
		if (settled || !find_fitting(&version, t, rule, &rule->patterns[i], *text))
			continue;
		one->found[i] = settled = true;
		if (arena_str(&one->version[i], t->arena, version, e) < 0)
			return -1;
	}
	return 0;
}

/* Nothing further in the file can change the answer: a match of the first choice, and nothing that
 * could speak against it. */
static bool all_settled(const struct trials *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (!t->v[i].found[0] || t->v[i].rule->negative)
			return false;
	return true;
}

/* In windows that overlap by the longest match: each beginning of a match lies in one of them, with
 * all of the match behind it. */
static int trials_run(struct trials *t, const struct blob *content, struct err *e)
{
	char *room = content->memory ? NULL : arena_alloc(t->arena, WINDOW);
	uint64_t at = 0;

	if (!content->memory && !room)
		return err_nomem(e);
	while (at < content->size && !all_settled(t)) {
		size_t want = content->memory ? (size_t)content->size : WINDOW;
		struct pattern_text text = { .first = at == 0 };

		if (blob_peek(&text.bytes, content, at, room, want, e) < 0)
			return -1;
		text.last = at + text.bytes.n >= content->size;
		text.starts = text.bytes.n;
		if (!text.last && text.bytes.n <= PATTERN_LONGEST)
			return err_set(e, ERR_IO, "a short read");
		if (!text.last)
			text.starts -= PATTERN_LONGEST;
		for (size_t i = 0; i < t->n; i++)
			if (trial_window(&t->v[i], t, &text, e) < 0)
				return -1;
		at += text.last ? text.bytes.n : text.starts;
	}
	return 0;
}

/* --- what was found ----------------------------------------------------------------------------
 */

static bool trial_version(str *out, const struct trial *one)
{
	const struct classifier *rule = one->rule;

	for (size_t i = 0; i < rule->negative; i++)
		if (one->found[rule->positive + i])
			return false;
	for (size_t i = 0; i < rule->positive; i++) {
		if (!one->found[i])
			continue;
		*out = one->version[i];
		return out->n > 0;
	}
	return false;
}

/* "rc1", "-beta.2", "a7": not "-b08", which is Java's build. */
static bool comes_before(str rest)
{
	static const char *const words[] = { "alpha", "beta", "rc", "dev", "preview", "pre" };

	if (rest.n > 1 && (rest.p[0] == 'a' || rest.p[0] == 'b') && ch_digit(rest.p[1]))
		return true;
	if (rest.n && rest.p[0] == '-')
		rest = str_from(rest, 1);
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq_nocase(str_of(words[i]), str_first(rest, strlen(words[i]))))
			return true;
	return false;
}

static bool number_take(str *rest, uint64_t *out)
{
	size_t n = 0;

	while (n < rest->n && ch_digit(rest->p[n]))
		n++;
	if (!str_u64(str_first(*rest, n), out))
		return false;
	*rest = str_from(*rest, n);
	return true;
}

str classifier_feed_version(str version, char *room, size_t size)
{
	uint64_t part[4] = { 0 };
	str rest = version;
	size_t n = 0;

	while (n < COUNT(part) && number_take(&rest, &part[n])) {
		n++;
		/* Only Java writes the update behind a line: 1.8.0_392. */
		if (!rest.n || !(rest.p[0] == '.' || (rest.p[0] == '_' && n == 3)))
			break;
		rest = str_from(rest, 1);
	}
	if (n == 0 || comes_before(rest))
		return version;
	bool old_java = n == 4 && part[0] == 1 && part[1] <= 9 && str_has(version, STR("_"));
	int wrote = old_java ? snprintf(room, size, "%llu.0.%llu", (unsigned long long)part[1],
					(unsigned long long)part[3])
			     : snprintf(room, size, "%llu.%llu.%llu", (unsigned long long)part[0],
					(unsigned long long)part[1], (unsigned long long)part[2]);

	return wrote > 0 && (size_t)wrote < size ? (str){ room, (size_t)wrote } : version;
}

static int trial_put(struct catalog_out *out, const struct trial *one, str version, struct err *e)
{
	const struct classifier *rule = one->rule;
	struct package p = { .type = STR("generic"), .name = rule->name, .version = version };
	char room[80];

	if (rule->bitnami.n) {
		p.source_name = rule->bitnami;
		p.source_version = classifier_feed_version(version, room, sizeof(room));
		if (arena_str(&p.source_version, out->arena, p.source_version, e) < 0)
			return -1;
	}
	return artefact_put(out, &p, e);
}

static bool group_spoke(const struct trials *t, size_t before)
{
	str group = t->v[before].rule->group, version;

	for (size_t i = 0; group.n && i < before; i++)
		if (str_eq(t->v[i].rule->group, group) && trial_version(&version, &t->v[i]))
			return true;
	return false;
}

static int classifier_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena scratch = ARENA(2 * MIB);
	struct trials *t = arena_new(&scratch, struct trials);
	str version;

	if (!t)
		return err_nomem(e);
	t->arena = &scratch;
	trials_pick(t, f->path);
	if (trials_run(t, &f->content, e) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		if (trial_version(&version, &t->v[i]) && !group_spoke(t, i) &&
		    trial_put(out, &t->v[i], version, e) < 0)
			return -1;
	return 0;
}

const struct cataloger cataloger_classifier = {
	.name = STR_INIT(CLASSIFIER_READER),
	.globs = classifier_globs,
	.limit = UINT64_MAX,
	.read = classifier_read,
};
