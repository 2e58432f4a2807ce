/* A feed's file in the format that the first byte names, parsed; then its frames as a worker would send
 * them go through the builder, which must find nothing wrong with them. Bytes of kind 'F' are frames
 * themselves: the builder may refuse them, no more. */
#include "feed/builder.h"
#include "feed/cve5.h"
#include "feed/osv.h"
#include "feed/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int one_osv(struct feed_sink *s, str text, struct err *e)
{
	osv_record_parse(s, text, STR("fuzz.json"));
	return sink_close(s, e);
}

static int one_cve(struct feed_sink *s, str text, struct err *e)
{
	cve5_parse(s, text, STR("fuzz.json"));
	return sink_close(s, e);
}

static int one(struct feed_sink *s, char kind, str text, struct err *e)
{
	switch (kind) {
	case 'o':
		return one_osv(s, text, e);
	case 'v':
		return one_cve(s, text, e);
	case 'd':
		return feed_parse(s, FORMAT_DEBIAN, text, e);
	case 'a':
		return feed_parse(s, FORMAT_SECDB, text, e);
	case 'k':
		return feed_parse(s, FORMAT_KEV, text, e);
	case 'e':
		return feed_parse(s, FORMAT_EPSS, text, e);
	case 'c':
		return feed_parse(s, FORMAT_CVSS, text, e);
	case 'A':
		return feed_parse(s, FORMAT_ARCH, text, e);
	case 'P':
		return feed_parse(s, FORMAT_PHOTON, text, e);
	case 'U':
		return feed_parse(s, FORMAT_UPDATEINFO, text, e);
	case 'O':
		return feed_parse(s, FORMAT_OVAL, text, e);
	case 'z':
		return feed_parse(s, FORMAT_OSV_ZIP, text, e);
	default:
		return -1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(builder_freep) struct builder *b = NULL;
	CLEANUP(buf_free) struct buf frames = BUF(1 << 24);
	const struct feed_origin origin = { .name = STR("fuzz/1") };
	struct feed_sink sink;
	struct err e;

	if (size == 0 || builder_new(&b, &e) < 0)
		return 0;
	str text = { (const char *)data + 1, size - 1 };

	if (data[0] == 'F') {
		buf_put(&frames, text);
		if (builder_add(b, &origin, &frames, &e) < 0 && e.kind == ERR_NONE)
			abort();
		return 0;
	}
	sink_init(&sink, &frames, "fuzz/1", INT64_MAX);
	if (one(&sink, (char)data[0], text, &e) == 0 && builder_add(b, &origin, &frames, &e) < 0)
		abort();
	return 0;
}
