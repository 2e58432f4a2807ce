#include "catalog/java_id.h"

#include <expat.h>

/* Archives of builds other than Maven's carry no coordinates. Which group publishes them is common
 * knowledge; '*' as in str_glob, the first row that fits counts. */
static const struct {
	const char *artifact, *group;
	uint32_t since; /* the first major version that moved there */
} groups[] = {
	/* clang-format off */
	{ "spring-boot*",	      "org.springframework.boot" },
	{ "spring-security-*",	      "org.springframework.security" },
	{ "spring-integration-*",     "org.springframework.integration" },
	{ "spring-batch-*",	      "org.springframework.batch" },
	{ "spring-session-*",	      "org.springframework.session" },
	{ "spring-ldap-*",	      "org.springframework.ldap" },
	{ "spring-kafka*",	      "org.springframework.kafka" },
	{ "spring-amqp",	      "org.springframework.amqp" },
	{ "spring-rabbit*",	      "org.springframework.amqp" },
	{ "spring-hateoas",	      "org.springframework.hateoas" },
	{ "spring-graphql*",	      "org.springframework.graphql" },
	{ "spring-restdocs-*",	      "org.springframework.restdocs" },
	{ "spring-statemachine-*",    "org.springframework.statemachine" },
	{ "spring-ws-*",	      "org.springframework.ws" },
	{ "spring-xml",		      "org.springframework.ws" },
	{ "spring-aop",		      "org.springframework" },
	{ "spring-aspects",	      "org.springframework" },
	{ "spring-beans",	      "org.springframework" },
	{ "spring-context*",	      "org.springframework" },
	{ "spring-core*",	      "org.springframework" },
	{ "spring-expression",	      "org.springframework" },
	{ "spring-instrument",	      "org.springframework" },
	{ "spring-jcl",		      "org.springframework" },
	{ "spring-jdbc",	      "org.springframework" },
	{ "spring-jms",		      "org.springframework" },
	{ "spring-messaging",	      "org.springframework" },
	{ "spring-orm",		      "org.springframework" },
	{ "spring-oxm",		      "org.springframework" },
	{ "spring-r2dbc",	      "org.springframework" },
	{ "spring-test",	      "org.springframework" },
	{ "spring-tx",		      "org.springframework" },
	{ "spring-web",		      "org.springframework" },
	{ "spring-webflux",	      "org.springframework" },
	{ "spring-webmvc",	      "org.springframework" },
	{ "spring-websocket",	      "org.springframework" },
	{ "tomcat-embed-*",	      "org.apache.tomcat.embed" },
	{ "tomcat-*",		      "org.apache.tomcat" },
	{ "bcprov-*",		      "org.bouncycastle" },
	{ "bcpkix-*",		      "org.bouncycastle" },
	{ "bcutil-*",		      "org.bouncycastle" },
	{ "bcmail-*",		      "org.bouncycastle" },
	{ "bcpg-*",		      "org.bouncycastle" },
	{ "bctls-*",		      "org.bouncycastle" },
	{ "bc-fips",		      "org.bouncycastle" },
	{ "kotlin-*",		      "org.jetbrains.kotlin" },
	{ "kotlinx-coroutines-*",     "org.jetbrains.kotlinx" },
	{ "okhttp",		      "com.squareup.okhttp3", 3 },
	{ "okhttp",		      "com.squareup.okhttp" },
	{ "okhttp-*",		      "com.squareup.okhttp3", 3 },
	{ "okhttp-*",		      "com.squareup.okhttp" },
	{ "okio",		      "com.squareup.okio" },
	{ "okio-*",		      "com.squareup.okio" },
	{ "retrofit",		      "com.squareup.retrofit2", 2 },
	{ "retrofit",		      "com.squareup.retrofit" },
	{ "reactor-core",	      "io.projectreactor" },
	{ "reactor-netty*",	      "io.projectreactor.netty" },
	{ "micrometer-*",	      "io.micrometer" },
	{ "antlr",		      "antlr" },
	{ "checker-qual",	      "org.checkerframework" },
	{ "hibernate-core",	      "org.hibernate.orm", 6 },
	{ "hibernate-core",	      "org.hibernate" },
	{ "groovy",		      "org.apache.groovy", 4 },
	{ "groovy",		      "org.codehaus.groovy" },
	{ "groovy-*",		      "org.apache.groovy", 4 },
	{ "groovy-*",		      "org.codehaus.groovy" },
	{ "lombok",		      "org.projectlombok" },
	{ "rxjava",		      "io.reactivex.rxjava3", 3 },
	{ "rxjava",		      "io.reactivex.rxjava2", 2 },
	{ "rxjava",		      "io.reactivex" },
	{ "grpc-*",		      "io.grpc" },
	{ "kafka-clients",	      "org.apache.kafka" },
	{ "kafka_*",		      "org.apache.kafka" },
	{ "elasticsearch",	      "org.elasticsearch" },
	{ "opensearch",		      "org.opensearch" },
	{ "lucene-*",		      "org.apache.lucene" },
	{ "solr-*",		      "org.apache.solr" },
	{ "gradle-*",		      "org.gradle" },
	{ "mssql-jdbc",		      "com.microsoft.sqlserver" },
	{ "ojdbc*",		      "com.oracle.database.jdbc" },
	{ "h2",			      "com.h2database" },
	{ "hibernate-validator",      "org.hibernate.validator" },
	/* clang-format on */
};

