/* Every limit on input, named once. Each has a test that meets it. */
#pragma once

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

enum {
	LIMIT_VERSION_BYTES = 1024,	      /* a version string */
	LIMIT_VERSION_RANGE_BYTES = 64 << 10, /* a range of versions */
	LIMIT_JSON_DEPTH = 128,		      /* nesting of a JSON text */
	LIMIT_TOML_DEPTH = 32,		      /* nesting of a TOML value */
	LIMIT_TOML_KEY_BYTES = 1024,	      /* a key or table name of one, with dots */
	LIMIT_SBOM_NESTING = 32,	      /* components inside components */
	LIMIT_PURL_BYTES = 8 << 10,	      /* a package URL of a bill of materials */
	LIMIT_LICENCE_BYTES = 4096,	      /* a licence as declared, when it is read as an expression */
	LIMIT_LICENCE_DEPTH = 16,	      /* parentheses in it */
	LIMIT_YAML_DEPTH = 32,		      /* nesting of a YAML text */
	LIMIT_XML_DEPTH = 64,		      /* nesting of an XML document */
	LIMIT_ARCHIVE_NESTING = 8,	      /* archives inside archives */
	LIMIT_RPM_DIRECTORIES = 1 << 20, /* directories of one rpm package */
	LIMIT_LAYERS = 512,		      /* layers of an image */
	LIMIT_REASONS = 1000,		      /* different reasons that a layer or image may list */
	LIMIT_PATH_BYTES = 16 << 10,	      /* a path inside an image */
	LIMIT_LAYER_LINKS = 100000,	      /* symbolic links that a layer lists */
	LIMIT_LAYER_WHITEOUTS = 100000,	      /* names that a layer takes away */
	LIMIT_LAYER_HARDLINKS = 20000,	/* hard links whose content is read in a second pass */
	LIMIT_LAYER_FILES = 16 << 20,	/* paths in a layer */
	LIMIT_INDEX_ENTRIES = 1000,	/* manifests in an index, images in an archive */
	LIMIT_INDEX_NESTING = 4,	/* indexes inside indexes */
	LIMIT_ARCHIVE_ENTRIES = 100000, /* members of an image archive */
	LIMIT_ASKED_FILES = 32,		/* files that describe one image in a directory */
	LIMIT_DIRECTORY_DEPTH = 256,	/* directories inside directories */
	LIMIT_JOBS = 64,		/* layers read at once */
	LIMIT_LAYER_SECONDS = 3600,	/* for one layer */
	LIMIT_IMAGE_SECONDS = 120,	/* to describe an image */
	LIMIT_OWNER_NAMES = 32,		/* names of one file through symbolic links */
	LIMIT_SPARSE_PARTS = 1 << 18,	/* pieces of data in one sparse file of an archive */
	LIMIT_ZIP_ENTRIES = 1 << 18,	/* in one zip archive */
	LIMIT_JAR_POMS = 1000,		/* pom.xml that are looked at in one Java archive */
	LIMIT_ELF_PARTS = 1 << 16,	/* sections, and segments, of an ELF file */
	LIMIT_ELF_NOTE_BYTES = 1 << 20, /* notes of an ELF file */
};

#define LIMIT_PAX_HEADER_BYTES (1 * MIB)   /* one PAX or GNU long-name record */
#define LIMIT_MANIFEST_BYTES   (4 * MIB)   /* a manifest, index or image configuration */
#define LIMIT_TEXT_FILE_BYTES  (64 * MIB)  /* a package database that is read whole */
#define LIMIT_RPM_HEADER_BYTES (32 * MIB)  /* one package in an rpm database */
#define LIMIT_RPM_PATHS_BYTES  (64 * MIB)  /* all paths of one rpm package's files */
#define LIMIT_RPM_DATABASE_BYTES (2 * GIB) /* an rpm database, read by parts */
#define LIMIT_SMALL_FILE_BYTES (1 * MIB)   /* package.json, METADATA, os-release, … */
#define LIMIT_LOCK_FILE_BYTES  (32 * MIB)  /* package-lock.json, Cargo.lock, … */
#define LIMIT_AUDITABLE_BYTES  (8 * MIB)   /* a Rust program's list of crates, inflated */
#define LIMIT_ZSTD_WINDOW      (32 * MIB)  /* the memory a zstd frame may ask for */
#define LIMIT_LAYER_BYTES      (256 * GIB) /* a layer, uncompressed */
#define LIMIT_SCRATCH_BYTES    (4 * GIB)   /* one file of a layer, put where readers can seek in it */
#define LIMIT_FRAME_BYTES      (16 * MIB)  /* one message between our own processes */
#define LIMIT_MERGE_BYTES      (256 * MIB) /* memory of the merge of an image's layers */
#define LIMIT_ZIP_LIST_BYTES   (32 * MIB)  /* a zip archive's directory */

