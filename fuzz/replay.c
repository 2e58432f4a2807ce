/* Runs a harness over files instead of under libFuzzer, so that the corpus is a test with any
 * compiler: replay FOLDER [FOLDER]... A folder that does not exist counts as empty. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_bytes(FILE *f, size_t size)
{
	/* Exactly as large as the input, so that a sanitizer sees the first byte read beyond it. */
	uint8_t *data = malloc(size ? size : 1);
	int r = -1;

	if (data && fread(data, 1, size, f) == size) {
		LLVMFuzzerTestOneInput(data, size);
		r = 0;
	}
	free(data);
	return r;
}

static int replay_file(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	int r = -1;

	if (!f)
		return -1;
	if (fstat(fileno(f), &st) == 0)
		r = S_ISREG(st.st_mode) ? replay_bytes(f, (size_t)st.st_size) : 0;
	fclose(f);
	return r;
}

/* How many files were run, or -1. */
static int replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	char path[4096];
	struct dirent *d;
	int n = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -1;
	while (n >= 0 && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		printf("%s\n", path);
		fflush(stdout); /* the last line names the input that crashed */
		n = replay_file(path) < 0 ? -1 : n + 1;
	}
	closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay_folder(argv[i]);

		if (n < 0) {
			fprintf(stderr, "replay: %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
		total += n;
	}
	if (total == 0) {
		fprintf(stderr, "replay: no input found, so nothing was tested\n");
		return 1;
	}
	printf("%d inputs\n", total);
	return 0;
}
