/* Alpine's secdb: { distroversion, reponame, packages: [ { pkg: { name, secfixes: { version:
 * [ "CVE-…", "CVE-… OTHER-…", … ] } } } ] }. Names are origins. Version "0" says that no version
 * ever was affected. */
#include "base/limits.h"
#include "feed/parse.h"
#include "format/json.h"

struct secdb_package {
	str name, secfixes;
};

struct secdb_item {
	struct secdb_package pkg;
};

struct secdb {
	str distroversion, reponame, packages;
};

/* clang-format off */
static const struct json_field package_fields[] = {
	{ JSON_FIELD("name", JSON_AS_STR, struct secdb_package, name), .required = true },
	{ JSON_FIELD("secfixes", JSON_AS_RAW, struct secdb_package, secfixes), .required = true },
};
static const struct json_table package_table = {
	"package", package_fields, COUNT(package_fields), sizeof(struct secdb_package), false,
};
static const struct json_field item_fields[] = {
	{ JSON_FIELD("pkg", JSON_AS_OBJECT, struct secdb_item, pkg), .required = true, .table = &package_table },
};
static const struct json_table item_table = {
	"item", item_fields, COUNT(item_fields), sizeof(struct secdb_item), false,
};
static const struct json_field secdb_fields[] = {
	{ JSON_FIELD("distroversion", JSON_AS_STR, struct secdb, distroversion) },
	{ JSON_FIELD("reponame", JSON_AS_STR, struct secdb, reponame), .required = true },
	{ JSON_FIELD("packages", JSON_AS_RAW, struct secdb, packages), .required = true },
};
static const struct json_table secdb_table = {
	"secdb", secdb_fields, COUNT(secdb_fields), sizeof(struct secdb), false,
};
/* clang-format on */

struct fix {
	const struct secdb *db;
	str package, version;
};

/* An id has a dash or digits and none of the marks that remarks and unknown numbers have. */
static bool is_id(str word)
{
	bool digit = false;

	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];

		digit |= ch_digit(c);
		if (!ch_alnum(c) && c != '-' && c != '_' && c != ':' && c != '.')
			return false;
	}
	return digit;
}

/* Wolfi's and Chainguard's have no releases: the feed's name says whose they are. */
static int ecosystem_of(str *out, const struct feed_sink *s, const struct secdb *db,
			struct arena *a, struct err *e)
{
	str name = str_of(s->name);

	if (db->distroversion.n)
		return arena_printf(out, a, e, "Alpine:" STR_FMT, STR_ARG(db->distroversion));
	*out = str_starts(name, STR("wolfi"))	     ? STR("Wolfi")
	       : str_starts(name, STR("chainguard")) ? STR("Chainguard")
						     : STR_NONE;
	return out->n ? 0 : err_set(e, ERR_CORRUPT, "secdb without \"distroversion\"");
}

static int one_put(struct feed_sink *s, const struct fix *fix, str id, struct str_list aliases,
		   struct arena *a, struct err *e)
{
	bool never = str_eq(fix->version, STR("0"));
	struct version_range range = { .introduced = STR("0"), .fixed = fix->version };
	struct advisory adv = { .id = id, .aliases = aliases };
	struct affected out = {
		.id = id,
		.name = fix->package,
		.by_source = true,
		.status = never ? STATUS_NOT_AFFECTED : STATUS_FIXED,
	};

	if (ecosystem_of(&out.ecosystem, s, fix->db, a, e) < 0 ||
	    arena_printf(&out.where, a, e, STR_FMT " " STR_FMT " " STR_FMT,
			 STR_ARG(fix->db->reponame), STR_ARG(fix->package),
			 STR_ARG(fix->version)) < 0 ||
	    (!never && vec_push(&out.ranges, a, e, range) < 0))
		return -1;
	return sink_affected(s, &out, e) < 0 ? -1 : sink_advisory(s, &adv, e);
}

/* "CVE-2023-44441 ZDI-CAN-22093" is one vulnerability with two names; each CVE is one by itself. */
static int words_put(struct feed_sink *s, const struct fix *fix, str words, struct arena *a,
		     struct err *e)
{
	struct str_list cves = { 0 }, others = { 0 };

	for (str word; str_next(&words, ' ', &word);) {
		bool cve = str_starts(word, STR("CVE-"));

		if (is_id(word) && vec_push(cve ? &cves : &others, a, e, word) < 0)
			return -1;
	}
	if (!cves.n && !others.n)
		return err_set(e, ERR_CORRUPT, "no id in it");
	if (!cves.n) {
		str first = *others.v++;

		others.n--;
		others.cap--;
		return one_put(s, fix, first, others, a, e);
	}
	if (cves.n > 1)
		others.n = 0;
	vec_each (cve, &cves)
		if (one_put(s, fix, *cve, others, a, e) < 0)
			return -1;
	return 0;
}

static int version_put(struct feed_sink *s, const struct fix *fix, struct json *j, struct err *e)
{
	int r = json_peek(j, e);

	if (r < 0)
		return -1;
	if (r == JSON_NULL)
		return json_null(j, e);
	if (json_enter_array(j, e) < 0)
		return -1;
	while ((r = json_array_next(j, e)) > 0) {
		char where[256];
		struct err why;
		str words;

		if (json_str(&words, j, e) < 0)
			return -1;
		sink_begin(s);
		if (words_put(s, fix, words, j->arena, &why) == 0) {
			sink_keep(s);
			continue;
		}
		snprintf(where, sizeof(where), STR_FMT " " STR_FMT " \"" STR_FMT "\"",
			 STR_ARG(fix->package), STR_ARG(fix->version), STR_ARG(words));
		sink_refuse(s, str_of(where), &why);
	}
	return r;
}

static int package_put(struct feed_sink *s, const struct secdb *db, str raw, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 * MIB);
	struct secdb_item item = { 0 };
	struct json j;
	str version;
	int r;

	if (json_object_whole(&item, raw, &item_table, &a, e) < 0)
		return -1;
	json_init(&j, item.pkg.secfixes, &a);
	if (json_enter_object(&j, e) < 0)
		return err_within(e, STR_FMT, STR_ARG(item.pkg.name));
	while ((r = json_object_next(&version, &j, e)) > 0) {
		struct fix fix = { db, item.pkg.name, version };

		if (version_put(s, &fix, &j, e) < 0)
			return err_within(e, STR_FMT, STR_ARG(item.pkg.name));
	}
	return r;
}

int secdb_parse(struct feed_sink *s, str text, struct err *e)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 * MIB);
	struct secdb db = { 0 };
	struct json j;
	int r;

	if (json_object_whole(&db, text, &secdb_table, &a, e) < 0)
		return -1;
	json_init(&j, db.packages, &a);
	if (json_enter_array(&j, e) < 0)
		return -1;
	for (size_t i = 0; (r = json_array_next(&j, e)) > 0; i++) {
		char where[64];
		struct err why;
		str raw;

		if (json_skip(&raw, &j, e) < 0)
			return -1;
		if (package_put(s, &db, raw, &why) == 0)
			continue;
		/* What of the package was read before stays; the package counts as one bad record.
		 */
		snprintf(where, sizeof(where), "packages[%zu]", i);
		sink_begin(s);
		sink_refuse(s, str_of(where), &why);
	}
	return r;
}