/* Registries and engines. */
enum {
	LIMIT_CHALLENGES = 16,		  /* ways to log in that a server offers in one answer */
	LIMIT_REDIRECTS = 5,		  /* of one request */
	LIMIT_AUTH_ROUNDS = 2,		  /* times that one request may be sent back to log in */
	LIMIT_RETRY_SECONDS = 60,	  /* waited for one request, in all */
	LIMIT_REFERRERS_PAGES = 64,	  /* answers that one list of referrers may come in */
	LIMIT_CREDENTIAL_SECONDS = 30,	  /* for a credential helper */
	LIMIT_REGISTRY_NAMES = 10000,	  /* tags of a repository that are looked at */
	LIMIT_BOLT_DEPTH = 32,		  /* pages under pages of a bolt bucket */
	LIMIT_REGISTRY_TRIES = 5,	  /* of a request that a server is too busy for */
};

#define LIMIT_HEADERS_BYTES    (64 * KIB)  /* what is kept of an answer's header fields */
#define LIMIT_TOKEN_BYTES      (64 * KIB)  /* a token server's answer */
#define LIMIT_TAGS_BYTES       (1 * MIB)   /* a list of tags */
#define LIMIT_CREDENTIAL_BYTES (64 * KIB)  /* what a credential helper prints */
#define LIMIT_BOLT_BYTES       (256 * MIB) /* containerd's database */
#define LIMIT_SPOOL_BYTES      (64 * GIB)  /* an engine's archive, or a layer, kept while it is read */

/* Advisory feeds. */
enum {
	LIMIT_ADVISORY_ID_BYTES = 128,	     /* longer names cost their record */
	LIMIT_STORE_KEY_BYTES = 500,	     /* ecosystem and package name together, likewise */
	LIMIT_ADVISORY_TITLE_BYTES = 300,    /* kept of a title; the rest is cut */
	LIMIT_ADVISORY_DETAILS_BYTES = 1900, /* kept of an advisory's text; the rest is cut */
	LIMIT_ADVISORY_REFERENCES = 24,	     /* kept of its links */
	LIMIT_ADVISORY_NAMES = 4096,	     /* aliases, related, repaired ids, each */
	LIMIT_OVAL_ROWS = 100000,	     /* package, version and system of one definition */
	LIMIT_ALIAS_GROUP = 64,		     /* names of one vulnerability; larger: not closed */
};

#define LIMIT_FEED_FILE_BYTES	(1 * GIB)  /* one advisory feed, packed or unpacked */
#define LIMIT_FEED_RECORD_BYTES (16 * MIB) /* one record of it */
#define LIMIT_FEED_FRAME_BYTES	(4 * MIB)  /* one normalised record, from the worker */
#define LIMIT_STORE_INDEX_BYTES	   (32 * MIB) /* a container store's list of images or layers */
#define LIMIT_ARCHIVE_BYTES	   (64 * GIB) /* an image's archive that was compressed as a whole */
#define LIMIT_TARSPLIT_BYTES	   (4 * GIB) /* the list of parts of one layer's archive */
#define LIMIT_TARSPLIT_LINE_BYTES  (32 * MIB) /* one part in it */
#define LIMIT_DIRECTORY_BYTES	   (64 * MIB) /* the names in one directory */
#define LIMIT_PAX_HEADER_BYTES	  (1 * MIB)   /* one PAX or GNU long-name record */
#define LIMIT_MANIFEST_BYTES	  (4 * MIB)   /* a manifest, index or image configuration */
#define LIMIT_TEXT_FILE_BYTES	  (64 * MIB)  /* a package database that is read whole */
#define LIMIT_SMALL_FILE_BYTES	  (1 * MIB)   /* package.json, METADATA, os-release, … */
#define LIMIT_ZSTD_WINDOW	  (32 * MIB)  /* the memory a zstd frame may ask for */
#define LIMIT_LAYER_BYTES	  (256 * GIB) /* a layer, uncompressed */
#define LIMIT_FRAME_BYTES	  (16 * MIB)  /* one message between our own processes */
#define LIMIT_MERGE_BYTES	  (256 * MIB) /* memory of the merge of an image's layers */
#define LIMIT_ZIP_LIST_BYTES	  (32 * MIB)  /* a zip archive's directory */
#define LIMIT_STORE_INDEX_BYTES	  (32 * MIB)  /* a container store's list of images or layers */
#define LIMIT_ARCHIVE_BYTES	  (64 * GIB) /* an image's archive that was compressed as a whole */
#define LIMIT_TARSPLIT_BYTES	  (4 * GIB)  /* the list of parts of one layer's archive */
#define LIMIT_TARSPLIT_LINE_BYTES (32 * MIB) /* one part in it */
#define LIMIT_DIRECTORY_BYTES	  (64 * MIB) /* the names in one directory */
#define LIMIT_FACTS_BYTES	  (1 * GIB)  /* what one layer taught, with its paths */
#define LIMIT_ARCHIVE_MEMORY	  (48 * MIB) /* for archives in archives, at one time */
#define LIMIT_ARCHIVE_INFLATED	  (1 * GIB)  /* archives inflated out of one file, in all */
#define LIMIT_SBOM_BYTES	  (128 * MIB) /* a bill of materials */
#define LIMIT_SBOM_MEMORY	  (1 * GIB)   /* of the worker that reads it */
