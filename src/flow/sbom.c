#include "flow/sbom.h"

#include "base/limits.h"
#include "catalog/third_party.h"
#include "flow/worker.h"
#include "image/sbom.h"

int sbom_scan(struct scan_result *out, const struct opened *o, const struct scan_options *options,
	      struct arena *a, struct err *e)
{
	CLEANUP(worker_freep)
	struct worker *w = NULL;
	CLEANUP(buf_free)
	struct buf result = BUF(LIMIT_FRAME_BYTES);
	struct worker_job job = { .role = "sbom",
				  .what = "the bill of materials",
				  .fds = &o->fd,
				  .nfds = 1,
				  .limits = worker_limits(),
				  .seconds = LIMIT_IMAGE_SECONDS,
				  .most = LIMIT_FRAME_BYTES,
				  .program = options->worker,
				  .unjailed = options->unjailed };
	struct sbom s;
	str answer;

	job.limits.memory = LIMIT_SBOM_MEMORY;
	if (worker_start(&w, &job, e) < 0 || worker_wait(w, &result, e) < 0 ||
	    arena_str(&answer, a, buf_str(&result), e) < 0 || sbom_wire_read(&s, answer, a, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(o->source.path));
	out->image = s.described.image;
	out->inventory = s.inventory;
	third_party_mark(&out->inventory);
	return 0;
}
