/* The `affected` part of an OSV record (OSV schema 1.7, "affected[]" and "Evaluation"). */
#pragma once

#include "feed/sink.h"
#include "format/json.h"

/* What the whole record says and its parts inherit. */
struct osv_whole {
	str id;
	str severity_word;	/* database_specific.severity */
	struct cvss_list *cvss; /* of the parts go in here too */
	bool git_only;		/* set when a part had only commits */
};

/* Puts every part of the array `raw` into the sink: how many, or -1 and *e. */
int osv_affected_put(struct feed_sink *s, str raw, struct osv_whole *whole, struct arena *a,
		     struct err *e) MUST_CHECK;

/* Reads a `severity` list: CVSS vectors go to `cvss`, a distribution's own word to *word. */
int osv_severity_read(struct cvss_list *cvss, str *word, str id, struct json *j,
		      struct err *e) MUST_CHECK;
/* Who publishes records with such ids: "ghsa", "ubuntu", …; "vendor" when not known. */
str osv_publisher(str id);
