#include "tap.h"

#include "base/limits.h"
#include "catalog/merge.h"

enum { LAYERS_MOST = 80 };

/* A case of test/data/merge.txt while it is read. */
struct build {
	struct arena *a;
	struct facts facts[LAYERS_MOST];
	const struct facts *layers[LAYERS_MOST];
	VEC(uint64_t) marks[LAYERS_MOST];
	size_t n;
};

static str word(str *line)
{
	str w;

	if (!str_next(line, ' ', &w) || str_eq(w, STR("-")))
		return STR("");
	return w;
}

static int mark_add(struct build *b, str path, bool is_dir, struct err *e)
{
	return vec_push(&b->marks[b->n - 1], b->a, e, path_mark(HASH_KEY_NONE, path, is_dir));
}

static int evidence_line(struct build *b, struct evidence *ev, char what, str line, struct err *e)
{
	struct package p = { 0 };
	uint64_t number;

	switch (what) {
	case 'p':
		p.type = word(&line);
		p.name = word(&line);
		p.version = word(&line);
		p.arch = word(&line);
		p.main_path = word(&line);
		p.evidence = ev->reader;
		return vec_push(&ev->packages, b->a, e, p);
	case 'c':
		if (!str_u64(word(&line), &number))
			return err_set(e, ERR_USAGE, "no number");
		return vec_push(&ev->owned, b->a, e, { hash_keyed(HASH_KEY_NONE, word(&line)), (uint32_t)number });
	case 'n':
		ev->owner = word(&line);
		return 0;
	case 'g':
		return vec_push(&ev->licences, b->a, e, line);
	default:
		ev->os.id = word(&line);
		ev->os.version_id = word(&line);
		ev->os.codename = word(&line);
		return 0;
	}
}

static int layer_line(struct build *b, char what, str line, struct err *e)
{
	struct facts *f = &b->facts[b->n - 1];
	str path;

	switch (what) {
	case 'f':
	case 'd':
		return mark_add(b, word(&line), what == 'd', e);
	case 'l':
		path = word(&line);
		if (mark_add(b, path, false, e) < 0)
			return -1;
		return vec_push(&f->links, b->a, e, { path, word(&line) });
	case 'w':
	case 'o':
		return vec_push(&f->whiteouts, b->a, e,
				{ word(&line), what == 'o' ? WHITEOUT_OPAQUE : WHITEOUT_FILE });
	case 'e':
		path = word(&line);
		if (mark_add(b, path, false, e) < 0)
			return -1;
		return vec_push(&f->evidence, b->a, e, { .path = path, .reader = word(&line) });
	case 'r':
		path = word(&line);
		return reason_add(&f->reasons, b->a, e, REASON_UNREADABLE, path, STR_FMT,
				  STR_ARG(line));
	default:
		return evidence_line(b, &f->evidence.v[f->evidence.n - 1], what, line, e);
	}
}

static int marks_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int build_case(struct build *b, str *rest, struct err *e)
{
	for (str line; str_next(rest, '\n', &line) && !str_eq(line, STR("want"));) {
		if (str_eq(line, STR("layer"))) {
			b->layers[b->n] = &b->facts[b->n];
			b->n++;
		} else if (str_eq(line, STR("bad"))) {
			b->layers[b->n - 1] = NULL;
		} else if (layer_line(b, line.p[0], str_from(line, 2), e) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->marks[i].n)
			qsort(b->marks[i].v, b->marks[i].n, 8, marks_order);
		b->facts[i].paths = b->marks[i].v;
		b->facts[i].npaths = b->marks[i].n;
	}
	return 0;
}

static void put_word(struct buf *b, str w)
{
	buf_putc(b, ' ');
	buf_put(b, w.n ? w : STR("-"));
}

static void show(struct buf *b, const struct inventory *inv)
{
	package_each (p, inv) {
		buf_putc(b, 'P');
		put_word(b, p->type);
		put_word(b, p->name);
		put_word(b, p->version);
		put_word(b, p->arch);
		buf_printf(b, " %u", p->layer);
		put_word(b, p->owned_by == OWNED_BY_NONE ? STR("")
							 : inv->packages.v[p->owned_by].name);
		vec_each (path, &p->paths)
			put_word(b, *path);
		buf_putc(b, '\n');
		vec_each (licence, &p->licences)
			buf_printf(b, "L " STR_FMT "\n", STR_ARG(*licence));
	}
	if (inv->os.id.n) {
		buf_putc(b, 'S');
		put_word(b, inv->os.id);
		put_word(b, inv->os.version_id);
		put_word(b, inv->os.codename);
		put_word(b, inv->os.path);
		buf_putc(b, '\n');
	}
	vec_each (r, &inv->reasons) {
		buf_putc(b, 'R');
		put_word(b, r->where);
		put_word(b, r->text);
		buf_putc(b, '\n');
	}
}

