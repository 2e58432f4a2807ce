/* Any bytes as a tar archive: every entry and its content are read. */
#include "format/tar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(tar_closep)
	struct tar *t = NULL;
	uint64_t budget = 64 << 20; /* of sparse zeros */
	struct memory_stream m;
	struct tar_entry en;
	struct err e;

	memory_stream_init(&m, (str){ (const char *)data, size });
	if (tar_open(&t, &m.s, &e) < 0)
		return 0;
	while (tar_next(t, &en, &e) > 0) {
		struct stream *s = tar_content(t);

		if (en.path.n && (en.path.p[0] == '/' || en.path.p[en.path.n - 1] == '/') &&
		    !en.refused)
			abort();
		while (budget && stream_fill(s, &e) > 0) {
			budget -= MIN(budget, (uint64_t)s->window.n);
			stream_take(s, s->window.n);
		}
		if (s->taken > en.size)
			abort();
	}
	return 0;
}
