#include "format/rpmheader.h"

#include "base/limits.h"
#include "base/reader.h"

enum {
	ENTRY = 16,	    /* bytes of an index entry */
	MOST_TAGS = 0xffff, /* rpm's own limit */
	TYPE_INT32 = 4,
	TYPE_STRING = 6,
	TYPE_STRINGS = 8,
	TYPE_I18N = 9,
};

struct entry {
	uint32_t tag, type, offset, count;
};

int rpmheader_open(struct rpmheader *out, str bytes, struct err *e)
{
	struct reader r = reader_over(bytes);
	uint32_t entries = read_u32be(&r);
	uint32_t store = read_u32be(&r);
	struct rpmheader h = { .index = read_bytes(&r, (size_t)entries * ENTRY) };

	h.store = read_bytes(&r, store);
	if (entries == 0 || entries > MOST_TAGS)
		return err_set(e, ERR_CORRUPT, "a header of %u tags", entries);
	if (r.bad || reader_left(&r) > 0)
		return err_set(e, ERR_CORRUPT, "a header of %zu bytes says %u tags and %u bytes",
			       bytes.n, entries, store);
	*out = h;
	return 0;
}

/* The last entry of a tag counts: what was added when it was installed stands behind the region
 * that was signed, and replaces what is there. */
static int entry_find(struct entry *out, const struct rpmheader *h, uint32_t tag, struct err *e)
{
	struct reader r = reader_over(h->index);
	bool found = false;

	while (reader_left(&r) > 0) {
		struct entry en = { 0 };

		en.tag = read_u32be(&r);
		en.type = read_u32be(&r);
		en.offset = read_u32be(&r);
		en.count = read_u32be(&r);
		if (en.tag != tag)
			continue;
		*out = en;
		found = true;
	}
	if (!found)
		return 0;
	if (out->offset >= h->store.n || out->count == 0)
		return err_set(e, ERR_CORRUPT, "tag %u lies outside its header", tag);
	return 1;
}

static int strings_find(str *out, uint32_t *count, const struct rpmheader *h, uint32_t tag,
			struct err *e)
{
	struct entry en = { 0 };
	int rc = entry_find(&en, h, tag, e);

	if (rc <= 0)
		return rc;
	if (en.type != TYPE_STRING && en.type != TYPE_STRINGS && en.type != TYPE_I18N)
		return err_set(e, ERR_CORRUPT, "tag %u is of type %u, not a string", tag, en.type);
	*out = str_from(h->store, en.offset);
	*count = en.type == TYPE_STRING ? 1 : en.count;
	if (*count > out->n)
		return err_set(e, ERR_CORRUPT, "tag %u has %u strings in %zu bytes", tag, *count,
			       out->n);
	return 1;
}

static int numbers_find(str *out, uint32_t *count, const struct rpmheader *h, uint32_t tag,
			struct err *e)
{
	struct entry en = { 0 };
	int rc = entry_find(&en, h, tag, e);

	if (rc <= 0)
		return rc;
	if (en.type != TYPE_INT32)
		return err_set(e, ERR_CORRUPT, "tag %u is of type %u, not a number", tag, en.type);
	*out = str_sub(h->store, en.offset, (size_t)en.count * 4);
	*count = en.count;
	if (out->n != (size_t)en.count * 4)
		return err_set(e, ERR_CORRUPT, "tag %u lies outside its header", tag);
	return 1;
}

/* Takes a string off what is left of them; false when it has no end. */
static bool string_take(str *out, str *rest)
{
	size_t end = str_find(*rest, '\0');

	if (end == SIZE_MAX)
		return false;
	*out = str_first(*rest, end);
	*rest = str_from(*rest, end + 1);
	return true;
}

int rpmheader_string(str *out, const struct rpmheader *h, enum rpm_tag tag, struct err *e)
{
	uint32_t count = 0;
	str rest = STR_NONE;
	int rc = strings_find(&rest, &count, h, tag, e);

	if (rc <= 0)
		return rc;
	if (!string_take(out, &rest))
		return err_set(e, ERR_CORRUPT, "tag %u has no end", tag);
	return 1;
}

int rpmheader_number(uint32_t *out, const struct rpmheader *h, enum rpm_tag tag, struct err *e)
{
	uint32_t count = 0;
	str bytes = STR_NONE;
	int rc = numbers_find(&bytes, &count, h, tag, e);
	struct reader r = reader_over(bytes);

	if (rc > 0)
		*out = read_u32be(&r);
	return rc;
}

