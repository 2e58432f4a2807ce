/* One cataloger's row over the fuzzer's bytes. What it said must hold together, whatever it was. */
#pragma once

#include "catalog/catalog.h"

static inline void evidence_check(const struct evidence *ev)
{
	vec_each (p, &ev->packages) {
		if (p->name.n == 0 || p->type.n == 0 || p->evidence.n == 0 || p->paths.n == 0)
			abort();
	}
	vec_each (own, &ev->owned) {
		if (own->package >= ev->packages.n && ev->owner.n == 0)
			abort();
	}
}

static inline void catalog_run(const struct cataloger *row, const char *path, const uint8_t *data,
			       size_t size)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(32 << 20);
	struct reason_list reasons = { 0 };
	str bytes = { (const char *)data, size };
	struct evidence ev = { .path = str_of(path), .reader = row->name };
	struct catalog_file f = { str_of(path), size, 0644, blob_of(bytes), bytes };
	struct catalog_out out = { .evidence = &ev, .reasons = &reasons, .arena = &a };
	struct err e = { 0 };

	if (row->read(&out, &f, &e) < 0 && e.kind == ERR_NONE)
		abort();
	evidence_check(&ev);
}
