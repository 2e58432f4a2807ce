#include "format/xml.h"

#include <expat.h>

#include "base/buf.h"
#include "base/limits.h"

#define STEP (64 * KIB)

struct reading {
	const struct xml_handler *h;
	XML_Parser parser;
	struct buf text;
	size_t depth;
	struct err *e;
	bool stopped;
};

static void reading_end(struct reading *r)
{
	if (r->parser)
		XML_ParserFree(r->parser);
	buf_free(&r->text);
}

static void stop(struct reading *r)
{
	if (!r->stopped)
		XML_StopParser(r->parser, XML_FALSE);
	r->stopped = true;
}

/* Names come as "namespace SEPARATOR local". */
static str local_name(const char *name)
{
	str s = str_of(name);
	size_t at = str_rfind(s, '\n');

	return at == SIZE_MAX ? s : str_from(s, at + 1);
}

static void on_begin(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = ctx;

	if (r->stopped)
		return;
	buf_clear(&r->text);
	if (++r->depth > LIMIT_XML_DEPTH) {
		(void)err_set(r->e, ERR_LIMIT, "elements nest deeper than %d", LIMIT_XML_DEPTH);
		stop(r);
	} else if (r->h->begin && r->h->begin(r->h->ctx, local_name(name),
					      (const char *const *)attributes, r->e) < 0) {
		stop(r);
	}
}

static void on_end(void *ctx, const XML_Char *name)
{
	struct reading *r = ctx;

	if (r->stopped)
		return;
	r->depth--;
	if (buf_check(&r->text, r->e) < 0 ||
	    (r->h->end && r->h->end(r->h->ctx, local_name(name), buf_str(&r->text), r->e) < 0))
		stop(r);
	buf_clear(&r->text);
}

static void on_text(void *ctx, const XML_Char *text, int n)
{
	struct reading *r = ctx;

	buf_put(&r->text, (str){ text, (size_t)n });
}

static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
		       const XML_Char *public, int internal)
{
	struct reading *r = ctx;

	(void)name, (void)system, (void)public, (void)internal;
	(void)err_set(r->e, ERR_UNSUPPORTED, "a document type is not read");
	stop(r);
}

str xml_attribute(const char *const *attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (str_eq(local_name(attributes[0]), str_of(name)))
			return str_of(attributes[1]);
	return STR_NONE;
}

int xml_read(const struct xml_handler *h, str bytes, struct err *e)
{
	CLEANUP(reading_end)
	struct reading r = {
		.h = h,
		.parser = XML_ParserCreateNS(NULL, '\n'),
		.text = BUF(LIMIT_FEED_RECORD_BYTES),
		.e = e,
	};
	bool last = false;

	if (!r.parser)
		return err_nomem(e);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_begin, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	while (!last) {
		str part = str_first(bytes, STEP);

		bytes = str_from(bytes, part.n);
		last = bytes.n == 0;
		if (XML_Parse(r.parser, part.p, (int)part.n, last) == XML_STATUS_OK)
			continue;
		unsigned long line = XML_GetCurrentLineNumber(r.parser);

		if (r.stopped)
			return err_within(e, "line %lu", line);
		if (XML_GetErrorCode(r.parser) == XML_ERROR_NO_MEMORY)
			return err_nomem(e);
		return err_set(e, ERR_CORRUPT, "line %lu: %s", line,
			       XML_ErrorString(XML_GetErrorCode(r.parser)));
	}
	return 0;
}
