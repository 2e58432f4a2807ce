/* One OSV record (OSV schema 1.7). */
#pragma once

#include "feed/sink.h"

/* Puts it into the sink, or counts why not; `name` is its file's, for messages. */
void osv_record_parse(struct feed_sink *s, str text, str name);
