/* Feeds that come as a zip of JSON records. */
#pragma once

#include "feed/sink.h"

/* Calls `put` with every .json file of the archive and its name; what cannot be unpacked is counted
 * in the sink. -1 and *e when there is no archive. */
int zip_each_json(struct feed_sink *s, str zip,
		  void (*put)(struct feed_sink *s, str text, str name), struct err *e) MUST_CHECK;
