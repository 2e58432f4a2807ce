/* Swift: Package.resolved, whose pins stand in "object" in version 1 and at the top since. Feeds
 * name a package by its address without scheme: "github.com/apple/swift-nio". */
#include "base/limits.h"
#include "catalog/lock.h"
#include "format/json.h"

struct pin {
	str address;
	str version, revision;
};

static const struct json_field state_fields[] = {
	{ JSON_FIELD("version", JSON_AS_STR, struct pin, version) },
	{ JSON_FIELD("revision", JSON_AS_STR, struct pin, revision) },
};

static const struct json_table state_table = {
	"state", state_fields, COUNT(state_fields), sizeof(struct pin), .closed = false,
};

static int state_read(void *pin, struct json *j, struct err *e)
{
	return json_object(pin, j, &state_table, e);
}

/* clang-format off */
static const struct json_field pin_fields[] = {
	{ JSON_FIELD("repositoryURL", JSON_AS_STR, struct pin, address) },
	{ JSON_FIELD("location",      JSON_AS_STR, struct pin, address) },
	{ .name = STR_INIT("state"), .as = JSON_AS_CALL, .offset = 0, .read = state_read },
};
/* clang-format on */

static const struct json_table pin_table = {
	"pin", pin_fields, COUNT(pin_fields), sizeof(struct pin), .closed = false,
};

struct resolved {
	struct catalog_out *out;
	struct lock_open open;
};

/* "https://github.com/a/b.git", "git@github.com:a/b" → "github.com/a/b", in the arena when it had
 * to be made. */
static int name_of(str *out, str address, struct arena *a, struct err *e)
{
	size_t scheme = str_search(address, STR("://")), at;
	str host, path;

	*out = scheme == SIZE_MAX ? address : str_from(address, scheme + 3);
	at = str_find(str_first(*out, str_find(*out, '/')), '@');
	if (at != SIZE_MAX)
		*out = str_from(*out, at + 1);
	str_chop(out, STR("/"));
	str_chop(out, STR(".git"));
	if (scheme == SIZE_MAX && str_cut(*out, ':', &host, &path))
		return arena_printf(out, a, e, STR_FMT "/" STR_FMT, STR_ARG(host), STR_ARG(path));
	return 0;
}

static int pin_put(void *pins, struct json *j, struct err *e)
{
	struct resolved *r = j->context;
	struct pin p = { 0 };
	str name;

	if (json_object(&p, j, &pin_table, e) < 0 || name_of(&name, p.address, j->arena, e) < 0)
		return -1;
	if (p.version.n == 0 || name.n == 0)
		lock_open_note(&r->open, name.n ? name : STR("a pin without an address"));
	return lock_put(r->out, STR("swift"), name, p.version, e);
}

struct file {
	str pins; /* handed on one by one */
};

static const struct json_field pins_fields[] = {
	{ JSON_FIELD("pins", JSON_AS_EACH, struct file, pins), .read = pin_put },
};

static const struct json_table pins_table = {
	"list of pins", pins_fields, COUNT(pins_fields), sizeof(struct file), .closed = false,
};

static const struct json_field fields[] = {
	{ JSON_FIELD("pins", JSON_AS_EACH, struct file, pins), .read = pin_put },
	{ JSON_FIELD("object", JSON_AS_OBJECT, struct file, pins), .table = &pins_table },
};

static const struct json_table table = {
	"Package.resolved", fields, COUNT(fields), sizeof(struct file), .closed = false,
};

static int swift_read(struct catalog_out *out, const struct catalog_file *f, struct err *e)
{
	struct resolved r = { out, { .why = "pins without a release" } };
	struct file file;
	struct json j;

	json_init(&j, f->text, out->arena);
	j.context = &r;
	if (json_object(&file, &j, &table, e) < 0 || json_end(&j, e) < 0)
		return -1;
	return lock_open_say(&r.open, out, e);
}

static const char *const globs[] = { "Package.resolved", "**/Package.resolved", NULL };

const struct cataloger cataloger_swift_resolved = {
	.name = STR_INIT("swift-resolved"),
	.globs = globs,
	.claims = lock_claims,
	.scope = CATALOG_PROJECT,
	.whole = true,
	.limit = LIMIT_LOCK_FILE_BYTES,
	.read = swift_read,
};
