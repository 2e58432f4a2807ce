/* What a Java archive calls itself: the Maven coordinates in pom.properties and pom.xml, the words
 * of its manifest, and its file name. Bytes in, names out. */
#pragma once

#include "catalog/catalog.h"

struct java_id {
	str group, artifact, version; /* each may be empty */
	str licence;
};

/* META-INF/maven/…/pom.properties (java.util.Properties). */
void java_id_properties(struct java_id *out, str text);
/* META-INF/maven/…/pom.xml, with what it leaves to its parent; what stands for a property of
 * another file stays empty. */
int java_id_pom(struct java_id *out, str text, struct arena *a, struct err *e) MUST_CHECK;
/* The main section of META-INF/MANIFEST.MF (JAR File Specification). `file` is the archive's name
 * as java_id_file_name read it, and helps to tell group from artifact. */
int java_id_manifest(struct java_id *out, str text, const struct java_id *file, struct arena *a,
		     struct err *e) MUST_CHECK;
/* "log4j-1.2-api-2.17.1.jar": artifact and version; the version is empty when there is none. */
void java_id_file_name(struct java_id *out, str name);
/* The group under which an artifact is published whose archives do not say it, which may have
 * changed with a version; empty when not known. */
str java_id_group_of(str artifact, str version);
