/* What both kinds of bill of materials say beyond their own words: names and values
 * ("plimsoll:layer"), by which image/sbom gets back all that matching needs; the licences as one
 * expression; a date and an identity that no clock and no chance have a part in. */
#pragma once

#include "base/clock.h"
#include "base/map.h"
#include "model/report.h"

struct bom_fact {
	str name, value;
};

struct bom_fact_list VEC_BODY(struct bom_fact);

/* Of a package; `ids` are report_package_ids. */
int bom_package_facts(struct bom_fact_list *out, const struct package *p,
		      const struct str_list *ids, struct arena *a, struct err *e) MUST_CHECK;
/* Of the image: its layers, and what could not be read in it. */
int bom_image_facts(struct bom_fact_list *out, const struct report *r, struct arena *a,
		    struct err *e) MUST_CHECK;
int bom_os_facts(struct bom_fact_list *out, const struct os *os, struct arena *a,
		 struct err *e) MUST_CHECK;

/* One expression for all declared licences, joined by AND; those not understood stand in it as
 * LicenseRef- names, which *refs learns (name → struct bom_fact). Empty when none is declared. */
int bom_licences(str *out, const struct package *p, struct map *refs, struct arena *a,
		 struct err *e) MUST_CHECK;

/* When the image was made, else when the data was built, else 1970. */
str bom_date(char out[CLOCK_TEXT], const struct report *r);
/* "8-4-4-4-12" hex digits that follow from the bytes (RFC 9562, version 8). */
#define BOM_UUID 40
int bom_uuid(char out[BOM_UUID], str bytes, struct err *e) MUST_CHECK;
