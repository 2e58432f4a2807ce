/* Amazon Linux's updateinfo.xml, as dnf's repositories have it: updates with references and the
 * packages that repair. The release stands in the feed's name: "amazon/2023". */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/xml.h"

struct build {
	str name, evr, arch;
};

struct updateinfo {
	struct feed_sink *s;
	struct arena a; /* one update's */
	struct advisory adv;
	str severity, type;
	VEC(struct build) builds;
	bool open, failed;
	struct err why;
};

static void updateinfo_end(struct updateinfo *u)
{
	arena_free(&u->a);
}

static int copy(str *out, struct updateinfo *u, const char *const *attributes, const char *name,
		struct err *e)
{
	return arena_str(out, &u->a, xml_attribute(attributes, name), e);
}

/* "2023-02-17 20:41:00" */
static int date(str *out, struct updateinfo *u, str text, struct err *e)
{
	return text.n < 10 ? 0
			   : arena_printf(out, &u->a, e, STR_FMT "T00:00:00Z",
					  STR_ARG(str_first(text, 10)));
}

/* The same build for several architectures is one. */
static int build_add(struct updateinfo *u, const char *const *at, struct err *e)
{
	str epoch = xml_attribute(at, "epoch"), arch;
	struct build b;

	if (copy(&b.name, u, at, "name", e) < 0 || copy(&arch, u, at, "arch", e) < 0 ||
	    arena_printf(&b.evr, &u->a, e, STR_FMT ":" STR_FMT "-" STR_FMT,
			 STR_ARG(epoch.n ? epoch : STR("0")), STR_ARG(xml_attribute(at, "version")),
			 STR_ARG(xml_attribute(at, "release"))) < 0)
		return -1;
	b.arch = str_eq(arch, STR("noarch")) ? STR_NONE : arch;
	vec_each (x, &u->builds)
		if (str_eq(x->name, b.name) && str_eq(x->evr, b.evr)) {
			if (!x->arch.n || !b.arch.n) {
				x->arch = STR_NONE;
				return 0;
			}
			return arena_printf(&x->arch, &u->a, e, STR_FMT "|" STR_FMT,
					    STR_ARG(x->arch), STR_ARG(b.arch));
		}
	return vec_push(&u->builds, &u->a, e, b);
}

static int part_open(struct updateinfo *u, str name, const char *const *at, struct err *e)
{
	str id;

	if (str_eq(name, STR("issued")))
		return date(&u->adv.published, u, xml_attribute(at, "date"), e);
	if (str_eq(name, STR("updated")))
		return date(&u->adv.modified, u, xml_attribute(at, "date"), e);
	if (str_eq(name, STR("package")))
		return build_add(u, at, e);
	if (!str_eq(name, STR("reference")) || !str_eq(xml_attribute(at, "type"), STR("cve")))
		return 0;
	return copy(&id, u, at, "id", e) < 0 ? -1 : vec_push(&u->adv.upstream, &u->a, e, id);
}

static int part_close(struct updateinfo *u, str name, str text, struct err *e)
{
	static const struct {
		str name;
		size_t offset;
	} rows[] = {
		{ STR_INIT("id"), offsetof(struct updateinfo, adv.id) },
		{ STR_INIT("title"), offsetof(struct updateinfo, adv.title) },
		{ STR_INIT("description"), offsetof(struct updateinfo, adv.details) },
		{ STR_INIT("severity"), offsetof(struct updateinfo, severity) },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		str *field = (str *)((char *)u + rows[i].offset);

		if (str_eq(rows[i].name, name) && !field->n)
			return arena_str(field, &u->a, str_trim(text), e);
	}
	return 0;
}

static int update_put(struct updateinfo *u, struct err *e)
{
	str release = str_of(u->s->name), ecosystem;
	size_t at = str_rfind(release, '/');

	release = str_from(release, at == SIZE_MAX ? 0 : at + 1);
	u->adv.severity = severity_of(u->severity);
	if (arena_printf(&ecosystem, &u->a, e, "Amazon Linux:" STR_FMT, STR_ARG(release)) < 0)
		return -1;
	vec_each (b, &u->builds) {
		const struct version_range range = { .introduced = STR("0"), .fixed = b->evr };
		struct affected out = {
			.id = u->adv.id,
			.ecosystem = ecosystem,
			.name = b->name,
			.arch = b->arch,
			.status = STATUS_FIXED,
			.severity = u->adv.severity,
			.severity_text = u->severity,
			.where = u->adv.id,
		};

		if (vec_push(&out.ranges, &u->a, e, range) < 0 || sink_affected(u->s, &out, e) < 0)
			return -1;
	}
	return sink_advisory(u->s, &u->adv, e);
}

/* Updates that repair no vulnerability are not kept. */
static void update_close(struct updateinfo *u)
{
	bool security = str_eq(u->type, STR("security"));
	struct err e = u->why;

	if (!u->failed && (!security || !u->builds.n))
		sink_drop(u->s, DROP_NO_PACKAGE, u->adv.id, NULL);
	else if (u->failed || update_put(u, &e) < 0)
		sink_refuse(u->s, u->adv.id, &e);
	else
		sink_keep(u->s);
	arena_free(&u->a);
	u->open = false;
}

static int on_begin(void *ctx, str name, const char *const *attributes, struct err *e)
{
	struct updateinfo *u = ctx;

	(void)e;
	if (!u->open && str_eq(name, STR("update"))) {
		*u = (struct updateinfo){ .s = u->s, .a = ARENA(64 * MIB), .open = true };
		sink_begin(u->s);
		u->failed = copy(&u->type, u, attributes, "type", &u->why) < 0;
	} else if (u->open && !u->failed) {
		u->failed = part_open(u, name, attributes, &u->why) < 0;
	}
	return 0;
}

static int on_end(void *ctx, str name, str text, struct err *e)
{
	struct updateinfo *u = ctx;

	(void)e;
	if (u->open && str_eq(name, STR("update")))
		update_close(u);
	else if (u->open && !u->failed)
		u->failed = part_close(u, name, text, &u->why) < 0;
	return 0;
}

int updateinfo_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(updateinfo_end)
	struct updateinfo u = { .s = s };
	const struct xml_handler h = { &u, on_begin, on_end };

	return xml_read(&h, text, e);
}
