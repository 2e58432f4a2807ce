/* Any bytes as a layer, whole: the first byte says how it is stored; inflated, walked, shown to the
 * catalogue; what came out is written and read back as facts. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "catalog/layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void store(const struct facts *f)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 20);
	CLEANUP(buf_free)
	struct buf b = BUF(64 << 20);
	struct facts again;
	struct err e;

	if (facts_write(&b, f, &e) == 0 && facts_read(&again, buf_str(&b), &a, &e) < 0 &&
	    e.kind != ERR_NOMEM)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(path_set_free)
	struct path_set paths = { 0 };
	CLEANUP(arena_free)
	struct arena a = ARENA(32 << 20);
	CLEANUP(fd_closep)
	int fd = memfd_create("layer", MFD_CLOEXEC);
	struct layer_job job = { .fd = fd, .scratch = -1, .most = 4 << 20 };
	struct facts f;
	struct err e;

	if (size < 1 || fd < 0 || fd_write(fd, (str){ (const char *)data + 1, size - 1 }, &e) < 0)
		return 0;
	job.coding = data[0] % 3;
	job.overlay = data[0] & 128;
	job.size = size - 1;
	if (layer_read(&f, &paths, &job, &a, &e) == 0)
		store(&f);
	return 0;
}
