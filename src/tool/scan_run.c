#include "tool/scan_run.h"

#include <unistd.h>

#include "base/clock.h"
#include "tool/around.h"
#include "tool/data_dir.h"

/* Progress is shown to those who wait longer than this. */
#define PROGRESS_AFTER_NS ((int64_t)200 * 1000 * 1000)

/* clang-format off */
const struct option_row option_source[] = {
	{ "platform",	 0,   "OS/ARCH", "Image", "take this platform of an image that has several" },
	{ "cache-dir",	 0,   "DIR",	 "Image", "where layers that were read before are remembered" },
	{ "no-cache",	 0,   NULL,	 "Image", "remember nothing and read everything" },
	{ "jobs",	 'j', "N",	 "Image", "layers to read at once; by default one a processor" },
	{ "unjailed",	 0,   NULL,	 "Image", "read foreign bytes outside the jail" },
	{ "no-progress", 0,   NULL,	 "Image", "show no progress" },
	{ "registry-user",	    0, "NAME", "Registry", "log in by this name; the password is in PLIMSOLL_REGISTRY_PASSWORD" },
	{ "registry-password-file", 0, "FILE", "Registry", "or in this file, one line" },
	{ "registry-certs",	    0, "DIR",  "Registry", "certificates, in a folder HOST[:PORT] each", .repeat = true },
	{ "registry-mirror",	    0, "HOST=MIRROR", "Registry", "ask MIRROR before HOST", .repeat = true },
	{ "insecure-registry",	    0, "HOST", "Registry", "speak to HOST without TLS", .repeat = true },
	{ NULL },
};

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

	*out = (struct scan_options){ .unjailed = option_on(o, "unjailed"),
				      .progress = show_progress,
				      .progress_ctx = g };
	if (platform.n && platform_parse(&out->platform, platform, e) < 0)
		return err_within(e, "--platform");
	if (jobs.n && (!str_u32(jobs, &n) || n == 0 || n > 1024))
		return err_set(e, ERR_USAGE, "--jobs is a number from 1 to 1024, not \"%s\"",
			       jobs.p);
	out->jobs = n;
	if (option_on(o, "no-cache"))
		return 0;
	out->cache_dir = option_text(o, "cache-dir");
	if (out->cache_dir.n)
		return 0;
	return scan_cache_dir(&out->cache_dir, geteuid() == 0, env_text("XDG_CACHE_HOME"),
			      env_text("HOME"), o->arena, e);
}

int scan_run(struct scan_result *out, const struct options *o, str source, struct arena *a,
	     struct err *e)
{
	bool quiet = option_on(o, "quiet");
	struct progress g = { .started = clock_ticks() };
	struct surroundings around;
	struct scan_options so;

	g.wanted = !quiet && !option_on(o, "no-progress") && isatty(STDERR_FILENO);
	if (read_scan(&so, o, &g, e) < 0 || around_read(&around, o, e) < 0)
		return -1;
	so.around = &around;
	so.source = source;
	int r = scan_image(out, &so, a, e);

	end_progress(&g);
	if (r < 0)
		return -1;
	vec_each (note, &out->notes)
		if (!quiet)
			fprintf(stderr, "plimsoll: " STR_FMT "\n", STR_ARG(*note));
	return 0;
}

/* NULL when there is no data that can be read: the scan goes on, and says so. */
int scan_store(struct store **out, const struct options *o, struct err *e)
{
	const char *dir;

	if (data_dir(&dir, o, e) < 0)
		return -1;
	int r = store_open(out, dir, e);

	if (r < 0)
		fprintf(stderr, "plimsoll: advisory data: %s; run `plimsoll db update`\n", e->text);
	if (r == 0)
		fprintf(stderr,
			"plimsoll: there is no advisory data in %s; run `plimsoll db update`\n",
			dir);
	return 0;
}
