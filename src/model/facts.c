#include "model/facts.h"

#include "base/limits.h"
#include "base/reader.h"

/* The file: magic, version, SHA-256 of all that follows; then the numbers and lists in the order
 * of the structs, filled up to a multiple of 8; then the path marks. Little endian. */
static const char magic[8] = "PLFACTS\1";

enum {
	HEAD_BYTES = 8 + 4 + 4 + 32,
	DIGEST_AT = 16,
	/* The least that one row takes: a count that says more than the bytes can hold is a lie,
	 * and is refused before memory is asked for. */
	STR_LEAST = 4,
	OWNED_BYTES = 12,
	PACKAGE_LEAST = 11 * STR_LEAST + 4 + 2 * 4,
	EVIDENCE_LEAST = 9 * STR_LEAST + 3 * 4,
	WHITEOUT_LEAST = STR_LEAST + 1,
	SYMLINK_LEAST = 2 * STR_LEAST,
	REASON_LEAST = 2 * STR_LEAST + 5,
};

static bool has_mark(const struct facts *f, uint64_t mark)
{
	size_t low = 0, high = f->npaths;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->paths[middle] < mark)
			low = middle + 1;
		else
			high = middle;
	}
	return low < f->npaths && f->paths[low] == mark;
}

bool facts_has_file(const struct facts *f, str path)
{
	return has_mark(f, path_mark(f->key, path, false));
}

bool facts_has_dir(const struct facts *f, str path)
{
	return has_mark(f, path_mark(f->key, path, true));
}

/* --- the strs of a package, in the order in which they are written ---------------------------- */

static const size_t package_strs[] = {
	offsetof(struct package, type),	       offsetof(struct package, name),
	offsetof(struct package, version),     offsetof(struct package, arch),
	offsetof(struct package, source_name), offsetof(struct package, source_version),
	offsetof(struct package, purl_extra),  offsetof(struct package, module),
	offsetof(struct package, vendor),      offsetof(struct package, main_path),
	offsetof(struct package, evidence),
};

static const size_t os_strs[] = {
	offsetof(struct os, id),   offsetof(struct os, version_id), offsetof(struct os, codename),
	offsetof(struct os, name), offsetof(struct os, id_like),    offsetof(struct os, path),
};

static void write_strs(struct buf *out, const void *of, const size_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_lstr(out, *(const str *)((const char *)of + at[i]));
}

