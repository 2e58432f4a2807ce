#include "feed/zip_each.h"

#include "base/limits.h"
#include "feed/cve5.h"
#include "feed/osv.h"
#include "feed/parse.h"
#include "format/zip.h"

int zip_each_json(struct feed_sink *s, str bytes,
		  void (*put)(struct feed_sink *s, str text, str name), struct err *e)
{
	CLEANUP(arena_free)
	struct arena list = ARENA(256 * MIB);
	struct blob content = blob_of(bytes);
	struct zip_entry en;
	struct zip z;
	size_t at = 0;

	if (zip_open(&z, &content, &list, e) < 0)
		return -1;
	while (zip_next(&en, &z, &at)) {
		CLEANUP(arena_free)
		struct arena a = ARENA(2 * LIMIT_FEED_RECORD_BYTES);
		struct err why;
		str text;

		if (!str_ends(en.name, STR(".json")))
			continue;
		if (zip_read(&text, &z, &en, LIMIT_FEED_RECORD_BYTES, &a, &why) == 0) {
			put(s, text, en.name);
			continue;
		}
		sink_begin(s);
		sink_refuse(s, en.name, &why);
	}
	return 0;
}

int osv_zip_parse(struct feed_sink *s, str zip, struct err *e)
{
	return zip_each_json(s, zip, osv_record_parse, e);
}

int cve5_zip_parse(struct feed_sink *s, str zip, struct err *e)
{
	return zip_each_json(s, zip, cve5_parse, e);
}
