#include "report/format.h"

#include "report/cyclonedx.h"
#include "report/json.h"
#include "report/list.h"
#include "report/spdx.h"

static int json(struct buf *out, const struct report *r, const struct table_options *o,
		struct arena *a, struct err *e)
{
	return report_json(out, r, a, e);
}

static int cyclonedx(struct buf *out, const struct report *r, const struct table_options *o,
		     struct arena *a, struct err *e)
{
	return report_cyclonedx(out, r, a, e);
}

static int spdx(struct buf *out, const struct report *r, const struct table_options *o,
		struct arena *a, struct err *e)
{
	return report_spdx(out, r, a, e);
}

static int purl(struct buf *out, const struct report *r, const struct table_options *o,
		struct arena *a, struct err *e)
{
	return report_purl(out, r, a, e);
}

static int csv(struct buf *out, const struct report *r, const struct table_options *o,
	       struct arena *a, struct err *e)
{
	return report_csv(out, r, a, e);
}

static const struct format formats[] = {
	{ "table", true, report_table }, { "json", true, json }, { "cyclonedx", true, cyclonedx },
	{ "spdx", true, spdx },		 { "purl", true, purl }, { "csv", true, csv },
};

const struct format *format_find(str name)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (str_eq(name, str_of(formats[i].name)))
			return &formats[i];
	return NULL;
}

int format_names(str *out, struct arena *a, struct err *e)
{
	*out = STR_NONE;
	for (size_t i = 0; i < COUNT(formats); i++)
		if (arena_printf(out, a, e, STR_FMT "%s%s", STR_ARG(*out), i ? " " : "",
				 formats[i].name) < 0)
			return -1;
	return 0;
}
