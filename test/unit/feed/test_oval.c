/* OVAL where it is odd, damaged or too large, and its packing. */
#include "feed/oval_criteria.h"
#include "format/bzip2.h"
#include "format/xml.h"
#include "store_help.h"

#define PLATFORM \
	"<metadata><title>CVE-2024-1 x</title><affected><platform>Debian 12</platform></affected></metadata>"
#define TESTS                                                                                         \
	"<tests><dpkginfo_test id='t'><object object_ref='o'/><state state_ref='s'/></dpkginfo_test>" \
	"</tests><objects><dpkginfo_object id='o'><name>x</name></dpkginfo_object></objects>"         \
	"<states><dpkginfo_state id='s'><evr operation='less than'>2</evr></dpkginfo_state></states>"
#define DEFINITION(id, criteria) \
	"<definition class='vulnerability' id='" id "'>" PLATFORM criteria "</definition>"
#define DOCUMENT(definitions, rest) "<o><definitions>" definitions "</definitions>" rest "</o>"
#define LEAF			    "<criterion test_ref='t'/>"

struct parsed {
	struct buf frames;
	struct feed_sink sink;
	struct err e;
};

static void parsed_end(struct parsed *p)
{
	buf_free(&p->frames);
}

static int parse(struct parsed *p, str text)
{
	*p = (struct parsed){ 0 };
	sink_init(&p->sink, &p->frames, "oval/1", test_latest);
	return feed_parse(&p->sink, FORMAT_OVAL, text, &p->e);
}

TEST(a_definition_without_a_version_is_counted_and_no_more)
{
	CLEANUP(parsed_end)
	struct parsed p;

	CHECK(parse(&p, STR(DOCUMENT(DEFINITION("a", "<criteria>" LEAF
						     "</criteria>") DEFINITION("b", "<criteria/>")
					     DEFINITION("c", "<criteria><criterion/></criteria>"),
				     TESTS))) == 0);
	CHECK(p.sink.tally.read == 3 && p.sink.tally.stored == 1 && p.sink.tally.affected == 1);
	CHECK(p.sink.tally.dropped[DROP_NO_PACKAGE] == 1);
	CHECK(p.sink.tally.dropped[DROP_MALFORMED] == 1);
	CHECK(str_has(str_of(p.sink.tally.problem), STR("c: ")));
}

TEST(what_is_negated_or_wants_nothing_there_says_nothing)
{
	CLEANUP(parsed_end)
	struct parsed p;

	CHECK(parse(&p, STR(DOCUMENT(DEFINITION("a", "<criteria negate='true'>" LEAF "</criteria>"),
				     TESTS))) == 0);
	CHECK(p.sink.tally.dropped[DROP_NO_PACKAGE] == 1);
}

/* Two conditions to the power of n are as many rows. */
TEST(criteria_that_explode_cost_their_definition)
{
	CLEANUP(parsed_end)
	struct parsed p;
	CLEANUP(buf_free)
	struct buf b = BUF(1 * MIB);

	buf_putz(&b, "<o><definitions><definition class='vulnerability' id='a'>" PLATFORM
		     "<criteria operator='AND'>" LEAF);
	for (int i = 0; i < 18; i++)
		buf_putz(&b,
			 "<criteria operator='OR'><criterion test_ref='-' comment='x arch is a'/>"
			 "<criterion test_ref='-' comment='x arch is b'/></criteria>");
	buf_putz(&b, "</criteria></definition></definitions>" TESTS "</o>");
	CHECK(parse(&p, buf_str(&b)) == 0);
	CHECK(p.sink.tally.dropped[DROP_LIMIT] == 1 && p.sink.tally.stored == 0);
}

TEST(no_failure_of_memory_goes_unsaid)
{
	static const str text = STR_INIT(DOCUMENT("", TESTS));
	const struct oval_node leaf = { .test = STR("t") };
	const struct oval_node top = { .operator= OVAL_AND, .first = (struct oval_node *)&leaf };
	int r = -1;

	for (uint64_t i = 1; r < 0 && i < 200; i++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 1 * MIB, .fail_at = i };
		struct oval_facts f = { .a = &a };
		struct oval_rows rows = { 0 };
		struct err e = { 0 };

		r = oval_facts_read(&f, text, &e);
		if (r == 0)
			r = oval_rows_of(&rows, &top, &f, &a, &e);
		CHECK(r == 0 ? rows.n == 1 && str_eq(rows.v[0].version, STR("2"))
			     : str_has(str_of(e.text), STR("memory")));
	}
	CHECK(r == 0);
}

TEST(elements_nest_only_so_deep)
{
	CLEANUP(buf_free)
	struct buf b = BUF(64 * KIB);
	const struct xml_handler h = { 0 };
	struct err e;

	for (int i = 0; i < LIMIT_XML_DEPTH + 1; i++)
		buf_putz(&b, "<a>");
	CHECK(xml_read(&h, buf_str(&b), &e) == -1 && e.kind == ERR_LIMIT);
}

TEST(a_document_type_and_a_cut_document_are_refused)
{
	CLEANUP(parsed_end)
	struct parsed p;

	CHECK(parse(&p, STR("<!DOCTYPE o [<!ENTITY a 'b'>]><o>&a;</o>")) == -1);
	CHECK(p.e.kind == ERR_UNSUPPORTED);
	CHECK(parse(&p, STR("<o><definitions>")) == -1 && p.e.kind == ERR_CORRUPT);
	CHECK(parse(&p, STR_NONE) == -1 && p.e.kind == ERR_CORRUPT);
}

/* "hello, hello\n" by bzip2 -9 */
static const char packed[] =
	"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x9f\x3c\x11\xf3\x00\x00\x03\x51\x00\x00\x10\x40\x04\x02\x44\xa0\x00\x21\x29\xa3\x10\x86\x02\xf2\x83\x70\xa1\xe2\xee\x48\xa7\x0a\x12\x13\xe7\x82\x3e\x60";

TEST(bzip2_streams_follow_one_another_and_damage_is_said)
{
	CLEANUP(buf_free)
	struct buf out = BUF(1 * KIB);
	CLEANUP(buf_free)
	struct buf twice = BUF(1 * KIB);
	str one = { packed, sizeof(packed) - 1 };
	struct err e;

	buf_put(&twice, one);
	buf_put(&twice, one);
	CHECK(bzip2_claims(one) && !bzip2_claims(STR("BZ")));
	CHECK(bzip2_unpack(&out, buf_str(&twice), &e) == 0);
	CHECK(str_eq(buf_str(&out), STR("hello, hello\nhello, hello\n")));
	for (size_t n = 1; n < one.n; n++)
		CHECK(bzip2_unpack(&out, str_first(one, n), &e) == -1 && e.kind == ERR_CORRUPT);
	twice.p[one.n - 3] ^= 1;
	CHECK(bzip2_unpack(&out, buf_str(&twice), &e) == -1 && e.kind == ERR_CORRUPT);
}

TEST(bzip2_stops_where_the_buffer_does)
{
	CLEANUP(buf_free)
	struct buf out = BUF(5);
	struct err e;

	CHECK(bzip2_unpack(&out, (str){ packed, sizeof(packed) - 1 }, &e) == -1);
	CHECK(e.kind == ERR_LIMIT);
}

TEST_MAIN
