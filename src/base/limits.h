/* Every limit on input, named once. Each has a test that meets it. */
#pragma once

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

enum {
	LIMIT_VERSION_BYTES = 1024,	/* a version string */
	LIMIT_JSON_DEPTH = 128,		/* nesting of a JSON text */
	LIMIT_ARCHIVE_NESTING = 8,	/* archives inside archives */
	LIMIT_LAYERS = 512,		/* layers of an image */
	LIMIT_REASONS = 1000,		/* different reasons that a layer or image may list */
	LIMIT_PATH_BYTES = 16 << 10,	/* a path inside an image */
};

#define LIMIT_PAX_HEADER_BYTES	   (1 * MIB)  /* one PAX or GNU long-name record */
#define LIMIT_MANIFEST_BYTES	   (4 * MIB)  /* a manifest, index or image configuration */
#define LIMIT_TEXT_FILE_BYTES	   (64 * MIB) /* a package database that is read whole */
#define LIMIT_SMALL_FILE_BYTES	   (1 * MIB)  /* package.json, METADATA, os-release, … */
