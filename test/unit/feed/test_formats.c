/* What each format's oddities become, and that no failure of memory goes unsaid. */
#include "feed/cve5.h"
#include "feed/osv.h"

#include "store_help.h"

struct parsed {
	struct buf frames;
	struct feed_sink sink;
	struct arena arena;
	struct err e;
};

static void parsed_end(struct parsed *p)
{
	buf_free(&p->frames);
	arena_free(&p->arena);
}

static int parse(struct parsed *p, enum feed_format format, str text)
{
	p->arena.limit = 1 * MIB;
	sink_init(&p->sink, &p->frames, "test", test_latest);
	return feed_parse(&p->sink, format, text, &p->e);
}

/* The nth affected frame; false when there are fewer. */
static bool affected_at(struct affected *out, struct parsed *p, size_t n)
{
	struct reader r = reader_over(buf_str(&p->frames));

	*out = (struct affected){ 0 };
	while (reader_left(&r)) {
		struct reader frame = reader_over(read_lstr(&r));

		if (read_u8(&frame) != FEED_AFFECTED || n-- > 0)
			continue;
		out->ecosystem = take_str(&frame);
		out->name = take_str(&frame);
		out->id = take_str(&frame);
		return record_get_affected(out, &frame, &p->arena, &p->e) == 0;
	}
	return false;
}

#define PART(events)                                                                         \
	"{\"id\":\"T-1\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"}," \
	"\"ranges\":[{\"type\":\"SEMVER\",\"events\":[" events "]}]}]}"
#define I(v) "{\"introduced\":\"" v "\"}"
#define F(v) "{\"fixed\":\"" v "\"}"
#define L(v) "{\"last_affected\":\"" v "\"}"

TEST(events_become_ranges_and_disorder_hides_nothing)
{
	static const struct {
		str text;
		size_t n;
		str ranges[3][3]; /* introduced, fixed, last_affected */
	} rows[] = {
		{ STR(PART(I("0") "," F("2"))), 1, { { STR("0"), STR("2") } } },
		{ STR(PART(I("1"))), 1, { { STR("1") } } },
		{ STR(PART(I("0") "," F("2") "," I("3") "," L("4"))),
		  2,
		  { { STR("0"), STR("2") }, { STR("3"), STR(""), STR("4") } } },
		{ STR(PART(I("0") "," L("2.5") "," L("2.5.1"))),
		  2,
		  { { STR("0"), STR(""), STR("2.5") }, { STR("0"), STR(""), STR("2.5.1") } } },
		{ STR(PART(I("0") "," I("2") "," F("3"))),
		  2,
		  { { STR("0") }, { STR("2"), STR("3") } } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(parsed_end)
		struct parsed p = { 0 };
		struct affected x;

		CHECK(parse(&p, FORMAT_OSV, rows[i].text) == 0);
		CHECK(affected_at(&x, &p, 0));
		CHECK(x.ranges.n == rows[i].n);
		for (size_t k = 0; k < x.ranges.n; k++) {
			CHECK_STR(x.ranges.v[k].introduced, rows[i].ranges[k][0]);
			CHECK_STR(x.ranges.v[k].fixed, rows[i].ranges[k][1]);
			CHECK_STR(x.ranges.v[k].last_affected, rows[i].ranges[k][2]);
		}
	}
}

TEST(a_record_that_is_not_kept_is_counted_under_its_reason)
{
	static const struct {
		str text;
		enum drop_reason reason;
	} rows[] = {
		{ STR("{\"id\":\"T-1\",\"withdrawn\":\"2026-01-01T00:00:00Z\"}"), DROP_WITHDRAWN },
		{ STR("{\"id\":\"T-1\"}"), DROP_NO_PACKAGE },
		{ STR("{\"id\":\"T-1\",\"affected\":[{\"ranges\":[{\"type\":\"GIT\",\"events\":[" I(
			  "0") "]}]}]}"),
		  DROP_GIT_ONLY },
		{ STR("{\"id\":\"T-1\",\"affected\":7}"), DROP_MALFORMED },
		{ STR("{\"id\":\"T-1\""), DROP_MALFORMED },
		{ STR("{}"), DROP_MALFORMED },
		{ STR(PART(F("1"))), DROP_MALFORMED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(parsed_end)
		struct parsed p = { 0 };
		struct affected x;

		CHECK(parse(&p, FORMAT_OSV, rows[i].text) == 0);
		CHECK(p.sink.tally.read == 1 && p.sink.tally.stored == 0);
		CHECK(p.sink.tally.dropped[rows[i].reason] == 1);
		CHECK(!affected_at(&x, &p, 0));
		CHECK((p.sink.tally.problem[0] != 0) == (rows[i].reason == DROP_MALFORMED));
	}
}

TEST(limits_cost_a_record_and_cut_a_text)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };
	CLEANUP(buf_free)
	struct buf b = BUF(0);

	buf_putz(&b, "{\"id\":\"");
	for (int i = 0; i <= LIMIT_ADVISORY_ID_BYTES; i++)
		buf_putc(&b, 'x');
	buf_putz(&b, "\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},"
		     "\"versions\":[\"1\"]}]}");
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.dropped[DROP_LIMIT] == 1);

	buf_clear(&b);
	buf_clear(&p.frames);
	buf_putz(&b,
		 "{\"id\":\"T-1\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"");
	for (int i = 0; i < LIMIT_STORE_KEY_BYTES; i++)
		buf_putc(&b, 'x');
	buf_putz(&b, "\"},\"versions\":[\"1\"]}]}");
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.dropped[DROP_LIMIT] == 1);

	buf_clear(&p.frames);
	buf_clear(&b);
	buf_putz(&b, "{\"id\":\"T-1\",\"summary\":\"s\",\"details\":\"");
	for (int i = 0; i < LIMIT_ADVISORY_DETAILS_BYTES; i++)
		buf_putz(&b, "é");
	buf_putz(&b, "\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},"
		     "\"versions\":[\"1\"]}]}");
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.stored == 1);
	CHECK(p.frames.n < LIMIT_ADVISORY_DETAILS_BYTES + 200);
}

