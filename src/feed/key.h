/* How things are found in the store: one ordered row of keys, the first byte says of what. */
#pragma once

#include "base/buf.h"
#include "base/limits.h"

enum key_kind {
	KEY_AFFECTED = 'a',  /* ecosystem NUL name → what every feed says of the package */
	KEY_DETAILS = 'd',   /* id NUL u16be source → the advisory's text */
	KEY_ECOSYSTEM = 'e', /* ecosystem → how many packages */
	KEY_ADVISORY = 'i',  /* id → what every feed says of it */
	KEY_INFO = 'm',	     /* → schema, dates, sources */
	KEY_NAME = 'n',	     /* name in lower case → ecosystem and name, … */
	KEY_PACKAGES = 'p',  /* id → source, ecosystem and name, … */
	KEY_RISK = 'r',	     /* CVE id → KEV and EPSS */
	KEY_ERRATA = 'u',    /* id → ids of what repairs it */
	KEY_ALIASES = 'x',   /* id → all names of the vulnerability */
	KEY_DIGEST = 'z',    /* → SHA-256 of all that stands before */
};

/* What LMDB takes, less the kind, the NUL and room for a source. */
enum { KEY_MOST = LIMIT_STORE_KEY_BYTES + 4 };

struct key {
	size_t n;
	char bytes[KEY_MOST];
};

static inline str key_str(const struct key *k)
{
	return (str){ k->bytes, k->n };
}

/* A key that is one word; false when it is too long to be one: it is then in no store. */
bool key_word(struct key *k, enum key_kind kind, str word);
/* KEY_AFFECTED, the name in the spelling that stands for all its ecosystem takes for the same. */
bool key_package(struct key *k, str ecosystem, str name);
bool key_details(struct key *k, str id, uint32_t source);
/* KEY_NAME: lower case. */
bool key_name(struct key *k, str name);
/* The parts of a KEY_AFFECTED key. */
void key_split(str key, str *ecosystem, str *name);

/* "Debian:12" → "Debian". */
str ecosystem_base(str ecosystem);
/* OSV's spelling of an ecosystem that some feed writes otherwise. */
str ecosystem_canonical(str ecosystem);
/* Its feeds name source packages (apk: origins), not what is installed. */
bool ecosystem_by_source(str ecosystem);