str java_id_group_of(str artifact, str version)
{
	uint32_t major = 0;
	size_t n = 0;

	while (n < version.n && ch_digit(version.p[n]))
		n++;
	if (!str_u32(str_first(version, n), &major))
		major = UINT32_MAX;
	for (size_t i = 0; i < COUNT(groups); i++)
		if (major >= groups[i].since && str_glob(str_of(groups[i].artifact), artifact))
			return str_of(groups[i].group);
	return STR_NONE;
}

/* A value that some tool was to fill in and did not. */
static bool is_filled(str s)
{
	return s.n > 0 && !str_has(s, STR("${")) && s.p[0] != '@';
}

void java_id_properties(struct java_id *out, str text)
{
	static const struct {
		str name;
		size_t at;
	} fields[] = {
		{ STR_INIT("groupId"), offsetof(struct java_id, group) },
		{ STR_INIT("artifactId"), offsetof(struct java_id, artifact) },
		{ STR_INIT("version"), offsetof(struct java_id, version) },
	};

	*out = (struct java_id){ 0 };
	for (str line; str_next(&text, '\n', &line);) {
		str key, value;

		line = str_trim(line);
		if (line.n == 0 || line.p[0] == '#' || line.p[0] == '!' ||
		    (!str_cut(line, '=', &key, &value) && !str_cut(line, ':', &key, &value)))
			continue;
		value = str_trim(value);
		for (size_t i = 0; i < COUNT(fields); i++)
			if (str_eq(str_trim(key), fields[i].name) && is_filled(value))
				*(str *)((char *)out + fields[i].at) = value;
	}
}

/* Where in a pom.xml a value stands: the elements that matter, from the root down. */
struct pom_field {
	const char *path;
	size_t at;
};

struct pom {
	struct java_id own, parent;
	struct arena *arena;
	XML_Parser parser;
	size_t depth;
	char path[128]; /* "project/parent/version"; deeper or longer ones end in '?' */
	str *into;
	bool failed, doctype;
};

static const struct pom_field pom_fields[] = {
	{ "/project/groupId", offsetof(struct pom, own.group) },
	{ "/project/artifactId", offsetof(struct pom, own.artifact) },
	{ "/project/version", offsetof(struct pom, own.version) },
	{ "/project/parent/groupId", offsetof(struct pom, parent.group) },
	{ "/project/parent/version", offsetof(struct pom, parent.version) },
	{ "/project/licenses/license/name", offsetof(struct pom, own.licence) },
};

enum { POM_DEPTH = 4 };

static void pom_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct pom *pom = context;
	size_t n = strlen(pom->path);

	(void)attributes;
	pom->into = NULL;
	if (pom->depth++ >= POM_DEPTH)
		return;
	snprintf(pom->path + n, sizeof(pom->path) - n, "/%.20s", name);
	for (size_t i = 0; i < COUNT(pom_fields); i++) {
		str *field = (str *)((char *)pom + pom_fields[i].at);

		if (strcmp(pom->path, pom_fields[i].path) == 0 && field->n == 0)
			pom->into = field;
	}
}

static void pom_end(void *context, const XML_Char *name)
{
	struct pom *pom = context;
	char *slash;

	(void)name;
	if (pom->into)
		*pom->into = str_trim(*pom->into);
	pom->into = NULL;
	if (pom->depth-- > POM_DEPTH)
		return;
	slash = strrchr(pom->path, '/');
	if (slash)
		*slash = '\0';
}

