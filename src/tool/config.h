/* The configuration file: YAML, one mapping, each value a scalar or a list of scalars. */
#pragma once

#include "model/package.h"

struct config_entry {
	str key;
	struct str_list values;
	uint32_t line; /* where the key stands, from 1 */
};

struct config VEC_BODY(struct config_entry);

/* Bytes in, entries out, in the order of the file; a key given twice, nesting, anchors and a second
 * document are refused with their line. All strs are copies in the arena, ended by a NUL. */
int config_parse(struct config *out, str text, struct arena *a, struct err *e) MUST_CHECK;
/* The file's bytes: 1, or 0 when there is no such file. At most LIMIT_SMALL_FILE_BYTES. */
int config_load(str *out, const char *path, struct arena *a, struct err *e) MUST_CHECK;
