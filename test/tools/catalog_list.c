/* Runs the catalogers over paths below a directory, as a layer would:
 *
 *	catalog_list DIR < PATHS
 *
 * and prints a line a package: reader, type, name, version, path, main path, licences; and a line
 * "!", reader, path, words for what could not be read. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "catalog/catalog.h"

static void print(const struct evidence *ev, const struct reason_list *reasons)
{
	package_each (p, ev) {
		printf(STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT
			       "\t",
		       STR_ARG(ev->reader), STR_ARG(p->type), STR_ARG(p->name), STR_ARG(p->version),
		       STR_ARG(ev->path), STR_ARG(p->main_path));
		vec_each (licence, &p->licences)
			printf(STR_FMT ";", STR_ARG(*licence));
		printf("\n");
	}
	vec_each (reason, reasons)
		printf("!\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n", STR_ARG(ev->reader),
		       STR_ARG(reason->where), STR_ARG(reason->text));
}

static void run(const struct cataloger *row, str path, const struct blob *content)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	struct evidence ev = { .path = path, .reader = row->name };
	struct reason_list reasons = { 0 };
	struct catalog_file f = { path, content->size, 0644, *content, STR_NONE };
	struct catalog_out out = { .evidence = &ev, .reasons = &reasons, .arena = &a };
	struct err e = { 0 };
	char *text = NULL;

	if (row->whole) {
		text = arena_alloc(&a, (size_t)content->size);
		if (!text || blob_read(content, 0, text, (size_t)content->size, &e) < 0)
			return;
		f.text = (str){ text, (size_t)content->size };
	}
	if (row->read(&out, &f, &e) < 0)
		printf("!\t" STR_FMT "\t" STR_FMT "\t%s\n", STR_ARG(row->name), STR_ARG(path),
		       e.text);
	print(&ev, &reasons);
}

static void file_run(const char *path)
{
	const struct cataloger *rows[64];
	char head[CATALOG_HEAD];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	struct err e;
	str first;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		struct blob content = { .fd = fd, .size = (uint64_t)st.st_size };
		size_t n = catalog_candidates(rows, COUNT(rows), str_of(path), content.size);

		for (size_t i = 0; i < n; i++)
			if (content.size <= rows[i]->limit &&
			    (!rows[i]->claims ||
			     (blob_peek(&first, &content, 0, head, sizeof(head), &e) == 0 &&
			      rows[i]->claims(str_of(path), first))))
				run(rows[i], str_of(path), &content);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	char line[16 << 10];

	if (argc != 2 || chdir(argv[1]) < 0) {
		fprintf(stderr, "usage: catalog_list DIR < PATHS\n");
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		file_run(strncmp(line, "./", 2) == 0 ? line + 2 : line);
	}
	return 0;
}