static void pom_text(void *context, const XML_Char *text, int n)
{
	struct pom *pom = context;
	str *s = pom->into;

	if (!s || pom->failed)
		return;
	char *p = arena_grow(pom->arena, (char *)(uintptr_t)s->p, s->n, s->n + (size_t)n);

	if (!p) {
		pom->failed = true;
		return;
	}
	memcpy(p + s->n, text, (size_t)n);
	*s = (str){ p, s->n + (size_t)n };
}

/* A pom has no use for a document type; its entities could swell it. */
static void pom_doctype(void *context, const XML_Char *name, const XML_Char *system,
			const XML_Char *public, int internal)
{
	struct pom *pom = context;

	(void)name, (void)system, (void)public, (void)internal;
	pom->doctype = true;
	XML_StopParser(pom->parser, XML_FALSE);
}

static void parser_freep(XML_Parser *parser)
{
	if (*parser)
		XML_ParserFree(*parser);
}

int java_id_pom(struct java_id *out, str text, struct arena *a, struct err *e)
{
	CLEANUP(parser_freep)
	XML_Parser parser = XML_ParserCreate(NULL);
	struct pom pom = { .arena = a, .parser = parser };
	struct java_id id;

	if (!parser)
		return err_nomem(e);
	XML_SetUserData(parser, &pom);
	XML_SetElementHandler(parser, pom_start, pom_end);
	XML_SetCharacterDataHandler(parser, pom_text);
	XML_SetStartDoctypeDeclHandler(parser, pom_doctype);
	enum XML_Status status = XML_Parse(parser, text.p, (int)MIN(text.n, (size_t)INT32_MAX), 1);

	if (pom.failed)
		return err_nomem(e);
	if (pom.doctype)
		return err_set(e, ERR_UNSUPPORTED, "a pom.xml with a document type");
	if (status != XML_STATUS_OK)
		return err_set(e, ERR_CORRUPT, "line %lu: %s",
			       (unsigned long)XML_GetCurrentLineNumber(parser),
			       XML_ErrorString(XML_GetErrorCode(parser)));
	id = pom.own;
	if (id.group.n == 0)
		id.group = pom.parent.group;
	if (id.version.n == 0)
		id.version = pom.parent.version;
	*out = (struct java_id){
		.group = is_filled(id.group) ? id.group : STR_NONE,
		.artifact = is_filled(id.artifact) ? id.artifact : STR_NONE,
		.version = is_filled(id.version) ? id.version : STR_NONE,
		.licence = id.licence,
	};
	return 0;
}

/* Words that follow a version's digits and still belong to it. */
static bool is_qualifier(str word)
{
	static const char *const words[] = {
		"alpha*",  "beta*",    "rc*",  "cr*",	     "m*",	"snapshot",
		"final*",  "release*", "ga*",  "sp*",	     "jre*",	"jdk*",
		"android", "b*",       "pre*", "incubating", "redhat*",
	};
	char low[16];

	if (word.n >= sizeof(low))
		return false;
	for (size_t i = 0; i < word.n; i++)
		low[i] = ch_down(word.p[i]);
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_glob(str_of(words[i]), (str){ low, word.n }))
			return true;
	return false;
}

/* Whether what stands behind a '-' is a version to its end: a word in it that is no qualifier, and
 * after which numbers come again, says that it is still the name ("log4j-1.2-api-2.17.1"). */
static bool is_version(str s)
{
	bool foreign = false;

	if (s.n == 0 || !ch_digit(s.p[0]))
		return false;
	for (str part; str_next(&s, '-', &part);) {
		if (part.n && ch_digit(part.p[0]) && foreign)
			return false;
		foreign = foreign || (part.n && !ch_digit(part.p[0]) && !is_qualifier(part));
	}
	return true;
}

void java_id_file_name(struct java_id *out, str name)
{
	str stem, rest;

	name = str_base(name);
	if (!str_rcut(name, '.', &stem, &rest))
		stem = name;
	*out = (struct java_id){ .artifact = stem };
	for (size_t i = 1; i + 1 < stem.n; i++) {
		if (stem.p[i] == '-' && is_version(str_from(stem, i + 1))) {
			out->artifact = str_first(stem, i);
			out->version = str_from(stem, i + 1);
			return;
		}
	}
}

struct manifest {
	str implementation_title, implementation_version, implementation_vendor_id;
	str bundle_name, bundle_version, specification_version, module;
	str extension, plugin_version, group;
	str licence;
};

