#include "format/pax.h"

/* Takes one record: 1 with key and value, 0 when the text is used up, -1 and *e. */
static int record_next(str *text, str *key, str *value, struct err *e)
{
	size_t blank = str_find(str_first(*text, 21), ' ');
	uint64_t n;

	if (text->n == 0)
		return 0;
	if (blank == SIZE_MAX || !str_u64(str_first(*text, blank), &n) || n > text->n ||
	    n < blank + 3 || text->p[n - 1] != '\n')
		return err_set(e, ERR_CORRUPT, "a PAX record of no right length");
	str record = str_sub(*text, blank + 1, n - blank - 2);

	if (!str_cut(record, '=', key, value) || key->n == 0)
		return err_set(e, ERR_CORRUPT, "a PAX record without a key");
	*text = str_from(*text, n);
	return 1;
}

enum field {
	PATH,
	LINK,
	SIZE,
	MTIME,
	UID,
	GID,
	SPARSE_NAME,
	SPARSE_MAP,
	SPARSE_SIZE,
	SPARSE_MAJOR,
	SPARSE_MINOR,
	SPARSE_OFFSET,
	SPARSE_OTHER,
};

/* GNU.sparse.*: GNU tar's manual, "Storing Sparse Files". */
static const struct {
	str key;
	enum field field;
} fields[] = {
	{ STR_INIT("path"), PATH },
	{ STR_INIT("linkpath"), LINK },
	{ STR_INIT("size"), SIZE },
	{ STR_INIT("mtime"), MTIME },
	{ STR_INIT("uid"), UID },
	{ STR_INIT("gid"), GID },
	{ STR_INIT("GNU.sparse.name"), SPARSE_NAME },
	{ STR_INIT("GNU.sparse.map"), SPARSE_MAP },
	{ STR_INIT("GNU.sparse.size"), SPARSE_SIZE },
	{ STR_INIT("GNU.sparse.realsize"), SPARSE_SIZE },
	{ STR_INIT("GNU.sparse.major"), SPARSE_MAJOR },
	{ STR_INIT("GNU.sparse.minor"), SPARSE_MINOR },
	{ STR_INIT("GNU.sparse.offset"), SPARSE_OFFSET },
	{ STR_INIT("GNU.sparse.numbytes"), SPARSE_OTHER },
	{ STR_INIT("GNU.sparse.numblocks"), SPARSE_OTHER },
};

static int take_name(str *to, str value, struct err *e)
{
	if (str_find(value, '\0') != SIZE_MAX)
		return err_set(e, ERR_CORRUPT, "a PAX name with a NUL byte in it");
	*to = value;
	return 0;
}

static int take_number(uint64_t *to, bool *has, str key, str value, struct err *e)
{
	if (!str_u64(value, to) || *to > INT64_MAX)
		return err_set(e, ERR_CORRUPT, "PAX " STR_FMT " \"" STR_FMT "\" is no number",
			       STR_ARG(key), STR_ARG(str_first(value, 40)));
	*has = true;
	return 0;
}

/* Seconds, perhaps negative, perhaps with a fraction; anything else is as if it were not there. */
static void take_time(struct pax *p, str value)
{
	bool minus = str_skip(&value, STR("-"));
	str seconds, fraction;
	uint64_t n;

	str_cut(value, '.', &seconds, &fraction);
	if (!str_u64(seconds, &n) || n > INT64_MAX)
		return;
	p->mtime = minus ? -(int64_t)n : (int64_t)n;
	p->has_mtime = true;
}

static int take_version(struct pax *p, unsigned shift, str key, str value, struct err *e)
{
	uint64_t n;
	bool has;

	if (take_number(&n, &has, key, value, e) < 0)
		return -1;
	if (p->version == UINT32_MAX)
		p->version = 0;
	p->version |= (uint32_t)MIN(n, (uint64_t)255) << shift;
	return 0;
}

static int field_set(struct pax *p, enum field f, str key, str value, struct err *e)
{
	p->sparse |= f >= SPARSE_NAME;
	switch (f) {
	case PATH:
		return take_name(&p->path, value, e);
	case LINK:
		return take_name(&p->link, value, e);
	case SIZE:
		return take_number(&p->size, &p->has_size, key, value, e);
	case MTIME:
		take_time(p, value);
		return 0;
	case UID:
		return take_number(&p->uid, &p->has_uid, key, value, e);
	case GID:
		return take_number(&p->gid, &p->has_gid, key, value, e);
	case SPARSE_NAME:
		return take_name(&p->sparse_name, value, e);
	case SPARSE_MAP:
		p->sparse_map = value;
		return 0;
	case SPARSE_SIZE:
		return take_number(&p->sparse_size, &p->has_sparse_size, key, value, e);
	case SPARSE_MAJOR:
		return take_version(p, 8, key, value, e);
	case SPARSE_MINOR:
		return take_version(p, 0, key, value, e);
	case SPARSE_OFFSET:
	case SPARSE_OTHER:
		return 0;
	}
	return 0;
}

int pax_parse(struct pax *out, str text, struct err *e)
{
	struct pax p = { .version = UINT32_MAX };
	str key, value, before = text;
	int r;

	while ((r = record_next(&text, &key, &value, e)) > 0) {
		for (size_t i = 0; i < COUNT(fields); i++) {
			if (!str_eq(fields[i].key, key) || value.n == 0)
				continue;
			if (fields[i].field == SPARSE_OFFSET && p.pairs.n == 0)
				p.pairs = before;
			if (field_set(&p, fields[i].field, key, value, e) < 0)
				return -1;
		}
		before = text;
	}
	if (r == 0)
		*out = p;
	return r;
}

int pax_pair(uint64_t *offset, uint64_t *bytes, str *pairs, struct err *e)
{
	str key, value;
	bool has = false;
	int r;

	while ((r = record_next(pairs, &key, &value, e)) > 0) {
		bool is_bytes = str_eq(key, STR("GNU.sparse.numbytes"));

		if (!is_bytes && !str_eq(key, STR("GNU.sparse.offset")))
			continue;
		if (is_bytes != has)
			return err_set(e, ERR_CORRUPT, "a PAX sparse map with half a pair");
		if (take_number(is_bytes ? bytes : offset, &has, key, value, e) < 0)
			return -1;
		if (is_bytes)
			return 1;
	}
	if (r == 0 && has)
		return err_set(e, ERR_CORRUPT, "a PAX sparse map with half a pair");
	return r;
}