/* {"id":"T-1","KEY":["ITEM0","ITEM1",…],"affected":[…]} with n items. */
static void record_with_list(struct buf *b, const char *key, const char *item, size_t n)
{
	buf_clear(b);
	buf_printf(b, "{\"id\":\"T-1\",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s\"%s%zu\"", i ? "," : "", item, i);
	buf_putz(b, "],\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},"
		    "\"versions\":[\"1\"]}]}");
}

TEST(lists_of_names_have_a_limit_and_so_has_a_whole_record)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };
	CLEANUP(buf_free)
	struct buf b = BUF(0);

	record_with_list(&b, "aliases", "CVE-1-", LIMIT_ADVISORY_NAMES);
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.stored == 1);
	buf_clear(&p.frames);
	record_with_list(&b, "aliases", "CVE-1-", LIMIT_ADVISORY_NAMES + 1);
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.dropped[DROP_LIMIT] == 1 && p.sink.tally.stored == 0);

	buf_clear(&p.frames);
	buf_clear(&b);
	buf_putz(&b, "{\"id\":\"T-1\",\"affected\":[{\"package\":{\"ecosystem\":\"npm\","
		     "\"name\":\"x\"},\"versions\":[\"1\"");
	for (size_t i = 0; i < LIMIT_FEED_FRAME_BYTES / 16; i++)
		buf_printf(&b, ",\"%016zu\"", i);
	buf_putz(&b, "]}]}");
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	CHECK(p.sink.tally.dropped[DROP_LIMIT] == 1);
}

TEST(titles_and_links_are_cut_to_their_limits)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };
	CLEANUP(buf_free)
	struct buf b = BUF(0);
	struct advisory x = { 0 };

	buf_putz(&b, "{\"id\":\"T-1\",\"summary\":\"");
	for (int i = 0; i <= LIMIT_ADVISORY_TITLE_BYTES; i++)
		buf_putc(&b, 't');
	buf_putz(&b, "\",\"references\":[{\"url\":\"u\"}");
	for (int i = 0; i < LIMIT_ADVISORY_REFERENCES; i++)
		buf_putz(&b, ",{\"url\":\"u\"}");
	buf_putz(&b, "],\"affected\":[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},"
		     "\"versions\":[\"1\"]}]}");
	CHECK(parse(&p, FORMAT_OSV, buf_str(&b)) == 0);
	struct reader r = reader_over(buf_str(&p.frames));

	read_lstr(&r); /* what is affected comes first */
	struct reader frame = reader_over(read_lstr(&r));

	CHECK(read_u8(&frame) == FEED_ADVISORY);
	take_str(&frame);
	take_str(&frame);
	CHECK(record_get_advisory(&x, &frame, &p.arena, &p.e) == 0);
	CHECK(x.title.n == LIMIT_ADVISORY_TITLE_BYTES);
	CHECK(x.references.n == LIMIT_ADVISORY_REFERENCES);
}

