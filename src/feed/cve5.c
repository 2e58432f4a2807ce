/* CVE JSON 5 records (CVEProject cve-schema 5): what a CVE is called, says and scores. Which
 * versions of which product it names is not used: it speaks of products, not packages. */
#include "feed/cve5.h"

#include "base/limits.h"
#include "format/json.h"

struct cve5_text {
	str lang, value;
};

struct cve5_score {
	str vector;
	double score;
};

struct cve5_metric {
	struct cve5_score v40, v31, v30, v20;
};

struct cve5_provider {
	str name;
};

struct cve5_link {
	str url;
};

struct cve5_container {
	struct cve5_provider provider;
	str title;
	VEC(struct cve5_text) descriptions;
	VEC(struct cve5_metric) metrics;
	VEC(struct cve5_link) references;
};

struct cve5_containers {
	struct cve5_container cna;
	VEC(struct cve5_container) adp;
};

struct cve5_meta {
	str id, state, published, updated;
};

struct cve5 {
	struct cve5_meta meta;
	struct cve5_containers containers;
};

/* clang-format off */
#define TABLE(name_, noun_, type_) \
	static const struct json_table name_##_table = { noun_, name_##_fields, COUNT(name_##_fields), sizeof(type_), false }

static const struct json_field text_fields[] = {
	{ JSON_FIELD("lang", JSON_AS_STR, struct cve5_text, lang) },
	{ JSON_FIELD("value", JSON_AS_STR, struct cve5_text, value) },
};
TABLE(text, "description", struct cve5_text);

static const struct json_field score_fields[] = {
	{ JSON_FIELD("vectorString", JSON_AS_STR, struct cve5_score, vector), .required = true },
	{ JSON_FIELD("baseScore", JSON_AS_DOUBLE, struct cve5_score, score), .required = true },
};
TABLE(score, "score", struct cve5_score);

static const struct json_field metric_fields[] = {
	{ JSON_FIELD("cvssV4_0", JSON_AS_OBJECT, struct cve5_metric, v40), .table = &score_table },
	{ JSON_FIELD("cvssV3_1", JSON_AS_OBJECT, struct cve5_metric, v31), .table = &score_table },
	{ JSON_FIELD("cvssV3_0", JSON_AS_OBJECT, struct cve5_metric, v30), .table = &score_table },
	{ JSON_FIELD("cvssV2_0", JSON_AS_OBJECT, struct cve5_metric, v20), .table = &score_table },
};
TABLE(metric, "metric", struct cve5_metric);

static const struct json_field provider_fields[] = {
	{ JSON_FIELD("shortName", JSON_AS_STR, struct cve5_provider, name) },
};
TABLE(provider, "provider", struct cve5_provider);

static const struct json_field link_fields[] = {
	{ JSON_FIELD("url", JSON_AS_STR, struct cve5_link, url), .required = true },
};
TABLE(link, "reference", struct cve5_link);

static const struct json_field container_fields[] = {
	{ JSON_FIELD("providerMetadata", JSON_AS_OBJECT, struct cve5_container, provider), .table = &provider_table },
	{ JSON_FIELD("title", JSON_AS_STR, struct cve5_container, title) },
	{ JSON_FIELD("descriptions", JSON_AS_OBJECTS, struct cve5_container, descriptions), .table = &text_table },
	{ JSON_FIELD("metrics", JSON_AS_OBJECTS, struct cve5_container, metrics), .table = &metric_table },
	{ JSON_FIELD("references", JSON_AS_OBJECTS, struct cve5_container, references), .table = &link_table },
};
TABLE(container, "container", struct cve5_container);

static const struct json_field containers_fields[] = {
	{ JSON_FIELD("cna", JSON_AS_OBJECT, struct cve5_containers, cna), .required = true, .table = &container_table },
	{ JSON_FIELD("adp", JSON_AS_OBJECTS, struct cve5_containers, adp), .table = &container_table },
};
TABLE(containers, "containers", struct cve5_containers);

static const struct json_field meta_fields[] = {
	{ JSON_FIELD("cveId", JSON_AS_STR, struct cve5_meta, id), .required = true },
	{ JSON_FIELD("state", JSON_AS_STR, struct cve5_meta, state), .required = true },
	{ JSON_FIELD("datePublished", JSON_AS_STR, struct cve5_meta, published) },
	{ JSON_FIELD("dateUpdated", JSON_AS_STR, struct cve5_meta, updated) },
};
TABLE(meta, "metadata", struct cve5_meta);

static const struct json_field cve5_fields[] = {
	{ JSON_FIELD("cveMetadata", JSON_AS_OBJECT, struct cve5, meta), .required = true, .table = &meta_table },
	{ JSON_FIELD("containers", JSON_AS_OBJECT, struct cve5, containers), .required = true, .table = &containers_table },
};
TABLE(cve5, "CVE record", struct cve5);
#undef TABLE
/* clang-format on */

static str provider_word(str name)
{
	if (str_eq(name, STR("CISA-ADP")))
		return STR("cisa");
	return str_eq(name, STR("nvd@nist.gov")) ? STR("nvd") : name;
}

static int metrics_add(struct advisory *out, const struct cve5_container *c, struct arena *a,
		       struct err *e)
{
	vec_each (metric, &c->metrics) {
		const struct cve5_score *scores[] = { &metric->v40, &metric->v31, &metric->v30,
						      &metric->v20 };

		for (size_t i = 0; i < COUNT(scores); i++) {
			struct cvss x = { provider_word(c->provider.name), scores[i]->vector,
					  scores[i]->score };

			if (x.vector.n && vec_push(&out->cvss, a, e, x) < 0)
				return -1;
		}
	}
	return 0;
}

static int record_put(struct feed_sink *s, const struct cve5 *x, struct arena *a, struct err *e)
{
	const struct cve5_container *cna = &x->containers.cna;
	struct advisory out = {
		.id = x->meta.id,
		.title = cna->title,
		.published = x->meta.published,
		.modified = x->meta.updated,
	};

	vec_each (text, &cna->descriptions)
		if (!out.details.n || (str_starts(text->lang, STR("en")) && text->value.n))
			out.details = text->value;
	vec_each (link, &cna->references)
		if (vec_push(&out.references, a, e, link->url) < 0)
			return -1;
	if (metrics_add(&out, cna, a, e) < 0)
		return -1;
	vec_each (adp, &x->containers.adp)
		if (metrics_add(&out, adp, a, e) < 0)
			return -1;
	return sink_advisory(s, &out, e);
}

void cve5_parse(struct feed_sink *s, str text, str name)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 * MIB);
	struct cve5 x = { 0 };
	struct err why;

	sink_begin(s);
	if (json_object_whole(&x, text, &cve5_table, &a, &why) < 0)
		sink_refuse(s, name, &why);
	else if (!str_eq(x.meta.state, STR("PUBLISHED")))
		sink_drop(s, DROP_WITHDRAWN, x.meta.id, NULL);
	else if (record_put(s, &x, &a, &why) < 0)
		sink_refuse(s, name, &why);
	else
		sink_keep(s);
}