int rpm_package_read(struct rpm_package *out, const struct rpmheader *h, struct err *e)
{
	struct rpm_package p = { 0 };
	const struct {
		enum rpm_tag tag;
		str *to;
	} wanted[] = {
		{ RPM_NAME, &p.name },		 { RPM_VERSION, &p.version },
		{ RPM_RELEASE, &p.release },	 { RPM_ARCH, &p.arch },
		{ RPM_SOURCERPM, &p.sourcerpm }, { RPM_VENDOR, &p.vendor },
		{ RPM_LICENSE, &p.licence },	 { RPM_MODULARITYLABEL, &p.module },
	};
	int rc;

	for (size_t i = 0; i < COUNT(wanted); i++)
		if (rpmheader_string(wanted[i].to, h, wanted[i].tag, e) < 0)
			return -1;
	if (p.name.n == 0 || p.version.n == 0 || p.release.n == 0)
		return err_set(e, ERR_CORRUPT, "a header without name, version or release");
	rc = rpmheader_number(&p.epoch, h, RPM_EPOCH, e);
	if (rc < 0)
		return -1;
	p.has_epoch = rc > 0;
	*out = p;
	return 0;
}

/* Directories are named by number, so they are cut once into an array. */
static int dirs_cut(struct rpm_files *f, const struct rpmheader *h, struct err *e)
{
	uint32_t count = 0;
	str rest = STR_NONE, dir = STR_NONE;

	if (strings_find(&rest, &count, h, RPM_DIRNAMES, e) < 0)
		return -1;
	if (count > LIMIT_RPM_DIRECTORIES)
		return err_set(e, ERR_LIMIT, "files in %u directories", count);
	for (uint32_t i = 0; i < count; i++) {
		if (!string_take(&dir, &rest))
			return err_set(e, ERR_CORRUPT, "directory %u of %u has no end", i, count);
		buf_put(&f->dirs, (str){ (const char *)&dir, sizeof(dir) });
	}
	return buf_check(&f->dirs, e);
}

int rpm_files_open(struct rpm_files *out, const struct rpmheader *h, struct err *e)
{
	struct rpm_files f = { .dirs = BUF(LIMIT_RPM_DIRECTORIES * sizeof(str)),
			       .path = BUF(2 * LIMIT_PATH_BYTES),
			       .budget = LIMIT_RPM_PATHS_BYTES };
	uint32_t indexes = 0;
	int rc = strings_find(&f.names, &f.left, h, RPM_BASENAMES, e);

	*out = (struct rpm_files){ 0 };
	if (rc < 0)
		return -1;
	if (rc == 0) {
		f.whole = true;
		rc = strings_find(&f.names, &f.left, h, RPM_OLDFILENAMES, e);
	} else {
		rc = numbers_find(&f.indexes, &indexes, h, RPM_DIRINDEXES, e);
		if (rc >= 0 && indexes != f.left)
			return err_set(e, ERR_CORRUPT, "%u files in %u directories", f.left,
				       indexes);
		if (rc > 0)
			rc = dirs_cut(&f, h, e);
	}
	*out = f;
	return rc < 0 ? -1 : 0;
}

static int dir_put(struct rpm_files *f, struct err *e)
{
	struct reader r = reader_over(str_first(f->indexes, 4));
	uint32_t index = read_u32be(&r);
	str dir;

	f->indexes = str_from(f->indexes, 4);
	if (index >= f->dirs.n / sizeof(dir))
		return err_set(e, ERR_CORRUPT, "a file in directory %u of %zu", index,
			       f->dirs.n / sizeof(dir));
	memcpy(&dir, f->dirs.p + index * sizeof(dir), sizeof(dir));
	if (dir.n > LIMIT_PATH_BYTES)
		return err_set(e, ERR_LIMIT, "a directory's name of %zu bytes", dir.n);
	buf_put(&f->path, dir);
	return 0;
}

int rpm_files_next(str *path, struct rpm_files *f, struct err *e)
{
	str name;

	if (f->left == 0)
		return 0;
	f->left--;
	buf_clear(&f->path);
	if (!string_take(&name, &f->names)) {
		f->left = 0;
		return err_set(e, ERR_CORRUPT, "a file's name has no end");
	}
	if (!f->whole && dir_put(f, e) < 0)
		return -1;
	if (name.n > LIMIT_PATH_BYTES)
		return err_set(e, ERR_LIMIT, "a file's name of %zu bytes", name.n);
	buf_put(&f->path, name);
	if (buf_check(&f->path, e) < 0)
		return -1;
	if (f->path.n > f->budget) {
		f->left = 0;
		return err_set(e, ERR_LIMIT, "files' names of more than %zu bytes in all",
			       LIMIT_RPM_PATHS_BYTES);
	}
	f->budget -= f->path.n;
	*path = buf_str(&f->path);
	return 1;
}

void rpm_files_free(struct rpm_files *f)
{
	buf_free(&f->dirs);
	buf_free(&f->path);
}
