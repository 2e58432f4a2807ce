#include "image/sbom.h"

#include <sys/stat.h>

#include "base/blob.h"
#include "base/limits.h"
#include "base/reader.h"
#include "image/sbom_item.h"
#include "model/facts.h"

static str start_of(str head)
{
	str_skip(&head, STR("\xef\xbb\xbf"));
	while (head.n && ch_blank(head.p[0]))
		head = str_from(head, 1);
	return head;
}

bool sbom_claims(str head)
{
	str start = start_of(head);

	return str_starts(start, STR("{")) || str_starts(start, STR("SPDXVersion:"));
}

int sbom_read(struct sbom *out, str text, struct arena *a, struct err *e)
{
	struct sbom_item_list items = { 0 };
	size_t cyclonedx = str_search(text, STR("\"bomFormat\""));
	size_t spdx = str_search(text, STR("\"spdxVersion\""));
	int r;

	if (!str_starts(start_of(text), STR("{")) || (cyclonedx == SIZE_MAX && spdx == SIZE_MAX))
		return err_set(e, ERR_UNSUPPORTED, "this is neither CycloneDX nor SPDX 2 in JSON");
	text = start_of(text);
	if (cyclonedx < spdx)
		r = sbom_read_cyclonedx(&items, text, a, e);
	else
		r = sbom_read_spdx(&items, text, a, e);
	return r < 0 ? -1 : sbom_take(out, &items, a, e);
}

/* Packages travel as the facts of one evidence; their layers and owners follow. */
int sbom_write(struct buf *out, const struct sbom *s, struct err *e)
{
	CLEANUP(buf_free)
	struct buf part = BUF(LIMIT_FRAME_BYTES);
	struct evidence ev = { .reader = STR("sbom"),
			       .packages = s->inventory.packages,
			       .os = s->inventory.os };
	struct facts f = { .evidence = { &ev, 1, 1 }, .reasons = s->inventory.reasons };

	if (description_write(&part, &s->described, e) < 0)
		return -1;
	buf_lstr(out, buf_str(&part));
	buf_clear(&part);
	if (facts_write(&part, &f, e) < 0)
		return -1;
	buf_lstr(out, buf_str(&part));
	vec_each (p, &s->inventory.packages) {
		buf_u32(out, p->layer);
		buf_u32(out, p->owned_by);
	}
	return buf_check(out, e);
}

int sbom_wire_read(struct sbom *out, str bytes, struct arena *a, struct err *e)
{
	struct reader r = reader_over(bytes);
	str described = read_lstr(&r), facts = read_lstr(&r);
	struct sbom s = { 0 };
	struct facts f;

	if (r.bad)
		return err_set(e, ERR_CORRUPT, "the reader's answer is cut short");
	if (arena_str(&facts, a, facts, e) < 0 || /* aligned */
	    description_read(&s.described, described, a, e) < 0 || facts_read(&f, facts, a, e) < 0)
		return -1;
	if (f.evidence.n != 1)
		return err_set(e, ERR_CORRUPT, "the reader's answer tells of several places");
	s.inventory.os = f.evidence.v[0].os;
	s.inventory.packages = f.evidence.v[0].packages;
	s.inventory.reasons = f.reasons;
	package_each (p, &s.inventory) {
		p->layer = read_u32le(&r);
		p->owned_by = read_u32le(&r);
		if ((p->layer != LAYER_NONE && p->layer >= s.described.image.layers.n) ||
		    (p->owned_by != OWNED_BY_NONE && p->owned_by >= s.inventory.packages.n))
			r.bad = true;
	}
	if (r.bad || reader_left(&r))
		return err_set(e, ERR_CORRUPT, "the reader's answer does not add up");
	*out = s;
	return 0;
}

int sbom_role(struct buf *result, const struct role_task *task, struct arena *a, struct err *e)
{
	struct sbom s;
	struct stat st;
	char *bytes;

	if (task->nfds != 1 || fstat(task->fds[0], &st) < 0)
		return err_sys(e, "no document");
	struct blob whole = { .fd = task->fds[0], .size = (uint64_t)st.st_size };

	if (whole.size > LIMIT_SBOM_BYTES)
		return err_set(e, ERR_LIMIT, "a document of more than %zu bytes", LIMIT_SBOM_BYTES);
	bytes = arena_alloc(a, whole.size + 1);
	if (!bytes)
		return err_nomem(e);
	if (blob_read(&whole, 0, bytes, whole.size, e) < 0 ||
	    sbom_read(&s, (str){ bytes, whole.size }, a, e) < 0)
		return -1;
	return sbom_write(result, &s, e);
}