static str wanted(str *rest)
{
	size_t n = str_search(*rest, STR("end\n"));
	str lines = str_first(*rest, n);

	*rest = str_from(*rest, n);
	return lines;
}

static int read_data(struct buf *to, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("PLIMSOLL_TEST_DATA"), name);
	FILE *f = fopen(path, "r");
	char part[4096];

	if (!f)
		return -1;
	for (size_t n; (n = fread(part, 1, sizeof(part), f)) > 0;)
		buf_put(to, (str){ part, n });
	fclose(f);
	return 0;
}

TEST(layers_merge_by_the_rules_of_whiteouts)
{
	CLEANUP(buf_free)
	struct buf text = BUF(1 << 20);
	size_t cases = 0;

	CHECK(read_data(&text, "merge.txt") == 0);
	str rest = buf_str(&text);

	for (str line; str_next(&rest, '\n', &line);) {
		if (!str_skip(&line, STR("case ")))
			continue;
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		CLEANUP(buf_free)
		struct buf got = BUF(1 << 20);
		static struct build b;
		struct inventory inv;
		struct err e;

		b = (struct build){ .a = &a };
		CHECK(build_case(&b, &rest, &e) == 0);
		CHECK(merge_layers(&inv, b.layers, b.n, &a, &e) == 0);
		show(&got, &inv);
		str want = wanted(&rest);

		if (!str_eq(want, buf_str(&got)))
			printf("# case %.*s\n", STR_ARG(line));
		CHECK_STR(buf_str(&got), want);
		cases++;
	}
	CHECK(cases >= 20);
}

TEST(a_merge_without_memory_is_an_error)
{
	CLEANUP(buf_free)
	struct buf text = BUF(1 << 20);
	CLEANUP(arena_free)
	struct arena facts = ARENA(1 << 20);
	static struct build b;
	struct err e;
	int r = -1;

	CHECK(read_data(&text, "merge.txt") == 0);
	str rest = str_from(buf_str(&text), str_search(buf_str(&text), STR("case one package in")));

	rest = str_from(rest, str_find(rest, '\n') + 1);
	b = (struct build){ .a = &facts };
	CHECK(build_case(&b, &rest, &e) == 0);
	for (uint64_t at = 1; r < 0; at++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(1 << 20);
		struct inventory inv;

		CHECK(at < 100);
		a.fail_at = at;
		r = merge_layers(&inv, b.layers, b.n, &a, &e);
		CHECK(r == 0 || e.kind == ERR_NOMEM);
	}
}

/* More layers than a word has bits: the topmost of 70 hides, or does not. */
TEST(many_layers_are_told_apart)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 20);
	static struct build b;
	struct inventory inv;
	struct err e;

	b = (struct build){ .a = &a };
	for (size_t i = 0; i < 70; i++) {
		b.layers[b.n] = &b.facts[b.n];
		b.n++;
		if (i == 3) {
			CHECK(layer_line(&b, 'e', STR("a/package.json npm"), &e) == 0);
			CHECK(layer_line(&b, 'p', STR("npm a 1 - -"), &e) == 0);
		}
		b.facts[i].paths = b.marks[i].v;
		b.facts[i].npaths = b.marks[i].n;
	}
	CHECK(merge_layers(&inv, b.layers, b.n, &a, &e) == 0);
	CHECK(inv.packages.n == 1 && inv.packages.v[0].layer == 3);
	CHECK(layer_line(&b, 'w', STR("a"), &e) == 0);
	CHECK(merge_layers(&inv, b.layers, b.n, &a, &e) == 0 && inv.packages.n == 0);
}

/* A file has at most LIMIT_OWNER_NAMES names: a thicket of links ends there. */
TEST(a_thicket_of_links_is_bounded)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(8 << 20);
	static struct build b;
	struct inventory inv;
	struct err e;

	b = (struct build){ .a = &a, .n = 1 };
	b.layers[0] = &b.facts[0];
	for (size_t i = 0; i < 200; i++) {
		str line;

		CHECK(arena_printf(&line, &a, &e, "d/l%zu /d", i) == 0);
		CHECK(layer_line(&b, 'l', line, &e) == 0);
	}
	CHECK(layer_line(&b, 'e', STR("d/package.json npm"), &e) == 0);
	CHECK(layer_line(&b, 'p', STR("npm a 1 - -"), &e) == 0);
	qsort(b.marks[0].v, b.marks[0].n, 8, marks_order);
	b.facts[0].paths = b.marks[0].v;
	b.facts[0].npaths = b.marks[0].n;
	CHECK(merge_layers(&inv, b.layers, 1, &a, &e) == 0);
	CHECK(inv.packages.n == 1 && inv.packages.v[0].owned_by == OWNED_BY_NONE);
}

TEST_MAIN
