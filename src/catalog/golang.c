/* Go: what the linker writes into every program: the Go version and the modules it was built from
 * (debug/buildinfo, cmd/link). A stripped program has it too. */
#include "base/limits.h"
#include "base/reader.h"
#include "catalog/artefact.h"
#include "format/elf.h"

enum {
	INFO_ALIGN = 16,
	INFO_HEAD = 32,
	INFO_POINTER_SIZE = 14, /* offsets in the head */
	INFO_FLAGS = 15,
	INFO_BIG = 1, /* flags: pointers are big endian; strings follow in place */
	INFO_INLINE = 2,
	MODULES_MARK = 16,     /* bytes on each side of the module list that are not its own */
	SEARCH_MOST = 1 << 20, /* bytes of a data segment that are searched, as Go does */
	WINDOW = 64 << 10,
};

static const str magic = STR_INIT("\xff Go buildinf:");

/* Where the information begins within `where`, at a multiple of 16: 1, 0 when there is none. */
static int info_search(struct blob *out, const struct blob *where, struct err *e)
{
	char room[WINDOW];
	uint64_t end = MIN(where->size, (uint64_t)SEARCH_MOST);

	for (uint64_t at = 0; at < end; at += WINDOW) {
		str got;

		if (blob_peek(&got, where, at, room, sizeof(room), e) < 0)
			return -1;
		for (size_t i = 0; i + magic.n <= got.n; i += INFO_ALIGN) {
			if (memcmp(got.p + i, magic.p, magic.n) != 0)
				continue;
			*out = blob_part(where, at + i, UINT64_MAX);
			return 1;
		}
	}
	return 0;
}

/* In its own section, or, without sections, at the front of the writable data. */
static int info_find(struct blob *out, const struct elf *elf, struct err *e)
{
	struct elf_section sec;
	int r = elf_section_named(&sec, elf, STR(".go.buildinfo"), e);

	if (r != 0)
		return r < 0 ? -1 : info_search(out, &sec.bytes, e);
	for (uint32_t i = 0; i < elf->segments; i++) {
		struct elf_segment seg;

		if (elf_segment(&seg, elf, i, e) < 0)
			return -1;
		if (seg.type == ELF_SEGMENT_LOAD && (seg.flags & ELF_FLAG_W) &&
		    !(seg.flags & ELF_FLAG_X)) {
			r = info_search(out, &seg.bytes, e);
			if (r != 0)
				return r;
		}
	}
	return 0;
}

static int copy_out(str *out, const struct blob *from, uint64_t at, uint64_t n, struct arena *a,
		    struct err *e)
{
	if (n > LIMIT_SMALL_FILE_BYTES)
		return err_set(e, ERR_LIMIT, "Go build information of %llu bytes",
			       (unsigned long long)n);
	char *to = arena_alloc(a, (size_t)n);

	if (!to)
		return err_nomem(e);
	if (blob_read(from, at, to, (size_t)n, e) < 0)
		return err_within(e, "Go build information");
	*out = (str){ to, (size_t)n };
	return 0;
}

/* Since Go 1.18: both strings follow the head, each behind its length. */
static int strings_inline(str *version, str *modules, const struct blob *info, struct arena *a,
			  struct err *e)
{
	str *to[] = { version, modules };
	uint64_t at = INFO_HEAD;

	for (size_t i = 0; i < COUNT(to); i++) {
		char room[10];
		str got;

		if (blob_peek(&got, info, at, room, sizeof(room), e) < 0)
			return -1;
		struct reader r = reader_over(got);
		uint64_t n = read_uvarint(&r);

		if (r.bad)
			return err_set(e, ERR_CORRUPT, "Go build information is cut short");
		at += r.at;
		if (copy_out(to[i], info, at, n, a, e) < 0)
			return -1;
		at += n;
	}
	return 0;
}

static uint64_t pointer_of(const char *p, size_t size, bool big)
{
	uint64_t v = 0;

	for (size_t i = 0; i < size; i++)
		v = v << 8 | (uint8_t)p[big ? i : size - 1 - i];
	return v;
}

/* Before: the head holds the addresses of two Go strings, each an address and a length. */
static int strings_pointed(str out[2], const struct elf *elf, const char *head, struct arena *a,
			   struct err *e)
{
	size_t size = (uint8_t)head[INFO_POINTER_SIZE];
	bool big = head[INFO_FLAGS] & INFO_BIG;