TEST(a_group_of_names_that_swallows_too_much_is_not_closed)
{
	static const struct {
		size_t aliases, names; /* of one of them */
	} rows[] = { { LIMIT_ALIAS_GROUP - 1, LIMIT_ALIAS_GROUP }, { LIMIT_ALIAS_GROUP, 2 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(test_dir_remove)
		struct test_dir dir = test_dir_make();
		CLEANUP(builder_freep)
		struct builder *made = NULL;
		CLEANUP(store_closep)
		struct store *s = NULL;
		CLEANUP(arena_free)
		struct arena a = ARENA(1 * MIB);
		CLEANUP(buf_free)
		struct buf b = BUF(0);
		struct str_list names = { 0 };
		struct digest d;
		struct err e;
		char path[128];

		record_with_list(&b, "aliases", "CVE-1-", rows[i].aliases);
		snprintf(path, sizeof(path), "%s/one", dir.path);
		CHECK(builder_new(&made, &e) == 0);
		CHECK(test_feed(made, "osv/npm", FORMAT_OSV, buf_str(&b)));
		CHECK(builder_write(&d, made, path, &e) == 0);
		CHECK(store_open_file(&s, path, &e) == 1);
		CHECK(store_aliases(&names, s, STR("CVE-1-7"), &a, &e) == 0);
		CHECK(names.n == rows[i].names);
		names.n = 0;
		CHECK(store_aliases(&names, s, STR("T-1"), &a, &e) == 0);
		CHECK(names.n == rows[i].aliases + 1);
	}
}

TEST(secdb_reads_several_names_remarks_and_never)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };
	struct affected x;

	CHECK(parse(&p, FORMAT_SECDB,
		    STR("{\"distroversion\":\"v3.18\",\"reponame\":\"main\",\"packages\":[{\"pkg\":{"
			"\"name\":\"hull\",\"secfixes\":{\"0\":[\"CVE-2024-1\"],\"1.2-r0\":["
			"\"CVE-2023-2 ZDI-CAN-3\",\"CVE-\?\?\?\?-\?\?\?\?\? TS-2024-5\",\"CVE-2023-4 "
			"CVE-2023-5\",\"(remark)\"]}}},{\"pkg\":{\"name\":7}}]}")) == 0);
	CHECK(p.sink.tally.read == 6 && p.sink.tally.stored == 4);
	CHECK(p.sink.tally.affected == 5 && p.sink.tally.dropped[DROP_MALFORMED] == 2);
	CHECK(affected_at(&x, &p, 0) && x.status == STATUS_NOT_AFFECTED && x.ranges.n == 0);
	CHECK_STR(x.ecosystem, STR("Alpine:v3.18"));
	CHECK(affected_at(&x, &p, 1) && x.status == STATUS_FIXED);
	CHECK_STR(x.id, STR("CVE-2023-2"));
	CHECK_STR(x.ranges.v[0].fixed, STR("1.2-r0"));
	CHECK(affected_at(&x, &p, 2));
	CHECK_STR(x.id, STR("TS-2024-5"));
	CHECK(affected_at(&x, &p, 4));
	CHECK_STR(x.id, STR("CVE-2023-5"));
}

