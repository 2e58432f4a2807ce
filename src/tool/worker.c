/* plimsoll-worker: reads foreign bytes in a jail. Started by flow/worker only:
 *
 *	plimsoll-worker ROLE MEMORY FILE-BYTES SECONDS DESCRIPTORS [--unjailed]
 *
 * with the descriptors that net/role.h describes. It locks itself in, then takes its job. */
#include <malloc.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include "base/jail.h"
#include "base/limits.h"
#include "catalog/layer.h"
#include "image/registry_role.h"
#include "image/role.h"
#include "image/sbom.h"
#include "feed/role.h"
#include "model/digest.h"
#include "net/frame.h"
#include "net/role.h"

/* clang-format off */
static const struct role roles[] = {
	{ STR_INIT("layer"), 64 * MIB, layer_role },
	{ STR_INIT("image"), 128 * MIB, image_role },
	{ STR_INIT("sbom"), 768 * MIB, sbom_role },
	{ STR_INIT("inflate"), 1 * MIB, inflate_role },
	{ STR_INIT("tarsplit"), 1 * MIB, tarsplit_role },
	{ STR_INIT("registry"), 8 * MIB, registry_role },
	{ STR_INIT("feed"), 1 * MIB, feed_role },
};
/* clang-format on */

/* More that a role may be handed while it works (role_ask). */
enum { DESCRIPTORS_MORE = 64 };

struct words {
	const struct role *role;
	struct jail_limits limits;
	size_t nfds;
	bool unjailed;
};

static const struct role *role_of(str name)
{
	for (size_t i = 0; i < COUNT(roles); i++)
		if (str_eq(roles[i].name, name))
			return &roles[i];
	return NULL;
}

static int words_read(struct words *out, int argc, char **argv, struct err *e)
{
	uint32_t nfds;

	if (argc < 6 || argc > 7 || !str_u64(str_of(argv[2]), &out->limits.memory) ||
	    !str_u64(str_of(argv[3]), &out->limits.file_bytes) ||
	    !str_u32(str_of(argv[4]), &out->limits.seconds) || !str_u32(str_of(argv[5]), &nfds) ||
	    nfds > ROLE_FDS_MOST)
		return err_set(e, ERR_USAGE, "plimsoll-worker is started by the other programs");
	out->nfds = nfds;
	out->unjailed = argc == 7 && str_eq(str_of(argv[6]), STR("--unjailed"));
	out->role = role_of(str_of(argv[1]));
	if (!out->role)
		return err_set(e, ERR_USAGE, "plimsoll-worker has no role \"%s\"", argv[1]);
	out->limits.descriptors = ROLE_FD_FIRST + nfds + DESCRIPTORS_MORE;
	return 0;
}

/* What opens files or looks around does so once, before the jail: the crypto library finds its
 * algorithms then. Its configuration file is not for us. */
static int warm_up(struct err *e)
{
	static const enum digest_kind all[] = { DIGEST_SHA256, DIGEST_SHA512 };
	struct digest d;

	mallopt(M_ARENA_MAX, 1);
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	for (size_t i = 0; i < COUNT(all); i++)
		if (digest_of(&d, all[i], STR("x"), e) < 0)
			return -1;
	return 0;
}

static int job_run(const struct words *w, struct buf *result, struct err *e)
{
	CLEANUP(buf_free)
	struct buf job = BUF(LIMIT_FRAME_BYTES);
	CLEANUP(arena_free)
	struct arena a = ARENA(w->role->arena);
	struct role_task task = { .nfds = w->nfds };
	uint32_t kind;
	int r = frame_receive(ROLE_CONTROL, &kind, &job, LIMIT_FRAME_BYTES, e);

	if (r < 0)
		return -1;
	if (r == 0 || kind != FRAME_JOB)
		return err_set(e, ERR_USAGE, "plimsoll-worker got no job");
	task.job = buf_str(&job);
	for (size_t i = 0; i < w->nfds; i++)
		task.fds[i] = ROLE_FD_FIRST + (int)i;
	return w->role->run(result, &task, &a, e);
}

static int run(int argc, char **argv, struct buf *result, struct err *e)
{
	struct words w = { 0 };
	struct jail_state jail;

	if (words_read(&w, argc, argv, e) < 0 || warm_up(e) < 0)
		return -1;
	if (!w.unjailed && jail_enter(&jail, &w.limits, e) < 0)
		return err_within(e, "no jail here, and nothing is read without one unless "
				     "--unjailed is given");
	return job_run(&w, result, e);
}

int main(int argc, char **argv)
{
	CLEANUP(buf_free)
	struct buf result = BUF(LIMIT_FRAME_BYTES);
	struct err e = { 0 }, ignored;
	int r = run(argc, argv, &result, &e);

	if (r == 0)
		r = frame_send(ROLE_CONTROL, FRAME_RESULT, buf_str(&result), &e);
	if (r < 0) {
		buf_clear(&result);
		frame_error_write(&result, &e);
		if (frame_send(ROLE_CONTROL, FRAME_ERROR, buf_str(&result), &ignored) < 0)
			fprintf(stderr, "%s\n", e.text);
	}
	_exit(r < 0);
}
