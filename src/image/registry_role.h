/* The worker's role "registry": the small JSON that registries answer beside images. */
#pragma once

#include "image/registry.h"
#include "net/role.h"

void registry_job_write(struct buf *out, enum registry_answer kind, str text);
/* The job's text, read: strs, as registry_said_read has them back. */
int registry_role(struct buf *result, const struct role_task *task, struct arena *a,
		  struct err *e) MUST_CHECK;
/* The result, which is hostile: the list borrows bytes. */
int registry_said_read(struct str_list *out, str bytes, struct arena *a, struct err *e) MUST_CHECK;

/* The reader itself. A token of anything but visible ASCII is refused: it goes into a header. */
int registry_answer_parse(struct str_list *out, enum registry_answer kind, str text,
			  struct arena *a, struct err *e) MUST_CHECK;