	if (size != 4 && size != 8)
		return err_set(e, ERR_CORRUPT, "Go build information with pointers of %zu bytes",
			       size);
	for (size_t i = 0; i < 2; i++) {
		uint64_t address = pointer_of(head + 16 + i * size, size, big);
		struct blob at;
		char pair[16];

		out[i] = STR_NONE;
		if (address == 0)
			continue;
		if (elf_at_address(&at, elf, address, e) <= 0 ||
		    blob_read(&at, 0, pair, 2 * size, e) < 0)
			return err_set(e, ERR_CORRUPT, "Go build information points nowhere");
		uint64_t n = pointer_of(pair + size, size, big);

		if (n == 0)
			continue;
		if (elf_at_address(&at, elf, pointer_of(pair, size, big), e) <= 0)
			return err_set(e, ERR_CORRUPT, "Go build information points nowhere");
		if (copy_out(&out[i], &at, 0, n, a, e) < 0)
			return -1;
	}
	return 0;
}

/* "go1.22.3", "go1.20.4 X:nocoverageredesign", "go1.21.5 (Red Hat …)": what follows a blank says
 * how, not which. Versions between releases ("devel go1.23-0a1b2c") stay whole. */
static str version_of(str text)
{
	str head, rest;

	text = str_trim(text);
	if (!str_skip(&text, STR("go")) || text.n == 0 || !ch_digit(text.p[0]))
		return text;
	str_cut(text, ' ', &head, &rest);
	return head;
}

static int stdlib_put(struct catalog_out *out, str version, struct err *e)
{
	struct package p = { .type = STR("golang"), .name = STR("stdlib") };

	p.version = version_of(version);
	p.main_path = out->evidence->path;
	return p.version.n ? artefact_put(out, &p, e) : 0;
}

/* "kind TAB path TAB version TAB sum". */
struct module_line {
	str kind, path, version;
};

static struct module_line line_cut(str line)
{
	struct module_line m = { 0 };

	if (str_next(&line, '\t', &m.kind) && str_next(&line, '\t', &m.path))
		str_next(&line, '\t', &m.version);
	return m;
}

/* What stands for a module: another one, or a directory, which has no name that an advisory would
 * use; then only the version says that it is not the released one. */
static void replace(struct package *p, const struct module_line *by)
{
	bool directory = str_starts(by->path, STR("./")) || str_starts(by->path, STR("../")) ||
			 str_starts(by->path, STR("/"));

	if (!directory && by->path.n)
		p->name = by->path;
	p->version = by->version;
}

static int modules_read(struct catalog_out *out, str text, struct err *e)
{
	struct package p = { 0 };

	/* A module is put when the next line does not replace it. */
	for (bool more = true; more;) {
		str line = STR_NONE;

		more = str_next(&text, '\n', &line);
		struct module_line m = line_cut(line);

		if (str_eq(m.kind, STR("=>"))) {
			if (p.name.n)
				replace(&p, &m);
			continue;
		}
		if (p.name.n && artefact_put(out, &p, e) < 0)
			return -1;
		p = (struct package){ 0 };
		if (m.path.n && (str_eq(m.kind, STR("mod")) || str_eq(m.kind, STR("dep"))))
			p = (struct package){ .type = STR("golang"),
					      .name = m.path,
					      .version = m.version,
					      .main_path = out->evidence->path,
					      .flags = str_eq(m.kind, STR("mod"))
							       ? PACKAGE_MAIN_MODULE
							       : 0 };
	}
	return 0;
}

static int golang_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(4 * LIMIT_SMALL_FILE_BYTES);
	str strings[2] = { STR_NONE, STR_NONE };
	char head[INFO_HEAD];
	struct blob info;
	struct elf elf;
	int r = elf_open(&elf, &f->content, e);

	if (r > 0)
		r = info_find(&info, &elf, e);
	if (r <= 0)
		return r;
	if (blob_read(&info, 0, head, sizeof(head), e) < 0)
		return err_within(e, "Go build information");
	if (head[INFO_FLAGS] & INFO_INLINE)
		r = strings_inline(&strings[0], &strings[1], &info, &a, e);
	else
		r = strings_pointed(strings, &elf, head, &a, e);
	if (r < 0)
		return -1;
	if (stdlib_put(out, strings[0], e) < 0)
		return -1;
	if (strings[1].n <= 2 * MODULES_MARK ||
	    strings[1].p[strings[1].n - MODULES_MARK - 1] != '\n')
		return 0;
	return modules_read(out, str_sub(strings[1], MODULES_MARK, strings[1].n - 2 * MODULES_MARK),
			    e);
}

/* Programs and libraries; not objects and kernel modules. */
static bool golang_claims(str path, str head)
{
	if (!str_starts(head, STR("\x7f"
				  "ELF")) ||
	    head.n < 18)
		return false;
	uint16_t type = head.p[5] == 2 ? (uint8_t)head.p[17] : (uint8_t)head.p[16];

	return type == ELF_TYPE_EXEC || type == ELF_TYPE_DYN;
}

const struct cataloger cataloger_golang = {
	.name = STR_INIT("go-buildinfo"),
	.claims = golang_claims,
	.limit = UINT64_MAX,
	.read = golang_read,
};