static const struct {
	str name;
	size_t at;
} manifest_fields[] = {
	{ STR_INIT("Implementation-Title"), offsetof(struct manifest, implementation_title) },
	{ STR_INIT("Implementation-Version"), offsetof(struct manifest, implementation_version) },
	{ STR_INIT("Implementation-Vendor-Id"),
	  offsetof(struct manifest, implementation_vendor_id) },
	{ STR_INIT("Bundle-SymbolicName"), offsetof(struct manifest, bundle_name) },
	{ STR_INIT("Bundle-Version"), offsetof(struct manifest, bundle_version) },
	{ STR_INIT("Bundle-License"), offsetof(struct manifest, licence) },
	{ STR_INIT("Specification-Version"), offsetof(struct manifest, specification_version) },
	{ STR_INIT("Automatic-Module-Name"), offsetof(struct manifest, module) },
	{ STR_INIT("Short-Name"), offsetof(struct manifest, extension) }, /* Jenkins plugins */
	{ STR_INIT("Plugin-Version"), offsetof(struct manifest, plugin_version) },
	{ STR_INIT("Group-Id"), offsetof(struct manifest, group) },
};

static void manifest_line(struct manifest *m, str line)
{
	str name, value;

	if (!str_cut(line, ':', &name, &value))
		return;
	value = str_trim(value);
	for (size_t i = 0; i < COUNT(manifest_fields); i++)
		if (str_eq_nocase(name, manifest_fields[i].name) && is_filled(value))
			*(str *)((char *)m + manifest_fields[i].at) = value;
}

/* Joins the lines of the main section: what begins with a blank continues the line before. Lines
 * end in CR LF, LF or CR. */
static int manifest_read(struct manifest *m, str text, struct arena *a, struct err *e)
{
	char *joined = arena_alloc(a, text.n + 1);
	size_t n = 0, begins = 0;

	if (!joined)
		return err_nomem(e);
	for (size_t i = 0; i <= text.n; i++) {
		char c = i < text.n ? text.p[i] : '\n';

		if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			continue;
		if (c != '\r' && c != '\n') {
			joined[n++] = c;
			continue;
		}
		if (i + 1 < text.n && text.p[i + 1] == ' ') {
			i++;
			continue;
		}
		if (n == begins)
			break;
		manifest_line(m, (str){ joined + begins, n - begins });
		begins = n;
	}
	return 0;
}

/* A bundle is called GROUP.ARTIFACT, or GROUP alone when that ends in the artifact's name. */
static str group_of_bundle(str bundle, str artifact)
{
	str head, rest, last;

	if (str_cut(bundle, ';', &head, &rest))
		bundle = str_trim(head);
	if (!str_rcut(bundle, '.', &head, &last) || !str_eq(last, artifact))
		return STR_NONE;
	return str_find(artifact, '-') == SIZE_MAX ? bundle : head;
}

/* A title that could be an artifact's name, rather than a sentence or a package. */
static bool is_artifact(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ch_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n > 0;
}

static str first_filled(const str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].n)
			return list[i];
	return STR_NONE;
}

int java_id_manifest(struct java_id *out, str text, const struct java_id *file, struct arena *a,
		     struct err *e)
{
	struct manifest m = { 0 };

	if (manifest_read(&m, text, a, e) < 0)
		return -1;
	/* A file name with a version is Maven's own; else the title is better than the bare stem.
	 */
	str artifact = file->artifact;

	if (file->version.n == 0 && m.extension.n)
		artifact = m.extension;
	else if (file->version.n == 0 && is_artifact(m.implementation_title))
		artifact = m.implementation_title;
	/* "1.2.3 build 45" and the like: the file name is right when both begin alike. */
	const str versions[] = {
		m.plugin_version,
		file->version.n && str_starts(m.implementation_version, file->version)
			? file->version
			: m.implementation_version,
		file->version,
		m.bundle_version,
		m.specification_version,
	};
	str version, rest;

	str_cut(first_filled(versions, COUNT(versions)), ' ', &version, &rest);
	const str ids[] = {
		m.group,
		java_id_group_of(artifact, version),
		group_of_bundle(m.bundle_name, artifact),
		m.implementation_vendor_id,
		group_of_bundle(m.module, artifact),
	};

	*out = (struct java_id){ .group = first_filled(ids, COUNT(ids)),
				 .artifact = artifact,
				 .version = version,
				 .licence = m.licence };
	return 0;
}
