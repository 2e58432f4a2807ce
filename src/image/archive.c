#include "image/archive.h"

#include "base/limits.h"
#include "format/tar.h"

struct member {
	str link; /* of a link: the member it leads to */
	struct blob content;
};

/* `docker save` writes a layer that two images share once and links to it: "../ID/layer.tar". */
static int link_target(str *out, const struct tar_entry *entry, struct arena *a, struct err *e)
{
	str dir = str_dir(entry->path), target = entry->target;

	if (entry->kind == TAR_HARDLINK)
		return arena_str(out, a, target, e);
	while (str_skip(&target, STR("../")))
		dir = str_dir(dir);
	return arena_printf(out, a, e, STR_FMT "%s" STR_FMT, STR_ARG(dir), dir.n ? "/" : "",
			    STR_ARG(target));
}

static int member_add(struct archive *ar, const struct tar_entry *entry, struct arena *a,
		      struct err *e)
{
	struct member *m = arena_new(a, struct member);
	str path;

	if (!m)
		return err_nomem(e);
	if (ar->members.n >= LIMIT_ARCHIVE_ENTRIES)
		return err_set(e, ERR_LIMIT, "more than %d members in an image's archive",
			       LIMIT_ARCHIVE_ENTRIES);
	m->content = blob_part(&ar->whole, entry->data, entry->size);
	if (entry->kind == TAR_FILE && m->content.size != entry->size)
		return err_set(e, ERR_CORRUPT, "the archive ends inside " STR_FMT,
			       STR_ARG(entry->path));
	if (entry->kind != TAR_FILE && link_target(&m->link, entry, a, e) < 0)
		return -1;
	if (arena_str(&path, a, entry->path, e) < 0)
		return -1;
	return map_put(&ar->members, a, path, m, e);
}

static int archive_find(struct files *f, struct blob *out, str name, struct err *e)
{
	struct archive *ar = (struct archive *)f;
	const struct member *m = map_get(&ar->members, name);

	for (int hops = 0; m && m->link.n && hops < LIMIT_ARCHIVE_NESTING; hops++)
		m = map_get(&ar->members, m->link);
	if (!m || m->link.n)
		return err_set(e, ERR_MISSING, "the archive has no " STR_FMT, STR_ARG(name));
	*out = m->content;
	return 0;
}

int archive_open(struct archive *ar, const struct blob *whole, struct arena *a, struct err *e)
{
	CLEANUP(tar_closep)
	struct tar *tar = NULL;
	struct blob_stream stream;
	struct tar_entry entry;
	char window[4096];
	str head;
	int r;

	if (blob_peek(&head, whole, 0, window, 512, e) < 0)
		return -1;
	if (!tar_claims(head))
		return err_set(e, ERR_UNSUPPORTED,
			       "not an archive of an image, nor a compressed one");
	*ar = (struct archive){ .files = { .find = archive_find, .inside = true },
				.whole = *whole };
	blob_stream_init(&stream, whole, window, sizeof(window));
	if (tar_open(&tar, &stream.s, e) < 0)
		return -1;
	while ((r = tar_next(tar, &entry, e)) > 0) {
		bool wanted = (entry.kind == TAR_FILE && !entry.sparse) ||
			      entry.kind == TAR_SYMLINK || entry.kind == TAR_HARDLINK;

		if (wanted && !entry.refused && member_add(ar, &entry, a, e) < 0)
			return -1;
	}
	return r;
}
