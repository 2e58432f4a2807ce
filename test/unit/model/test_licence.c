#include "model/licence.h"

#include "base/limits.h"
#include "tap.h"

static const struct row {
	const char *declared, *expression; /* NULL: not understood */
} rows[] = {
	/* clang-format off */
	/* npm, Cargo, NuGet, new Python and Fedora: expressions already */
	{ "MIT", "MIT" },
	{ "mit", "MIT" },
	{ "(MIT OR Apache-2.0)", "(MIT OR Apache-2.0)" },
	{ "MIT OR Apache-2.0 AND (ISC OR 0BSD)", "MIT OR Apache-2.0 AND (ISC OR 0BSD)" },
	{ "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0" },
	{ "LicenseRef-Callaway-MIT", "LicenseRef-Callaway-MIT" },
	{ "Apache-1.0+", "Apache-1.0+" },
	{ "GPL-2.0", "GPL-2.0-only" },
	{ "GPL-2.0+", "GPL-2.0-or-later" },
	/* Debian's copyright-format 1.0 */
	{ "GPL-2+", "GPL-2.0-or-later" },
	{ "LGPL-2.1+", "LGPL-2.1-or-later" },
	{ "Expat", "MIT" },
	{ "BSD-3-clause", "BSD-3-Clause" },
	{ "GPL-2+ and BSD-3-clause", "GPL-2.0-or-later AND BSD-3-Clause" },
	{ "GPL-1+ or Artistic", "Artistic-1.0-Perl OR GPL-1.0-or-later" },
	{ "Apache-2.0 with LLVM exception", "Apache-2.0 WITH LLVM-exception" },
	{ "GPL-2+ with Libtool exception", "GPL-2.0-or-later WITH Libtool-exception" },
	{ "GPL-2+ with Unheard exception", NULL },
	{ "public-domain", NULL },
	/* rpm, before and after Fedora took to SPDX */
	{ "GPLv2+", "GPL-2.0-or-later" },
	{ "GPLv3+ and GFDL", NULL },
	{ "LGPLv2+ and MIT", "LGPL-2.0-or-later AND MIT" },
	{ "ASL 2.0", "Apache-2.0" },
	{ "(GPL+ or Artistic) and MIT", "(GPL-1.0-or-later OR Artistic-1.0-Perl) AND MIT" },
	{ "GPL+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl" },
	{ "BSD", NULL },
	/* Python */
	{ "License :: OSI Approved :: MIT License", "MIT" },
	{ "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later" },
	{ "License :: OSI Approved :: BSD License", NULL },
	{ "Apache License 2.0", "Apache-2.0" },
	{ "GPL v2 or later", "GPL-2.0-or-later" },
	/* Maven */
	{ "The Apache Software License, Version 2.0", "Apache-2.0" },
	{ "https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0" },
	{ "GNU General Public License, version 2 with the GNU Classpath Exception",
	  "GPL-2.0-only WITH Classpath-exception-2.0" },
	/* no sense at all */
	{ "", NULL },
	{ "()", NULL },
	{ "MIT AND", NULL },
	{ "AND MIT", NULL },
	{ "(MIT", NULL },
	{ "MIT)", NULL },
	{ "MIT MIT", NULL },
	{ "MIT WITH MIT", NULL },
	{ "LicenseRef-", NULL },
	/* clang-format on */
};

TEST(declared_words_become_expressions_or_stay_what_they_were)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(arena_free)
		struct arena a = ARENA(64 << 10);
		struct err e;
		str out = STR("untouched");
		int r = licence_normalise(&out, str_of(rows[i].declared), &a, &e);

		CHECK(r == (rows[i].expression != NULL));
		CHECK_STR(out, r ? str_of(rows[i].expression) : STR("untouched"));
		if (r)
			CHECK(licence_is_expression(out));
	}
}

TEST(only_the_strict_grammar_is_an_expression)
{
	static const struct {
		const char *text;
		bool is;
	} strict[] = {
		{ "MIT", true },
		{ "mit AND (0bsd OR Zlib)", true },
		{ "DocumentRef-x:LicenseRef-y.1", true },
		{ "GPL-2.0+ WITH GCC-exception-2.0", true },
		{ "MIT and ISC", false },
		{ "GPL-2+", false },
		{ "Apache License 2.0", false },
		{ "LicenseRef-a_b", false },
		{ "DocumentRef-x:MIT", false },
		{ "MIT OR", false },
		{ "(MIT)(ISC)", false },
	};

	for (size_t i = 0; i < COUNT(strict); i++)
		CHECK(licence_is_expression(str_of(strict[i].text)) == strict[i].is);
}

TEST(depth_and_length_have_limits)
{
	char text[LIMIT_LICENCE_BYTES + 64];

	for (unsigned depth = LIMIT_LICENCE_DEPTH; depth <= LIMIT_LICENCE_DEPTH + 1; depth++) {
		memset(text, '(', depth);
		memcpy(text + depth, "MIT", 3);
		memset(text + depth + 3, ')', depth);
		CHECK(licence_is_expression((str){ text, 2 * depth + 3 }) ==
		      (depth == LIMIT_LICENCE_DEPTH));
	}
	memset(text, ' ', sizeof(text));
	memcpy(text, "MIT", 3);
	CHECK(licence_is_expression((str){ text, LIMIT_LICENCE_BYTES }));
	CHECK(!licence_is_expression((str){ text, LIMIT_LICENCE_BYTES + 1 }));
}

TEST(unknown_words_get_names_of_their_own)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(64 << 10);
	struct err e;
	str one, other;

	CHECK(licence_reference(&one, STR("public-domain"), &a, &e) == 0);
	CHECK_STR(one, STR("LicenseRef-public-domain"));
	CHECK(licence_reference(&one, STR("Do what\nyou like"), &a, &e) == 0);
	CHECK(licence_reference(&other, STR("Do what you like"), &a, &e) == 0);
	CHECK(licence_is_expression(one) && licence_is_expression(other) && !str_eq(one, other));
	CHECK(licence_reference(&one, STR("\xff"), &a, &e) == 0 && licence_is_expression(one));
}

TEST_MAIN
