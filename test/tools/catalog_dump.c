/* catalog_dump ROW PATH FILE: what a row of the cataloger's table says of FILE, as if it lay at
 * PATH in an image, in lines:
 *	P name version arch source source-version vendor module licence	(by tabs)
 *	F package-name hash
 *	O owner
 *	E kind text
 * catalog_dump --hash: reads lines "NAME<tab>PATH", writes "F<tab>NAME<tab>HASH". */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog.h"

static int hash_lines(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0) {
		str s = { line, (size_t)n }, name, path;

		str_chop(&s, STR("\n"));
		str_cut(s, '\t', &name, &path);
		str_skip(&path, STR("/"));
		printf("F\t" STR_FMT "\t%016llx\n", STR_ARG(name),
		       (unsigned long long)hash_keyed(HASH_KEY_NONE, path));
	}
	free(line);
	return 0;
}

static void evidence_print(const struct evidence *ev)
{
	vec_each (p, &ev->packages)
		printf("P\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT
		       "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n",
		       STR_ARG(p->name), STR_ARG(p->version), STR_ARG(p->arch),
		       STR_ARG(p->source_name), STR_ARG(p->source_version), STR_ARG(p->vendor),
		       STR_ARG(p->module), STR_ARG(p->licences.n ? p->licences.v[0] : STR_NONE));
	vec_each (own, &ev->owned) {
		str name = ev->owner.n ? ev->owner : ev->packages.v[own->package].name;

		printf("F\t" STR_FMT "\t%016llx\n", STR_ARG(name), (unsigned long long)own->hash);
	}
	if (ev->owner.n)
		printf("O\t" STR_FMT "\n", STR_ARG(ev->owner));
}

static int dump(const struct cataloger *row, str path, const char *file)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(1 << 30);
	struct reason_list reasons = { 0 };
	struct evidence ev = { .path = path, .reader = row->name };
	struct catalog_out out = { .evidence = &ev, .reasons = &reasons, .arena = &a };
	struct catalog_file f = { .path = path };
	struct stat st;
	struct err e;
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return 2;
	f.size = (uint64_t)st.st_size;
	f.content = (struct blob){ .fd = fd, .size = f.size };
	if (row->whole && f.size > 0) {
		f.text = (str){ mmap(NULL, f.size, PROT_READ, MAP_PRIVATE, fd, 0), f.size };
		f.content = blob_of(f.text);
	}
	int rc = row->read(&out, &f, &e);

	evidence_print(&ev);
	if (rc < 0)
		printf("E\t%s\t%s\n", err_kind_word(e.kind), e.text);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	const struct cataloger *rows[32];

	if (argc == 2 && strcmp(argv[1], "--hash") == 0)
		return hash_lines();
	if (argc != 4)
		return 2;
	size_t n = catalog_candidates(rows, COUNT(rows), str_of(argv[2]), 1);

	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i]->name, str_of(argv[1])))
			return dump(rows[i], str_of(argv[2]), argv[3]);
	return 3;
}
