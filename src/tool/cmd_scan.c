/* plimsoll scan, plimsoll sbom: what is in an image, what is wrong with it, may it sail. */
#include <unistd.h>

#include "base/clock.h"
#include "flow/assess.h"
#include "tool/command.h"
#include "tool/data_dir.h"
#include "tool/output.h"

/* All that one scan learns. */
#define SCAN_BYTES (1 * GIB)
/* Progress is shown to those who wait longer than this. */
#define PROGRESS_AFTER_NS ((int64_t)200 * 1000 * 1000)
#define MAX_DATA_AGE	  "7d"

/* clang-format off */
static const struct option_row option_source[] = {
	{ "platform",	 0,   "OS/ARCH", "Image", "take this platform of an image that has several" },
	{ "cache-dir",	 0,   "DIR",	 "Image", "where layers that were read before are remembered" },
	{ "no-cache",	 0,   NULL,	 "Image", "remember nothing and read everything" },
	{ "jobs",	 'j', "N",	 "Image", "layers to read at once; by default one a processor" },
	{ "unjailed",	 0,   NULL,	 "Image", "read foreign bytes outside the jail" },
	{ "no-progress", 0,   NULL,	 "Image", "show no progress" },
	{ NULL },
};

static const struct option_row option_policy[] = {
	{ "fail-on",	    0, "LEVEL[,kev][,fixable]", "Policy",
	  "what may not sail; by default kev", .words = "critical high medium low negligible kev none" },
	{ "accept-partial", 0, NULL,	"Policy", "an image that could not be assessed in full may sail" },
	{ "max-data-age",   0, "AGE",	"Policy", "older advisory data is stale: 12h, 7d (default), 4w, any",
	  .words = "any 7d" },
	{ NULL },
};

static const char source_help[] =
	"SOURCE is one of docker-archive:FILE oci-archive:FILE oci:DIR[:TAG|@DIGEST] dir:PATH\n"
	"registry:REF podman:REF docker:REF containerd:REF container:ID sbom:FILE, or a path\n"
	"or reference without a prefix.\n";
static const char scan_help[] =
	"SOURCE is one of docker-archive:FILE oci-archive:FILE oci:DIR[:TAG|@DIGEST] dir:PATH\n"
	"registry:REF podman:REF docker:REF containerd:REF container:ID sbom:FILE, or a path\n"
	"or reference without a prefix.\n"
	"\n"
	"Exit codes: 0 fit; 1 error; 2 policy violated; 3 could not be assessed. A violation is\n"
	"certain and wins over what could not be assessed. Malicious packages always violate;\n"
	"--fail-on says what else does: findings of a level or above, kev for those known to be\n"
	"exploited, fixable to count only what a newer version ends, none for nothing.\n";
/* clang-format on */

struct progress {
	int64_t started;
	bool shown, wanted;
};

static void show_progress(void *ctx, const struct scan_progress *p)
{
	struct progress *g = ctx;

	if (!g->wanted || clock_ticks() - g->started < PROGRESS_AFTER_NS)
		return;
	g->shown = true;
	fprintf(stderr, "\r\033[Kreading layers: %zu of %zu", p->done, p->layers);
	fflush(stderr);
}

static void end_progress(const struct progress *g)
{
	if (g->shown)
		fputs("\r\033[K", stderr);
}

static str env_text(const char *name)
{
	return str_of(getenv(name));
}

static int read_scan(struct scan_options *out, const struct options *o, struct progress *g,
		     struct err *e)
{
	str platform = option_text(o, "platform"), jobs = option_text(o, "jobs");
	uint32_t n = 0;

	*out = (struct scan_options){ .source = o->operands.v[0],
				      .unjailed = option_on(o, "unjailed"),
				      .progress = show_progress,
				      .progress_ctx = g };
	if (platform.n && platform_parse(&out->platform, platform, e) < 0)
		return err_within(e, "--platform");
	if (jobs.n && (!str_u32(jobs, &n) || n == 0 || n > 1024))
		return err_set(e, ERR_USAGE, "--jobs is a number from 1 to 1024, not \"%s\"", jobs.p);
	out->jobs = n;
	if (option_on(o, "no-cache"))
		return 0;
	out->cache_dir = option_text(o, "cache-dir");
	if (out->cache_dir.n)
		return 0;
	return scan_cache_dir(&out->cache_dir, geteuid() == 0, env_text("XDG_CACHE_HOME"),
			      env_text("HOME"), o->arena, e);
}

static int run_scan(struct scan_result *out, const struct options *o, struct arena *a,
		    struct err *e)
{
	bool quiet = option_on(o, "quiet");
	struct progress g = { .started = clock_ticks() };
	struct scan_options so;

	g.wanted = !quiet && !option_on(o, "no-progress") && isatty(STDERR_FILENO);
	if (read_scan(&so, o, &g, e) < 0)
		return -1;
	int r = scan_image(out, &so, a, e);

