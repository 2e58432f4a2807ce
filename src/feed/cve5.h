/* One CVE JSON 5 record. */
#pragma once

#include "feed/sink.h"

/* Puts it into the sink, or counts why not; `name` is its file's, for messages. */
void cve5_parse(struct feed_sink *s, str text, str name);