TEST(the_tracker_maps_every_state)
{
	static const struct {
		str release;
		enum fix_status status;
		str word;
	} rows[] = {
		{ STR("\"status\":\"open\""), STATUS_AFFECTED, STR("open") },
		{ STR("\"status\":\"undetermined\""), STATUS_UNDER_INVESTIGATION,
		  STR("undetermined") },
		{ STR("\"status\":\"open\",\"nodsa\":\"Minor\",\"nodsa_reason\":\"\""),
		  STATUS_FIX_DEFERRED, STR("no-dsa") },
		{ STR("\"status\":\"open\",\"nodsa\":\"Minor\",\"nodsa_reason\":\"ignored\""),
		  STATUS_WILL_NOT_FIX, STR("ignored") },
		{ STR("\"status\":\"open\",\"urgency\":\"end-of-life\""), STATUS_END_OF_LIFE,
		  STR("open") },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		CLEANUP(parsed_end)
		struct parsed p = { 0 };
		struct affected x;
		str text;

		p.arena.limit = 1 * MIB;
		CHECK(arena_printf(&text, &p.arena, &p.e,
				   "{\"p\":{\"CVE-1-1\":{\"releases\":{\"trixie\":{" STR_FMT
				   "}}}}}",
				   STR_ARG(rows[i].release)) == 0);
		CHECK(parse(&p, FORMAT_DEBIAN, text) == 0);
		CHECK(affected_at(&x, &p, 0));
		CHECK_STR(x.ecosystem, STR("Debian:13"));
		CHECK(x.status == rows[i].status);
		CHECK_STR(x.status_word, rows[i].word);
	}
	CLEANUP(parsed_end)
	struct parsed p = { 0 };

	CHECK(parse(&p, FORMAT_DEBIAN,
		    STR("{\"p\":{\"CVE-1-1\":{\"releases\":{\"sid\":{\"status\":\"new word\"}}}}}")) ==
	      0);
	CHECK(p.sink.tally.dropped[DROP_MALFORMED] == 1);
	CHECK(strstr(p.sink.tally.problem, "p CVE-1-1: sid: status \"new word\"") != NULL);
}

TEST(tables_refuse_lines_not_files)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };

	CHECK(parse(&p, FORMAT_EPSS,
		    STR("#score_date:2026-08-16T00:00:00+0000\ncve,epss,percentile\n"
			"CVE-1-1,0.5,0.5\nCVE-1-2,1.5,0.5\nCVE-1-3,nan,0.5\nnonsense\nCVE-1-4,1e-05,1\n")) ==
	      0);
	CHECK(p.sink.tally.stored == 2 && p.sink.tally.dropped[DROP_MALFORMED] == 3);
	CHECK(strstr(p.sink.tally.problem, "line 4: ") != NULL);
	CHECK(p.sink.tally.date == 1786838400);
	buf_clear(&p.frames);
	CHECK(parse(&p, FORMAT_EPSS, STR("<html>")) == -1);
	buf_clear(&p.frames);
	CHECK(parse(&p, FORMAT_CVSS,
		    STR("cve,cvss_version,vector,base_score,source\nCVE-1-1,3.1,CVSS:3.1/AV:N,9.8,nvd\n"
			"CVE-1-1,3.1,CVSS:3.1/AV:N,11,nvd\n")) == 0);
	CHECK(p.sink.tally.stored == 1 && p.sink.tally.dropped[DROP_MALFORMED] == 1);
	buf_clear(&p.frames);
	CHECK(parse(&p, FORMAT_KEV, STR("{\"dateReleased\":\"x\",\"vulnerabilities\":[{}]}")) == 0);
	CHECK(p.sink.tally.dropped[DROP_MALFORMED] == 1);
	buf_clear(&p.frames);
	CHECK(parse(&p, FORMAT_KEV, STR("[]")) == -1);
}

TEST(a_date_in_the_future_is_not_the_feeds_date)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };

	CHECK(parse(&p, FORMAT_OSV,
		    STR("{\"id\":\"T-1\",\"modified\":\"2099-01-01T00:00:00Z\",\"affected\":[{"
			"\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},\"versions\":[\"1\"]}]}")) ==
	      0);
	CHECK(p.sink.tally.stored == 1 && p.sink.tally.date == 0);
}

TEST(records_read_back_fail_whole_when_memory_does)
{
	CLEANUP(parsed_end)
	struct parsed p = { 0 };
	struct affected x;

	CHECK(parse(&p, FORMAT_OSV, STR(PART(I("0") "," F("2") "," I("3") "," L("4")))) == 0);
	for (uint64_t n = 1;; n++) {
		CLEANUP(arena_free)
		struct arena a = { .limit = 1 * MIB, .fail_at = n };
		struct reader r = reader_over(buf_str(&p.frames));
		struct reader frame = reader_over(read_lstr(&r));

		read_u8(&frame);
		for (int i = 0; i < 3; i++)
			take_str(&frame);
		if (record_get_affected(&x, &frame, &a, &p.e) == 0) {
			CHECK(n > 1);
			break;
		}
		CHECK(p.e.kind == ERR_NOMEM);
	}
}

TEST_MAIN