	end_progress(&g);
	if (r < 0)
		return -1;
	vec_each(note, &out->notes)
		if (!quiet)
			fprintf(stderr, "plimsoll: " STR_FMT "\n", STR_ARG(*note));
	return 0;
}

/* "7d" → seconds; "any" → -1. */
static int read_age(int64_t *out, str text, struct err *e)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 } };
	str number = str_first(text, text.n - 1);
	uint32_t n;

	if (str_eq(text, STR("any"))) {
		*out = -1;
		return 0;
	}
	for (size_t i = 0; i < COUNT(units); i++) {
		if (text.p[text.n - 1] != units[i].unit || !str_u32(number, &n))
			continue;
		*out = n * units[i].seconds;
		return 0;
	}
	return err_set(e, ERR_USAGE, "--max-data-age is like 12h, 7d, 4w or any, not \"" STR_FMT "\"",
		       STR_ARG(text));
}

static int read_policy(struct assess_options *out, const struct options *o, struct err *e)
{
	str age = option_text(o, "max-data-age"), fail_on = option_text(o, "fail-on");

	*out = (struct assess_options){ .now = clock_now() };
	if (read_age(&out->max_age, age.n ? age : STR(MAX_DATA_AGE), e) < 0)
		return -1;
	if (builtin_parse(&out->policy, fail_on.n ? fail_on : STR(BUILTIN_DEFAULT), e) < 0)
		return err_within(e, "--fail-on");
	out->policy.accept_partial = option_on(o, "accept-partial");
	return 0;
}

/* NULL when there is no data that can be read: the scan goes on, and says so. */
static int open_store(struct store **out, const struct options *o, struct err *e)
{
	const char *dir;

	if (data_dir(&dir, o, e) < 0)
		return -1;
	int r = store_open(out, dir, e);

	if (r < 0)
		fprintf(stderr, "plimsoll: advisory data: %s; run `plimsoll db update`\n", e->text);
	if (r == 0)
		fprintf(stderr, "plimsoll: there is no advisory data in %s; run `plimsoll db update`\n",
			dir);
	return 0;
}

static int exit_code(const struct verdict *v)
{
	static const int codes[] = {
		[DECISION_FIT] = EXIT_FIT,
		[DECISION_VIOLATION] = EXIT_VIOLATION,
		[DECISION_UNASSESSED] = EXIT_UNASSESSED,
	};

	return codes[v->decision];
}

/* The exit code, or -1 and *e. */
static int scan(const struct options *o, struct arena *a, struct err *e)
{
	CLEANUP(store_closep) struct store *store = NULL;
	struct output_list outputs = { 0 };
	struct assess_options ao;
	struct scan_result result;
	struct report report;

	if (output_read(&outputs, o, e) < 0 || read_policy(&ao, o, e) < 0 ||
	    run_scan(&result, o, a, e) < 0 || open_store(&store, o, e) < 0)
		return -1;
	ao.store = store;
	if (assess(&report, &result, &ao, a, e) < 0 || output_write(&outputs, &report, o, a, e) < 0)
		return -1;
	return exit_code(&report.verdict);
}

static int sbom(const struct options *o, struct arena *a, struct err *e)
{
	struct output_list outputs = { 0 };
	struct scan_result result;
	struct report report;

	if (output_read(&outputs, o, e) < 0 || run_scan(&result, o, a, e) < 0 ||
	    assess_components(&report, &result, clock_now(), a, e) < 0 ||
	    output_write(&outputs, &report, o, a, e) < 0)
		return -1;
	return EXIT_FIT;
}

static int scan_run(const struct options *o)
{
	CLEANUP(arena_free) struct arena a = ARENA(SCAN_BYTES);
	struct err e = { 0 };
	int code = scan(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static int sbom_run(const struct options *o)
{
	CLEANUP(arena_free) struct arena a = ARENA(SCAN_BYTES);
	struct err e = { 0 };
	int code = sbom(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static const char *const scan_examples[] = {
	"plimsoll scan docker-archive:app.tar",
	"plimsoll scan --fail-on high,kev,fixable oci:build/image:latest",
	"plimsoll scan -o table -o json=report.json registry.example.org/app:1.4",
	NULL,
};

static const char *const sbom_examples[] = {
	"plimsoll sbom -o purl dir:/mnt/rootfs",
	"plimsoll sbom -o json=components.json docker-archive:app.tar",
	NULL,
};

const struct command cmd_scan = {
	.name = "scan",
	.operands = "SOURCE",
	.least = 1,
	.most = 1,
	.summary = "Say what is in an image, what is wrong with it, and whether it may sail.",
	.text = scan_help,
	.examples = scan_examples,
	.tables = { option_output, option_policy, option_data, option_source },
	.run = scan_run,
};

const struct command cmd_sbom = {
	.name = "sbom",
	.operands = "SOURCE",
	.least = 1,
	.most = 1,
	.summary = "Say what is in an image, and nothing else.",
	.text = source_help,
	.examples = sbom_examples,
	.tables = { option_output, option_source },
	.run = sbom_run,
};
