/* plimsoll scan, plimsoll sbom: what is in an image, what is wrong with it, may it sail. */
#include "base/clock.h"
#include "flow/assess.h"
#include "tool/command.h"
#include "tool/data_age.h"
#include "tool/data_dir.h"
#include "tool/output.h"
#include "tool/scan_run.h"

/* All that one scan learns. */
#define SCAN_BYTES (1 * GIB)

/* clang-format off */
static const struct option_row option_policy[] = {
	{ "fail-on",	    0, "LEVEL[,kev][,fixable]", "Policy",
	  "what may not sail; by default kev", .words = "critical high medium low negligible kev none" },
	{ "accept-partial", 0, NULL,	"Policy", "an image that could not be assessed in full may sail" },
	{ NULL },
};

static const char source_help[] =
	"SOURCE is one of docker-archive:FILE oci-archive:FILE oci:DIR[:TAG|@DIGEST] dir:PATH\n"
	"registry:REF podman:REF docker:REF containerd:REF container:ID, or a path\n"
	"or reference without a prefix.\n";
static const char scan_help[] =
	"SOURCE is one of docker-archive:FILE oci-archive:FILE oci:DIR[:TAG|@DIGEST] dir:PATH\n"
	"registry:REF podman:REF docker:REF containerd:REF container:ID, or a path\n"
	"or reference without a prefix.\n"
	"\n"
	"Exit codes: 0 fit; 1 error; 2 policy violated; 3 could not be assessed. A violation is\n"
	"certain and wins over what could not be assessed. Malicious packages always violate;\n"
	"--fail-on says what else does: findings of a level or above, kev for those known to be\n"
	"exploited, fixable to count only what a newer version ends, none for nothing.\n";
/* clang-format on */

static int read_policy(struct assess_options *out, const struct options *o, struct err *e)
{
	str fail_on = option_text(o, "fail-on");

	*out = (struct assess_options){ .now = clock_now() };
	if (data_age(&out->max_age, o, e) < 0)
		return -1;
	if (builtin_parse(&out->policy, fail_on.n ? fail_on : STR(BUILTIN_DEFAULT), e) < 0)
		return err_within(e, "--fail-on");
	out->policy.accept_partial = option_on(o, "accept-partial");
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
	CLEANUP(store_closep)
	struct store *store = NULL;
	struct output_list outputs = { 0 };
	struct assess_options ao;
	struct scan_result result;
	struct report report;

	if (output_read(&outputs, o, e) < 0 || read_policy(&ao, o, e) < 0 ||
	    scan_run(&result, o, o->operands.v[0], a, e) < 0 || scan_store(&store, o, e) < 0)
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

	if (output_read(&outputs, o, e) < 0 || scan_run(&result, o, o->operands.v[0], a, e) < 0)
		return -1;
	assess_components(&report, &result, clock_now());
	if (output_write(&outputs, &report, o, a, e) < 0)
		return -1;
	return report.coverage.level == COVERAGE_FULL ? EXIT_FIT : EXIT_UNASSESSED;
}

static int run_scan(const struct options *o)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(SCAN_BYTES);
	struct err e = { 0 };
	int code = scan(o, &a, &e);

	return code < 0 ? command_fail(&e) : code;
}

static int run_sbom(const struct options *o)
{
	CLEANUP(arena_free)
	struct arena a = ARENA(SCAN_BYTES);
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
	.tables = { option_output, option_policy, option_age, option_data, option_source },
	.run = run_scan,
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
	.run = run_sbom,
};