static void read_strs(void *of, const size_t *at, size_t n, struct reader *r)
{
	for (size_t i = 0; i < n; i++)
		*(str *)((char *)of + at[i]) = read_lstr(r);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void write_str_list(struct buf *out, const struct str_list *list)
{
	buf_u32(out, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++)
		buf_lstr(out, list->v[i]);
}

static void write_package(struct buf *out, const struct package *p)
{
	write_strs(out, p, package_strs, COUNT(package_strs));
	write_str_list(out, &p->licences);
	write_str_list(out, &p->paths);
	buf_u32(out, p->flags);
}

static void write_evidence(struct buf *out, const struct evidence *ev)
{
	buf_lstr(out, ev->path);
	buf_lstr(out, ev->reader);
	buf_lstr(out, ev->owner);
	write_str_list(out, &ev->licences);
	write_strs(out, &ev->os, os_strs, COUNT(os_strs));
	buf_u32(out, (uint32_t)ev->packages.n);
	for (size_t i = 0; i < ev->packages.n; i++)
		write_package(out, &ev->packages.v[i]);
	buf_u32(out, (uint32_t)ev->owned.n);
	for (size_t i = 0; i < ev->owned.n; i++) {
		buf_u64(out, ev->owned.v[i].hash);
		buf_u32(out, ev->owned.v[i].package);
	}
}

static void write_rows(struct buf *out, const struct facts *f)
{
	buf_u32(out, (uint32_t)f->evidence.n);
	for (size_t i = 0; i < f->evidence.n; i++)
		write_evidence(out, &f->evidence.v[i]);
	buf_u32(out, (uint32_t)f->whiteouts.n);
	for (size_t i = 0; i < f->whiteouts.n; i++) {
		buf_lstr(out, f->whiteouts.v[i].path);
		buf_u8(out, (uint8_t)f->whiteouts.v[i].kind);
	}
	buf_u32(out, (uint32_t)f->links.n);
	for (size_t i = 0; i < f->links.n; i++) {
		buf_lstr(out, f->links.v[i].path);
		buf_lstr(out, f->links.v[i].target);
	}
	buf_u32(out, (uint32_t)f->reasons.n);
	for (size_t i = 0; i < f->reasons.n; i++) {
		buf_u8(out, (uint8_t)f->reasons.v[i].code);
		buf_lstr(out, f->reasons.v[i].where);
		buf_lstr(out, f->reasons.v[i].text);
		buf_u32(out, f->reasons.v[i].count);
	}
}

static str path_bytes(const struct facts *f)
{
	return (str){ (const char *)f->paths, f->npaths * sizeof(*f->paths) };
}

int facts_write_head(struct buf *out, const struct facts *f, struct err *e)
{
	CLEANUP(hasher_freep)
	struct hasher *h = NULL;
	size_t start = out->n;
	struct digest sum;

	buf_put(out, (str){ magic, sizeof(magic) });
	buf_u32(out, ANALYSER);
	buf_u32(out, 0);
	buf_put(out, (str){ (const char[32]){ 0 }, 32 });
	buf_u32(out, (uint32_t)f->diff_id.kind);
	buf_put(out, (str){ (const char *)f->diff_id.bytes, sizeof(f->diff_id.bytes) });
	buf_u64(out, f->key.k[0]);
	buf_u64(out, f->key.k[1]);
	buf_u64(out, f->bytes);
	buf_u64(out, f->files);
	buf_u64(out, f->npaths);
	write_rows(out, f);
	while ((out->n - start) % 8 && !out->failed)
		buf_u8(out, 0);
	if (buf_check(out, e) < 0 || hasher_new(&h, DIGEST_SHA256, e) < 0)
		return -1;
	hasher_feed(h, str_from(buf_str(out), start + HEAD_BYTES));
	hasher_feed(h, path_bytes(f));
	if (hasher_end(&sum, h, e) < 0)
		return -1;
	memcpy(out->p + start + DIGEST_AT, sum.bytes, 32);
	return 0;
}

int facts_write(struct buf *out, const struct facts *f, struct err *e)
{
	if (facts_write_head(out, f, e) < 0)
		return -1;
	buf_put(out, path_bytes(f));
	return buf_check(out, e);
}

/* --- reading: every count, index and word is doubted -------------------------------------------
 */

/* Makes room for a list whose count comes next; each row takes at least `least` bytes. */
static int read_count(void **v, size_t *n, size_t *cap, size_t size, size_t least, struct reader *r,
		      struct arena *a, struct err *e)
{
	uint32_t count = read_u32le(r);

	if (r->bad || count > reader_left(r) / least)
		return err_set(e, ERR_CORRUPT, "a list longer than its bytes");
	*n = *cap = count;
	*v = count ? arena_alloc(a, size_mul(size, count)) : NULL;
	if (count && !*v)
		return err_nomem(e);
	return 0;
}

#define READ_LIST(list, least, r, a, e)                                                        \
	read_count((void **)&(list)->v, &(list)->n, &(list)->cap, sizeof(*(list)->v), (least), \
		   (r), (a), (e))

static int read_str_list(struct str_list *list, struct reader *r, struct arena *a, struct err *e)
{
	if (READ_LIST(list, STR_LEAST, r, a, e) < 0)
		return -1;
	vec_each (s, list)
		*s = read_lstr(r);
	return 0;
}

static int read_package(struct package *p, struct reader *r, struct arena *a, struct err *e)
{
	read_strs(p, package_strs, COUNT(package_strs), r);
	if (read_str_list(&p->licences, r, a, e) < 0 || read_str_list(&p->paths, r, a, e) < 0)
		return -1;
	p->flags = read_u32le(r);
	p->layer = LAYER_NONE;
	p->owned_by = OWNED_BY_NONE;
	if (p->name.n == 0 || p->type.n == 0)
		return err_set(e, ERR_CORRUPT, "a package without name or type");
	return 0;
}

/* As tar_path_clean leaves it; an archive's root has the empty path. */
static bool path_is_clean(str path)
{
	if (path.n > LIMIT_PATH_BYTES || str_starts(path, STR("/")) || str_ends(path, STR("/")))
		return false;
	for (str part; str_next(&path, '/', &part);)
		if (part.n == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
			return false;
	return true;
}

static int read_path(str *out, struct reader *r, struct err *e)
{
	*out = read_lstr(r);
	if (!path_is_clean(*out))
		return err_set(e, ERR_CORRUPT, "\"" STR_FMT "\" is not a clean path",
			       STR_ARG(str_first(*out, 200)));
	return 0;
}

static int read_owned(struct evidence *ev, struct reader *r, struct arena *a, struct err *e)
{
	if (READ_LIST(&ev->owned, OWNED_BYTES, r, a, e) < 0)
		return -1;
	vec_each (o, &ev->owned) {
		o->hash = read_u64le(r);
		o->package = read_u32le(r);
		if (ev->owner.n == 0 && o->package >= ev->packages.n)
			return err_set(e, ERR_CORRUPT,
				       "a file owned by a package that is not there");
	}
	return 0;
}

static int read_evidence(struct evidence *ev, struct reader *r, struct arena *a, struct err *e)
{
	if (read_path(&ev->path, r, e) < 0)
		return -1;
	ev->reader = read_lstr(r);
	ev->owner = read_lstr(r);
	if (read_str_list(&ev->licences, r, a, e) < 0)
		return -1;
	read_strs(&ev->os, os_strs, COUNT(os_strs), r);
	if (READ_LIST(&ev->packages, PACKAGE_LEAST, r, a, e) < 0)
		return -1;
	vec_each (p, &ev->packages)
		if (read_package(p, r, a, e) < 0)
			return -1;
	return read_owned(ev, r, a, e);
}

static int read_whiteouts(struct facts *f, struct reader *r, struct arena *a, struct err *e)
{
	if (READ_LIST(&f->whiteouts, WHITEOUT_LEAST, r, a, e) < 0)
		return -1;
	if (f->whiteouts.n > LIMIT_LAYER_WHITEOUTS)
		return err_set(e, ERR_LIMIT, "more than %d whiteouts", LIMIT_LAYER_WHITEOUTS);
	vec_each (w, &f->whiteouts) {
		if (read_path(&w->path, r, e) < 0)
			return -1;
		w->kind = read_u8(r);
		if (w->kind > WHITEOUT_OPAQUE)
			return err_set(e, ERR_CORRUPT, "a whiteout of no known kind");
	}
	return 0;
}

static int read_links(struct facts *f, struct reader *r, struct arena *a, struct err *e)
{
	if (READ_LIST(&f->links, SYMLINK_LEAST, r, a, e) < 0)
		return -1;
	if (f->links.n > LIMIT_LAYER_LINKS)
		return err_set(e, ERR_LIMIT, "more than %d links", LIMIT_LAYER_LINKS);
	vec_each (l, &f->links) {
		if (read_path(&l->path, r, e) < 0)
			return -1;
		l->target = read_lstr(r);
		if (l->target.n > LIMIT_PATH_BYTES)
			return err_set(e, ERR_LIMIT, "a link's target of more than %d bytes",
				       LIMIT_PATH_BYTES);
	}
	return 0;
}

static int read_reasons(struct facts *f, struct reader *r, struct arena *a, struct err *e)
{
	if (READ_LIST(&f->reasons, REASON_LEAST, r, a, e) < 0)
		return -1;
	vec_each (reason, &f->reasons) {
		uint8_t code = read_u8(r);

		reason->code = code;
		reason->where = read_lstr(r);
		reason->text = read_lstr(r);
		reason->count = read_u32le(r);
		if (code >= REASON_COUNT_ || reason->count == 0)
			return err_set(e, ERR_CORRUPT, "a reason of no known kind");
	}
	return 0;
}

/* The marks are the rest of the bytes: sorted, unique, and as many as was said. */
static int read_marks(struct facts *f, uint64_t n, struct reader *r, struct err *e)
{
	while (r->at % 8 && !r->bad)
		if (read_u8(r) != 0)
			return err_set(e, ERR_CORRUPT, "bytes where none should be");
	if (r->bad || n != reader_left(r) / 8 || reader_left(r) % 8)
		return err_set(e, ERR_CORRUPT, "a set of paths of another length than it says");
	f->paths = (const uint64_t *)(const void *)(r->all.p + r->at);
	f->npaths = (size_t)n;
	for (size_t i = 1; i < f->npaths; i++)
		if (f->paths[i - 1] >= f->paths[i])
			return err_set(e, ERR_CORRUPT, "a set of paths out of order");
	return 0;
}

static int read_body(struct facts *f, struct reader *r, struct arena *a, struct err *e)
{
	f->diff_id.kind = read_u32le(r);
	str bytes = read_bytes(r, sizeof(f->diff_id.bytes));

	f->key.k[0] = read_u64le(r);
	f->key.k[1] = read_u64le(r);
	f->bytes = read_u64le(r);
	f->files = read_u64le(r);
	uint64_t marks = read_u64le(r);

	if (r->bad || (uint32_t)f->diff_id.kind > DIGEST_SHA512)
		return err_set(e, ERR_CORRUPT, "cut short");
	memcpy(f->diff_id.bytes, bytes.p, bytes.n);
	for (size_t i = digest_size(f->diff_id.kind); i < sizeof(f->diff_id.bytes); i++)
		if (f->diff_id.bytes[i])
			return err_set(e, ERR_CORRUPT, "a digest longer than its kind");
	if (READ_LIST(&f->evidence, EVIDENCE_LEAST, r, a, e) < 0)
		return -1;
	vec_each (ev, &f->evidence)
		if (read_evidence(ev, r, a, e) < 0)
			return -1;
	if (read_whiteouts(f, r, a, e) < 0 || read_links(f, r, a, e) < 0 ||
	    read_reasons(f, r, a, e) < 0)
		return -1;
	if (r->bad)
		return err_set(e, ERR_CORRUPT, "cut short");
	return read_marks(f, marks, r, e);
}

int facts_read(struct facts *out, str bytes, struct arena *a, struct err *e)
{
	struct reader r = reader_over(bytes);
	struct facts f = { 0 };
	struct digest sum;
	str head = read_bytes(&r, sizeof(magic));
	uint32_t analyser = read_u32le(&r);
	uint32_t flags = read_u32le(&r);
	str want = read_bytes(&r, 32);

	if (r.bad || !str_eq(head, (str){ magic, sizeof(magic) }) || (uintptr_t)bytes.p % 8)
		return err_set(e, ERR_CORRUPT, "facts: not what a worker writes");
	if (analyser != ANALYSER || flags)
		return err_set(e, ERR_UNSUPPORTED, "facts: of analyser %u, this is %d", analyser,
			       ANALYSER);
	if (digest_of(&sum, DIGEST_SHA256, str_from(bytes, r.at), e) < 0)
		return -1;
	if (!str_eq(want, (str){ (const char *)sum.bytes, 32 }))
		return err_set(e, ERR_CORRUPT, "facts: the checksum does not match");
	if (read_body(&f, &r, a, e) < 0)
		return err_within(e, "facts");
	*out = f;
	return 0;
}
