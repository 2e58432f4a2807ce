/* What both kinds of documents list: one thing, in one shape; and how it becomes a package, the
 * system, the image, or a reason. */
#pragma once

#include "base/map.h"
#include "format/json.h"
#include "image/sbom.h"

struct sbom_item {
	str kind; /* CycloneDX type; of SPDX the purpose, in CycloneDX's words */
	str ref, group, name, version, purl, supplier;
	struct str_list licences;
	struct label_list facts; /* properties, annotations */
	struct str_list paths;
	bool described; /* it is what the document is about */
};

struct sbom_item_list VEC_BODY(struct sbom_item);

/* Everything that was listed → *out. */
int sbom_take(struct sbom *out, const struct sbom_item_list *items, struct arena *a,
	      struct err *e) MUST_CHECK;

int sbom_read_cyclonedx(struct sbom_item_list *out, str text, struct arena *a,
			struct err *e) MUST_CHECK;
int sbom_read_spdx(struct sbom_item_list *out, str text, struct arena *a, struct err *e) MUST_CHECK;
